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
      const a = from[arc]!
      const b = to[arc]!
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
  const { length } = layer
  const offset = new Float64Array(length)
  for (let i = 1; i < length; i++) offset[i] = offset[i - 1]! + gap(layer[i - 1]!, layer[i]!)
  // The blocks so far, in plain numbers: as objects they were most of the layout's garbage.
  const means = new Float64Array(length)
  const weights = new Float64Array(length)
  const sizes = new Int32Array(length)
  let blocks = 0
  for (let i = 0; i < length; i++) {
    const node = layer[i]!
    let weight = pull[node]! || 0.01
    let mean = (pull[node]! > 0 ? sum[node]! / pull[node]! : y[node]!) - offset[i]!
    let size = 1
    while (blocks > 0 && means[blocks - 1]! >= mean) {
      blocks--
      const both = weights[blocks]! + weight
      mean = (means[blocks]! * weights[blocks]! + mean * weight) / both
      weight = both
      size += sizes[blocks]!
    }
    means[blocks] = mean
    weights[blocks] = weight
    sizes[blocks++] = size
  }
  let i = 0
  for (let block = 0; block < blocks; block++)
    for (const end = i + sizes[block]!; i < end; i++) y[layer[i]!] = means[block]! + offset[i]!
}
