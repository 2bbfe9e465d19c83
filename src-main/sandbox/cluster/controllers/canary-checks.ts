import type { LiveObject } from '../../../../shared/health/health.ts'
import { type Json, listAt, numberAt, textAt } from '../../../../shared/manifests/manifest.ts'
import type { World } from '../simulation.ts'
import type { AskMetrics } from './analysis-runs.ts'

/** The queries that Flagger has built in, for a mesh of Istio's. */
const builtIn: { readonly [name: string]: string } = {
  'request-success-rate':
    '100 * sum(rate(istio_requests_total{destination_workload="{{ target }}",response_code!~"5.*"}[{{ interval }}])) / sum(rate(istio_requests_total{destination_workload="{{ target }}"}[{{ interval }}]))',
  'request-duration':
    'histogram_quantile(0.99, sum(rate(istio_request_duration_milliseconds_bucket{destination_workload="{{ target }}"}[{{ interval }}])) by (le))',
}

/** Checks a Canary's metrics once; null while all hold, else what does not, in Flagger's words. */
export function checkMetrics(world: World, canary: LiveObject, ask: AskMetrics): string | null {
  for (const metric of listAt(canary, 'spec', 'analysis', 'metrics')) {
    const problem = checkMetric(world, canary, metric, ask)
    if (problem !== null) return problem
  }
  return null
}

function checkMetric(world: World, canary: LiveObject, metric: Json, ask: AskMetrics): string | null {
  const name = textAt(metric, 'name') ?? ''
  const namespace = textAt(canary, 'metadata', 'namespace')!
  const reference = textAt(metric, 'templateRef', 'name')
  const template =
    reference === undefined
      ? (textAt(metric, 'query') ?? builtIn[name])
      : textAt(
          world.get('flagger.app/MetricTemplate', textAt(metric, 'templateRef', 'namespace') ?? namespace, reference),
          'spec',
          'query',
        )
  if (template === undefined) return `${name}: no query and no template`
  const values: { readonly [name: string]: string } = {
    name: textAt(canary, 'metadata', 'name') ?? '',
    namespace,
    target: textAt(canary, 'spec', 'targetRef', 'name') ?? '',
    service: textAt(canary, 'spec', 'service', 'name') ?? textAt(canary, 'spec', 'targetRef', 'name') ?? '',
    interval: textAt(metric, 'interval') ?? '1m',
  }
  const query = template.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, key: string) => values[key] ?? whole)
  let value: number | undefined
  try {
    value = ask(query)[0]
  } catch (error) {
    return `Prometheus query failed: ${error instanceof Error ? error.message : String(error)}`
  }
  if (value === undefined || Number.isNaN(value))
    return `no values found for custom metric ${name} probably ${values['target']}.${namespace} is not receiving traffic`
  const least =
    numberAt(metric, 'thresholdRange', 'min') ??
    (name === 'request-success-rate' ? numberAt(metric, 'threshold') : undefined)
  const most =
    numberAt(metric, 'thresholdRange', 'max') ??
    (name === 'request-success-rate' ? undefined : numberAt(metric, 'threshold'))
  const shown = value.toFixed(2)
  if (name === 'request-success-rate' && least !== undefined)
    return value < least ? `success rate ${shown}% < ${least}%` : null
  if (name === 'request-duration' && most !== undefined)
    return value > most ? `request duration ${value.toFixed(0)}ms > ${most}ms` : null
  if (least !== undefined && value < least) return `${name} ${shown} < ${least}`
  return most !== undefined && value > most ? `${name} ${shown} > ${most}` : null
}
