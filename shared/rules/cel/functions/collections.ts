import { type CelFunction, define, noOverload } from '../function-table.ts'
import {
  CelDouble,
  CelOptional,
  CelUint,
  type CelValue,
  compare,
  equals,
  fail,
  isDouble,
  isInt,
  isList,
  isMap,
  mapKeys,
  numberOf,
} from '../value.ts'
import { arithmetic } from './operators.ts'

const list = (value: CelValue | undefined): readonly CelValue[] | null =>
  value !== undefined && isList(value) ? value : null

function flatten(items: readonly CelValue[], depth: number): CelValue[] {
  return items.flatMap(item => (isList(item) ? (depth > 1 ? flatten(item, depth - 1) : [...item]) : [item]))
}
const hasEvery = (within: readonly CelValue[], items: readonly CelValue[]): boolean =>
  items.every(item => within.some(other => equals(other, item)))
const sets = (name: string, call: (a: readonly CelValue[], b: readonly CelValue[]) => boolean): CelFunction =>
  define([`sets:${name}(list(A), list(A)) bool`], (args, pay) => {
    const [a, b] = [list(args[0]), list(args[1])]
    if (!a || !b) return noOverload(`sets.${name}`, args)
    pay(a.length * b.length)
    return call(a, b)
  })
const extreme = (name: 'min' | 'max'): CelFunction =>
  define([`list(A).${name}() A`], (args, pay) => {
    const items = list(args[0])
    if (!items) return noOverload(name, args)
    if (items.length === 0) return fail('rule.celEmptyList', { name })
    pay(items.length)
    let best = items[0] as CelValue
    for (const item of items) {
      const order = compare(item, best)
      if (order === undefined) return noOverload(name, [item, best])
      if (name === 'max' ? order > 0 : order < 0) best = item
    }
    return best
  })

/** Lists and sets beyond the core: cel-go's extensions and the list functions of Kubernetes. */
export const collectionFunctions: readonly CelFunction[] = [
  sets('contains', hasEvery),
  sets('equivalent', (a, b) => hasEvery(a, b) && hasEvery(b, a)),
  sets('intersects', (a, b) => a.some(item => b.some(other => equals(item, other)))),
  define(['list(A).distinct() list(A)'], (args, pay) => {
    const items = list(args[0])
    if (!items) return noOverload('distinct', args)
    const kept: CelValue[] = []
    for (const item of items) {
      pay(kept.length)
      if (!kept.some(other => equals(other, item))) kept.push(item)
    }
    return kept
  }),
  define(['list(dyn).flatten() list(dyn)', 'list(dyn).flatten(int) list(dyn)'], (args, pay) => {
    const items = list(args[0])
    const depth = args[1] ?? 1
    if (!items || !isInt(depth)) return noOverload('flatten', args)
    const flat = flatten(items, Math.min(Number(depth), 100))
    pay(flat.length)
    return flat
  }),
  define(['list(A).sort() list(A)'], (args, pay) => {
    const items = list(args[0])
    if (!items) return noOverload('sort', args)
    pay(items.length * 10)
    const odd = items.find(item => compare(item, items[0] as CelValue) === undefined)
    return odd === undefined
      ? [...items].sort((a, b) => compare(a, b) as number)
      : noOverload('sort', [items[0] as CelValue, odd])
  }),
  define(['list(A).slice(int, int) list(A)'], args => {
    const items = list(args[0])
    const [, from, to] = args as [CelValue, CelValue, CelValue]
    if (!items || !isInt(from) || !isInt(to)) return noOverload('slice', args)
    if (from < 0 || to > items.length || from > to) return fail('rule.celIndexRange', { index: `${from}:${to}` })
    return items.slice(Number(from), Number(to))
  }),
  define(['list(A).first() optional(A)'], args => {
    const items = list(args[0])
    return items ? (items.length === 0 ? CelOptional.none : new CelOptional(items[0])) : noOverload('first', args)
  }),
  define(['list(A).last() optional(A)'], args => {
    const items = list(args[0])
    return items ? (items.length === 0 ? CelOptional.none : new CelOptional(items.at(-1))) : noOverload('last', args)
  }),
  define(['lists:range(int) list(int)'], (args, pay) => {
    const [count] = args as [CelValue]
    if (!isInt(count)) return noOverload('lists.range', args)
    pay(Math.max(0, Number(count)))
    return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => index)
  }),
  define(['list(A).sum() A'], (args, pay) => {
    const items = list(args[0])
    if (!items) return noOverload('sum', args)
    pay(items.length)
    return items.length === 0
      ? 0
      : items.slice(1).reduce((sum, item) => arithmetic('+', sum, item, true), items[0] as CelValue)
  }),
  extreme('min'),
  extreme('max'),
  define(['list(A).isSorted() bool'], (args, pay) => {
    const items = list(args[0])
    if (!items) return noOverload('isSorted', args)
    pay(items.length)
    return items.every((item, index) => index === 0 || (compare(items[index - 1] as CelValue, item) ?? 1) <= 0)
  }),
]

/** What `optional.ofNonZeroValue` takes for nothing. */
function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '') return true
  if (value instanceof CelDouble || value instanceof CelUint || isInt(value) || isDouble(value))
    return Number(numberOf(value)) === 0
  if (isList(value) || value instanceof Uint8Array) return value.length === 0
  if (typeof value !== 'object') return false
  if ('nanos' in value && typeof value.nanos === 'bigint') return value.nanos === 0n
  if (value instanceof CelOptional) return value.value === undefined
  return isMap(value)
    ? mapKeys(value).length === 0
    : 'fields' in value && value.fields instanceof Map && value.fields.size === 0
}

export const optionalFunctions: readonly CelFunction[] = [
  define(['optional:of(A) optional(A)'], ([value]) => new CelOptional(value)),
  define(['optional:ofNonZeroValue(A) optional(A)'], ([value]) =>
    isZero(value as CelValue) ? CelOptional.none : new CelOptional(value),
  ),
  define(['optional:none() optional(A)'], () => CelOptional.none),
  define(['optional(A).hasValue() bool'], args =>
    args[0] instanceof CelOptional ? args[0].value !== undefined : noOverload('hasValue', args),
  ),
  define(['optional(A).value() A'], args =>
    args[0] instanceof CelOptional ? (args[0].value ?? noValue(args[0])) : noOverload('value', args),
  ),
  define(['optional(A).or(optional(A)) optional(A)'], args => {
    const [first, other] = args
    if (!(first instanceof CelOptional) || !(other instanceof CelOptional)) return noOverload('or', args)
    return first.value === undefined ? other : first
  }),
  define(['optional(A).orValue(A) A'], args => {
    const [first, other] = args
    if (!(first instanceof CelOptional)) return noOverload('orValue', args)
    return first.value === undefined ? (other as CelValue) : first.value
  }),
]
/** `null` is a value that an optional may hold. */
const noValue = (optional: CelOptional): CelValue => (optional.value === undefined ? fail('rule.celNoValue') : null)
