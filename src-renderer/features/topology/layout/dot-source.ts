import { columnGap, nodeHeight, nodeWidth, type Point, rowGap } from './measures.ts'
import type { Structure } from './structure.ts'

/** Graphviz counts in inches of 72 points; one point is one pixel here. */
const inches = (pixels: number): string => (pixels / 72).toFixed(4)

/** Above this the rounds of dot are cut short: 500 nodes take a third of the time for a few more crossings. */
const manyNodes = 300
/** Above this dot is given only the edges that tell where a node belongs; all of them are drawn. */
const manyEdges = 800

/**
 * The structure as Graphviz reads it, left to right (who calls stands left of who is called). Nodes are called `n0`,
 * `n1` … in the order of `structure.nodes`: no name has to be quoted. Nodes without an edge are left to `parkLoose`.
 */
export function dotSource(structure: Structure): string {
  const index = new Map(structure.nodes.map((id, i) => [id, i]))
  const connected = connectedNodes(structure)
  const limits = structure.nodes.length > manyNodes ? ' nslimit=2 mclimit=0.5' : ''
  const lines = [
    `digraph{graph[rankdir=LR nodesep=${inches(rowGap)} ranksep=${inches(columnGap)} splines=line${limits}]`,
    `node[shape=box fixedsize=true width=${inches(nodeWidth)} height=${inches(nodeHeight)}]`,
  ]
  for (const id of structure.nodes) if (connected.has(id)) lines.push(`n${index.get(id)}`)
  for (const edge of tellingEdges(structure))
    lines.push(`n${index.get(edge.from)}->n${index.get(edge.to)}[weight=${edge.weight}]`)
  lines.push('}')
  return lines.join('\n')
}

/**
 * The edges dot lays out by. Its time grows with crossings and long edges: 500 nodes with 1,500 edges at random took
 * 42 s, with two edges a caller 0.7 s. Kept are those to what few others call, and one edge to each node at least.
 */
export function tellingEdges({ nodes, edges }: Structure): Structure['edges'] {
  if (edges.length <= manyEdges) return edges
  const callers = new Map<string, number>()
  for (const { to } of edges) callers.set(to, (callers.get(to) ?? 0) + 1)
  const aCaller = nodes.length > 1000 ? 1 : 2
  const kept = [...Map.groupBy(edges, edge => edge.from).values()].flatMap(group =>
    [...group]
      .sort(
        (a, b) => b.weight - a.weight || (callers.get(a.to) ?? 0) - (callers.get(b.to) ?? 0) || (a.to < b.to ? -1 : 1),
      )
      .slice(0, aCaller),
  )
  const reached = new Set(kept.flatMap(edge => [edge.from, edge.to]))
  for (const edge of edges)
    if (!reached.has(edge.to)) {
      reached.add(edge.to)
      kept.push(edge)
    }
  return kept
}

const connectedNodes = (structure: Structure): ReadonlySet<string> =>
  new Set(structure.edges.flatMap(edge => [edge.from, edge.to]))

/**
 * Reads Graphviz's `plain` output (`graph scale width height`, `node name x y …`, inches from the lower left) into top
 * left corners, and parks the nodes without edges in rows below.
 */
export function positionsFromPlain(plain: string, structure: Structure): Map<string, Point> {
  const positions = new Map<string, Point>()
  let height = 0
  for (const line of plain.split('\n')) {
    const [what, name = '', x = '', y = ''] = line.split(' ')
    if (what === 'graph') height = Number(y) * 72
    if (what !== 'node') continue
    const id = structure.nodes[Number(name.slice(1))]
    if (id !== undefined)
      positions.set(id, {
        x: Math.round(Number(x) * 72 - nodeWidth / 2),
        y: Math.round(height - Number(y) * 72 - nodeHeight / 2),
      })
  }
  parkLoose(structure, positions)
  return positions
}

/** Nodes that no edge names stand in rows under the rest, about as wide as the rest is. */
function parkLoose(structure: Structure, positions: Map<string, Point>): void {
  const loose = structure.nodes.filter(id => !positions.has(id))
  if (loose.length === 0) return
  const placed = [...positions.values()]
  const pitchX = nodeWidth + rowGap
  const widest = placed.length > 0 ? Math.max(...placed.map(p => p.x)) - Math.min(...placed.map(p => p.x)) : 0
  const columns = Math.max(Math.floor(widest / pitchX) + 1, Math.ceil(Math.sqrt(loose.length / 2)), 1)
  const left = placed.length > 0 ? Math.min(...placed.map(p => p.x)) : 0
  const top = placed.length > 0 ? Math.max(...placed.map(p => p.y)) + nodeHeight + rowGap * 2 : 0
  for (const [i, id] of loose.entries())
    positions.set(id, {
      x: left + (i % columns) * pitchX,
      y: top + Math.floor(i / columns) * (nodeHeight + rowGap),
    })
}

/**
 * A plain layering without Graphviz, for when its worker cannot run or takes too long: columns by the longest way from
 * a caller, edges that close a circle left aside, tall columns broken into several.
 */
export function simpleLayers(structure: Structure): Map<string, Point> {
  const connected = connectedNodes(structure)
  const rank = longestWays(structure)
  const columns = [
    ...Map.groupBy(
      structure.nodes.filter(id => connected.has(id)),
      id => rank.get(id) ?? 0,
    ),
  ].sort(([a], [b]) => a - b)
  const tallest = Math.max(8, Math.ceil(Math.sqrt(connected.size) * 1.2))
  const positions = new Map<string, Point>()
  let left = 0
  for (const [, ids] of columns)
    for (let start = 0; start < ids.length; start += tallest) {
      const part = ids.slice(start, start + tallest)
      for (const [row, id] of part.entries())
        positions.set(id, { x: left, y: (row + (tallest - part.length) / 2) * (nodeHeight + rowGap) })
      left += nodeWidth + columnGap
    }
  parkLoose(structure, positions)
  return positions
}

function longestWays({ nodes, edges }: Structure): Map<string, number> {
  const calls = Map.groupBy(edges, edge => edge.from)
  const state = new Map<string, 'open' | 'done'>()
  const order: string[] = []
  const forward: { from: string; to: string }[] = []
  for (const root of nodes) {
    if (state.has(root)) continue
    // A walk with its own stack: a long chain must not overflow the machine's.
    const stack = [{ id: root, next: 0 }]
    state.set(root, 'open')
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const edge = calls.get(top.id)?.[top.next++]
      if (!edge) {
        state.set(top.id, 'done')
        order.push(top.id)
        stack.pop()
      } else if (state.get(edge.to) !== 'open') {
        forward.push(edge)
        if (!state.has(edge.to)) {
          state.set(edge.to, 'open')
          stack.push({ id: edge.to, next: 0 })
        }
      }
    }
  }
  const ways = new Map(nodes.map(id => [id, 0]))
  const onward = Map.groupBy(forward, edge => edge.from)
  for (const id of order.reverse())
    for (const { to } of onward.get(id) ?? []) ways.set(to, Math.max(ways.get(to) ?? 0, (ways.get(id) ?? 0) + 1))
  return ways
}
