import { type Digraph, incidence } from './digraph.ts'
import { spreadNodes, unlike } from './spread-nodes.ts'

/** A graph whose arcs join neighbouring layers only: nodes from `count` of the first on are points that long arcs pass. */
export type Layers = {
  /** The arcs as they were, long ones whole. */
  readonly arcs: Digraph
  readonly graph: Digraph
  /** How many nodes are real; the rest are bends. */
  readonly real: number
  readonly rank: Int32Array
  /** Nodes of each layer from top to bottom. */
  readonly layers: Int32Array[]
}

/** Cuts long arcs at each layer they pass. */
export function properLayers(graph: Digraph, rank: Int32Array): Layers {
  const from: number[] = []
  const to: number[] = []
  const weight: number[] = []
  const ranks = [...rank]
  const add = (a: number, b: number, w: number) => {
    from.push(a)
    to.push(b)
    weight.push(w)
  }
  for (let arc = 0; arc < graph.from.length; arc++) {
    let at = graph.from[arc]!
    const end = graph.to[arc]!
    for (let layer = rank[at]! + 1; layer < rank[end]!; layer++) {
      const bend = ranks.push(layer) - 1
      add(at, bend, graph.weight[arc]!)
      at = bend
    }
    add(at, end, graph.weight[arc]!)
  }
  const proper = {
    count: ranks.length,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    weight: Float64Array.from(weight),
  }
  const byLayer: number[][] = Array.from({ length: rank.reduce((a, b) => Math.max(a, b), 0) + 1 }, () => [])
  for (const [node, layer] of ranks.entries()) byLayer[layer]!.push(node)
  return {
    arcs: graph,
    graph: proper,
    real: graph.count,
    rank: Int32Array.from(ranks),
    layers: byLayer.map(layer => Int32Array.from(layer)),
  }
}

/** Rounds without a better order after which an order is kept. */
const patience = 8
/** Steps of the walk whose order is begun with: after 250 the neighbourhoods of 2,000 services are not yet told apart. */
const walk = 1000

/**
 * Orders each layer so that few arcs cross: sweeps by the weighted median of the neighbours, then exchanges of
 * neighbours (Gansner, Koutsofios, North, Vo 1993). Deterministic.
 *
 * @returns the crossings that are left, counted with bends
 */
export function orderLayers(proper: Layers, rounds: number): number {
  const { arcs, graph, layers, real } = proper
  const { count, from, to } = graph
  const out = neighbours(count, from, to)
  const into = neighbours(count, to, from)
  const position = new Int32Array(count)
  const value = new Float64Array(count)
  let best = Number.POSITIVE_INFINITY
  let kept = layers.map(layer => layer.slice())
  const number = (layer: Int32Array) => {
    for (let i = 0; i < layer.length; i++) position[layer[i]!] = i
  }
  const tree = new Int32Array(Math.max(1, ...layers.map(layer => layer.length)) + 1)
  const crossings = () => {
    let sum = 0
    for (let layer = 0; layer + 1 < layers.length; layer++) sum += crossingsBetween(layers[layer]!, out, position, tree)
    return sum
  }
  const keep = () => {
    const now = crossings()
    if (now >= best) return false
    best = now
    kept = layers.map(layer => layer.slice())
    return true
  }
  const x = unlike(real)
  spreadNodes(arcs, x, walk)
  sortBy(proper, x)
  for (const layer of layers) number(layer)
  keep()
  for (let round = 0, idle = 0; round < rounds && idle < patience && best > 0; round++) {
    const down = round % 2 === 0
    for (let step = 1; step < layers.length; step++) {
      const layer = layers[down ? step : layers.length - 1 - step]!
      const near = down ? into : out
      for (const node of layer) value[node] = medianOf(near, position, node)
      sortKeepingLoose(layer, value, round % 4 < 2)
      number(layer)
    }
    exchange(layers, out, into, position, round % 4 >= 2)
    idle = keep() ? 0 : idle + 1
  }
  for (const [i, layer] of kept.entries()) layers[i]!.set(layer)
  return best
}

type Near = { readonly start: Int32Array; readonly list: Int32Array }
function neighbours(count: number, ends: Int32Array, others: Int32Array): Near {
  const { start, list } = incidence(count, ends)
  return { start, list: list.map(arc => others[arc]!) }
}

/** Sorts each layer by the numbers of its nodes; a bend lies on the straight way between the ends of its arc. */
function sortBy({ arcs, rank, layers, real, graph }: Layers, x: Float64Array): void {
  const value = new Float64Array(graph.count)
  value.set(x)
  let bend = real
  for (let arc = 0; arc < arcs.from.length; arc++) {
    const [a, b] = [arcs.from[arc]!, arcs.to[arc]!]
    const length = rank[b]! - rank[a]!
    for (let step = 1; step < length; step++) value[bend++] = x[a]! + ((x[b]! - x[a]!) * step) / length
  }
  for (const layer of layers) layer.sort((a, b) => value[a]! - value[b]! || a - b)
}

