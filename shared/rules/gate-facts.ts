import * as z from 'zod/mini'
import type { Edit } from '../edits/edit.ts'
import type { KeptLatency } from '../fleet/contract.ts'
import type { ServiceBudget } from '../slo/error-budget.ts'
import { countDependents } from '../topology/count-dependents.ts'
import type { Environment, Topology, TopologyEdge, TopologyNode } from '../topology/topology.ts'
import { withoutSame } from '../topology/without-same.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import type { JsonMap } from './cel/value.ts'
import { said } from './rule-schema.ts'

const text = (description: string) => said(description, z.string())
const number = (description: string) => said(description, z.number())
const texts = (description: string) => said(description, z.array(z.string()))

const Slo = z.object({
  availability: z.optional(number('Percent of requests that must be answered.')),
  p99: z.optional(number('Milliseconds that 99 of 100 answers may take.')),
  errors: z.optional(number('Percent of requests that may fail.')),
})
const Budget = z.object({
  left: z.optional(number('Share of the budget of 30 days that is left: 1 is all of it, below 0 it is overdrawn.')),
  failed: z.optional(number('Share of requests that failed in those 30 days, 0 to 1.')),
  alerts: texts('page or ticket, for each burn rate that is too high (SRE workbook).'),
  broken: z.optional(text('The promise that is broken for ten minutes or more, in figures.')),
})
const Container = z.object({
  name: text('Name of the container.'),
  image: text('Image with its tag or digest.'),
  init: said('True for an init container.', z.boolean()),
  requests: said('What it asks for, by resource: `cpu`, `memory`.', z.record(z.string(), z.string())),
  limits: said('What it may use at most.', z.record(z.string(), z.string())),
  probes: texts('livenessProbe, readinessProbe, startupProbe: those it has.'),
})
const Service = z.object({
  id: text('Id in the graph.'),
  kind: text('service, datastore, queue, gateway, external or edge.'),
  technology: z.optional(text('What was recognised: postgresql, redis, kafka …')),
  workload: z.optional(text('Kind of its workload: Deployment, StatefulSet …')),
  namespace: z.optional(text('Its namespace, where the manifest says one.')),
  replicas: z.optional(number('Replicas as declared.')),
  minReplicas: z.optional(number('Least replicas of its autoscaler.')),
  maxReplicas: z.optional(number('Most replicas of its autoscaler.')),
  images: texts('Images of its containers.'),
  containers: said('Its containers.', z.array(Container)),
  labels: said('Labels of its Pods.', z.record(z.string(), z.string())),
  owner: z.optional(text('Who answers for it.')),
  tier: z.optional(text('critical, standard or best-effort.')),
  slo: z.optional(said('What it promises.', Slo)),
  callers: texts('Ids of those who call it.'),
  calls: texts('Ids of those it calls.'),
  dependents: number('How many services call it, directly or not: what an outage of it reaches.'),
  runsOn: z.optional(text('Edge node it is placed on.')),
  file: z.optional(text('File of its workload.')),
  line: z.optional(number('Line of its workload.')),
})
const Call = z.object({
  from: text('Id of the caller.'),
  to: text('Id of the called.'),
  protocol: text('What is spoken.'),
  class: text('app, ingress, telemetry, backing …'),
  state: text('inferred, observed, declared, confirmed or rejected.'),
  confidence: number('0 to 1.'),
  rate: z.optional(number('Requests a second, where it is measured.')),
  errors: z.optional(number('Share of calls that failed, 0 to 1, where it is measured.')),
  p99: z.optional(number('Milliseconds at the 99th percentile, where it is measured.')),
  file: z.optional(text('File of its first evidence.')),
  line: z.optional(number('Line of its first evidence.')),
})
const Graph = z.object({
  services: said('Every node of the graph.', z.array(Service)),
  edges: said('Every call.', z.array(Call)),
  cycles: said('Rings of calls: ids in order.', z.array(z.array(z.string()))),
})
const Changed = z.object({
  id: text('Id in the graph.'),
  added: said('It is new.', z.boolean()),
  removed: said('It goes away.', z.boolean()),
  replicasBefore: z.optional(number('Replicas before.')),
  replicasAfter: z.optional(number('Replicas after.')),
  imagesBefore: texts('Images before.'),
  imagesAfter: texts('Images after.'),
})
const EdgeLatency = z.object({
  node: text('Id of the edge node.'),
  service: z.optional(text('The service it was measured for.')),
  p50: number('Microseconds at the 50th percentile.'),
  p99: number('Microseconds at the 99th percentile.'),
  max: number('The longest of all, in microseconds.'),
  method: text('cyclictest or run-queue.'),
  at: text('When it was measured, RFC 3339.'),
})
/** What rules may speak of. */
const Facts = z.object({
  change: said(
    'What the draft changes.',
    z.object({
      kinds: texts('Kinds of its edits: set-replicas, set-image …'),
      files: texts('Files that change.'),
      services: said('Services that differ.', z.array(Changed)),
      edgesAdded: said('Calls that come.', z.array(Call)),
      edgesRemoved: said('Calls that go.', z.array(Call)),
    }),
  ),
  before: said('The graph as committed.', Graph),
  after: said('The graph with the draft.', Graph),
  topology: said('The same as `after`.', Graph),
  slos: said('What each service promises, by id.', z.record(z.string(), Slo)),
  budgets: said(
    'What is left of the error budget of each service that promises something, by id, where it is measured.',
    z.record(z.string(), Budget),
  ),
  observed: z.optional(said('Measured calls; absent where nothing is measured.', z.object({ calls: z.array(Call) }))),
  environment: said(
    'Where it runs.',
    z.object({
      id: text('Id of the environment.'),
      name: z.optional(text('What people call it.')),
      cluster: z.optional(text('Its cluster.')),
      protected: said('True where changes ask for its name first.', z.boolean()),
    }),
  ),
  actor: z.optional(
    said('Who decides; absent where Git does not know.', z.object({ name: text('Name.'), email: text('Address.') })),
  ),
  time: said(
    'When it is judged, in UTC.',
    z.object({
      now: text('RFC 3339: `timestamp(time.now)`.'),
      date: text('2026-11-20.'),
      weekday: number('0 is Sunday.'),
      hour: number('0 to 23.'),
    }),
  ),
  edge: said(
    'Edge nodes, and what was measured there.',
    z.object({
      nodes: texts('Ids of edge nodes.'),
      latencies: said('Scheduling latency as measured last on each node that was measured.', z.array(EdgeLatency)),
    }),
  ),
})
export type GateFacts = z.infer<typeof Facts>

