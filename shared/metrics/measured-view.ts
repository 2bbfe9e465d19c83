import type { TopologyView } from '../topology/contract.ts'
import type { Topology } from '../topology/topology.ts'
import { joinMetrics, type Seen, seenBy, type Unmatched } from './join-metrics.ts'
import type { Observation } from './observation.ts'

export type MeasuredView = {
  readonly view: TopologyView
  /** Names metrics know and this environment does not. */
  readonly unmatched: readonly Unmatched[]
  /** Pairs that call each other, both outside this environment. */
  readonly elsewhere: number
  /** How many dependencies rest on what; null where nothing was measured. */
  readonly seen: { readonly [seen in Seen]: number } | null
}

/**
 * What is drawn, with the rates on it, of the dependencies that rest on `only`, or of all of them. What the draft
 * changes is always in it.
 */
export function measuredView(
  view: TopologyView,
  observations: readonly Observation[],
  only: Seen | null,
): MeasuredView {
  if (observations.length === 0 && view.metrics === undefined) return { view, unmatched: [], elsewhere: 0, seen: null }
  const base = joinMetrics(view.base, observations)
  const draft = view.draft && joinMetrics(view.draft, observations)
  const shown = draft ?? base
  const counts = { declared: 0, observed: 0, both: 0 }
  for (const edge of shown.topology.edges) if (edge.state !== 'rejected') counts[seenBy(edge)] += 1
  const changed = new Set(view.diff.edges.map(({ from, to }) => `${from}\n${to}`))
  const filtered = (topology: Topology): Topology =>
    only === null
      ? topology
      : {
          ...topology,
          edges: topology.edges.filter(edge => seenBy(edge) === only || changed.has(`${edge.from}\n${edge.to}`)),
        }
  return {
    view: { ...view, base: filtered(base.topology), draft: draft && filtered(draft.topology) },
    unmatched: shown.unmatched,
    elsewhere: shown.elsewhere,
    seen: counts,
  }
}
