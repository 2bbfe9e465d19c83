import type { LiveObject } from '../../../shared/health/health.ts'
import { type JsonObject, listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'

export type Matches = (object: LiveObject) => boolean

const labelsOf = (object: LiveObject) => objectAt(object, 'metadata', 'labels')

/** `app=web,tier!=db,env in (a,b),env notin (c),key,!key`. Throws 400 for anything else. */
export function labelMatcher(selector: string | null): Matches {
  if (selector === null || selector.trim() === '') return () => true
  const tests = selector.split(/,(?![^(]*\))/).map(part => requirement(part.trim()))
  return object => tests.every(test => test(labelsOf(object)))
}

function requirement(text: string): (labels: JsonObject) => boolean {
  const among = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text)
  if (among) {
    const values = among[3]!.split(',').map(value => value.trim())
    const inside = (labels: JsonObject) => values.includes(String(labels[among[1]!] ?? '\0'))
    return among[2] === 'in' ? inside : labels => !inside(labels)
  }
  const equal = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/.exec(text)
  if (equal) {
    const [, key, operator, value] = equal
    return operator === '!=' ? labels => labels[key!] !== value : labels => labels[key!] === value
  }
  const there = /^(!?)([^\s!=,()]+)$/.exec(text)
  if (there) return labels => Object.hasOwn(labels, there[2]!) === (there[1] === '')
  throw new ApiError(400, `unable to parse requirement: ${text}`)
}

/** `metadata.name=a,status.phase!=Running`. Events and Pods are asked by more than that; whatever path is named is read. */
export function fieldMatcher(selector: string | null): Matches {
  if (selector === null || selector.trim() === '') return () => true
  const tests = selector.split(',').map(part => {
    const match = /^([\w.]+)\s*(==|=|!=)\s*(.*)$/.exec(part.trim())
    if (!match) throw new ApiError(400, `invalid field selector: ${part}`)
    const path = match[1]!.split('.')
    return (object: LiveObject) => ((textAt(object, ...path) ?? '') === match[3]) === (match[2] !== '!=')
  })
  return object => tests.every(test => test(object))
}

/** The selector of a workload or Service: a LabelSelector, or plain labels. An empty one chooses nothing. */
export function selects(selector: JsonObject, labels: JsonObject): boolean {
  const isLabelSelector = 'matchLabels' in selector || 'matchExpressions' in selector
  const plain = isLabelSelector ? objectAt(selector, 'matchLabels') : selector
  const expressions = isLabelSelector ? listAt(selector, 'matchExpressions') : []
  if (Object.keys(plain).length === 0 && expressions.length === 0) return false
  return (
    Object.entries(plain).every(([key, value]) => labels[key] === value) &&
    expressions.every(expression => {
      const key = textAt(expression, 'key') ?? ''
      const has = Object.hasOwn(labels, key)
      const inside = listAt(expression, 'values').includes(labels[key] ?? null)
      switch (textAt(expression, 'operator')) {
        case 'In':
          return has && inside
        case 'NotIn':
          return !has || !inside
        case 'Exists':
          return has
        case 'DoesNotExist':
          return !has
        default:
          return false
      }
    })
  )
}
