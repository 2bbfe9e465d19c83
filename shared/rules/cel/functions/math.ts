import { type CelFunction, define, type Implementation, noOverload } from '../function-table.ts'
import {
  CelUint,
  type CelValue,
  compare,
  double,
  doubleOf,
  fail,
  int,
  isDouble,
  isInt,
  isList,
  numberOf,
  uint,
} from '../value.ts'

const types = ['int', 'uint', 'double']
const pick = (name: 'greatest' | 'least'): CelFunction =>
  define(
    types.flatMap(a => [
      `math:${name}(${a}) ${a}`,
      ...types.map(b => `math:${name}(${a}, ${b}) ${a === b ? a : 'dyn'}`),
      `math:${name}(list(${a})) ${a}`,
    ]),
    (args, pay) => {
      const [first] = args
      const items = args.length === 1 && isList(first as CelValue) ? (first as readonly CelValue[]) : args
      pay(items.length)
      if (items.length === 0) return fail('rule.celEmptyList', { name: `math.${name}` })
      let best = items[0] as CelValue
      for (const item of items) {
        if (numberOf(item) === undefined) return noOverload(`math.${name}`, args)
        const order = compare(item, best) as number
        if (name === 'greatest' ? order > 0 : order < 0) best = item
      }
      return best
    },
  )

const ofDouble = (name: string, result: 'double' | 'bool', call: (value: number) => CelValue): CelFunction =>
  define([`math:${name}(double) ${result}`], ([value]) =>
    isDouble(value as CelValue) ? call(doubleOf(value as never)) : noOverload(`math.${name}`, [value as CelValue]),
  )

/** Two's complement of 64 bits, where a bit pattern is asked for. */
const bits = (name: string, call: (a: bigint, b: bigint) => bigint): CelFunction =>
  define([`math:${name}(int, int) int`, `math:${name}(uint, uint) uint`], args => {
    const [a, b] = args as [CelValue, CelValue]
    if (isInt(a) && isInt(b)) return int(BigInt.asIntN(64, call(BigInt(a), BigInt(b))))
    if (a instanceof CelUint && b instanceof CelUint) return uint(BigInt.asUintN(64, call(a.value, b.value)))
    return noOverload(`math.${name}`, args)
  })
const shift = (name: 'bitShiftLeft' | 'bitShiftRight'): CelFunction =>
  define([`math:${name}(int, int) int`, `math:${name}(uint, int) uint`], args => {
    const [value, by] = args as [CelValue, CelValue]
    if (!isInt(by) || !(isInt(value) || value instanceof CelUint)) return noOverload(`math.${name}`, args)
    if (by < 0) return fail('rule.celNegativeShift')
    const signed = !(value instanceof CelUint)
    if (by >= 64) return signed ? 0 : uint(0n)
    const pattern = BigInt.asUintN(64, signed ? BigInt(value as number) : value.value)
    const shifted = name === 'bitShiftLeft' ? pattern << BigInt(by) : pattern >> BigInt(by)
    return signed ? int(BigInt.asIntN(64, shifted)) : uint(BigInt.asUintN(64, shifted))
  })

const abs: Implementation = args => {
  const [value] = args as [CelValue]
  if (isInt(value)) {
    if (typeof value === 'number') return Math.abs(value)
    return value < 0n ? int(-value) : value
  }
  if (isDouble(value)) return double(Math.abs(doubleOf(value)))
  return value instanceof CelUint ? value : noOverload('math.abs', args)
}
const sign: Implementation = args => {
  const [value] = args as [CelValue]
  if (isInt(value)) return value > 0 ? 1 : value < 0 ? -1 : 0
  if (isDouble(value)) return double(Math.sign(doubleOf(value)))
  return value instanceof CelUint ? uint(value.value > 0n ? 1n : 0n) : noOverload('math.sign', args)
}
const each = (name: string): string[] => types.map(type => `math:${name}(${type}) ${type}`)

export const mathFunctions: readonly CelFunction[] = [
  pick('greatest'),
  pick('least'),
  ofDouble('ceil', 'double', value => double(Math.ceil(value))),
  ofDouble('floor', 'double', value => double(Math.floor(value))),
  // Halves go away from zero, as Go's do.
  ofDouble('round', 'double', value => double(Math.sign(value) * Math.round(Math.abs(value)))),
  ofDouble('trunc', 'double', value => double(Math.trunc(value))),
  ofDouble('isNaN', 'bool', value => Number.isNaN(value)),
  ofDouble('isInf', 'bool', value => Math.abs(value) === Infinity),
  ofDouble('isFinite', 'bool', value => Number.isFinite(value)),
  define(['math:sqrt(int) double', 'math:sqrt(uint) double', 'math:sqrt(double) double'], ([value]) => {
    const number = numberOf(value as CelValue)
    return number === undefined ? noOverload('math.sqrt', [value as CelValue]) : double(Math.sqrt(Number(number)))
  }),
  define(each('abs'), abs),
  define(each('sign'), sign),
  bits('bitAnd', (a, b) => a & b),
  bits('bitOr', (a, b) => a | b),
  bits('bitXor', (a, b) => a ^ b),
  define(['math:bitNot(int) int', 'math:bitNot(uint) uint'], args => {
    const [value] = args as [CelValue]
    if (isInt(value)) return int(~BigInt(value))
    return value instanceof CelUint ? uint(BigInt.asUintN(64, ~value.value)) : noOverload('math.bitNot', args)
  }),
  shift('bitShiftLeft'),
  shift('bitShiftRight'),
]
