import { isObject, type Json, numberAt, textAt } from '../manifests/manifest.ts'
import type { Threshold } from '../results/result.ts'

const number = String.raw`(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)`
const measured = String.raw`(?:default\()?(?:asFloat\(|asInt\()?\s*(?<!len\()result(?:\[\d+\]|\.[\w.]+)?\s*\)?(?:\s*,\s*[\w.]+\))?`
const forward = new RegExp(`${measured}\\s*(>=|<=|>|<|==)\\s*${number}`, 'g')
const backward = new RegExp(`${number}\\s*(>=|<=|>|<|==)\\s*${measured}`, 'g')
const mirrored: { readonly [operator: string]: string } = { '>=': '<=', '<=': '>=', '>': '<', '<': '>', '==': '==' }

/**
 * What an Argo metric is held against: `successCondition`, else the opposite of `failureCondition`. Conditions are
 * expressions (github.com/expr-lang/expr); those that compare the result with numbers are bounds, any other is shown as
 * it is written. Of `isNaN(result) || result >= 0.95` the bound is what counts.
 */
export function readThreshold(metric: Json): Threshold | null {
  const success = textAt(metric, 'successCondition')
  const failure = textAt(metric, 'failureCondition')
  const text = success || failure || ''
  if (text === '') return null
  const bounds = { min: null as number | null, max: null as number | null }
  for (const [operator, value] of comparisons(text)) {
    const rising = operator.startsWith('>')
    const falling = operator.startsWith('<')
    // A run that fails above 5 % has to stay at 5 % at most.
    const asMin = success ? rising : falling
    const asMax = success ? falling : rising
    if (asMin) bounds.min = value
    if (asMax) bounds.max = value
    if (operator === '==' && success) bounds.min = bounds.max = value
  }
  return { ...bounds, text: success ? text : `not (${text})` }
}

function comparisons(text: string): readonly (readonly [operator: string, value: number])[] {
  const found: [string, number][] = []
  for (const [, operator, value] of text.matchAll(forward)) found.push([operator!, Number(value)])
  for (const [, value, operator] of text.matchAll(backward)) found.push([mirrored[operator!]!, Number(value)])
  return found
}

/** The bounds of a metric of Flagger: `thresholdRange`, or the old `threshold`, a least for success rates and else a most. */
export function readRange(metric: Json): Threshold | null {
  const range = isObject(metric) ? metric['thresholdRange'] : undefined
  if (isObject(range)) {
    const [min, max] = [numberAt(range, 'min') ?? null, numberAt(range, 'max') ?? null]
    return { min, max, text: [min !== null && `≥ ${min}`, max !== null && `≤ ${max}`].filter(Boolean).join(', ') }
  }
  const old = numberAt(metric, 'threshold')
  if (old === undefined) return null
  return textAt(metric, 'name') === 'request-success-rate'
    ? { min: old, max: null, text: `≥ ${old}` }
    : { min: null, max: old, text: `≤ ${old}` }
}

/** A measured value as a number: `0.98`, `[0.98]` and `{"rate":0.98}` are; of a list of several the first counts. */
export function readValue(text: string): number | null {
  const plain =
    text
      .trim()
      .replace(/^\[|\]$/g, '')
      .split(',')[0]
      ?.trim() ?? ''
  if (plain !== '' && Number.isFinite(Number(plain))) return Number(plain)
  const only = /^\{\s*"[^"]*"\s*:\s*(-?[\d.e+-]+)\s*\}$/.exec(text.trim())?.[1]
  return only !== undefined && Number.isFinite(Number(only)) ? Number(only) : null
}
