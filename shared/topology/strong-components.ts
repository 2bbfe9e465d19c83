import type { Topology, TopologyEdge } from './topology.ts'

/**
 * Strongly connected components: nodes that can reach one another; a node in no cycle is one by itself. Tarjan's
 * algorithm with its own stack, so that a chain of ten thousand services does not overflow ours. Each is named by its
 * first node; all are sorted.
 */
export function strongComponents(
  nodes: readonly string[],
  edges: readonly Pick<TopologyEdge, 'from' | 'to'>[],
): Topology['components'] {
  const next = new Map<string, string[]>(nodes.map(node => [node, []]))
  for (const { from, to } of edges) if (next.has(to)) next.get(from)?.push(to)
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const onStack = new Set<string>()
  const stack: string[] = []
  const components: { id: string; nodes: string[] }[] = []
  for (const root of nodes) {
    if (index.has(root)) continue
    const path: { node: string; edge: number }[] = []
    enter(root)
    while (path.length > 0) {
      const step = path.at(-1)!
      const target = next.get(step.node)![step.edge]
      step.edge += 1
      if (target === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(step.node)!))
        if (low.get(step.node) === index.get(step.node)) leave(step.node)
      } else if (!index.has(target)) enter(target)
      else if (onStack.has(target)) low.set(step.node, Math.min(low.get(step.node)!, index.get(target)!))
    }
    function enter(node: string): void {
      index.set(node, index.size)
      low.set(node, index.get(node)!)
      stack.push(node)
      onStack.add(node)
      path.push({ node, edge: 0 })
    }
  }
  return components.sort((a, b) => (a.id < b.id ? -1 : 1))

  function leave(root: string): void {
    const members: string[] = []
    let node: string
    do {
      node = stack.pop()!
      onStack.delete(node)
      members.push(node)
    } while (node !== root)
    members.sort()
    components.push({ id: members[0]!, nodes: members })
  }
}
