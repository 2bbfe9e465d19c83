/**
 * Numbers parts of one long text by what they say: the same words have the same number. It hashes in place, since a Map
 * would first need each part as a string of its own, which costs most of the time it takes to read a large graph.
 */
export class PartNumbers {
  readonly #text: string
  #table = new Int32Array(1 << 12).fill(-1)
  #hashes: number[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  constructor(text: string) {
    this.#text = text
  }

  numberOf(start: number, end: number): number {
    const text = this.#text
    // FNV-1a, 32 bits.
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    const mask = this.#table.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (let number = this.#table[slot]!; number !== -1; number = this.#table[slot]!) {
      if (this.#hashes[number] === hash && this.#isSame(number, start, end)) return number
      slot = (slot + 1) & mask
    }
    const number = this.#starts.length
    this.#table[slot] = number
    this.#hashes.push(hash)
    this.#starts.push(start)
    this.#ends.push(end)
    if (number * 2 > mask) this.#grow()
    return number
  }

  #isSame(number: number, start: number, end: number): boolean {
    const first = this.#starts[number]!
    if (this.#ends[number]! - first !== end - start) return false
    const text = this.#text
    // Names begin alike and end differently.
    for (let i = end - start - 1; i >= 0; i--)
      if (text.charCodeAt(first + i) !== text.charCodeAt(start + i)) return false
    return true
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1)
    const mask = table.length - 1
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = (hash ^ (hash >>> 15)) & mask
      while (table[slot] !== -1) slot = (slot + 1) & mask
      table[slot] = number
    }
    this.#table = table
  }

  /** The parts in the order of their numbers. */
  parts(): string[] {
    return this.#starts.map((start, number) => this.#text.slice(start, this.#ends[number]))
  }
}
