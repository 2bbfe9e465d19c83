import { type Digraph, incidence } from './digraph.ts'

/**
 * Moves the layers of a connected graph without circles until the arcs together are as short as can be: the network
 * simplex of Gansner, Koutsofios, North and Vo (1993). The cut value of an arc of the tree is what the nodes beyond it
 * give less what they take, so one walk through the tree finds them all.
 *
 * @param rank layers in which every arc leads on; changed in place
 */
export function shortenArcs(graph: Digraph, rank: Int32Array): void {
  const { count, from, to, weight } = graph
  if (count < 2) return
  const tree = tightTree(graph, rank)
  const gives = new Float64Array(count)
  for (let arc = 0; arc < from.length; arc++) {
    gives[from[arc]!]! += weight[arc]!
    gives[to[arc]!]! -= weight[arc]!
  }
  const walk = new TreeWalk(graph, tree, gives)
  // Ends by itself; the bound is for graphs on which the simplex goes round at the same length.
  let start = 0
  for (let step = 0; step < count * 8; step++) {
    walk.again()
    const leaving = walk.worst(start)
    if (leaving === null) return
    start = leaving.at + 1
    const { arc, child } = leaving
    /** The nodes beyond the arc move away from it until another arc is tight. */
    const below = from[arc] === child
    let entering = -1
    let room = Number.POSITIVE_INFINITY
    for (let other = 0; other < from.length; other++) {
      const tailIn = walk.isBelow(from[other]!, child)
      if (tailIn === walk.isBelow(to[other]!, child) || tailIn === below) continue
      const slack = rank[to[other]!]! - rank[from[other]!]! - 1
      if (slack < room) {
        room = slack
        entering = other
        if (slack === 0) break
      }
    }
    if (entering < 0) return
    if (room > 0) for (const node of walk.nodesBelow(child)) rank[node]! += below ? -room : room
    tree[leaving.at] = entering
  }
}

/** Makes a tree of arcs that lead to the very next layer, moving what is already in it where none does. */
function tightTree({ count, from, to }: Digraph, rank: Int32Array): Int32Array {
  const out = incidence(count, from)
  const into = incidence(count, to)
  const inTree = new Uint8Array(count)
  const nodes: number[] = [0]
  const tree: number[] = []
  inTree[0] = 1
  let at = 0
  const join = (node: number, arc: number) => {
    inTree[node] = 1
    nodes.push(node)
    tree.push(arc)
  }
  for (;;) {
    for (; at < nodes.length; at++) {
      const node = nodes[at]!
      for (let k = out.start[node]!; k < out.start[node + 1]!; k++) {
        const arc = out.list[k]!
        if (!inTree[to[arc]!] && rank[to[arc]!]! - rank[node]! === 1) join(to[arc]!, arc)
      }
      for (let k = into.start[node]!; k < into.start[node + 1]!; k++) {
        const arc = into.list[k]!
        if (!inTree[from[arc]!] && rank[node]! - rank[from[arc]!]! === 1) join(from[arc]!, arc)
      }
    }
    if (nodes.length === count) return Int32Array.from(tree)
    let nearest = -1
    let room = Number.POSITIVE_INFINITY
    for (let arc = 0; arc < from.length; arc++) {
      if (inTree[from[arc]!] === inTree[to[arc]!]) continue
      const slack = rank[to[arc]!]! - rank[from[arc]!]! - 1
      if (slack < room) {
        room = slack
        nearest = arc
      }
    }
    const move = inTree[from[nearest]!] ? room : -room
    for (const node of nodes) rank[node]! += move
    join(inTree[from[nearest]!] ? to[nearest]! : from[nearest]!, nearest)
  }
}

/** The tree from its root, with what each subtree gives: renewed after every exchange. */
class TreeWalk {
  readonly #graph: Digraph
  readonly #tree: Int32Array
  readonly #gives: Float64Array
  readonly #first: Int32Array
  readonly #end: Int32Array
  readonly #order: Int32Array
  readonly #sum: Float64Array
  readonly #child: Int32Array
  readonly #head: Int32Array
  readonly #next: Int32Array
  readonly #stack: Int32Array
  readonly #came: Int32Array

  constructor(graph: Digraph, tree: Int32Array, gives: Float64Array) {
    this.#graph = graph
    this.#tree = tree
    this.#gives = gives
    const { count } = graph
    this.#first = new Int32Array(count)
    this.#end = new Int32Array(count)
    this.#order = new Int32Array(count)
    this.#sum = new Float64Array(count)
    this.#child = new Int32Array(tree.length)
    this.#head = new Int32Array(count)
    this.#next = new Int32Array(tree.length * 2)
    this.#stack = new Int32Array(count)
    this.#came = new Int32Array(count)
  }

  /** Walks the tree as it is now. */
  again(): void {
    const { from, to, count } = this.#graph
    const [head, next, stack, came] = [this.#head, this.#next, this.#stack, this.#came]
    head.fill(-1)
    for (let i = 0; i < this.#tree.length; i++) {
      const arc = this.#tree[i]!
      next[2 * i] = head[from[arc]!]!
      head[from[arc]!] = 2 * i
      next[2 * i + 1] = head[to[arc]!]!
      head[to[arc]!] = 2 * i + 1
    }
    let depth = 0
    let visited = 0
    stack[0] = 0
    came[0] = -1
    this.#first[0] = 0
    this.#order[visited++] = 0
    this.#sum.set(this.#gives)
    while (depth >= 0) {
      const node = stack[depth]!
      const link = head[node]!
      if (link < 0) {
        this.#end[node] = visited
        depth--
        if (depth >= 0) this.#sum[stack[depth]!]! += this.#sum[node]!
        continue
      }
      head[node] = next[link]!
      const i = link >> 1
      if (i === came[node]) continue
      const arc = this.#tree[i]!
      const other = link % 2 === 0 ? to[arc]! : from[arc]!
      this.#child[i] = other
      came[other] = i
      this.#first[other] = visited
      this.#order[visited++] = other
      stack[++depth] = other
    }
    if (visited !== count) throw new Error('the tree does not span the graph')
  }

  /** The next arc of the tree, from a place in it on, that is longer than it need be. */
  worst(start: number): { readonly at: number; readonly arc: number; readonly child: number } | null {
    let found = -1
    let least = -1e-9
    let looked = 0
    for (let k = 0; k < this.#tree.length; k++) {
      const i = (start + k) % this.#tree.length
      const child = this.#child[i]!
      const value = this.#graph.from[this.#tree[i]!] === child ? this.#sum[child]! : -this.#sum[child]!
      if (value >= least) continue
      least = value
      found = i
      if (++looked >= 30) break
    }
    return found < 0 ? null : { at: found, arc: this.#tree[found]!, child: this.#child[found]! }
  }

  isBelow(node: number, child: number): boolean {
    return this.#first[node]! >= this.#first[child]! && this.#first[node]! < this.#end[child]!
  }

  nodesBelow(child: number): Int32Array {
    return this.#order.subarray(this.#first[child]!, this.#end[child]!)
  }
}
