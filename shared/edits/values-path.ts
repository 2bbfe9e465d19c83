import { type Origin, placeOf } from '../environments/kustomize/origin.ts'
import type { YamlPath } from '../yaml/yaml-value.ts'

/**
 * How values of the chart say what stands at an origin: the path in a values file of the chart, below the name of the
 * chart it is of for one inside. Null for what is no value.
 */
export function valuesPath(origin: Origin, chart: string): YamlPath | null {
  if (origin.how !== 'value' && origin.how !== 'template') return null
  const { file, path, inner } = placeOf(origin)
  if (inner !== undefined) return inner
  // A release says its values in an object.
  const values = path.findIndex((step, at) => step === 'values' && path[at - 1] === 'spec')
  if (values >= 0) return path.slice(values + 1)
  const object = path.lastIndexOf('valuesObject')
  if (object >= 0) return path.slice(object + 1)
  const lead = chart === '.' ? '' : `${chart}/`
  const inside = file.startsWith(lead) ? file.slice(lead.length).split('/').slice(0, -1) : []
  const charts = inside.flatMap((step, at) => (step === 'charts' && inside[at + 1] ? [inside[at + 1]!] : []))
  return path.length === 0 ? null : [...charts.map(name => name.replace(/-\d.*\.tgz$/, '')), ...path]
}
