import { type Digraph, incidence } from './digraph.ts'
import { shortenArcs } from './shorten-arcs.ts'

/**
 * The layer of each node of a connected graph without circles: as far left as its callers allow, then moved along until the
 * arcs are short, since each layer an arc passes is a place where it may be crossed.
 */
export function rankNodes(graph: Digraph): Int32Array {
  const { count, from, to, weight } = graph
  const out = incidence(count, from)
  const into = incidence(count, to)
  const rank = new Int32Array(count)
  const waiting = new Int32Array(count)
  for (const node of to) waiting[node]!++
  const order: number[] = []
  for (let i = 0; i < count; i++) if (waiting[i] === 0) order.push(i)
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    for (let k = out.start[node]!; k < out.start[node + 1]!; k++) {
      const other = to[out.list[k]!]!
      rank[other] = Math.max(rank[other]!, rank[node]! + 1)
      if (--waiting[other]! === 0) order.push(other)
    }
  }
  const last = rank.reduce((a, b) => Math.max(a, b), 0)
  const settle = (node: number): boolean => {
    let [low, high, pull] = [0, last, 0]
    for (let k = into.start[node]!; k < into.start[node + 1]!; k++) {
      const arc = into.list[k]!
      low = Math.max(low, rank[from[arc]!]! + 1)
      pull -= weight[arc]!
    }
    for (let k = out.start[node]!; k < out.start[node + 1]!; k++) {
      const arc = out.list[k]!
      high = Math.min(high, rank[to[arc]!]! - 1)
      pull += weight[arc]!
    }
    // Pulled alike from both sides it stands in the middle of what it may.
    const wish = pull > 0 ? high : pull < 0 ? low : rank[node]!
    if (wish === rank[node]) return false
    rank[node] = wish
    return true
  }
  for (let round = 0; round < 12; round++) {
    let moved = false
    for (let at = order.length - 1; at >= 0; at--) moved = settle(order[at]!) || moved
    for (const node of order) moved = settle(node) || moved
    if (!moved) break
  }
  shortenArcs(graph, rank)
  const lowest = rank.reduce((a, b) => Math.min(a, b), last)
  return rank.map(value => value - lowest)
}
