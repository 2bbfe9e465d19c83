import { columnGap, nodeHeight, nodeWidth, type Point, rowGap } from './measures.ts'
import type { Structure } from './structure.ts'

/** Graphviz counts in inches of 72 points; one point is one pixel here. */
const inches = (pixels: number): string => (pixels / 72).toFixed(4)

/** Up to this size Graphviz answers in a fraction of a second; its time grows with crossings and long edges. */
export const fitsGraphviz = ({ nodes, edges }: Structure): boolean => nodes.length <= 300 && edges.length <= 800

/**
 * The structure as Graphviz reads it, left to right (who calls stands left of who is called). Nodes are called `n0`,
 * `n1` … in the order of `structure.nodes`: no name has to be quoted. Nodes without an edge are left to `parkLoose`.
 */
export function dotSource(structure: Structure): string {
  const index = new Map(structure.nodes.map((id, i) => [id, i]))
  const connected = connectedNodes(structure)
  const lines = [
    `digraph{graph[rankdir=LR nodesep=${inches(rowGap)} ranksep=${inches(columnGap)} splines=line]`,
    `node[shape=box fixedsize=true width=${inches(nodeWidth)} height=${inches(nodeHeight)}]`,
  ]
  for (const id of structure.nodes) if (connected.has(id)) lines.push(`n${index.get(id)}`)
  for (const edge of structure.edges)
    lines.push(`n${index.get(edge.from)}->n${index.get(edge.to)}[weight=${edge.weight}]`)
  lines.push('}')
  return lines.join('\n')
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
