import type { DrawnGraph } from './drawn-graph.ts'

const known = new WeakMap<DrawnGraph['edges'], boolean>()

/** Whether anything of a graph was measured: only then is it news that an edge was not. */
export function isMeasured(edges: DrawnGraph['edges'] | undefined): boolean {
  if (!edges) return false
  const measured = known.get(edges) ?? [...edges.values()].some(({ parts }) => parts.some(part => part.edge.measured))
  known.set(edges, measured)
  return measured
}
