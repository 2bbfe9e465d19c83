import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import type { LogGroup } from './log-groups.ts'

/** A line of the drawn log; `position` counts the commits from 0. */
export type LogRow = { readonly kind: 'group'; readonly key: string; readonly group: LogGroup } | CommitRow
export type CommitRow = {
  readonly kind: 'commit'
  readonly key: string
  readonly position: number
  readonly item: DecisionSummary
}

/** The log as lines to draw: a heading a group, then its commits. A commit may stand in several groups. */
export function logRows(groups: readonly LogGroup[]): readonly LogRow[] {
  const rows: LogRow[] = []
  const seen = new Set<string>()
  let position = 0
  for (const group of groups) {
    rows.push({ kind: 'group', key: `group ${group.name} ${position}`, group })
    for (const item of group.items) {
      const key = seen.has(item.id) ? `${item.id} ${group.name}` : item.id
      seen.add(item.id)
      rows.push({ kind: 'commit', key, position: position++, item })
    }
  }
  return rows
}

export const commitRows = (rows: readonly LogRow[]): readonly CommitRow[] =>
  rows.filter((row): row is CommitRow => row.kind === 'commit')
