import type { DrawnEdge, DrawnGraph, DrawnNode } from './drawn-graph.ts'

export type Budget = { readonly nodes: number; readonly edges: number }
export const defaultBudget: Budget = { nodes: 500, edges: 1500 }

export type BudgetedGraph = {
  readonly graph: DrawnGraph
  readonly leftOutNodes: number
  readonly leftOutEdges: number
}

/**
 * Draws the most telling part of a graph that is too large to be read: what the change touches first, then what a
 * person asked for (`wanted`), then what has findings, then the best connected. Ties are broken by id, so that the
 * same graph always gives the same picture.
 */
export function withinBudget(
  graph: DrawnGraph,
  budget: Budget,
  wanted: ReadonlySet<string> = new Set(),
): BudgetedGraph {
  if (graph.nodes.size <= budget.nodes && graph.edges.size <= budget.edges)
    return { graph, leftOutNodes: 0, leftOutEdges: 0 }
  const changedEnds = new Set<string>()
  for (const edge of graph.edges.values())
    if (edge.change !== 'same') {
      changedEnds.add(edge.from)
      changedEnds.add(edge.to)
    }
  const rank = (node: DrawnNode) =>
    wanted.has(node.id)
      ? 4
      : node.change !== 'same'
        ? 3
        : changedEnds.has(node.id)
          ? 2
          : node.findings.length > 0
            ? 1
            : 0
  const chosen = [...graph.nodes.values()]
    .sort((a, b) => rank(b) - rank(a) || b.degree - a.degree || (a.id < b.id ? -1 : 1))
    .slice(0, budget.nodes)
  const ids = new Set(chosen.map(node => node.id))
  const edgeRank = (edge: DrawnEdge) => (edge.change !== 'same' ? 2 : edge.dangling ? 1 : 0)
  const between = [...graph.edges.values()].filter(edge => ids.has(edge.from) && ids.has(edge.to))
  const edges = between
    .sort((a, b) => edgeRank(b) - edgeRank(a) || b.confidence - a.confidence || (a.id < b.id ? -1 : 1))
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