/** The published schema of what rules may speak of: the checker and the editor read it. */
export const contextJsonSchema = (): { readonly [key: string]: unknown } => ({
  $id: 'https://pilothouse.dev/schemas/context.schema.json',
  title: 'What rules of Pilothouse may speak of',
  ...z.toJSONSchema(Facts, { io: 'input' }),
})

export type JudgedChange = {
  readonly before: Topology
  readonly after: Topology
  readonly edits: readonly Edit[]
  readonly files: readonly string[]
  readonly workspace: WorkspaceFile
  readonly environment: Pick<Environment, 'id' | 'name' | 'cluster'>
  /** What is left of error budgets, where it is measured. */
  readonly budgets?: readonly ServiceBudget[]
  /** What was measured on edge nodes, newest first. */
  readonly latencies?: readonly KeptLatency[]
  readonly actor: { readonly name: string; readonly email: string } | null
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The facts of a change, as the published schema has them. */
export function gateFacts(given: JudgedChange): GateFacts {
  const { before, after, workspace, environment, now } = given
  const [old, graph] = [graphOf(before, workspace), graphOf(after, workspace)]
  // One that a tool makes is known by its name too.
  const noted =
    workspace.environments.find(({ path }) => path === environment.id) ??
    workspace.environments.find(({ path }) => path === environment.name)
  const key = ({ from, to, protocol }: GateFacts['after']['edges'][number]): string => `${from} ${to} ${protocol}`
  // What is the same object in both needs no comparing by its ends.
  const [gone, come] = [withoutSame(old.edges, graph.edges), withoutSame(graph.edges, old.edges)]
  const [oldKeys, newKeys] = [new Set(gone.map(key)), new Set(come.map(key))]
  const measured = graph.edges.filter(({ rate }) => rate !== undefined)
  const date = new Date(now)
  const name = noted?.name ?? environment.name
  const cluster = noted?.cluster ?? environment.cluster
  return {
    change: {
      kinds: [...new Set(given.edits.map(({ kind }) => kind))],
      files: [...given.files],
      services: changedServices(old.services, graph.services),
      edgesAdded: come.filter(edge => !oldKeys.has(key(edge))),
      edgesRemoved: gone.filter(edge => !newKeys.has(key(edge))),
    },
    before: old,
    after: graph,
    topology: graph,
    slos: Object.fromEntries(graph.services.flatMap(({ id, slo }) => (slo ? [[id, slo] as const] : []))),
    budgets: Object.fromEntries(
      (given.budgets ?? []).map(({ service, left, failed, alerts, broken }) => [
        service,
        {
          ...(left !== null && { left }),
          ...(failed !== null && { failed }),
          alerts: alerts.map(({ severity }) => severity),
          ...(broken !== null && { broken }),
        },
      ]),
    ),
    ...(measured.length > 0 && { observed: { calls: measured } }),
    environment: {
      id: environment.id,
      ...(name !== undefined && { name }),
      ...(cluster !== undefined && { cluster }),
      protected: noted?.protected ?? false,
    },
    ...(given.actor && { actor: given.actor }),
    time: {
      now: date.toISOString(),
      date: date.toISOString().slice(0, 10),
      weekday: date.getUTCDay(),
      hour: date.getUTCHours(),
    },
    edge: {
      nodes: after.nodes.filter(({ kind }) => kind === 'edge').map(({ id }) => id),
      latencies: (given.latencies ?? [])
        .filter((one, index, all) => all.findIndex(({ node }) => node === one.node) === index)
        .map(({ node, service, at, latency: { p50, p99, max, method } }) => ({
          node,
          ...(service !== null && { service }),
          p50,
          p99,
          max,
          method,
          at,
        })),
    },
  }
}
/** Facts as the engine reads them. */
export const asContext = (facts: GateFacts): JsonMap => facts as unknown as JsonMap

type Graph = GateFacts['after']
const graphs = new WeakMap<Topology, { readonly workspace: WorkspaceFile; readonly graph: Graph }>()
/** One graph is judged many times: by every rule, and again while a person types. */
function graphOf(topology: Topology, workspace: WorkspaceFile): Graph {
  const known = graphs.get(topology)
  if (known?.workspace === workspace) return known.graph
  const { edges, callers, calls, dependents } = callsAmong(topology)
  const graph: Graph = {
    services: topology.nodes.map(node =>
      serviceAmong(node, workspace, callers.get(node.id) ?? [], calls.get(node.id) ?? [], dependents.get(node.id) ?? 0),
    ),
    edges,
    cycles: topology.findings
      .filter(({ kind }) => kind === 'cycle')
      .map(({ message, node }) => String(message.params?.['services'] ?? node ?? '').split(/\s*(?:→|,)\s*/)),
  }
  graphs.set(topology, { workspace, graph })
  return graph
}

type Calls = {
  readonly edges: Graph['edges']
  readonly callers: ReadonlyMap<string, string[]>
  readonly calls: ReadonlyMap<string, string[]>
  readonly dependents: ReadonlyMap<string, number>
}
/** Graphs made one after the other mostly have the same list of edges, and always most of the edges. */
const knownCalls = new WeakMap<Topology['edges'], Calls>()
const knownCall = new WeakMap<TopologyEdge, Graph['edges'][number]>()

function callsAmong(topology: Topology): Calls {
  const known = knownCalls.get(topology.edges)
  if (known) return known
  const edges = topology.edges.filter(({ state }) => state !== 'rejected')
  const callers = new Map<string, Set<string>>()
  const calls = new Map<string, Set<string>>()
  const put = (map: Map<string, Set<string>>, key: string, other: string): void => {
    const others = map.get(key)
    if (others) others.add(other)
    else map.set(key, new Set([other]))
  }
  for (const { from, to } of edges) {
    put(callers, to, from)
    put(calls, from, to)
  }
  const lists = (map: Map<string, Set<string>>) => new Map([...map].map(([key, others]) => [key, [...others]]))
  const found: Calls = {
    edges: edges.map(edge => {
      const call = knownCall.get(edge) ?? callOf(edge)
      knownCall.set(edge, call)
      return call
    }),
    callers: lists(callers),
    calls: lists(calls),
    dependents: countDependents(
      topology.nodes.map(({ id }) => id),
      edges,
    ),
  }
  knownCalls.set(topology.edges, found)
  return found
}

type Service = Graph['services'][number]
/** The same object for a node that nothing happened to: most services of two graphs made one after the other. */
const knownServices = new WeakMap<TopologyNode, { readonly workspace: WorkspaceFile; readonly service: Service }>()
function serviceAmong(
  node: TopologyNode,
  workspace: WorkspaceFile,
  callers: readonly string[],
  calls: readonly string[],
  dependents: number,
): Service {
  const known = knownServices.get(node)
  if (
    known?.workspace === workspace &&
    known.service.dependents === dependents &&
    isSameList(known.service.callers, callers) &&
    isSameList(known.service.calls, calls)
  )
    return known.service
  const service = { ...serviceOf(node, workspace), callers: [...callers], calls: [...calls], dependents }
  knownServices.set(node, { workspace, service })
  return service
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]))

