import { type CelFunction, define, noOverload } from '../function-table.ts'
import {
  CelDuration,
  CelTimestamp,
  CelUint,
  type CelValue,
  compare,
  double,
  doubleOf,
  equals,
  fail,
  int,
  isDouble,
  isInt,
  isList,
  isMap,
  mapGet,
  uint,
} from '../value.ts'
import { duration, timestamp } from './time.ts'

type Name = '+' | '-' | '*' | '/' | '%'

/** Arithmetic of ints, exactly: through `bigint` where a `number` would lose digits. */
function onInts(name: Name, a: number | bigint, b: number | bigint): CelValue {
  if (name === '/' || name === '%') {
    if (Number(b) === 0) return fail(name === '/' ? 'rule.celDivisionByZero' : 'rule.celModulusByZero')
    if (typeof a === 'number' && typeof b === 'number') return (name === '/' ? Math.trunc(a / b) : a % b) + 0
    return int(name === '/' ? BigInt(a) / BigInt(b) : BigInt(a) % BigInt(b))
  }
  if (typeof a === 'number' && typeof b === 'number') {
    const result = name === '+' ? a + b : name === '-' ? a - b : a * b
    if (Number.isSafeInteger(result)) return result + 0
  }
  const x = BigInt(a)
  const y = BigInt(b)
  return int(name === '+' ? x + y : name === '-' ? x - y : x * y)
}
function onUints(name: Name, a: bigint, b: bigint): CelValue {
  if ((name === '/' || name === '%') && b === 0n)
    return fail(name === '/' ? 'rule.celDivisionByZero' : 'rule.celModulusByZero')
  return uint(name === '+' ? a + b : name === '-' ? a - b : name === '*' ? a * b : name === '/' ? a / b : a % b)
}
const onDoubles = (name: Name, a: number, b: number): CelValue =>
  double(name === '+' ? a + b : name === '-' ? a - b : name === '*' ? a * b : a / b)

/**
 * `a name b`. `loose` is for facts: JSON tells no int from a double, so 200 stands where 200.5 would, and a whole number
 * beside a double is a double.
 */
export function arithmetic(name: Name, a: CelValue, b: CelValue, loose: boolean): CelValue {
  if (isInt(a)) {
    if (isInt(b)) return onInts(name, a, b)
    if (loose && name !== '%' && isDouble(b)) return onDoubles(name, Number(a), doubleOf(b))
  } else if (isDouble(a) && name !== '%') {
    if (isDouble(b)) return onDoubles(name, doubleOf(a), doubleOf(b))
    if (loose && isInt(b)) return onDoubles(name, doubleOf(a), Number(b))
  } else if (a instanceof CelUint) {
    if (b instanceof CelUint) return onUints(name, a.value, b.value)
  } else if (name === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (isList(a) && isList(b)) return [...a, ...b]
    if (a instanceof Uint8Array && b instanceof Uint8Array) {
      const joined = new Uint8Array(a.length + b.length)
      joined.set(a)
      joined.set(b, a.length)
      return joined
    }
    if (a instanceof CelTimestamp && b instanceof CelDuration) return timestamp(a.nanos + b.nanos)
    if (a instanceof CelDuration && b instanceof CelTimestamp) return timestamp(a.nanos + b.nanos)
    if (a instanceof CelDuration && b instanceof CelDuration) return duration(a.nanos + b.nanos)
  } else if (name === '-') {
    if (a instanceof CelTimestamp && b instanceof CelTimestamp) return duration(a.nanos - b.nanos)
    if (a instanceof CelTimestamp && b instanceof CelDuration) return timestamp(a.nanos - b.nanos)
    if (a instanceof CelDuration && b instanceof CelDuration) return duration(a.nanos - b.nanos)
  }
  return noOverload(`_${name}_`, [a, b])
}

function negate(value: CelValue): CelValue {
  if (isInt(value)) return typeof value === 'number' ? 0 - value : int(-value)
  if (isDouble(value)) return double(-doubleOf(value))
  return noOverload('-_', [value])
}

export type Order = '<' | '<=' | '>' | '>='
export function ordered(name: Order, a: CelValue, b: CelValue): CelValue {
  const order = compare(a, b)
  if (order === undefined) return noOverload(`_${name}_`, [a, b])
  return name === '<' ? order < 0 : name === '<=' ? order <= 0 : name === '>' ? order > 0 : order >= 0
}

export function contains(item: CelValue, within: CelValue): CelValue {
  if (isList(within)) return within.some(other => equals(other, item))
  if (isMap(within)) return mapGet(within, item) !== undefined
  return noOverload('@in', [item, within])
}

/** The size a value is paid for by. */
export const lengthOf = (value: CelValue): number =>
  typeof value === 'string' || isList(value) || value instanceof Uint8Array ? value.length : 1

const plain = ['int', 'uint', 'double']
const numeric = (name: string): string[] => plain.map(type => `${name}(${type}, ${type}) ${type}`)
const operator = (name: Name, ...more: readonly string[]): CelFunction =>
  define(
    [...(name === '%' ? ['_%_(int, int) int', '_%_(uint, uint) uint'] : numeric(`_${name}_`)), ...more],
    (args, pay) => {
      const [a, b] = args as [CelValue, CelValue]
      if (name === '+') pay(lengthOf(a) + lengthOf(b))
      return arithmetic(name, a, b, false)
    },
  )
const comparable = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
const comparison = (name: Order): CelFunction =>
  define(
    [
      ...comparable.map(type => `_${name}_(${type}, ${type}) bool`),
      ...plain.flatMap(a => plain.filter(b => a !== b).map(b => `_${name}_(${a}, ${b}) bool`)),
    ],
    args => ordered(name, args[0] as CelValue, args[1] as CelValue),
  )

export const operators: readonly CelFunction[] = [
  operator(
    '+',
    '_+_(string, string) string',
    '_+_(bytes, bytes) bytes',
    '_+_(list(A), list(A)) list(A)',
    '_+_(timestamp, duration) timestamp',
    '_+_(duration, timestamp) timestamp',
    '_+_(duration, duration) duration',
  ),
  operator(
    '-',
    '_-_(timestamp, timestamp) duration',
    '_-_(timestamp, duration) timestamp',
    '_-_(duration, duration) duration',
  ),
  operator('*'),
  operator('/'),
  operator('%'),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
  define(['-_(int) int', '-_(double) double'], ([value]) => negate(value as CelValue)),
  define(['!_(bool) bool'], ([value]) => (typeof value === 'boolean' ? !value : noOverload('!_', [value as CelValue]))),
  define(['_==_(A, A) bool'], ([a, b], pay) => {
    pay(Math.min(lengthOf(a as CelValue), lengthOf(b as CelValue)))
    return equals(a as CelValue, b as CelValue)
  }),
  define(['_!=_(A, A) bool'], ([a, b], pay) => {
    pay(Math.min(lengthOf(a as CelValue), lengthOf(b as CelValue)))
    return !equals(a as CelValue, b as CelValue)
  }),
  define(['@in(A, list(A)) bool', '@in(A, map(A, B)) bool'], ([item, within], pay) => {
    pay(isList(within as CelValue) ? lengthOf(within as CelValue) : 1)
    return contains(item as CelValue, within as CelValue)
  }),
]
