/** A heap of things with a time: newest first, and first come first served among equals, as git orders commits. */
export class DateQueue<T extends { readonly time: number }> {
  readonly #heap: { readonly item: T; readonly number: number }[] = []
  #count = 0

  get size(): number {
    return this.#heap.length
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { item } of this.#heap) yield item
  }

  push(item: T): void {
    const heap = this.#heap
    let at = heap.length
    const entry = { item, number: this.#count++ }
    heap.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(entry, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  pop(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last) return undefined
    if (heap.length > 0) {
      let at = 0
      for (;;) {
        let child = at * 2 + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
        if (!before(heap[child]!, last)) break
        heap[at] = heap[child]!
        at = child
      }
      heap[at] = last
    }
    return first.item
  }
}

type Entry = { readonly item: { readonly time: number }; readonly number: number }
const before = (a: Entry, b: Entry): boolean =>
  a.item.time !== b.item.time ? a.item.time > b.item.time : a.number < b.number
