import type { Point } from './measures.ts'
import type { Structure } from './structure.ts'

/** A structure on its way to the worker: copying ten thousand objects would hold the page up, numbers are handed over. */
export type PackedStructure = {
  readonly nodes: readonly string[]
  /** From, to and weight of each edge; nodes by their number. */
  readonly edges: Int32Array<ArrayBuffer>
  readonly groups: readonly string[]
  /** The group of each node by its number; -1 for none. */
  readonly groupOf: Int32Array<ArrayBuffer>
}

export function packStructure({ nodes, edges, groups = [] }: Structure): PackedStructure {
  const index = new Map(nodes.map((id, i) => [id, i]))
  const packed = new Int32Array(edges.length * 3)
  for (const [i, { from, to, weight }] of edges.entries()) {
    packed[3 * i] = index.get(from)!
    packed[3 * i + 1] = index.get(to)!
    packed[3 * i + 2] = weight
  }
  const groupOf = new Int32Array(nodes.length).fill(-1)
  for (const [i, group] of groups.entries()) for (const id of group.nodes) groupOf[index.get(id)!] = i
  return { nodes, edges: packed, groups: groups.map(group => group.id), groupOf }
}

export function unpackStructure({ nodes, edges, groups, groupOf }: PackedStructure): Structure {
  return {
    nodes,
    edges: Array.from({ length: edges.length / 3 }, (_, i) => ({
      from: nodes[edges[3 * i]!]!,
      to: nodes[edges[3 * i + 1]!]!,
      weight: edges[3 * i + 2] as 0 | 1 | 3,
    })),
    ...(groups.length > 0 && {
      groups: groups.map((id, i) => ({ id, nodes: nodes.filter((_, node) => groupOf[node] === i) })),
    }),
  }
}

/** Top left corners in the order of `nodes`: x, y, x, y …; NaN where one has none. */
export function packPositions(
  nodes: readonly string[],
  positions: ReadonlyMap<string, Point>,
): Float64Array<ArrayBuffer> {
  const packed = new Float64Array(nodes.length * 2)
  for (const [i, id] of nodes.entries()) {
    const point = positions.get(id)
    packed[2 * i] = point?.x ?? Number.NaN
    packed[2 * i + 1] = point?.y ?? Number.NaN
  }
  return packed
}

export function unpackPositions(nodes: readonly string[], packed: Float64Array): Map<string, Point> {
  const positions = new Map<string, Point>()
  for (const [i, id] of nodes.entries())
    if (!Number.isNaN(packed[2 * i])) positions.set(id, { x: packed[2 * i]!, y: packed[2 * i + 1]! })
  return positions
}
