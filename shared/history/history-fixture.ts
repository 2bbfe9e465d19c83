import type { DecisionSummary } from '../decisions/decision.ts'
import { ColumnsBuilder, type HistoryColumns } from './history-columns.ts'

/** The id of the commit with this number. */
export const oid = (number: number): string => number.toString(16).padStart(40, '0')

/** A plain commit on the one after it, but for `more`: lower numbers are newer. */
export const entry = (number: number, more: Partial<DecisionSummary> = {}): DecisionSummary => ({
  id: oid(number),
  decisionId: null,
  title: `change ${number}`,
  why: '',
  kind: 'commit',
  author: { name: 'Ada', email: 'ada@example.org', time: 1_000 - number, offset: 60 },
  parents: [oid(number + 1)],
  services: [],
  gate: null,
  record: null,
  changeSet: null,
  dependencies: [],
  ...more,
})

export function columnsOf(entries: readonly DecisionSummary[]): HistoryColumns {
  const builder = new ColumnsBuilder()
  for (const each of entries) builder.add(each)
  return builder.columns(entries[0]?.id ?? '')
}
