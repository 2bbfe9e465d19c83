import type { DecisionKind, DecisionLink, DecisionSummary } from '../decisions/decision.ts'
import type { RecordedGate } from '../gate/gate.ts'
import {
  bracket,
  entryAt,
  gateNumber,
  type HistoryColumns,
  indexOfOid,
  kindNumber,
  linkNeedle,
  oidAt,
  ownNeedle,
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
  /** What the index does not know of some commits: they pass by what this makes of them, and by nothing else. */
  readonly instead?: ReadonlyMap<string, (summary: DecisionSummary) => DecisionSummary>
  /** Decision-Id, in whole. */
  readonly decisionId?: string
  /** Entries that speak of a decision: any of these links. */
  readonly linked?: DecisionLink
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
    for (const index of places(columns, filter, start)) {
      const summary = summaryAt(columns, index)
      yield filter.instead?.get(summary.id)?.(summary) ?? summary
    }
  }
}

/** Is this commit in the history? */
export const holds = (history: readonly HistoryColumns[], oid: string): boolean =>
  history.some(columns => indexOfOid(columns, oid) >= 0)

/** Where entries that pass stand: those that are found, those that are told by their commits, and those told anew. */
function* places(columns: HistoryColumns, filter: HistoryFilter, start: number): Generator<number> {
  const { orCommits, onlyCommits, instead, ...rest } = filter
  const allowed = onlyCommits === undefined ? () => true : among(columns, onlyCommits)
  const isTold = instead && instead.size > 0 ? among(columns, new Set(instead.keys())) : null
  const { service: _, ...others } = rest
  const ways = [matches(columns, rest, start, index => allowed(index) && !isTold?.(index))]
  if (orCommits && orCommits.size > 0) {
    const isAmong = among(columns, orCommits)
    ways.push(matches(columns, others, start, index => isAmong(index) && allowed(index) && !isTold?.(index)))
  }
  if (isTold) {
    const test = testsOfSummary(rest, orCommits)
    ways.push(
      matches(columns, {}, start, index => {
        if (!isTold(index) || !allowed(index)) return false
        const summary = summaryAt(columns, index)
        return test(instead!.get(summary.id)!(summary))
      }),
    )
  }
  yield* inOrder(ways)
}

/** Numbers of several rising rows as one, each once. */
function* inOrder(ways: readonly Generator<number>[]): Generator<number> {
  const next = ways.map(way => way.next())
  for (;;) {
    const least = Math.min(...next.map(each => (each.done ? Number.POSITIVE_INFINITY : each.value)))
    if (least === Number.POSITIVE_INFINITY) return
    yield least
    for (const [at, each] of next.entries()) if (!each.done && each.value === least) next[at] = ways[at]!.next()
  }
}

/** The same question, asked of an entry itself. */
function testsOfSummary(
  filter: HistoryFilter,
  orCommits: ReadonlySet<string> | undefined,
): (summary: DecisionSummary) => boolean {
  const { words = [], service, author, kinds, gates, since, until, decisionId, linked } = filter
  const lower = words.map(word => word.toLowerCase())
  return summary => {
    const { title, why, author: by, services, records = [], links = [] } = summary
    const told = records.map(record => `${record.title}\n${record.path}`)
    const text = [title, why, `${by.name} ${by.email}`, ...services, ...told].join('\n').toLowerCase()
    return (
      lower.every(word => text.includes(word)) &&
      (service === undefined || services.includes(service) || orCommits?.has(summary.id) === true) &&
      (author === undefined || `${by.name} ${by.email}`.toLowerCase().includes(author.toLowerCase())) &&
      (kinds === undefined || kinds.includes(summary.kind)) &&
      (gates === undefined || (summary.gate !== null && gates.includes(summary.gate))) &&
      by.time >= (since ?? Number.NEGATIVE_INFINITY) &&
      by.time <= (until ?? Number.POSITIVE_INFINITY) &&
      (decisionId === undefined || summary.decisionId === decisionId) &&
      (linked === undefined || links.some(link => link.relation === linked.relation && link.target === linked.target))
    )
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

function needlesOf({ words = [], service, author, decisionId, linked }: HistoryFilter): string[] {
  return [
    ...words,
    ...(service === undefined ? [] : [`${bracket}${service}${bracket}`]),
    ...(author === undefined ? [] : [author]),
    ...(decisionId === undefined ? [] : [ownNeedle(decisionId)]),
    ...(linked === undefined ? [] : [linkNeedle(linked)]),
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
