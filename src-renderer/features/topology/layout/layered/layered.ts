import { columnGap, nodeHeight, nodeWidth, type Point, rowGap } from '../measures.ts'
import type { Structure } from '../structure.ts'
import { connectedSets, type Digraph, withoutCircles } from './digraph.ts'
import { orderLayers, properLayers } from './order-layers.ts'
import { packBoxes } from './pack-boxes.ts'
import { placeLayers } from './place-layers.ts'
import { rankNodes } from './rank-nodes.ts'

/** Width to height of a screen; layers too tall for it stand in several columns. */
export const screenShape = 1.7
/** Free space a long arc gets between two nodes it passes. */
const lane = 6

/**
 * The layout of graphs that are too large for Graphviz: layers from left to right as `dot` makes them, with fewer steps
 * that grow with the square of the graph. A layer taller than the picture should be is set like bricks, in columns beside one
 * another, each a little lower than the one before: the order from top to bottom stays, and so do the crossings.
 *
 * @returns top left corners; parts of the graph that do not hang together stand beside each other
 */
export function layered(structure: Structure): Map<string, Point> {
  const digraph = digraphOf(structure)
  const sets = connectedSets(digraph)
  const parts = sets.filter(set => set.length > 1).map(set => layOut(digraph, set))
  const loose = sets.filter(set => set.length === 1).map(set => set[0]!)
  if (loose.length > 0) parts.push(rowsOf(loose))
  const corners = packBoxes(parts, screenShape, rowGap * 2)
  const positions = new Map<string, Point>()
  for (const [i, part] of parts.entries())
    for (const [node, { x, y }] of part.at)
      positions.set(structure.nodes[node]!, { x: Math.round(corners[i]!.x + x), y: Math.round(corners[i]!.y + y) })
  return positions
}

type Part = { readonly width: number; readonly height: number; readonly at: ReadonlyMap<number, Point> }

/** Arcs that pull nothing together are left out where their ends hang on others. */
function digraphOf({ nodes, edges }: Structure): Digraph {
  const index = new Map(nodes.map((id, i) => [id, i]))
  const held = new Set(edges.flatMap(edge => (edge.weight > 0 ? [edge.from, edge.to] : [])))
  const kept = edges.filter(
    edge =>
      edge.from !== edge.to &&
      index.has(edge.from) &&
      index.has(edge.to) &&
      (edge.weight > 0 || !held.has(edge.from) || !held.has(edge.to)),
  )
  return {
    count: nodes.length,
    from: Int32Array.from(kept, edge => index.get(edge.from)!),
    to: Int32Array.from(kept, edge => index.get(edge.to)!),
    weight: Float64Array.from(kept, edge => Math.max(edge.weight, 0.1)),
  }
}

function layOut(whole: Digraph, set: readonly number[]): Part {
  const index = new Map(set.map((node, i) => [node, i]))
  const arcs = [...whole.from.keys()].filter(arc => index.has(whole.from[arc]!))
  const part = withoutCircles({
    count: set.length,
    from: Int32Array.from(arcs, arc => index.get(whole.from[arc]!)!),
    to: Int32Array.from(arcs, arc => index.get(whole.to[arc]!)!),
    weight: Float64Array.from(arcs, arc => whole.weight[arc]!),
  })
  const proper = properLayers(part, rankNodes(part))
  orderLayers(proper, set.length > 1000 ? 24 : 48)
  return stand(proper, set)
}

function stand(proper: ReturnType<typeof properLayers>, set: readonly number[]): Part {
  const { layers, real } = proper
  const pitch = nodeHeight + rowGap
  const sizes = layers.map(layer => layer.filter(node => node < real).length)
  const columns = columnsFor(sizes)
  const share = new Float64Array(proper.graph.count).fill(lane)
  for (const [i, layer] of layers.entries())
    for (const node of layer) if (node < real) share[node] = Math.max(lane, pitch / columns[i]!)
  const y = placeLayers(proper, (above, below) => (share[above]! + share[below]!) / 2, 16)
  const at = new Map<number, Point>()
  let left = 0
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [i, layer] of layers.entries()) {
    let brick = 0
    /** The lowest end so far of each of its columns. */
    const ends = new Float64Array(columns[i]!).fill(Number.NEGATIVE_INFINITY)
    for (const node of layer) {
      if (node >= real) continue
      const column = brick++ % columns[i]!
      const spot = Math.max(y[node]!, ends[column]!)
      ends[column] = spot + pitch
      at.set(set[node]!, { x: left + column * (nodeWidth + rowGap), y: spot })
      top = Math.min(top, spot)
      bottom = Math.max(bottom, spot + nodeHeight)
    }
    left += columns[i]! * (nodeWidth + rowGap) - rowGap + columnGap
  }
  for (const [node, { x, y }] of at) at.set(node, { x, y: y - top })
  return { width: left - columnGap, height: bottom - top, at }
}

/** In how many columns each layer stands, so that the whole has about the shape of a screen. */
function columnsFor(sizes: readonly number[]): readonly number[] {
  const pitch = nodeHeight + rowGap
  for (let most = 4; ; most = Math.ceil(most * 1.15)) {
    const columns = sizes.map(size => Math.max(1, Math.ceil(size / most)))
    const width = columns.reduce((sum, count) => sum + count * (nodeWidth + rowGap) + columnGap - rowGap, 0)
    if (width <= most * pitch * screenShape || columns.every(count => count === 1)) return columns
  }
}

/** Nodes that nothing joins, in rows. */
function rowsOf(nodes: readonly number[]): Part {
  const pitch = { x: nodeWidth + rowGap, y: nodeHeight + rowGap }
  const columns = Math.max(1, Math.round(Math.sqrt((nodes.length * pitch.y * screenShape) / pitch.x)))
  const rows = Math.ceil(nodes.length / columns)
  return {
    width: Math.min(columns, nodes.length) * pitch.x - rowGap,
    height: rows * pitch.y - rowGap,
    at: new Map(nodes.map((node, i) => [node, { x: (i % columns) * pitch.x, y: Math.floor(i / columns) * pitch.y }])),
  }
}
