import { isObject, type Json, listAt, textAt } from '../manifests/manifest.ts'
import type { Breach } from '../results/result.ts'
import type { AnalysisMetric, Measurement, RolloutEvent } from './rollout.ts'
import { readRange } from './threshold.ts'

const ofMetric = {
  'request-success-rate': { unit: '%', said: 'success rate' },
  'request-duration': { unit: 'ms', said: 'request duration' },
} as const

type Halt = { readonly said: string; readonly value: number; readonly bound: number; readonly least: boolean }

/**
 * Flagger keeps no measurements: it tells of a check only when it failed, in an event such as
 * `Halt podinfo.test advancement success rate 69.17% < 99%`. Durations are Go's (`1.2s > 500ms`) and become milliseconds.
 */
export function readHalt(message: string): Halt | null {
  const match =
    /^Halt \S+ advancement (.+?) (-?[\d.]+(?:e[+-]?\d+)?)(%|[a-zµ0-9.]*) ([<>]) (-?[\d.]+(?:e[+-]?\d+)?)(%|[a-zµ0-9.]*)$/.exec(
      message.trim(),
    )
  if (!match) return null
  const [, said, value, unit, operator, bound, boundUnit] = match as unknown as string[]
  const measured = inUnit(value!, unit!)
  const asked = inUnit(bound!, boundUnit!)
  return measured === null || asked === null
    ? null
    : { said: said!, value: measured, bound: asked, least: operator === '<' }
}

const milliseconds: { readonly [unit: string]: number } = {
  ns: 1e-6,
  µs: 1e-3,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

function inUnit(value: string, unit: string): number | null {
  if (unit === '' || unit === '%') return Number(value)
  const parts = [...`${value}${unit}`.matchAll(/([\d.]+)(ns|µs|us|ms|s|m|h)/g)]
  if (parts.length === 0) return null
  return parts.reduce((sum, [, count, each]) => sum + Number(count) * milliseconds[each!]!, 0)
}

/** The metrics a Canary is judged by, with the failed checks its events tell. */
export function readFlaggerMetrics(canary: Json, events: readonly RolloutEvent[]): readonly AnalysisMetric[] {
  const analysis = analysisOf(canary)
  return listAt(analysis, 'metrics').map(metric => {
    const name = textAt(metric, 'name') ?? ''
    const known = Object.hasOwn(ofMetric, name) ? ofMetric[name as keyof typeof ofMetric] : { unit: '', said: name }
    const measurements: Measurement[] = []
    for (const event of events) {
      const halt = readHalt(event.message)
      if (halt?.said === known.said)
        measurements.push({
          at: event.at,
          value: halt.value,
          text: String(halt.value),
          phase: 'Failed',
          message: event.message,
        })
    }
    measurements.reverse()
    const absent = events.find(
      ({ message }) => message.includes('no values found') && message.split(/[\s:]+/).includes(name),
    )
    return {
      name,
      phase: measurements.length > 0 || absent ? 'Failed' : 'Running',
      threshold: readRange(metric),
      unit: known.unit,
      measurements,
      failureLimit: null,
      failed: measurements.length,
      message: absent?.message ?? '',
    }
  })
}

/** `analysis`; `canaryAnalysis` until v1beta1. */
export function analysisOf(canary: Json): Json {
  const spec = isObject(canary) ? canary['spec'] : undefined
  if (!isObject(spec)) return {}
  return isObject(spec['analysis']) ? spec['analysis'] : isObject(spec['canaryAnalysis']) ? spec['canaryAnalysis'] : {}
}

/** The check that failed last, and so the one that made Flagger give up. */
export function flaggerBreach(canary: Json, events: readonly RolloutEvent[]): Breach | null {
  const metrics = listAt(analysisOf(canary), 'metrics')
  for (const event of events) {
    const halt = readHalt(event.message)
    if (!halt) continue
    const names = Object.entries(ofMetric)
    const [metric, known] = names.find(([, { said }]) => said === halt.said) ?? [halt.said, { unit: '' }]
    const asked = metrics.find(item => textAt(item, 'name') === metric)
    const bound = { min: halt.least ? halt.bound : null, max: halt.least ? null : halt.bound }
    return {
      metric,
      value: halt.value,
      unit: known.unit,
      threshold: (asked === undefined ? null : readRange(asked)) ?? {
        ...bound,
        text: `${halt.least ? '≥' : '≤'} ${halt.bound}`,
      },
      at: event.at,
    }
  }
  return null
}
