import type { DecisionSummary, RecordStatus } from '../decisions/decision.ts'
import { endingMarks, entryAt, type HistoryColumns, summaryAt } from './history-columns.ts'

type Named = Pick<DecisionSummary, 'id' | 'decisionId'>

/**
 * What has become of decisions: reverted or superseded by later ones. Entries are given newest first. What a reverted
 * decision had reverted or superseded stands again.
 */
export class Standings {
  /** By Decision-Id, commit or path, in lower case. */
  readonly #ended = new Map<string, RecordStatus>()

  of({ id, decisionId }: Named): RecordStatus | null {
    return this.#ended.get(decisionId?.toLowerCase() ?? '') ?? this.#ended.get(id) ?? null
  }

  /** What later entries have made of this one; its own links count for those that follow. */
  see(entry: Named & Pick<DecisionSummary, 'links'>): RecordStatus | null {
    const status = this.of(entry)
    if (status === 'reverted') return status
    for (const { relation, target } of entry.links ?? []) {
      const ended = target.toLowerCase()
      if (relation === 'reverts') this.#ended.set(ended, 'reverted')
      else if (relation === 'supersedes' && !this.#ended.has(ended)) this.#ended.set(ended, 'superseded')
    }
    return status
  }
}

/** Of a whole history. Only entries that end others are looked at. */
export function standingsOf(history: readonly HistoryColumns[]): Standings {
  const standings = new Standings()
  for (const columns of history) for (const index of ending(columns)) standings.see(summaryAt(columns, index))
  return standings
}

function* ending({ words, wordStarts, count }: HistoryColumns): Generator<number> {
  let next = endingMarks.map(mark => words.indexOf(mark))
  for (;;) {
    const places = next.filter(place => place >= 0)
    if (places.length === 0) return
    const index = entryAt(wordStarts, Math.min(...places), 0)
    yield index
    if (index + 1 >= count) return
    const from = wordStarts[index + 1]!
    next = next.map((place, at) => (place >= 0 && place < from ? words.indexOf(endingMarks[at]!, from) : place))
  }
}
