/** A directed graph of numbered nodes; arcs in one direction as offsets into one list, so that large ones stay small. */
export type Digraph = {
  readonly count: number
  readonly from: Int32Array
  readonly to: Int32Array
  readonly weight: Float64Array
}

/** The arcs at each node: those of `i` are `list[start[i]]` up to `list[start[i + 1]]`, as numbers of arcs. */
export type Incidence = { readonly start: Int32Array; readonly list: Int32Array }

export function incidence(count: number, ends: Int32Array): Incidence {
  const start = new Int32Array(count + 1)
  for (const end of ends) start[end + 1]!++
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!
  const next = start.slice(0, count)
  const list = new Int32Array(ends.length)
  for (let arc = 0; arc < ends.length; arc++) list[next[ends[arc]!]!++] = arc
  return { start, list }
}

/** The nodes that hang together whatever the direction, largest set first. */
export function connectedSets({ count, from, to }: Digraph): number[][] {
  const parent = Int32Array.from({ length: count }, (_, i) => i)
  const root = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!
      i = parent[i]!
    }
    return i
  }
  for (let arc = 0; arc < from.length; arc++) {
    const [a, b] = [root(from[arc]!), root(to[arc]!)]
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b)
  }
  const sets = Map.groupBy(parent.keys(), root)
  return [...sets.values()].sort((a, b) => b.length - a.length || a[0]! - b[0]!)
}

/**
 * Turns the arcs that close circles round, few and light ones: the greedy order of Eades, Lin and Smyth (1993). What
 * comes back has no circle.
 */
export function withoutCircles(graph: Digraph): Digraph {
  const { count, from, to, weight } = graph
  const out = incidence(count, from)
  const into = incidence(count, to)
  const outWeight = new Float64Array(count)
  const inWeight = new Float64Array(count)
  const outLeft = new Int32Array(count)
  const inLeft = new Int32Array(count)
  for (let arc = 0; arc < from.length; arc++) {
    outWeight[from[arc]!]! += weight[arc]!
    inWeight[to[arc]!]! += weight[arc]!
    outLeft[from[arc]!]!++
    inLeft[to[arc]!]!++
  }
  const gone = new Uint8Array(count)
  const first: number[] = []
  const last: number[] = []
  const sinks: number[] = []
  const sources: number[] = []
  for (let i = 0; i < count; i++)
    if (outLeft[i] === 0) sinks.push(i)
    else if (inLeft[i] === 0) sources.push(i)
  // Of what is on circles, the one that gives most and takes least first; looked up again as others go.
  const heap = [...Array(count).keys()].sort((a, b) => gain(b) - gain(a) || a - b)
  function gain(i: number): number {
    return outWeight[i]! - inWeight[i]!
  }
  const take = (i: number) => {
    gone[i] = 1
    for (let k = out.start[i]!; k < out.start[i + 1]!; k++) {
      const other = to[out.list[k]!]!
      if (gone[other]) continue
      inWeight[other]! -= weight[out.list[k]!]!
      if (--inLeft[other]! === 0 && outLeft[other]! > 0) sources.push(other)
    }
    for (let k = into.start[i]!; k < into.start[i + 1]!; k++) {
      const other = from[into.list[k]!]!
      if (gone[other]) continue
      outWeight[other]! -= weight[into.list[k]!]!
      if (--outLeft[other]! === 0) sinks.push(other)
    }
  }
  let left = count
  let at = 0
  while (left > 0) {
    const sink = sinks.pop()
    if (sink !== undefined) {
      if (gone[sink]) continue
      last.push(sink)
      take(sink)
    } else {
      let next = sources.pop()
      if (next !== undefined && gone[next]) continue
      if (next === undefined) {
        while (gone[heap[at]!]) at++
        // The order is that of the start; among the next few the best of now is taken.
        next = heap[at]!
        for (let k = at; k < Math.min(heap.length, at + 64); k++)
          if (!gone[heap[k]!] && gain(heap[k]!) > gain(next)) next = heap[k]!
      }
      first.push(next)
      take(next)
    }
    left--
  }
  const order = new Int32Array(count)
  for (const [i, node] of [...first, ...last.reverse()].entries()) order[node] = i
  const turned = { count, from: from.slice(), to: to.slice(), weight }
  for (let arc = 0; arc < from.length; arc++)
    if (order[from[arc]!]! > order[to[arc]!]!) {
      turned.from[arc] = to[arc]!
      turned.to[arc] = from[arc]!
    }
  return turned
}
