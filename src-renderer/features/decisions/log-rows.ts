import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import type { Day } from './group-by-day.ts'

/** A line of the drawn log; `position` counts the commits from 0. */
export type LogRow =
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'commit'; readonly key: string; readonly position: number; readonly item: DecisionSummary }

/** The log as lines to draw: a heading a day, then its commits. */
export function logRows(days: readonly Day[]): readonly LogRow[] {
  const rows: LogRow[] = []
  let position = 0
  for (const { day, items } of days) {
    rows.push({ kind: 'day', key: `day ${day} ${position}`, day })
    for (const item of items) rows.push({ kind: 'commit', key: item.id, position: position++, item })
  }
  return rows
}
