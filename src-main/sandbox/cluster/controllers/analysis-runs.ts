import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import { compileExpression } from '../../../../shared/rules/cel/compile-expression.ts'
import type { Controller, World } from '../simulation.ts'

/** Answers a PromQL query with the values of its series; throws where it cannot. */
export type AskMetrics = (query: string) => readonly number[]

const manager = 'rollouts-controller'
const kept = 10

/** `90s`, `5m`, `1h30m` or a number of seconds, in milliseconds. */
export function duration(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value * 1000
  if (typeof value !== 'string' || value === '') return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  let sum = 0
  for (const [, count, unit] of value.matchAll(/([\d.]+)(ms|s|m|h)/g)) sum += Number(count) * units[unit!]!
  return sum
}

/** Measures an AnalysisRun's metrics against the sandbox's own Prometheus, and judges them as Argo Rollouts does. */
export function createAnalysisController(ask: AskMetrics): Controller {
  return {
    kinds: ['argoproj.io/AnalysisRun'],
    reconcile(world, run) {
      if (/^(Successful|Failed|Error|Inconclusive)$/.test(textAt(run, 'status', 'phase') ?? '')) return undefined
      const started = textAt(run, 'status', 'startedAt') ?? world.time()
      const stopped = valueAt(run, ['spec', 'terminate']) === true
      let next = Number.POSITIVE_INFINITY
      const results = listAt(run, 'spec', 'metrics').map(metric => {
        const name = textAt(metric, 'name') ?? ''
        const before = listAt(run, 'status', 'metricResults').find(each => textAt(each, 'name') === name)
        const { result, at } = measure(world, run, metric, before, started, stopped, ask)
        if (at !== undefined) next = Math.min(next, at)
        return result
      })
      const worst = results.find(each => /^(Failed|Error|Inconclusive)$/.test(textAt(each, 'phase') ?? ''))
      const done = worst !== undefined || results.every(each => textAt(each, 'phase') === 'Successful')
      const phase = worst ? textAt(worst, 'phase')! : done ? 'Successful' : 'Running'
      const sum = (field: string) => results.reduce((total, each) => total + (numberAt(each, field) ?? 0), 0)
      world.report(
        'argoproj.io/AnalysisRun',
        run,
        {
          phase,
          startedAt: started,
          ...(worst && {
            message: `Metric "${textAt(worst, 'name')}" assessed ${phase} due to ${textAt(worst, 'message') ?? ''}`,
          }),
          metricResults: results,
          runSummary: {
            count: listAt(run, 'spec', 'metrics').length,
            successful: results.filter(each => textAt(each, 'phase') === 'Successful').length,
            failed: results.filter(each => textAt(each, 'phase') === 'Failed').length,
            inconclusive: results.filter(each => textAt(each, 'phase') === 'Inconclusive').length,
            error: results.filter(each => textAt(each, 'phase') === 'Error').length,
          },
          dryRunSummary: {},
          ...(done && { completedAt: world.time() }),
        },
        manager,
      )
      if (sum('count') === 0 && !Number.isFinite(next)) return undefined
      return done || !Number.isFinite(next) ? undefined : next
    },
  }
}

type Measured = { readonly result: JsonObject; readonly at?: number }

