import * as z from 'zod/mini'

/** Windows a person chooses from. */
export const offeredWindows = ['5m', '15m', '1h', '6h', '1d', '7d'] as const
export const usualWindow = '5m'

const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const
const form = /^([1-9]\d{0,5})([smhdw])$/

/** A stretch of time up to now, as Prometheus writes it: `5m`, `1d`; 30 days at most. */
export const MetricsWindow = z.string().check(
  z.regex(form),
  z.refine(text => !form.test(text) || windowSeconds(text) <= 30 * units.d),
)

export function windowSeconds(window: string): number {
  const [, count, unit] = form.exec(window) ?? []
  if (count === undefined) throw new RangeError(`No window: ${window}`)
  return Number(count) * units[unit as keyof typeof units]
}

/** Milliseconds between two looks: a rate over a day does not change in seconds, and asking for it is dear. */
export const refreshAfter = (window: string): number =>
  Math.min(300, Math.max(15, Math.round(windowSeconds(window) / 60))) * 1000
