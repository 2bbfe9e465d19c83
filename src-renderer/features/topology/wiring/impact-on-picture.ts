import { type ImpactDirection, impactOf, type Reached } from '../../../../shared/wiring/impact.ts'
import type { DrawnGraph } from '../model/drawn-graph.ts'

/** Whose failure is looked at, and who would feel it, or whom it would be felt from. */
export type ShownImpact = {
  readonly id: string
  readonly direction: ImpactDirection
  readonly reached: readonly Reached[]
  /** Calls away from `id`, which is 0. */
  readonly hops: ReadonlyMap<string, number>
}

/** The impact on the graph as it is drawn: with the draft, and without what that removes. */
export function shownImpact(graph: DrawnGraph, id: string, direction: ImpactDirection): ShownImpact {
  const edges = [...graph.edges.values()].flatMap(edge =>
    edge.parts.flatMap(part => (part.change === 'removed' ? [] : [part.edge])),
  )
  const reached = impactOf({ edges }, id, direction)
  return { id, direction, reached, hops: new Map([[id, 0], ...reached.map(one => [one.id, one.hops] as const)]) }
}