function serviceOf(
  node: TopologyNode,
  workspace: WorkspaceFile,
): Omit<Graph['services'][number], 'callers' | 'calls' | 'dependents'> {
  const notes = workspace.services.get(node.id)
  const slo = notes?.slo
  const tier = node.tier ?? notes?.tier
  const owner = node.owner ?? notes?.owner
  return {
    id: node.id,
    kind: node.kind,
    ...(node.technology !== undefined && { technology: node.technology }),
    ...(node.workload && { workload: node.workload.kind }),
    ...(node.workload?.namespace !== undefined && { namespace: node.workload.namespace }),
    ...(node.replicas !== undefined && { replicas: node.replicas }),
    ...(node.autoscaler && { minReplicas: node.autoscaler.min, maxReplicas: node.autoscaler.max }),
    images: (node.containers ?? []).map(({ image }) => image),
    containers: (node.containers ?? []).map(({ name, image, init, resources, probes }) => ({
      name,
      image,
      init,
      requests: { ...resources.requests },
      limits: { ...resources.limits },
      probes: [...probes],
    })),
    labels: { ...node.labels },
    ...(owner !== undefined && { owner }),
    ...(tier !== undefined && { tier }),
    ...(slo && {
      slo: {
        ...(slo.availability !== undefined && { availability: slo.availability }),
        ...(slo.p99 !== undefined && { p99: slo.p99 }),
        ...(slo.errors !== undefined && { errors: slo.errors }),
      },
    }),
    ...(node.runsOn !== undefined && { runsOn: node.runsOn }),
    ...(node.file !== undefined && { file: node.file }),
    ...(node.line !== undefined && { line: node.line }),
  }
}
function callOf(edge: TopologyEdge): Graph['edges'][number] {
  const place = edge.evidence.find(({ file }) => file !== undefined)
  return {
    from: edge.from,
    to: edge.to,
    protocol: edge.protocol,
    class: edge.class,
    state: edge.state,
    confidence: edge.confidence,
    ...(edge.rate !== null && { rate: edge.rate }),
    ...(edge.measured?.errors != null && { errors: edge.measured.errors }),
    ...(edge.measured?.p99 != null && { p99: edge.measured.p99 }),
    ...(place?.file !== undefined && { file: place.file }),
    ...(place?.line !== undefined && { line: place.line }),
  }
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

function changedServices(before: readonly Service[], after: readonly Service[]): GateFacts['change']['services'] {
  const old = new Map(withoutSame(before, after).map(service => [service.id, service]))
  const fresh = new Map(withoutSame(after, before).map(service => [service.id, service]))
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap(id => {
    const [a, b] = [old.get(id), fresh.get(id)]
    const differs =
      !a ||
      !b ||
      a.replicas !== b.replicas ||
      a.minReplicas !== b.minReplicas ||
      a.maxReplicas !== b.maxReplicas ||
      !isSame(a.containers, b.containers) ||
      !isSame(a.labels, b.labels) ||
      !isSame(a.calls, b.calls)
    if (!differs) return []
    return [
      {
        id,
        added: !a,
        removed: !b,
        ...(a?.replicas !== undefined && { replicasBefore: a.replicas }),
        ...(b?.replicas !== undefined && { replicasAfter: b.replicas }),
        imagesBefore: a?.images ?? [],
        imagesAfter: b?.images ?? [],
      },
    ]
  })
}
