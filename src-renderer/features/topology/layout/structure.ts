import type { EdgeClass } from '../../../../shared/topology/topology.ts'
import type { DrawnGraph } from '../model/drawn-graph.ts'

/** All a layout may depend on: status, rates and values never move a node. Sorted, so that equal graphs are equal. */
export type Structure = {
  readonly nodes: readonly string[]
  /** `weight` 0: does not pull its ends together (who scrapes or probes everything would bend the whole picture). */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly weight: 0 | 1 | 3 }[]
  /** Nodes that stand together in a region of their own; a node that is in none stands for itself. */
  readonly groups?: readonly { readonly id: string; readonly nodes: readonly string[] }[]
}

const faint: ReadonlySet<EdgeClass> = new Set<EdgeClass>(['telemetry', 'health'])

export function structureOf(graph: DrawnGraph, groups: Structure['groups'] = []): Structure {
  const nodes = [...graph.nodes.keys()].sort()
  const place = new Map(nodes.map((id, i) => [id, i]))
  const order = (edge: { readonly from: string; readonly to: string }) =>
    (place.get(edge.from) ?? 0) * nodes.length + (place.get(edge.to) ?? 0)
  return {
    nodes,
    edges: [...graph.edges.values()]
      .filter(edge => edge.from !== edge.to)
      .map(edge => ({
        from: edge.from,
        to: edge.to,
        weight: edge.classes.every(name => faint.has(name))
          ? (0 as const)
          : edge.classes.includes('app') || edge.classes.includes('backing')
            ? (3 as const)
            : (1 as const),
      }))
      .sort((a, b) => order(a) - order(b)),
    ...(groups.length > 0 && { groups }),
  }
}

/** 53-bit hash (cyrb53, public domain) of a structure: the name its layout is kept under. */
export function structureHash(structure: Structure): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  const add = (text: string) => {
    for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i))
    mix(0)
  }
  const mix = (code: number) => {
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  for (const id of structure.nodes) add(id)
  for (const { from, to, weight } of structure.edges) {
    add(from)
    add(to)
    mix(weight + 1)
  }
  for (const { id, nodes } of structure.groups ?? []) {
    mix(1)
    add(id)
    for (const node of nodes) add(node)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}
