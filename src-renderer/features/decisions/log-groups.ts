import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { groupByDay } from './group-by-day.ts'

export const groupings = ['day', 'service', 'release'] as const
export type Grouping = (typeof groupings)[number]

/** A heading of the log and what stands under it. `name` is null for what is of no service, or in no release yet. */
export type LogGroup = {
  readonly by: Grouping
  readonly name: string | null
  readonly items: readonly DecisionSummary[]
}

/**
 * The log under headings. Days and releases keep its order; a service stands where its newest decision does, and what
 * names several services is under each of them.
 */
export function groupLog(items: readonly DecisionSummary[], by: Grouping, timeZone: string): readonly LogGroup[] {
  switch (by) {
    case 'day':
      return groupByDay(items, timeZone).map(({ day, items: ofDay }) => ({ by, name: day, items: ofDay }))
    case 'service': {
      const groups = grouped(items, ({ services }) => (services.length > 0 ? services : [null]))
      // What is of no service is not what anybody groups by service for.
      const rest = groups.get(null)
      groups.delete(null)
      if (rest) groups.set(null, rest)
      return [...groups].map(([name, ofService]) => ({ by, name, items: ofService }))
    }
    case 'release':
      return [...grouped(items, ({ release = null }) => [release])].map(([name, ofRelease]) => ({
        by,
        name,
        items: ofRelease,
      }))
  }
}

function grouped(
  items: readonly DecisionSummary[],
  namesOf: (item: DecisionSummary) => readonly (string | null)[],
): Map<string | null, DecisionSummary[]> {
  const groups = new Map<string | null, DecisionSummary[]>()
  for (const item of items)
    for (const name of namesOf(item)) {
      const group = groups.get(name)
      if (group) group.push(item)
      else groups.set(name, [item])
    }
  return groups
}
