import { type HistoryColumns, summaryAt } from './history-columns.ts'

/** A tag on a commit. */
export type Tag = { readonly name: string; readonly commit: string }

/**
 * The tags each commit first went out with, by commit; null for what went out with none yet. A commit goes out with the
 * oldest tag that leads to it: what lies between two tags on one line belongs to the later one.
 *
 * @param history from one tip, newest first, parents after their children
 */
export function releasesOf(
  history: readonly HistoryColumns[],
  tags: readonly Tag[],
): ReadonlyMap<string, string | null> {
  const named = new Map<string, string[]>()
  for (const { name, commit } of tags) named.set(commit, [...(named.get(commit) ?? []), name])
  const releases = new Map<string, string | null>()
  /** How far back a tag stands: of two that lead to a commit the one further back is the older. */
  const ranks = new Map<string, number>()
  const label = new Map<string, string>()
  let at = 0
  for (const columns of history)
    for (let index = 0; index < columns.count; index++, at++) {
      const { id, parents } = summaryAt(columns, index)
      const own = named
        .get(id)
        ?.sort((a, b) => (a < b ? -1 : 1))
        .join(', ')
      if (own !== undefined) ranks.set(own, at)
      const mine = own ?? label.get(id)
      label.delete(id)
      releases.set(id, mine ?? null)
      if (mine === undefined) continue
      for (const parent of parents) {
        const other = label.get(parent)
        if (other === undefined || ranks.get(other)! < ranks.get(mine)!) label.set(parent, mine)
      }
    }
  return releases
}
