import type { Format } from '../../design/index.ts'

/** The time of today, and the date of any other day. */
export const whenOf = (format: Format, at: string, now: number): string =>
  format.date(at) === format.date(now) ? format.time(at) : format.dateTime(at)
