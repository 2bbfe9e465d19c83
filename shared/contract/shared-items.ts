/**
 * Items of one stream, each sent as what differs from the one before.
 *
 * Decision: an entry of a long list crosses the wire once, ahead of the item and in batches; the list itself is then
 * told as runs of entries that the reader has, or as one it has whole. Which are the same is told by identity.
 *
 * Because: a live graph of ten thousand services is tens of megabytes, and an edit changes a few hundred bytes of it.
 * So an edit costs as much as it changes, the reader never parses more than a batch at a time, and what did not change
 * is the same object on the page too. Handlers and pages know nothing of this.
 *
 * Price: both sides keep the entries of the last item, and what a stream has yielded must not be changed in place.
 */
type Run = readonly [first: number, count: number]
type Written = Map<unknown, { readonly number: number; readonly length: number; readonly runs: readonly Run[] }>
type Read = Map<number, { readonly list: readonly unknown[]; readonly runs: readonly Run[] }>

/** An item as it goes: batches of entries for {@link ItemReader.give}, then the item for {@link ItemReader.read}. */
export type WrittenItem = {
  readonly given: readonly (readonly unknown[])[]
  readonly value: unknown
  /** True where the value is not itself, and has to be read. */
  readonly shared: boolean
  /** True where entries that this item does not hold are to be forgotten. */
  readonly sweep: boolean
}

/** Shorter lists go as they are: few enough that drawing all of them again is nothing. */
const long = 16
/** Some hundred kilobytes of nodes of a graph, which a page parses in a few milliseconds. */
const batch = 256
/** The only key of an object that stands for a list; no data of ours has it, and what has is told in pairs. */
const mark = '\u0000'

const isPlain = (value: unknown): value is { readonly [key: string]: unknown } => {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export class ItemWriter {
  #entries = new Map<unknown, number>()
  #lists: Written = new Map()
  #nextEntry = 0
  #nextList = 0

  write(item: unknown): WrittenItem {
    const lists: Written = new Map()
    const fresh: unknown[] = []
    const value = this.#encode(item, lists, fresh)
    this.#lists = lists
    let held = 0
    for (const { length } of lists.values()) held += length
    const sweep = this.#entries.size > 2 * held + long
    if (sweep) {
      const kept = new Map<unknown, number>()
      for (const list of lists.keys())
        for (const entry of list as readonly unknown[]) kept.set(entry, this.#entries.get(entry)!)
      this.#entries = kept
    }
    const given: unknown[][] = []
    for (let at = 0; at < fresh.length; at += batch) given.push(fresh.slice(at, at + batch))
    return { given, value, shared: sweep || value !== item, sweep }
  }

  #encode(value: unknown, lists: Written, fresh: unknown[]): unknown {
    if (Array.isArray(value)) {
      if (value.length >= long && value.every(isPlain)) return this.#encodeList(value, lists, fresh)
      let changed = false
      const items = value.map(item => {
        const encoded = this.#encode(item, lists, fresh)
        changed ||= encoded !== item
        return encoded
      })
      return changed ? items : value
    }
    if (!isPlain(value)) return value
    const entries = Object.entries(value).map(([key, item]) => [key, this.#encode(item, lists, fresh)] as const)
    if (Object.hasOwn(value, mark)) return { [mark]: ['plain', entries] }
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value
  }

  #encodeList(list: readonly unknown[], lists: Written, fresh: unknown[]): unknown {
    const known = lists.get(list) ?? this.#lists.get(list)
    if (known && known.length === list.length) {
      lists.set(list, known)
      return { [mark]: ['same', known.number] }
    }
    const runs: [number, number][] = []
    for (const entry of list) {
      let number = this.#entries.get(entry)
      if (number === undefined) {
        number = this.#nextEntry++
        this.#entries.set(entry, number)
        fresh.push(entry)
      }
      const last = runs.at(-1)
      if (last && last[0] + last[1] === number) last[1] += 1
      else runs.push([number, 1])
    }
    const number = this.#nextList++
    lists.set(list, { number, length: list.length, runs })
    return { [mark]: ['list', number, runs] }
  }
}

export class ItemReader {
  #entries = new Map<number, unknown>()
  #lists: Read = new Map()
  #nextEntry = 0

  give(entries: readonly unknown[]): void {
    for (const entry of entries) this.#entries.set(this.#nextEntry++, entry)
  }

  /** The item that was written. Throws a `TypeError` where it tells of what was never given. */
  read(value: unknown, sweep: boolean): unknown {
    const lists: Read = new Map()
    const item = this.#decode(value, lists)
    this.#lists = lists
    if (sweep) {
      const kept = new Map<number, unknown>()
      for (const { runs } of lists.values())
        for (const [first, count] of runs)
          for (let number = first; number < first + count; number++) kept.set(number, this.#entries.get(number))
      this.#entries = kept
    }
    return item
  }

  #decode(value: unknown, lists: Read): unknown {
    if (Array.isArray(value)) return value.map(item => this.#decode(item, lists))
    if (!isPlain(value)) return value
    if (!Object.hasOwn(value, mark))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#decode(item, lists)]))
    const [kind, ...rest] = value[mark] as [string, ...unknown[]]
    if (kind === 'plain')
      return Object.fromEntries((rest[0] as [string, unknown][]).map(([key, item]) => [key, this.#decode(item, lists)]))
    const number = rest[0] as number
    const known = kind === 'same' ? (lists.get(number) ?? this.#lists.get(number)) : this.#list(rest[1] as Run[])
    if (!known) throw new TypeError(`A list that was never sent: ${number}`)
    lists.set(number, known)
    return known.list
  }

  #list(runs: readonly Run[]): { readonly list: readonly unknown[]; readonly runs: readonly Run[] } {
    const list: unknown[] = []
    for (const [first, count] of runs)
      for (let number = first; number < first + count; number++) {
        if (!this.#entries.has(number)) throw new TypeError(`An entry that was never given: ${number}`)
        list.push(this.#entries.get(number))
      }
    return { list, runs }
  }
}
