import type { Digraph } from './digraph.ts'

/**
 * Numbers that are near to each other for nodes that hang together: what a random walk on the graph forgets last (the
 * second eigenvector of its transition matrix). Sorting by it sets neighbourhoods side by side, which sweeps from layer to layer
 * cannot do: they see one layer at a time.
 *
 * @param rounds how long the walk is; a longer one tells larger neighbourhoods apart
 * @param x the numbers to go on from, changed in place
 */
export function spreadNodes({ count, from, to, weight }: Digraph, x: Float64Array, rounds: number): void {
  const degree = new Float64Array(count)
  for (let arc = 0; arc < from.length; arc++) {
    degree[from[arc]!]! += weight[arc]!
    degree[to[arc]!]! += weight[arc]!
  }
  const total = degree.reduce((a, b) => a + b, 0)
  if (total === 0) return
  const next = new Float64Array(count)
  for (let round = 0; round < rounds; round++) {
    let mean = 0
    for (let i = 0; i < count; i++) mean += x[i]! * degree[i]!
    mean /= total
    next.fill(0)
    for (let arc = 0; arc < from.length; arc++) {
      const a = from[arc]!
      const b = to[arc]!
      const w = weight[arc]!
      next[a]! += w * x[b]!
      next[b]! += w * x[a]!
    }
    let largest = 0
    for (let i = 0; i < count; i++) {
      // Half of the walkers stay: else it would swing between callers and called.
      const value = (x[i]! + next[i]! / degree[i]!) / 2 - mean
      x[i] = value
      largest = Math.max(largest, Math.abs(value))
    }
    if (largest === 0) return
    for (let i = 0; i < count; i++) x[i]! /= largest
  }
}

/** Where a walk starts: no two nodes alike, and the same each time. */
export const unlike = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 8) / 2 ** 24 - 0.5)
