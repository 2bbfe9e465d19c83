import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, numberAt, textAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'
import { containerName } from './pod-container.ts'

/** A container's log as it would be by now: made up from the Pod alone, so nothing is kept and each read agrees. */
export type LogLine = { readonly at: number; readonly text: string }

const period = 1500
const most = 2000

/** Lines from `from` (exclusive) to `to` (inclusive), in milliseconds since the epoch. */
export function logLines(pod: LiveObject, container: string, from: number, to: number): readonly LogLine[] {
  const status = listAt(pod, 'status', 'containerStatuses').find(each => textAt(each, 'name') === container)
  const started = Date.parse(textAt(status, 'state', 'running', 'startedAt') ?? '')
  if (Number.isNaN(started)) return []
  const seed = hash(`${textAt(pod, 'metadata', 'name') ?? ''} ${container}`)
  const last = Math.floor((to - started) / period)
  const first = Math.max(0, last - most, from < started ? 0 : Math.floor((from - started) / period) + 1)
  const lines: LogLine[] = []
  for (let index = first; index <= last; index++)
    lines.push({ at: started + index * period, text: lineAt(index, seed, container) })
  return lines
}

/** What a container that died said last. */
export function lastWords(pod: LiveObject, container: string): readonly LogLine[] {
  const status = listAt(pod, 'status', 'containerStatuses').find(each => textAt(each, 'name') === container)
  const ended = textAt(status, 'lastState', 'terminated', 'finishedAt')
  if (ended === undefined)
    throw new ApiError(
      400,
      `previous terminated container "${container}" in pod "${textAt(pod, 'metadata', 'name')}" not found`,
    )
  const at = Date.parse(ended)
  const code = numberAt(status, 'lastState', 'terminated', 'exitCode') ?? 1
  const reason = textAt(status, 'lastState', 'terminated', 'reason')
  const text =
    reason === 'OOMKilled'
      ? 'loading model: 412 MiB … 498 MiB …'
      : `fatal: configuration is incomplete, exit code ${code}`
  return [
    { at: at - 800, text: `sandbox: ${container} starts` },
    { at: at - 10, text },
  ]
}

const paths = ['/v1/payments', '/v1/offers', '/v1/shops', '/v1/sessions', '/healthz']

function lineAt(index: number, seed: number, container: string): string {
  if (index === 0) return `sandbox: ${container} starts; this log is made up`
  const number = hash(`${seed} ${index}`)
  const path = paths[number % paths.length]!
  const took = 3 + (number % 90)
  if (number % 53 === 0) return `level=warn msg="slow answer" path=${path} took=${took * 9}ms`
  return `level=info msg="answered" path=${path}/${number % 9000} status=200 took=${took}ms`
}

function hash(text: string): number {
  let value = 2166136261
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16777619) >>> 0
  return value
}

/** The whole log as asked: `tailLines`, `sinceSeconds`, `sinceTime`, `timestamps`, `previous`, `container`. */
export function readLog(
  pod: LiveObject,
  query: URLSearchParams,
  now: number,
): { readonly container: string; readonly lines: readonly LogLine[]; readonly print: (line: LogLine) => string } {
  const container = containerName(pod, query.get('container'))
  const since = Math.max(
    query.has('sinceSeconds') ? now - Number(query.get('sinceSeconds')) * 1000 : 0,
    query.has('sinceTime') ? Date.parse(query.get('sinceTime')!) : 0,
  )
  const status = listAt(pod, 'status', 'containerStatuses').find(each => textAt(each, 'name') === container)
  const waiting = textAt(status, 'state', 'waiting', 'reason')
  if (query.get('previous') !== 'true' && (!status || (waiting !== undefined && waiting !== 'CrashLoopBackOff')))
    throw new ApiError(
      400,
      `container "${container}" in pod "${textAt(pod, 'metadata', 'name')}" is waiting to start: ${waiting ?? 'ContainerCreating'}`,
    )
  const previous = query.get('previous') === 'true' || waiting === 'CrashLoopBackOff'
  let lines = previous ? lastWords(pod, container) : logLines(pod, container, since, now)
  if (query.has('tailLines')) {
    const count = Number(query.get('tailLines'))
    lines = count > 0 ? lines.slice(-count) : []
  }
  const stamped = query.get('timestamps') === 'true'
  return {
    container,
    lines,
    print: ({ at, text }) =>
      stamped ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`,
  }
}
