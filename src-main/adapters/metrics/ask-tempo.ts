import { AppError } from '../../../shared/errors.ts'
import { callsOfTempo, readTempo, tempoQuestions } from '../../../shared/metrics/read-traces.ts'
import { windowSeconds } from '../../../shared/metrics/window.ts'
import type { ObserveCalls } from '../../needs/metrics-source.ts'
import { openJsonLine } from './get-json.ts'

/** Seconds between the samples of a server that gives no single value for a window. */
const step = 60

/**
 * Tempo's TraceQL metrics over the spans that call somebody. One value for the window where the server gives one
 * (2.7 and later), else the mean over it.
 */
export const askTempo: ObserveCalls = async (address, window, signal) => {
  using line = await openJsonLine(address)
  const end = Math.floor(Date.now() / 1000)
  const span = { start: String(end - windowSeconds(window)), end: String(end) }
  const ask = async (q: string) => {
    const once = await line.get('/api/metrics/query', { q, ...span }, signal)
    const { status, json } =
      once.status === 404 ? await line.get('/api/metrics/query_range', { q, ...span, step: `${step}s` }, signal) : once
    const read = status < 400 ? readTempo(json) : null
    if (read) return read
    if (status >= 500) throw new AppError('unreachable', 'metrics.status', { host: line.host, status })
    throw new AppError('unsupported', 'metrics.notTempo', { host: line.host, status })
  }
  const [rate, failed, times] = await Promise.all([
    ask(tempoQuestions.rate),
    ask(tempoQuestions.failed),
    ask(tempoQuestions.times),
  ])
  const calls = callsOfTempo({ rate, failed, times }, window)
  return {
    asOf: new Date(end * 1000).toISOString(),
    window,
    dialects: calls.length > 0 ? ['TraceQL'] : [],
    calls,
    warnings: [],
  }
}
