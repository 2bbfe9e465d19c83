import type { Layers } from './order-layers.ts'

/**
 * How far down each node stands: near the middle of its neighbours, in the order of its layer, apart by `gap`. Each
 * layer on its own is a least squares problem that pooling adjacent violators solves exactly.
 *
 * @param gap the least distance between the tops of a node and the next one below it
 * @param weightOf how strongly a node holds on to its wish; bends more than nodes, so that long arcs run straight
 */
export function placeLayers(
  { graph, layers, real }: Layers,
  gap: (above: number, below: number) => number,
  rounds: number,
): Float64Array {
  const { count, from, to, weight } = graph
  const y = new Float64Array(count)
  for (const layer of layers) {
    let at = 0
    for (const [i, node] of layer.entries()) {
      if (i > 0) at += gap(layer[i - 1]!, node)
      y[node] = at
    }
    for (const node of layer) y[node]! -= at / 2
  }
  const sum = new Float64Array(count)
  const pull = new Float64Array(count)
  for (let round = 0; round < rounds; round++) {
    sum.fill(0)
    pull.fill(0)
    for (let arc = 0; arc < from.length; arc++) {
      const [a, b] = [from[arc]!, to[arc]!]
      const bends = (a >= real ? 1 : 0) + (b >= real ? 1 : 0)
      const strength = weight[arc]! * (bends === 2 ? 8 : bends === 1 ? 2 : 1)
      sum[a]! += strength * y[b]!
      sum[b]! += strength * y[a]!
      pull[a]! += strength
      pull[b]! += strength
    }
    for (const layer of layers) fitLayer(layer, y, sum, pull, gap)
  }
  return y
}

/** Moves the nodes of a layer as near to their wishes as their order and the gaps allow. */
function fitLayer(
  layer: Int32Array,
  y: Float64Array,
  sum: Float64Array,
  pull: Float64Array,
  gap: (above: number, below: number) => number,
): void {
  const offset = new Float64Array(layer.length)
  for (let i = 1; i < layer.length; i++) offset[i] = offset[i - 1]! + gap(layer[i - 1]!, layer[i]!)
  const blocks: { mean: number; weight: number; size: number }[] = []
  for (const [i, node] of layer.entries()) {
    const weight = pull[node]! || 0.01
    const wish = pull[node]! > 0 ? sum[node]! / pull[node]! : y[node]!
    let block = { mean: wish - offset[i]!, weight, size: 1 }
    for (let last = blocks.at(-1); last && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop()
      const both = last.weight + block.weight
      block = {
        mean: (last.mean * last.weight + block.mean * block.weight) / both,
        weight: both,
        size: last.size + block.size,
      }
    }
    blocks.push(block)
  }
  let i = 0
  for (const { mean, size } of blocks) for (const end = i + size; i < end; i++) y[layer[i]!] = mean + offset[i]!
}
