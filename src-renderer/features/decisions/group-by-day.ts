import type { DecisionSummary } from '../../../shared/decisions/decision.ts'

/** Calendar day in the reader's time zone, `2026-11-20`, and what was decided on it, in the order given. */
export type Day = { readonly day: string; readonly items: readonly DecisionSummary[] }

/**
 * Groups a log by the reader's own calendar day. Neighbours of one day form one group; a history whose dates jump back
 * (rebased, imported) keeps its order and shows the day again, since the order of commits is the truth.
 */
export function groupByDay(items: readonly DecisionSummary[], timeZone: string): readonly Day[] {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const days: { day: string; items: DecisionSummary[] }[] = []
  for (const item of items) {
    const day = format.format(item.author.time * 1000)
    const last = days.at(-1)
    if (last?.day === day) last.items.push(item)
    else days.push({ day, items: [item] })
  }
  return days
}

/** How far a day lies back from `today`, both `2026-11-20`: 0 is today, 1 yesterday. */
export const daysBack = (day: string, today: string): number =>
  Math.round((Date.parse(`${today}T00:00:00Z`) - Date.parse(`${day}T00:00:00Z`)) / 86_400_000)

export const calendarDay = (milliseconds: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(milliseconds)
