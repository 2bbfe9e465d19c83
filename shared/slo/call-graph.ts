import type { Topology, TopologyEdge } from '../topology/topology.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'

/** What a service promises: percent answered, milliseconds at the 99th percentile, percent that may fail. */
export type Slo = { readonly availability?: number; readonly p99?: number; readonly errors?: number }
/** A call that an answer waits for. */
export type SloCall = {
  readonly to: string
  /** Share of calls that a cache answers, 0 to 1. */
  readonly cached: number
  /** True: made after the others, so that its time adds to theirs. */
  readonly sequential: boolean
}
/** Who waits for whom, and what each promises. */
export type CallGraph = {
  readonly slos: ReadonlyMap<string, Slo>
  readonly calls: ReadonlyMap<string, readonly SloCall[]>
}

/** Protocols by which a caller hands over and goes on. */
const handedOver = new Set(['amqp', 'kafka', 'nats', 'mqtt', 'pulsar', 'sqs', 'pubsub', 'jms', 'stomp'])
const waitedFor = new Set(['app', 'ingress', 'backing', 'external'])

/** The calls of a topology that answers wait for; `pilothouse.yaml` says which are made in turn, cached or not waited for. */
export function callGraphOf(topology: Topology, workspace: WorkspaceFile): CallGraph {
  const notes = new Map(workspace.edges.map(edge => [`${edge.from} ${edge.to}`, edge]))
  const kinds = new Map(topology.nodes.map(({ id, kind }) => [id, kind]))
  const calls = new Map<string, SloCall[]>()
  const isWaitedFor = (edge: TopologyEdge): boolean =>
    edge.state !== 'rejected' &&
    waitedFor.has(edge.class) &&
    !handedOver.has(edge.protocol) &&
    kinds.get(edge.to) !== 'queue'
  for (const edge of topology.edges) {
    const note = notes.get(`${edge.from} ${edge.to}`)
    if (note?.calls === 'async' || (note?.calls === undefined && !isWaitedFor(edge)) || edge.state === 'rejected')
      continue
    const list = calls.get(edge.from) ?? []
    if (!list.some(({ to }) => to === edge.to))
      list.push({ to: edge.to, cached: (note?.cached ?? 0) / 100, sequential: note?.calls === 'sequential' })
    calls.set(edge.from, list)
  }
  const slos = new Map<string, Slo>()
  for (const [id, { slo }] of workspace.services)
    if (slo)
      slos.set(id, {
        ...(slo.availability !== undefined && { availability: slo.availability }),
        ...(slo.p99 !== undefined && { p99: slo.p99 }),
        ...(slo.errors !== undefined && { errors: slo.errors }),
      })
  return { slos, calls }
}
