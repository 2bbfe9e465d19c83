import type { DrawnEdge, DrawnGraph, DrawnNode } from './drawn-graph.ts'

export type Budget = { readonly nodes: number; readonly edges: number }
/** As many as are laid out in a second and moved without a stutter. */
export const defaultBudget: Budget = { nodes: 2000, edges: 6000 }

export type BudgetedGraph = {
  readonly graph: DrawnGraph
  readonly leftOutNodes: number
  readonly leftOutEdges: number
}

const tierRank = { critical: 2, standard: 1, 'best-effort': 0 } as const

/**
 * Draws the most telling part of a graph that is too large to be read: what the change touches first, then what a
 * person asked for (`wanted`) and its neighbours, then what has findings, then the best connected; of those alike the
 * more critical, then the busier one. Last come names, so that the same graph always gives the same picture.
 */
export function withinBudget(
  graph: DrawnGraph,
  budget: Budget,
  wanted: ReadonlySet<string> = new Set(),
): BudgetedGraph {
  if (graph.nodes.size <= budget.nodes && graph.edges.size <= budget.edges)
    return { graph, leftOutNodes: 0, leftOutEdges: 0 }
  const rank = new Map<string, number>()
  const raise = (id: string, to: number) => rank.set(id, Math.max(rank.get(id) ?? 0, to))
  const busy = new Map<string, number>()
  for (const { from, to, change, rate } of graph.edges.values())
    for (const [id, other] of [
      [from, to],
      [to, from],
    ] as const) {
      if (change !== 'same') raise(id, 3)
      if (wanted.has(other)) raise(id, 2)
      if (rate !== null) busy.set(id, (busy.get(id) ?? 0) + rate)
    }
  for (const node of graph.nodes.values())
    raise(node.id, wanted.has(node.id) ? 5 : node.change !== 'same' ? 4 : node.findings.length > 0 ? 1 : 0)
  const tier = (node: DrawnNode) => (node.node?.tier ? tierRank[node.node.tier] : 1)
  const chosen = [...graph.nodes.values()]
    .sort(
      (a, b) =>
        rank.get(b.id)! - rank.get(a.id)! ||
        b.degree - a.degree ||
        tier(b) - tier(a) ||
        (busy.get(b.id) ?? 0) - (busy.get(a.id) ?? 0) ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, budget.nodes)
  const ids = new Set(chosen.map(node => node.id))
  const edgeRank = (edge: DrawnEdge) =>
    edge.change !== 'same' ? 3 : wanted.has(edge.from) || wanted.has(edge.to) ? 2 : edge.dangling ? 1 : 0
  const between = [...graph.edges.values()].filter(edge => ids.has(edge.from) && ids.has(edge.to))
  const edges = between
    .sort(
      (a, b) =>
        edgeRank(b) - edgeRank(a) ||
        (b.rate ?? 0) - (a.rate ?? 0) ||
        (b.rolled ?? 1) - (a.rolled ?? 1) ||
        b.confidence - a.confidence ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, budget.edges)
  const edgeIds = new Set(edges.map(edge => edge.id))
  return {
    graph: {
      ...graph,
      nodes: new Map([...graph.nodes].filter(([id]) => ids.has(id))),
      edges: new Map([...graph.edges].filter(([id]) => edgeIds.has(id))),
    },
    leftOutNodes: graph.nodes.size - ids.size,
    leftOutEdges: graph.edges.size - edges.length,
  }
}
