import type { Message } from '../messages/index.ts'

/**
 * How it was measured: by `cyclictest` (how late a timer wakes a thread), or, where that is not installed, by the
 * kernel's own count of how long a process that could run waited for a processor (`run_delay` of /proc/PID/schedstat).
 */
export type LatencyMethod = 'cyclictest' | 'run-queue'
export type LatencySetup = {
  readonly seconds: number
  /** Real-time priority (SCHED_FIFO) of what is measured; none when absent. */
  readonly priority?: number
  /** Processors it is measured on: `2-3`. */
  readonly cpus?: string
  /** Busy loops beside it, on the same processors. */
  readonly load?: number
}
/** Scheduling latency in microseconds. */
export type Latency = {
  readonly method: LatencyMethod
  readonly setup: LatencySetup
  readonly samples: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** How many samples took up to so many microseconds; rising, and only where there were some. */
  readonly histogram: readonly { readonly upTo: number; readonly count: number }[]
}

/** Reads what the node's script printed; null when nothing was measured. */
export function readLatency(lines: readonly string[], setup: LatencySetup): Latency | null {
  const isCyclic = lines.includes('method cyclictest')
  const counts = new Map<number, number>()
  let max = 0
  const add = (value: number, count: number): void => {
    counts.set(value, (counts.get(value) ?? 0) + count)
    if (count > 0 && value !== overflow) max = Math.max(max, value)
  }
  for (const line of lines) {
    if (isCyclic) {
      // `-h` prints one line a microsecond, with one count a thread; what took longer is told apart.
      const [, value, rest] = /^(\d{6,})((?:\s+\d+)+)\s*$/.exec(line) ?? []
      if (value !== undefined) for (const count of rest!.trim().split(/\s+/)) add(Number(value), Number(count))
      const [, longest] = /^# Max Latencies:((?:\s+\d+)+)/.exec(line) ?? []
      if (longest !== undefined) max = Math.max(max, ...longest.trim().split(/\s+/).map(Number))
      const [, over] = /^# Histogram Overflows:((?:\s+\d+)+)/.exec(line) ?? []
      if (over !== undefined)
        add(
          overflow,
          over
            .trim()
            .split(/\s+/)
            .map(Number)
            .reduce((sum, count) => sum + count, 0),
        )
    } else {
      const [, nanoseconds] = /^sample (\d+)$/.exec(line) ?? []
      if (nanoseconds !== undefined) add(Math.ceil(Number(nanoseconds) / 1000), 1)
    }
  }
  const over = counts.get(overflow) ?? 0
  counts.delete(overflow)
  if (over > 0) counts.set(max, (counts.get(max) ?? 0) + over)
  const sorted = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b)
  const samples = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (samples === 0) return null
  const quantile = (share: number): number => {
    let seen = 0
    for (const [value, count] of sorted) {
      seen += count
      if (seen >= Math.ceil(samples * share)) return value
    }
    return sorted.at(-1)![0]
  }
  return {
    method: isCyclic ? 'cyclictest' : 'run-queue',
    setup,
    samples,
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: sorted.at(-1)![0],
    histogram: inBands(sorted),
  }
}

/** Stands for what did not fit cyclictest's histogram until its maximum is known. */
const overflow = Number.POSITIVE_INFINITY

/** 1, 2, 5, 10, 20, 50 …: bands that can be drawn on a logarithmic scale, and compared between two measurements. */
function inBands(sorted: readonly (readonly [number, number])[]): Latency['histogram'] {
  const bands = new Map<number, number>()
  for (const [value, count] of sorted) {
    const scale = 10 ** Math.floor(Math.log10(Math.max(1, value)))
    const upTo = [1, 2, 5, 10].map(step => step * scale).find(limit => value <= limit) ?? scale * 10
    bands.set(upTo, (bands.get(upTo) ?? 0) + count)
  }
  return [...bands].sort(([a], [b]) => a - b).map(([upTo, count]) => ({ upTo, count }))
}

/** Which promise a measurement breaks; null for none. */
export function judgeLatency(
  { p99, max }: Latency,
  slo: { readonly schedulingLatencyP99?: number | undefined; readonly schedulingLatencyMax?: number | undefined },
): Message | null {
  if (slo.schedulingLatencyP99 !== undefined && p99 > slo.schedulingLatencyP99)
    return { key: 'fleet.latencyBroken', params: { what: 'p99', measured: p99, promised: slo.schedulingLatencyP99 } }
  if (slo.schedulingLatencyMax !== undefined && max > slo.schedulingLatencyMax)
    return { key: 'fleet.latencyBroken', params: { what: 'max', measured: max, promised: slo.schedulingLatencyMax } }
  return null
}
