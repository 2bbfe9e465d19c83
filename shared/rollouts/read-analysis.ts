import { countAt, type LiveObject, nameOf } from '../health/health.ts'
import { isObject, type Json, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Breach } from '../results/result.ts'
import type { Analysis, AnalysisMetric } from './rollout.ts'
import { readThreshold, readValue } from './threshold.ts'

/** An AnalysisRun of Argo Rollouts with every measurement it keeps (the newest ten a metric) and what each was held against. */
export function readAnalysisRun(run: LiveObject): Analysis {
  const asked = listAt(run, 'spec', 'metrics')
  const results = listAt(run, 'status', 'metricResults')
  const names = new Set([...asked, ...results].map(item => textAt(item, 'name') ?? ''))
  const dry = listAt(run, 'spec', 'dryRun').flatMap(item => textAt(item, 'metricName') ?? [])
  const step = textAt(run, 'metadata', 'labels', 'step-index')
  return {
    name: nameOf(run),
    phase: textAt(run, 'status', 'phase') ?? 'Pending',
    message: textAt(run, 'status', 'message') ?? '',
    startedAt: textAt(run, 'status', 'startedAt') ?? textAt(run, 'metadata', 'creationTimestamp') ?? null,
    step: step !== undefined && /^\d+$/.test(step) ? Number(step) : null,
    metrics: [...names].map(name => {
      const named = (item: Json) => textAt(item, 'name') === name
      const result = results.find(named) ?? {}
      const isDry = valueAt(result, ['dryRun']) === true || dry.some(pattern => pattern === name || pattern === '.*')
      return { ...metricOf(name, asked.find(named) ?? {}, result), ...(isDry && { dryRun: true }) }
    }),
  }
}

function metricOf(name: string, asked: Json, result: Json): AnalysisMetric {
  const limit = isObject(asked) ? asked['failureLimit'] : undefined
  return {
    name,
    phase: textAt(result, 'phase') ?? 'Pending',
    threshold: readThreshold(asked),
    unit: '',
    measurements: listAt(result, 'measurements').map(item => {
      const text = textAt(item, 'value') ?? ''
      return {
        at: textAt(item, 'finishedAt') ?? textAt(item, 'startedAt') ?? null,
        value: readValue(text),
        text,
        phase: textAt(item, 'phase') ?? '',
        message: textAt(item, 'message') ?? '',
      }
    }),
    failureLimit: limit === undefined ? null : countAt(asked, ['failureLimit'], 0),
    failed: countAt(result, ['failed'], 0),
    message: textAt(result, 'message') ?? '',
  }
}

const bad = /^(Failed|Error|Inconclusive)$/

/** The measurement that made an analysis fail: the last bad one of its first bad metric. */
export function breachOf(analyses: readonly Analysis[]): Breach | null {
  for (const analysis of analyses) {
    if (!bad.test(analysis.phase)) continue
    const metric = analysis.metrics.find(({ phase, dryRun }) => bad.test(phase) && dryRun !== true)
    if (!metric) continue
    const measurement = metric.measurements.findLast(({ phase }) => bad.test(phase)) ?? metric.measurements.at(-1)
    return {
      metric: metric.name,
      value: measurement?.value ?? null,
      unit: metric.unit,
      threshold: metric.threshold,
      at: measurement?.at ?? null,
    }
  }
  return null
}