const scratch: number[] = []
/** The median position of the neighbours, leaning to the side where they stand closer; -1 without any. */
function medianOf(near: Near, position: Int32Array, node: number): number {
  const [from, to] = [near.start[node]!, near.start[node + 1]!]
  const count = to - from
  if (count === 0) return -1
  if (count === 1) return position[near.list[from]!]!
  scratch.length = 0
  for (let k = from; k < to; k++) scratch.push(position[near.list[k]!]!)
  scratch.sort((a, b) => a - b)
  const middle = count >> 1
  if (count % 2 === 1) return scratch[middle]!
  const [low, high] = [scratch[middle - 1]!, scratch[middle]!]
  if (count === 2) return (low + high) / 2
  const left = low - scratch[0]!
  const right = scratch[count - 1]! - high
  return left + right === 0 ? (low + high) / 2 : (low * right + high * left) / (left + right)
}

/** Sorts by value; what has none keeps its place among the others. */
function sortKeepingLoose(layer: Int32Array, value: Float64Array, equalStay: boolean): void {
  const nodes: number[] = []
  for (const node of layer) if (value[node]! >= 0) nodes.push(node)
  // Sorting keeps equals as they are.
  if (!equalStay) nodes.reverse()
  nodes.sort((a, b) => value[a]! - value[b]!)
  for (let i = 0, k = 0; i < layer.length; i++) if (value[layer[i]!]! >= 0) layer[i] = nodes[k++]!
}

/** Crossings of the arcs between a layer and the next, by counting inversions with a tree of sums. */
function crossingsBetween(layer: Int32Array, out: Near, position: Int32Array, tree: Int32Array): number {
  tree.fill(0)
  let sum = 0
  let passed = 0
  for (const node of layer) {
    const [from, to] = [out.start[node]!, out.start[node + 1]!]
    for (let k = from; k < to; k++) {
      let before = 0
      for (let i = position[out.list[k]!]! + 1; i > 0; i -= i & -i) before += tree[i]!
      sum += passed - before
    }
    for (let k = from; k < to; k++) for (let i = position[out.list[k]!]! + 1; i < tree.length; i += i & -i) tree[i]!++
    passed += to - from
  }
  return sum
}

/** Exchanges neighbours of a layer as long as that takes crossings away; with `even` also where it makes no difference. */
function exchange(layers: readonly Int32Array[], out: Near, into: Near, position: Int32Array, even: boolean): void {
  const sorted = [sortedBy(out, position), sortedBy(into, position)]
  const stale = new Set<number>()
  const counted = new Float64Array(2)
  for (let pass = 0, gained = 1; gained > 0 && pass < 12; pass++) {
    gained = 0
    for (const layer of layers)
      for (let i = 0; i + 1 < layer.length; i++) {
        const a = layer[i]!
        const b = layer[i + 1]!
        pairCrossings(a, b, sorted, position, counted)
        const now = counted[0]!
        const then = counted[1]!
        if (now < then || (now === then && !(even && pass === 0 && now > 0))) continue
        layer[i] = b
        layer[i + 1] = a
        position[b] = i
        position[a] = i + 1
        gained += now - then
        for (const near of [out, into])
          for (const node of [a, b])
            for (let k = near.start[node]!; k < near.start[node + 1]!; k++) stale.add(near.list[k]!)
        for (const near of sorted) for (const node of stale) sortPart(near, node, position)
        stale.clear()
      }
  }
}

const sortedBy = (near: Near, position: Int32Array): Near => {
  const copy = { start: near.start, list: near.list.slice() }
  for (let node = 0; node + 1 < near.start.length; node++) sortPart(copy, node, position)
  return copy
}

/** Insertion sort: a part is short, or already nearly in order. */
function sortPart({ start, list }: Near, node: number, position: Int32Array): void {
  for (let k = start[node]! + 1; k < start[node + 1]!; k++) {
    const item = list[k]!
    let at = k - 1
    while (at >= start[node]! && position[list[at]!]! > position[item]!) {
      list[at + 1] = list[at]!
      at--
    }
    list[at + 1] = item
  }
}

/** Counts the crossings between the arcs of two neighbours as they stand, and the other way round. */
function pairCrossings(
  a: number,
  b: number,
  sides: readonly Near[],
  position: Int32Array,
  counted: Float64Array,
): void {
  let now = 0
  let then = 0
  for (const { start, list } of sides) {
    const a0 = start[a]!
    const a1 = start[a + 1]!
    const b0 = start[b]!
    const b1 = start[b + 1]!
    let less = b0
    let notMore = b0
    for (let k = a0; k < a1; k++) {
      const at = position[list[k]!]!
      while (less < b1 && position[list[less]!]! < at) less++
      while (notMore < b1 && position[list[notMore]!]! <= at) notMore++
      now += less - b0
      then += b1 - notMore
    }
  }
  counted[0] = now
  counted[1] = then
}
