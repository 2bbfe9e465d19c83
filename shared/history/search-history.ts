import type { DecisionKind, DecisionSummary } from '../decisions/decision.ts'
import type { RecordedGate } from '../gate/gate.ts'
import {
  bracket,
  gateNumber,
  type HistoryColumns,
  indexOfOid,
  kindNumber,
  oidAt,
  summaryAt,
} from './history-columns.ts'

/** What an entry has to be. All that is given must hold. */
export type HistoryFilter = {
  /** Words that must all occur in title, why, author or services, without regard to case. */
  readonly words?: readonly string[]
  readonly service?: string
  /** Passes beside those of `service`, whatever they name: ids of commits that touch its files. */
  readonly orCommits?: ReadonlySet<string>
  /** Only these, whatever else is asked. */
  readonly onlyCommits?: ReadonlySet<string>
  readonly kinds?: readonly (DecisionKind | 'commit')[]
  readonly gates?: readonly RecordedGate[]
  /** Part of the author's name or address. */
  readonly author?: string
  /** Seconds since the epoch: not before, and not after. */
  readonly since?: number
  readonly until?: number
}

/**
 * Entries of a history (its stretches newest first) that pass a filter, newest first, from behind the commit `after`.
 * Walks as far as the caller does.
 */
export function* searchHistory(
  history: readonly HistoryColumns[],
  filter: HistoryFilter,
  after?: string,
): Generator<DecisionSummary> {
  let behind = after === undefined
  for (const columns of history) {
    let start = 0
    if (!behind) {
      const at = indexOfOid(columns, after!)
      if (at < 0) continue
      behind = true
      start = at + 1
    }
    for (const index of places(columns, filter, start)) yield summaryAt(columns, index)
  }
}

/** Is this commit in the history? */
export const holds = (history: readonly HistoryColumns[], oid: string): boolean =>
  history.some(columns => indexOfOid(columns, oid) >= 0)

/** Where entries that pass stand: those that are found, and those that are told by their commits. */
function* places(columns: HistoryColumns, filter: HistoryFilter, start: number): Generator<number> {
  const { orCommits, onlyCommits, ...rest } = filter
  const allowed = onlyCommits === undefined ? undefined : among(columns, onlyCommits)
  if (orCommits === undefined || orCommits.size === 0) return yield* matches(columns, rest, start, allowed)
  const { service: _, ...others } = rest
  const touching = among(columns, orCommits)
  const told = matches(columns, others, start, index => touching(index) && (allowed?.(index) ?? true))
  const found = matches(columns, rest, start, allowed)
  let a = found.next()
  let b = told.next()
  while (!a.done || !b.done) {
    const at = Math.min(a.done ? columns.count : a.value, b.done ? columns.count : b.value)
    yield at
    if (!a.done && a.value === at) a = found.next()
    if (!b.done && b.value === at) b = told.next()
  }
}

/** Is the entry at this place one of these commits? Most are told apart by their first four bytes. */
function among(columns: HistoryColumns, commits: ReadonlySet<string>): (index: number) => boolean {
  const first = new Set([...commits].map(oid => Number.parseInt(oid.slice(0, 8), 16)))
  const oids = new DataView(columns.oids.buffer, columns.oids.byteOffset, columns.oids.byteLength)
  return index => first.has(oids.getUint32(index * 20)) && commits.has(oidAt(columns, index))
}

function* matches(
  columns: HistoryColumns,
  filter: HistoryFilter,
  start: number,
  also: (index: number) => boolean = () => true,
): Generator<number> {
  const needles = needlesOf(filter)
  // The longest is the rarest, most likely: the others are looked for where it stands.
  const [driver, ...others] = needles.sort((a, b) => b.length - a.length)
  const test = tests(columns, filter)
  const passes = (index: number): boolean => also(index) && test(index)
  if (driver === undefined) {
    for (let index = start; index < columns.count; index++) if (passes(index)) yield index
    return
  }
  const { words, wordStarts } = columns
  let index = start
  for (let at = words.indexOf(driver, wordStarts[start]); at >= 0; at = words.indexOf(driver, wordStarts[index])) {
    index = entryAt(wordStarts, at, index)
    const end = wordStarts[index + 1]!
    // A needle that runs over into the next entry is in neither.
    if (at + driver.length <= end && passes(index)) {
      const text = words.slice(wordStarts[index], end)
      if (others.every(needle => text.includes(needle))) yield index
    }
    index++
    if (index >= columns.count) return
  }
}

function needlesOf({ words = [], service, author }: HistoryFilter): string[] {
  return [
    ...words,
    ...(service === undefined ? [] : [`${bracket}${service}${bracket}`]),
    ...(author === undefined ? [] : [author]),
  ]
    .map(word => word.toLowerCase())
    .filter(word => word !== '')
}

function tests(columns: HistoryColumns, filter: HistoryFilter): (index: number) => boolean {
  const kinds = filter.kinds && new Set(filter.kinds.map(kindNumber))
  const gates = filter.gates && new Set(filter.gates.map(gateNumber))
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter
  const author = filter.author?.toLowerCase()
  return index => {
    if (kinds && !kinds.has(columns.kinds[index]!)) return false
    if (gates && !gates.has(columns.gates[index]!)) return false
    const time = columns.times[index]!
    if (time < since || time > until) return false
    if (author === undefined) return true
    const { name, email } = summaryAt(columns, index).author
    return `${name} ${email}`.toLowerCase().includes(author)
  }
}

/** The entry that a place in the words belongs to, at or behind `from`. */
function entryAt(starts: Uint32Array, at: number, from: number): number {
  let low = from
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (starts[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low
}
