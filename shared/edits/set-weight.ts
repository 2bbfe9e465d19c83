import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { pathIn } from './field-path.ts'

type Weighted = { readonly path: YamlPath; readonly weight: number | null }

/**
 * How traffic is split between the destinations of a route, or by the steps of an Argo Rollout or a Flagger Canary: one
 * weight each, in the order they stand. Destinations share all of it, so their weights add up to 100.
 */
export const setWeight = (files: Files, edit: EditOf<'set-weight'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const places = weightsIn(resource, edit)
    const name = `${edit.resource.kind}/${edit.resource.name} ${edit.at.join('.')}`
    if (places.length === 0) throw new CannotEdit('rollout.noWeights', { field: name })
    if (places.length !== edit.weights.length)
      throw new CannotEdit('rollout.weightCount', { field: name, count: places.length, given: edit.weights.length })
    const sum = edit.weights.reduce((total, weight) => total + weight, 0)
    if (!isSteps(edit) && sum !== 100) throw new CannotEdit('rollout.weightSum', { field: name, sum })
    return places.flatMap(({ path, weight }, index) => {
      const wanted = edit.weights[index]!
      return weight === wanted ? [] : [setField(path, wanted, { after: ['name', 'service', 'destination', 'port'] })]
    })
  })

/** The weights as they stand, `90 / 10`; null where there is no such list. */
export const weightWords = (edit: EditOf<'set-weight'>, list: YamlValue): string | null => {
  const found = weightsOf(list, [], edit)
  return found.length === 0 ? null : wordsOf(found.map(({ weight }) => weight ?? 0))
}
export const wordsOf = (weights: readonly number[]): string => weights.join(' / ')

/** The same edit with the weights that stand there; undefined where they are none that an edit could set. */
export function weightsBefore(edit: EditOf<'set-weight'>, list: YamlValue): EditOf<'set-weight'> | undefined {
  const weights = weightsOf(list, [], edit).map(({ weight }) => weight)
  return weights.length > 0 && weights.every(weight => weight !== null && Number.isInteger(weight))
    ? { ...edit, weights: weights as number[] }
    : undefined
}

const isSteps = ({ resource }: EditOf<'set-weight'>): boolean => /^(Rollout|Canary)$/.test(resource.kind)
const numberOf = (value: YamlValue | undefined): number | null => (typeof value === 'number' ? value : null)

function weightsIn(resource: YamlMap, edit: EditOf<'set-weight'>): readonly Weighted[] {
  const path = pathIn(resource, edit.at)
  return weightsOf(valueAt(resource, path), path, edit)
}

/** Of steps only those that set a weight; of destinations all. */
function weightsOf(list: YamlValue | undefined, path: YamlPath, edit: EditOf<'set-weight'>): readonly Weighted[] {
  // Flagger lists its weights, or says a step and the most it goes to.
  if (edit.resource.kind === 'Canary') {
    if (isYamlList(list)) return list.map((weight, index) => ({ path: [...path, index], weight: numberOf(weight) }))
    if (!isYamlMap(list)) return []
    return ['stepWeight', 'maxWeight'].flatMap(key =>
      key in list ? [{ path: [...path, key], weight: numberOf(list[key]) }] : [],
    )
  }
  if (!isYamlList(list)) return []
  const key = isSteps(edit) ? 'setWeight' : 'weight'
  return list.flatMap((item, index) => {
    if (!isYamlMap(item) || (isSteps(edit) && !(key in item))) return []
    return [{ path: [...path, index, key], weight: numberOf(item[key]) }]
  })
}