function measure(
  world: World,
  run: LiveObject,
  metric: Json,
  before: Json | undefined,
  started: string,
  stopped: boolean,
  ask: AskMetrics,
): Measured {
  const now = world.now()
  const old = isObject(before) ? before : { name: textAt(metric, 'name') ?? '', phase: 'Running', count: 0 }
  if (textAt(old, 'phase') !== 'Running') return { result: old }
  if (stopped) return { result: { ...old, phase: 'Successful', message: 'Run Terminated' } }
  const interval = duration(valueAt(metric, ['interval']))
  const wanted = numberAt(metric, 'count') ?? (interval === undefined ? 1 : Number.POSITIVE_INFINITY)
  const last = listAt(old, 'measurements').at(-1)
  const finished = textAt(last, 'finishedAt')
  const due =
    finished === undefined
      ? Date.parse(started) + (duration(valueAt(metric, ['initialDelay'])) ?? 0)
      : Date.parse(finished) + (interval ?? 0)
  if (now < due) return { result: old, at: due }

  const measurement = takeMeasurement(world, run, metric, ask)
  const outcome = textAt(measurement, 'phase')
  const count = (field: string, phase: string) => (numberAt(old, field) ?? 0) + (outcome === phase ? 1 : 0)
  const failed = count('failed', 'Failed')
  const inconclusive = count('inconclusive', 'Inconclusive')
  const successful = count('successful', 'Successful')
  const errors = count('error', 'Error')
  const inARow = outcome === 'Error' ? (numberAt(old, 'consecutiveError') ?? 0) + 1 : 0
  const limit = (field: string, standard: number) => numberAt(metric, field) ?? standard
  const total = successful + failed + inconclusive
  const over = (what: string, found: number, field: string, most: number) => `${what} (${found}) > ${field} (${most})`
  const verdict: JsonObject =
    failed > limit('failureLimit', 0)
      ? { phase: 'Failed', message: over('failed', failed, 'failureLimit', limit('failureLimit', 0)) }
      : inconclusive > limit('inconclusiveLimit', 0)
        ? {
            phase: 'Inconclusive',
            message: over('inconclusive', inconclusive, 'inconclusiveLimit', limit('inconclusiveLimit', 0)),
          }
        : inARow > limit('consecutiveErrorLimit', 4)
          ? {
              phase: 'Error',
              message: over('consecutiveErrors', inARow, 'consecutiveErrorLimit', limit('consecutiveErrorLimit', 4)),
            }
          : { phase: total >= wanted ? 'Successful' : 'Running' }
  const result: JsonObject = {
    name: textAt(metric, 'name') ?? '',
    count: total,
    ...(successful > 0 && { successful }),
    ...(failed > 0 && { failed }),
    ...(inconclusive > 0 && { inconclusive }),
    ...(errors > 0 && { error: errors, consecutiveError: inARow }),
    measurements: [...listAt(old, 'measurements'), measurement].slice(-kept),
    metadata: { ResolvedPrometheusQuery: queryOf(run, metric) },
    ...verdict,
  }
  return verdict['phase'] === 'Running' ? { result, at: now + (interval ?? 10_000) } : { result }
}

function queryOf(run: LiveObject, metric: Json): string {
  const args = new Map(listAt(run, 'spec', 'args').map(arg => [textAt(arg, 'name') ?? '', textAt(arg, 'value') ?? '']))
  const query = textAt(metric, 'provider', 'prometheus', 'query') ?? ''
  return query.replaceAll(/\{\{\s*args\.([\w.-]+)\s*\}\}/g, (_, name: string) => args.get(name) ?? '').trim()
}

function takeMeasurement(world: World, run: LiveObject, metric: Json, ask: AskMetrics): JsonObject {
  const time = world.time()
  const failing = (message: string) => ({ phase: 'Error', message, startedAt: time, finishedAt: time })
  if (!isObject(valueAt(metric, ['provider', 'prometheus'])))
    return failing(
      `the sandbox measures with Prometheus alone, not ${Object.keys(objectAt(metric, 'provider')).join()}`,
    )
  let values: readonly number[]
  try {
    values = ask(queryOf(run, metric))
  } catch (error) {
    return failing(error instanceof Error ? error.message : String(error))
  }
  const succeeds = holds(textAt(metric, 'successCondition'), values)
  const fails = holds(textAt(metric, 'failureCondition'), values)
  const value = `[${values.join(',')}]`
  if (typeof succeeds === 'string' || typeof fails === 'string')
    return { ...failing([succeeds, fails].filter(each => typeof each === 'string').join('; ')), value }
  const phase = phaseBy(succeeds, fails)
  return { phase, startedAt: time, finishedAt: time, value }
}

/** As Argo Rollouts: with both conditions, what is neither is inconclusive; with one, its opposite decides. */
function phaseBy(succeeds: boolean | null, fails: boolean | null): string {
  if (fails === true) return 'Failed'
  if (succeeds === true) return 'Successful'
  if (succeeds === null) return 'Successful'
  return fails === null ? 'Failed' : 'Inconclusive'
}

/** Null without a condition; a text says why it cannot be told. `len(…)` is what the expressions here call `size(…)`. */
function holds(condition: string | undefined, values: readonly number[]): boolean | null | string {
  if (condition === undefined || condition === '') return null
  const { program, problems } = compileExpression(condition.replaceAll(/\blen\(/g, 'size('), undefined, {
    unchecked: true,
  })
  if (!program) return `invalid condition: ${condition} (${problems.length})`
  const result = program.evaluate({ result: values.map(value => value) })
  return typeof result === 'boolean' ? result : `reflect: slice index out of range (${condition})`
}
