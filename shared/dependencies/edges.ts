import type { PackageId } from './package-set.ts'

/** Who asks for whom: ids are numbered, so that half a million edges are small and quick. */
export type Edges = {
  readonly ids: readonly PackageId[]
  /** Of each edge, the number of the one that asks and of the one that is asked for. */
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Numbers below this make one number of two without losing a bit of either. */
const wide = 2 ** 26

/** A set of pairs of numbers: open addressing, which costs a tenth of a Set of strings. */
class PairSet {
  #keys: Float64Array
  #mask: number
  #size = 0

  constructor(expected: number) {
    const room = 2 ** Math.ceil(Math.log2(Math.max(8, expected * 2)))
    this.#keys = new Float64Array(room).fill(-1)
    this.#mask = room - 1
  }

  #slot(key: number): number {
    let slot = (Math.imul((key % 2 ** 32) | 0, 0x9e3779b1) ^ Math.imul((key / 2 ** 16) | 0, 0x85ebca6b)) >>> 0
    slot = (slot ^ (slot >>> 15)) & this.#mask
    while (this.#keys[slot] !== -1 && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask
    return slot
  }

  /** Where a pair stands; -1 when it is not there. Stays the same while nothing is added. */
  placeOf(from: number, to: number): number {
    const slot = this.#slot(from * wide + to)
    return this.#keys[slot] === -1 ? -1 : slot
  }

  /** How many places there are. */
  get places(): number {
    return this.#keys.length
  }

  /** False when it was there. */
  add(from: number, to: number): boolean {
    const key = from * wide + to
    const slot = this.#slot(key)
    if (this.#keys[slot] !== -1) return false
    this.#keys[slot] = key
    this.#size += 1
    if (this.#size * 2 > this.#keys.length) this.#grow()
    return true
  }

  #grow(): void {
    const keys = this.#keys
    this.#keys = new Float64Array(keys.length * 2).fill(-1)
    this.#mask = this.#keys.length - 1
    for (const key of keys) if (key !== -1) this.#keys[this.#slot(key)] = key
  }
}

/** Collects edges one by one. */
export class EdgeCollector {
  readonly ids: PackageId[] = []
  readonly #numbers = new Map<PackageId, number>()
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #known = new PairSet(64)

  #numberOf(id: PackageId): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    this.#numbers.set(id, this.ids.length)
    return this.ids.push(id) - 1
  }

  add(from: PackageId, to: PackageId): void {
    const [one, other] = [this.#numberOf(from), this.#numberOf(to)]
    if (!this.#known.add(one, other)) return
    this.#from.push(one)
    this.#to.push(other)
  }

  build(): Edges {
    return { ids: this.ids, from: Int32Array.from(this.#from), to: Int32Array.from(this.#to) }
  }
}

export const noEdges: Edges = { ids: [], from: new Int32Array(), to: new Int32Array() }

/** The edges as `go mod graph` prints them. */
export function edgeLines({ ids, from, to }: Edges): string[] {
  return Array.from(from, (number, at) => `${ids[number]} ${ids[to[at]!]}`)
}

/** For each number, what it asks for stands in `needed` from `starts[n]` up to `starts[n + 1]`. */
export function adjacency({ ids, from, to }: Edges): { readonly starts: Int32Array; readonly needed: Int32Array } {
  const starts = new Int32Array(ids.length + 1)
  for (const number of from) starts[number + 1]! += 1
  for (let i = 0; i < ids.length; i++) starts[i + 1]! += starts[i]!
  const next = starts.slice()
  const needed = new Int32Array(to.length)
  for (let i = 0; i < to.length; i++) {
    const number = from[i]!
    needed[next[number]!] = to[i]!
    next[number]! += 1
  }
  return { starts, needed }
}

/** Edges that one graph has and the other has not, as sorted lines. */
export function diffEdges(before: Edges, after: Edges): { readonly added: string[]; readonly removed: string[] } {
  const numbers = new Map<PackageId, number>()
  for (let number = 0; number < before.ids.length; number++) numbers.set(before.ids[number]!, number)
  const beforeNumber = Int32Array.from(after.ids, id => numbers.get(id) ?? -1)
  const known = new PairSet(before.from.length)
  for (let i = 0; i < before.from.length; i++) known.add(before.from[i]!, before.to[i]!)
  const isKept = new Uint8Array(known.places)
  const added = new Set<string>()
  for (let i = 0; i < after.from.length; i++) {
    const [from, to] = [beforeNumber[after.from[i]!]!, beforeNumber[after.to[i]!]!]
    const place = from >= 0 && to >= 0 ? known.placeOf(from, to) : -1
    if (place >= 0) isKept[place] = 1
    else added.add(`${after.ids[after.from[i]!]} ${after.ids[after.to[i]!]}`)
  }
  const removed = new Set<string>()
  for (let i = 0; i < before.from.length; i++) {
    const [from, to] = [before.from[i]!, before.to[i]!]
    if (isKept[known.placeOf(from, to)] === 0) removed.add(`${before.ids[from]} ${before.ids[to]}`)
  }
  return { added: [...added].sort(), removed: [...removed].sort() }
}
