import type { Topology, TopologyEdge } from '../topology/topology.ts'
import type { RecordedMetrics, SourceView } from './contract.ts'
import type { Observation } from './observation.ts'

/** What one source said, by its name. */
export type Measurement = {
  readonly source: Pick<SourceView, 'name' | 'kind' | 'sandbox'>
  readonly observation: Observation
}

/** What a decision says of the metrics it was made with. */
export const recordedMetrics = (measurements: readonly Measurement[]): RecordedMetrics => ({
  sources: measurements.map(({ source: { name, kind, sandbox }, observation: { window, asOf } }) => ({
    name,
    kind,
    window,
    asOf,
    ...(sandbox && { sandbox }),
  })),
})

/**
 * Lays the rates a snapshot recorded over the graph of its commit. The graph may have been built by another version
 * than the snapshot: what only the snapshot saw called is put back, where both ends are here or
 * the one called is a host outside.
 */
export function withRecordedRates(topology: Topology, recorded: Pick<Topology, 'nodes' | 'edges'>): Topology {
  const edges = new Map(topology.edges.map(edge => [keyOf(edge), edge]))
  const nodes = new Map(topology.nodes.map(node => [node.id, node]))
  const then = new Map(recorded.nodes.map(node => [node.id, node]))
  for (const edge of recorded.edges) {
    if (!edge.measured) continue
    const known = edges.get(keyOf(edge))
    if (known) {
      const measured = edge.evidence.filter(({ kind }) => kind === 'metric')
      edges.set(keyOf(edge), { ...edge, protocol: known.protocol, evidence: [...known.evidence, ...measured] })
      continue
    }
    const outside = then.get(edge.to)
    const to = nodes.get(edge.to) ?? (outside?.kind === 'external' ? outside : undefined)
    if (!nodes.has(edge.from) || to === undefined) continue
    nodes.set(to.id, to)
    edges.set(keyOf(edge), edge)
  }
  return {
    ...topology,
    nodes: [...nodes.values()].sort((a, b) => compare(a.id, b.id)),
    edges: [...edges.values()].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
  }
}

const keyOf = ({ from, to }: TopologyEdge): string => `${from}\n${to}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
