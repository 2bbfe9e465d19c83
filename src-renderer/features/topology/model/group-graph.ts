import { type Grouping, groupKeys } from '../../../../shared/topology/group-nodes.ts'
import type { ChangeState, Topology } from '../../../../shared/topology/topology.ts'
import type { Steps } from '../in-slices.ts'
import { type DrawnEdge, type DrawnGraph, type DrawnNode, edgeId, stateRank } from './drawn-graph.ts'

/** Nodes that are drawn as one while their group is closed. */
export type DrawnGroup = {
  /** Also the id of the node that stands for it: `namespace shop`. No name and no host holds a space. */
  readonly id: string
  readonly by: Grouping
  /** `shop`; empty for the nodes of which the grouping says nothing. */
  readonly key: string
  readonly nodes: readonly string[]
  readonly changed: number
  readonly findings: number
}

export type Groups = {
  readonly groups: ReadonlyMap<string, DrawnGroup>
  /** The group of each node that is in one. */
  readonly of: ReadonlyMap<string, string>
}

export const noGroups: Groups = { groups: new Map(), of: new Map() }

/** The groups of a graph. A node that would be alone in its group is left out: it stands for itself. */
export function groupsIn(graph: DrawnGraph, components: Topology['components'], by: Grouping): Groups {
  const keys = groupKeys(
    [...graph.nodes.values()].map(drawn => drawn.node ?? { id: drawn.id }),
    components,
    by,
  )
  const groups = new Map<string, DrawnGroup>()
  const of = new Map<string, string>()
  for (const [key, nodes] of Map.groupBy(keys.keys(), id => keys.get(id)!)) {
    if (nodes.length < 2) continue
    const id = `${by} ${key}`
    let [changed, findings] = [0, 0]
    for (const node of nodes) {
      const drawn = graph.nodes.get(node)!
      if (drawn.change !== 'same') changed++
      findings += drawn.findings.length
      of.set(node, id)
    }
    groups.set(id, { id, by, key, nodes: [...nodes].sort(), changed, findings })
  }
  return { groups, of }
}

/** The graph with each closed group as one node, and the lines between two of its nodes rolled up to one. */
export function* groupingSteps(
  graph: DrawnGraph,
  { groups, of }: Groups,
  open: ReadonlySet<string>,
): Steps<DrawnGraph> {
  if (groups.size === 0) return graph
  const ends = new Map<string, string>()
  for (const [node, group] of of) if (!open.has(group)) ends.set(node, group)
  const end = (id: string) => ends.get(id) ?? id
  yield
  const lines = new Map<string, DrawnEdge[]>()
  let passed = 0
  for (const edge of graph.edges.values()) {
    if (++passed % 512 === 0) yield
    const [from, to] = [end(edge.from), end(edge.to)]
    if (from === to && ends.has(edge.from)) continue
    const id = edgeId(from, to)
    const line = lines.get(id)
    if (line) line.push(edge)
    else lines.set(id, [edge])
  }
  const edges = new Map<string, DrawnEdge>()
  const degree = new Map<string, number>()
  for (const [id, line] of lines) {
    if (edges.size % 256 === 0) yield
    const [from, to] = [end(line[0]!.from), end(line[0]!.to)]
    edges.set(id, line.length === 1 && line[0]!.id === id ? line[0]! : rolledUp(id, from, to, line))
    for (const at of [from, to]) degree.set(at, (degree.get(at) ?? 0) + 1)
  }
  const nodes = new Map<string, DrawnNode>()
  for (const [id, node] of graph.nodes) if (!ends.has(id)) nodes.set(id, node)
  for (const group of groups.values())
    if (!open.has(group.id)) nodes.set(group.id, standIn(graph, group, degree.get(group.id) ?? 0))
  return { ...graph, nodes, edges }
}

/** The node that is drawn for a closed group. */
function standIn(graph: DrawnGraph, group: DrawnGroup, degree: number): DrawnNode {
  const nodes = group.nodes.map(id => graph.nodes.get(id)!)
  return {
    id: group.id,
    kind: 'service',
    change: changeOfAll(nodes.map(node => node.change)),
    node: null,
    before: null,
    fields: [],
    findings: group.findings === 0 ? [] : nodes.flatMap(node => node.findings),
    missing: false,
    degree,
    group,
  }
}

/** One line for many: rates add up; it is as sure as the least sure of them, and what is wrong with one is wrong with it. */
function rolledUp(id: string, from: string, to: string, line: readonly DrawnEdge[]): DrawnEdge {
  const rates = line.flatMap(edge => edge.rate ?? [])
  return {
    id,
    from,
    to,
    parts: line.length === 1 ? line[0]!.parts : line.flatMap(edge => edge.parts),
    change: changeOfAll(line.map(edge => edge.change)),
    state: line.map(edge => edge.state).reduce((a, b) => (stateRank[b] < stateRank[a] ? b : a)),
    confidence: Math.min(...line.map(edge => edge.confidence)),
    rate: rates.length > 0 ? rates.reduce((a, b) => a + b, 0) : null,
    classes: [...new Set(line.flatMap(edge => edge.classes))],
    protocols: [...new Set(line.flatMap(edge => edge.protocols))],
    dangling: line.some(edge => edge.dangling),
    rolled: line.length,
  }
}

const changeOfAll = (changes: readonly ChangeState[]): ChangeState =>
  changes.every(change => change === changes[0]) ? changes[0]! : 'changed'
