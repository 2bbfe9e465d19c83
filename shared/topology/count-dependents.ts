import { strongComponents } from './strong-components.ts'
import type { TopologyEdge } from './topology.ts'

/**
 * How many others reach each node, directly or through others, by node. Nodes of a circle reach the same, so this is
 * counted over strongly connected components, callers first, each with a bit for every component that reaches it:
 * O(components × edges ÷ 32), where to walk back from every node is O(nodes × edges).
 */
export function countDependents(
  nodes: readonly string[],
  edges: readonly Pick<TopologyEdge, 'from' | 'to'>[],
): ReadonlyMap<string, number> {
  const components = strongComponents(nodes, edges)
  const componentOf = new Map(components.flatMap(({ nodes: members }, index) => members.map(node => [node, index])))
  const callees = components.map(() => new Set<number>())
  const waiting = new Int32Array(components.length)
  for (const { from, to } of edges) {
    const [a, b] = [componentOf.get(from), componentOf.get(to)]
    if (a === undefined || b === undefined || a === b || callees[a]!.has(b)) continue
    callees[a]!.add(b)
    waiting[b]! += 1
  }
  const words = (components.length + 31) >> 5
  const reached = new Map<number, Int32Array>()
  const counts = new Map<string, number>()
  const ready = components.flatMap((_, index) => (waiting[index] === 0 ? [index] : []))
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    const { nodes: members } = components[at]!
    const above = reached.get(at)
    // What nobody calls any more is not asked again.
    reached.delete(at)
    let count = members.length - 1
    if (above) count += countNodes(above, components)
    for (const node of members) counts.set(node, count)
    for (const callee of callees[at]!) {
      let bits = reached.get(callee)
      if (!bits) {
        bits = new Int32Array(words)
        reached.set(callee, bits)
      }
      if (above) for (let word = 0; word < words; word++) bits[word]! |= above[word]!
      bits[at >> 5]! |= 1 << (at & 31)
      waiting[callee]! -= 1
      if (waiting[callee] === 0) ready.push(callee)
    }
  }
  return counts
}

function countNodes(bits: Int32Array, components: readonly { readonly nodes: readonly string[] }[]): number {
  let count = 0
  for (let word = 0; word < bits.length; word++)
    for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) {
      const bit = 31 - Math.clz32(rest & -rest)
      count += components[(word << 5) | bit]!.nodes.length
    }
  return count
}
