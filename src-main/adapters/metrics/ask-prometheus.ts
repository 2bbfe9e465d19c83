import { AppError } from '../../../shared/errors.ts'
import type { Counter } from '../../../shared/metrics/dialects/dialect.ts'
import { dialects, knownMetrics } from '../../../shared/metrics/dialects/dialects.ts'
import type { ObservedCall } from '../../../shared/metrics/observation.ts'
import { equals } from '../../../shared/metrics/promql.ts'
import { type Questions, questionsOf } from '../../../shared/metrics/questions.ts'
import {
  type Answer,
  type Answers,
  callsOf,
  Refusal,
  readNames,
  readVector,
} from '../../../shared/metrics/read-prometheus.ts'
import { windowSeconds } from '../../../shared/metrics/window.ts'
import type { ObserveCalls } from '../../needs/metrics-source.ts'
import { type Answered, type JsonLine, openJsonLine } from './get-json.ts'

/**
 * Prometheus and what speaks its HTTP API: Thanos, Mimir, Cortex, VictoriaMetrics. One question tells which dialects
 * are there; the counters of those are asked at one and the same moment, so that rates and failures belong together.
 */
export const askPrometheus: ObserveCalls = async (address, window, signal) => {
  using line = await openJsonLine({ ...address, url: address.url.replace(/\/(graph|query|api\/v1)?\/*$/, '') })
  const match = Object.entries(address.match).map(([label, value]) => equals(label, value))
  const now = Date.now()
  const time = String(now / 1000)
  const warnings = new Set<string>()
  const overDays = windowSeconds(window) >= 3 * 86_400
  const heard = <T>({ value, warnings: said }: Answer<T>): T => {
    for (const warning of said) warnings.add(warning)
    return value
  }

  const start = String(now / 1000 - windowSeconds(window))
  const names = understood(
    line,
    await line.get('/api/v1/label/__name__/values', { 'match[]': knownMetrics(), start, end: time }, signal),
    readNames,
  )
  const present = new Set(heard(names))
  const ask = async (query: string) =>
    heard(understood(line, await line.get('/api/v1/query', { query, time }, signal), readVector))

  const found: string[] = []
  const calls: ObservedCall[] = []
  for (const dialect of dialects) {
    const counters = dialect.counters.filter(({ metric }) => present.has(metric))
    const told = (await Promise.all(counters.map(counter => callsTold(counter)))).flat()
    // A common name alone, such as `http_requests_total`, is no dialect: it may name no peer.
    if (told.length > 0) found.push(dialect.name)
    for (const call of told) calls.push(call)
  }
  return { asOf: new Date(now).toISOString(), window, dialects: found, calls, warnings: [...warnings] }

  async function callsTold(counter: Counter): Promise<ObservedCall[]> {
    const questions = questionsOf(counter, window, present, match)
    const rate = await ask(questions.rate!)
    // Percentiles are dear: they are asked only of what names two ends, and not over days.
    if (callsOf(counter, { rate }, window).length === 0) return []
    const others = Object.entries(questions).filter(
      ([question]) => question === 'failed' || (question !== 'rate' && !overDays),
    ) as [keyof Questions, string][]
    const answers = await Promise.all(others.map(async ([question, query]) => [question, await ask(query)] as const))
    return callsOf(counter, { rate, ...(Object.fromEntries(answers) as Answers) }, window)
  }
}

/** What was answered, read; rejects where the source refuses, is in trouble, or is no Prometheus. */
export function understood<T>(line: JsonLine, { status, json }: Answered, read: (json: unknown) => T | null): T {
  const value = read(json)
  if (value !== null) return value
  const refusal = Refusal.safeParse(json)
  if (refusal.success)
    throw new AppError('invalid-input', 'metrics.refused', {
      host: line.host,
      reason: refusal.data.error.slice(0, 500),
    })
  if (status >= 500) throw new AppError('unreachable', 'metrics.status', { host: line.host, status })
  throw new AppError('unsupported', 'metrics.notPrometheus', { host: line.host, status })
}
