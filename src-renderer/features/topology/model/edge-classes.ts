import type { EdgeClass } from '../../../../shared/topology/topology.ts'
import type { DrawnEdge, DrawnGraph } from './drawn-graph.ts'

export const edgeClasses: readonly EdgeClass[] = [
  'app',
  'ingress',
  'backing',
  'external',
  'infra',
  'load',
  'telemetry',
  'health',
]

/** Who scrapes, probes or loads everything would draw a line to everything: those are hidden until asked for. */
export const hiddenByDefault: ReadonlySet<EdgeClass> = new Set<EdgeClass>(['load', 'telemetry', 'health'])

/** An edge is drawn while one of its parts belongs to a class that is shown. A proposed change is always drawn. */
export const isEdgeShown = (edge: DrawnEdge, hidden: ReadonlySet<EdgeClass>): boolean =>
  edge.change !== 'same' || edge.classes.some(name => !hidden.has(name))

export type ClassCount = { readonly name: EdgeClass; readonly edges: number; readonly hidden: boolean }
export type HiddenByRole = {
  /** Every class that occurs, in a fixed order. */
  readonly classes: readonly ClassCount[]
  readonly hiddenEdges: number
  /** Nodes that only scrape, probe or load, as far as is known: they stay in their place, drawn faintly. */
  readonly quietNodes: ReadonlySet<string>
}

/** What a choice of classes leaves out, so that the picture can say so. */
export function hiddenByRole(graph: DrawnGraph, hidden: ReadonlySet<EdgeClass>): HiddenByRole {
  const perClass = new Map<EdgeClass, number>()
  const loud = new Set<string>()
  const hiddenCallers = new Set<string>()
  let hiddenEdges = 0
  for (const edge of graph.edges.values()) {
    for (const name of edge.classes) perClass.set(name, (perClass.get(name) ?? 0) + 1)
    if (isEdgeShown(edge, hidden)) {
      loud.add(edge.from)
      loud.add(edge.to)
    } else {
      hiddenEdges++
      hiddenCallers.add(edge.from)
    }
  }
  const quietNodes = new Set<string>()
  for (const node of graph.nodes.values())
    if (hiddenCallers.has(node.id) && !loud.has(node.id) && node.change === 'same' && node.findings.length === 0)
      quietNodes.add(node.id)
  return {
    classes: edgeClasses.flatMap(name => {
      const edges = perClass.get(name)
      return edges ? [{ name, edges, hidden: hidden.has(name) }] : []
    }),
    hiddenEdges,
    quietNodes,
  }
}
