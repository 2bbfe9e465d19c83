/** Share of requests that failed within each window that is measured, 0 to 1, by the window's length in minutes. */
export type ErrorWindows = ReadonlyMap<number, number>
export type BurnAlert = {
  readonly severity: 'page' | 'ticket'
  readonly long: number
  readonly short: number
  /** How many times faster than allowed the budget burns, in the long window. */
  readonly burn: number
}

/** Alerting on SLOs, The Site Reliability Workbook, table 5-8: a long window for weight, a short one to see it is over. */
const alerts = [
  { severity: 'page', long: 60, short: 5, factor: 14.4 },
  { severity: 'page', long: 360, short: 30, factor: 6 },
  { severity: 'ticket', long: 4320, short: 360, factor: 1 },
] as const

/** Which alerts an error rate sets off; `availability` is the promise in percent. What is not measured sets off nothing. */
export function burnAlerts(windows: ErrorWindows, availability: number): readonly BurnAlert[] {
  const allowed = 1 - availability / 100
  if (allowed <= 0) return []
  return alerts.flatMap(({ severity, long, short, factor }) => {
    const [slow, fast] = [windows.get(long), windows.get(short)]
    if (slow === undefined || fast === undefined) return []
    return slow / allowed > factor && fast / allowed > factor ? [{ severity, long, short, burn: slow / allowed }] : []
  })
}

/** Share of the error budget that is left when `errors` (0 to 1) of the window's requests failed; below 0 it is overdrawn. */
export const budgetLeft = (errors: number, availability: number): number => 1 - errors / (1 - availability / 100)
