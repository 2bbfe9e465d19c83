import type { StoredObject } from './stored-object.ts'

// Keys are numbers (pack number above, offset below): a string key for each read costs more than the lookup.
const packSpan = 2 ** 40

/** Objects last built from packs, bounded by bytes: the next delta usually wants one of them as its base. */
export class DeltaBaseCache {
  readonly #limit: number
  readonly #objects = new Map<number, StoredObject>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  get(pack: number, offset: number): StoredObject | undefined {
    const key = pack * packSpan + offset
    const object = this.#objects.get(key)
    if (object) {
      this.#objects.delete(key)
      this.#objects.set(key, object)
    }
    return object
  }

  put(pack: number, offset: number, object: StoredObject): void {
    // One large blob must not push out everything else.
    if (object.data.length > this.#limit / 8) return
    const key = pack * packSpan + offset
    if (this.#objects.has(key)) return
    this.#objects.set(key, object)
    this.#bytes += object.data.length + 150
    for (const [oldest, old] of this.#objects) {
      if (this.#bytes <= this.#limit) break
      this.#objects.delete(oldest)
      this.#bytes -= old.data.length + 150
    }
  }

  clear(): void {
    this.#objects.clear()
    this.#bytes = 0
  }
}
