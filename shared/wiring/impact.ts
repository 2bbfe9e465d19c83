import type { EdgeClass, EdgeState, Topology, TopologyEdge } from '../topology/topology.ts'

/** `callers`: who depends on it, up to the gates; `calls`: what it depends on. */
export type ImpactDirection = 'callers' | 'calls'

/** A node that a failure would be felt at, or that would make one felt here. */
export type Reached = {
  readonly id: string
  /** Calls between the two: 1 for a direct one. */
  readonly hops: number
  /** The nodes next to it on the shortest ways. */
  readonly through: readonly string[]
  readonly protocols: readonly string[]
  /** Of the surest of the shortest ways: its weakest edge. */
  readonly confidence: number
  readonly state: EdgeState
}

/** Watching and asking for health is no dependence: nothing fails that is not looked at. */
const noDependence: ReadonlySet<EdgeClass> = new Set(['telemetry', 'health'])

/**
 * Who is reached from a node along its edges, nearest first. Rejected edges are none; telemetry and health checks count
 * only where a node has no other edges in that direction at its start.
 */
export function impactOf(
  topology: Pick<Topology, 'edges'>,
  id: string,
  direction: ImpactDirection,
): readonly Reached[] {
  const [near, far] = direction === 'callers' ? (['to', 'from'] as const) : (['from', 'to'] as const)
  const all = topology.edges.filter(edge => edge.state !== 'rejected')
  const real = all.filter(edge => !noDependence.has(edge.class))
  const edges = real.some(edge => edge[near] === id) ? real : all
  const byNear = Map.groupBy(edges, edge => edge[near])
  const reached = new Map<string, Reached>()
  let ring: readonly string[] = [id]
  for (let hops = 1; ring.length > 0; hops += 1) {
    const next = new Map<string, TopologyEdge[]>()
    for (const at of ring)
      for (const edge of byNear.get(at) ?? []) {
        const other = edge[far]
        if (other === id || reached.has(other)) continue
        next.set(other, [...(next.get(other) ?? []), edge])
      }
    for (const [other, ways] of next) {
      const sure = (edge: TopologyEdge) => Math.min(edge.confidence, reached.get(edge[near])?.confidence ?? 1)
      const best = ways.reduce((a, b) => (sure(b) > sure(a) ? b : a))
      const before = reached.get(best[near])
      reached.set(other, {
        id: other,
        hops,
        through: hops === 1 ? [] : [...new Set(ways.map(edge => edge[near]))].sort(),
        protocols: [...new Set(ways.map(edge => edge.protocol))].sort(),
        confidence: sure(best),
        state: before && before.confidence < best.confidence ? before.state : best.state,
      })
    }
    ring = [...next.keys()]
  }
  return [...reached.values()].sort((a, b) => a.hops - b.hops || (a.id < b.id ? -1 : 1))
}
