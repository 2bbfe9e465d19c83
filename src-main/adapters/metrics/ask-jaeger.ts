import { AppError } from '../../../shared/errors.ts'
import { readDependencies } from '../../../shared/metrics/read-traces.ts'
import { windowSeconds } from '../../../shared/metrics/window.ts'
import type { ObserveCalls } from '../../needs/metrics-source.ts'
import { openJsonLine } from './get-json.ts'

/** With Cassandra or Elasticsearch behind it, Jaeger sums dependencies once a day. */
const summed = '1d'

/** Jaeger's dependencies, over the window; where that is empty and short, over the day its sums are made for. */
export const askJaeger: ObserveCalls = async (address, window, signal) => {
  using line = await openJsonLine({ ...address, url: address.url.replace(/\/(search|dependencies)?\/*$/, '') })
  const now = Date.now()
  const ask = async (over: string) => {
    const query = { endTs: String(now), lookback: String(windowSeconds(over) * 1000) }
    const { status, json } = await line.get('/api/dependencies', query, signal)
    const read = readDependencies(json, over)
    if (read && status < 400) return { ...read, over }
    if (status >= 500) throw new AppError('unreachable', 'metrics.status', { host: line.host, status })
    throw new AppError('unsupported', 'metrics.notJaeger', { host: line.host, status })
  }
  const first = await ask(window)
  const short = windowSeconds(window) < windowSeconds(summed)
  const { calls, warnings, over } = first.calls.length === 0 && short ? await ask(summed) : first
  return {
    asOf: new Date(now).toISOString(),
    window: over,
    dialects: calls.length > 0 ? ['Jaeger'] : [],
    calls,
    warnings,
  }
}
