import { joinMetrics } from '../metrics/join-metrics.ts'
import type { Observation } from '../metrics/observation.ts'
import { windowSeconds } from '../metrics/window.ts'
import type { Topology } from '../topology/topology.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { type BurnAlert, budgetLeft, burnAlerts } from './burn-rate.ts'

/** The stretch a budget is for. */
export const budgetWindow = '30d'
/** A promise that is broken over so long a stretch does not pass by itself. */
export const lastingWindow = '10m'
/** Every stretch that has to be measured for budgets, their burn rates and promises broken for long. */
export const budgetWindows: readonly string[] = ['5m', lastingWindow, '30m', '1h', '6h', '3d', budgetWindow]

/** What is left of the failures that a service may have, and how fast they are being spent. */
export type ServiceBudget = {
  readonly service: string
  /** Percent of requests that must be answered. Null where only a time is promised. */
  readonly target: number | null
  /** Share of requests that failed over the last 30 days, or for as long as the source knows; null where none were counted. */
  readonly failed: number | null
  /** Share of the budget of 30 days that is left; below 0 it is overdrawn. */
  readonly left: number | null
  /** Worst first. */
  readonly alerts: readonly BurnAlert[]
  /** The promise that is broken over the last ten minutes, in figures: `p99 240 ms > 200 ms (10m)`. */
  readonly broken: string | null
}

/** Requests of all callers of a service: those that failed, and the slowest 99th percentile among them. */
type Inbound = { readonly failed: number | null; readonly p99: number | null }

/**
 * The error budgets of the services that promise something, from what was observed over each of `budgetWindows`. A
 * window that nobody measured leaves open what hangs on it. Services that nothing was counted for are left out.
 */
export function errorBudgets(
  topology: Topology,
  workspace: WorkspaceFile,
  observations: ReadonlyMap<string, readonly Observation[]>,
): readonly ServiceBudget[] {
  const promising = [...workspace.services].filter(([, { slo }]) => slo && Object.keys(slo).length > 0)
  if (promising.length === 0) return []
  const inbound = new Map([...observations].map(([window, seen]) => [window, inboundOf(topology, seen)]))
  return promising.flatMap(([service, { slo }]) => {
    const over = (window: string): Inbound | undefined => inbound.get(window)?.get(service)
    if (![...inbound.values()].some(services => services.has(service))) return []
    const target = slo?.availability ?? (slo?.errors === undefined ? null : 100 - slo.errors)
    const failures = new Map<number, number>()
    for (const window of inbound.keys()) {
      const failed = over(window)?.failed ?? null
      if (failed !== null) failures.set(windowSeconds(window) / 60, failed)
    }
    const failed = over(budgetWindow)?.failed ?? null
    const lasting = over(lastingWindow)
    return [
      {
        service,
        target,
        failed,
        left: target === null || target >= 100 || failed === null ? null : budgetLeft(failed, target),
        alerts: target === null ? [] : burnAlerts(failures, target),
        broken: lasting
          ? brokenBy(lasting, slo?.p99, slo?.errors ?? (target === null ? undefined : 100 - target))
          : null,
      },
    ]
  })
}

function brokenBy({ p99, failed }: Inbound, most: number | undefined, percent: number | undefined): string | null {
  if (most !== undefined && p99 !== null && p99 > most)
    return `p99 ${Math.round(p99)} ms > ${most} ms (${lastingWindow})`
  if (percent !== undefined && failed !== null && failed * 100 > percent)
    return `${(failed * 100).toFixed(2)} % > ${Number(percent.toFixed(4))} % (${lastingWindow})`
  return null
}

function inboundOf(topology: Topology, observations: readonly Observation[]): ReadonlyMap<string, Inbound> {
  const sums = new Map<string, { rate: number; failed: number; counted: boolean; p99: number | null }>()
  for (const { to, rate, measured } of joinMetrics(topology, observations).topology.edges) {
    if (!measured || rate === null || measured.unit !== 'requests') continue
    const sum = sums.get(to) ?? { rate: 0, failed: 0, counted: false, p99: null }
    if (measured.errors !== null) {
      sum.rate += rate
      sum.failed += rate * measured.errors
      sum.counted = true
    }
    if (measured.p99 !== null) sum.p99 = Math.max(sum.p99 ?? 0, measured.p99)
    sums.set(to, sum)
  }
  return new Map(
    [...sums].map(([service, { rate, failed, counted, p99 }]) => [
      service,
      { failed: counted && rate > 0 ? failed / rate : null, p99 },
    ]),
  )
}
