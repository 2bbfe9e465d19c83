import type { MessageKey, MessageParams } from '../../messages/index.ts'
import { translate } from '../../messages/index.ts'

/** A value as Go templates hold it. A bigint is Go's int and int64, a number is float64, a Map is a dict. */
export type Value = null | boolean | bigint | number | string | Value[] | Dict | GoObject
export type Dict = Map<string, Value>

/** What is not plain data: `.Chart`, `.Files`, a time. A field that is not there is an error, as in a Go struct. */
export class GoObject {
  readonly type: string
  readonly fields: ReadonlyMap<string, Value>
  readonly methods: ReadonlyMap<string, (args: readonly Value[]) => Value>
  /** As Go prints it. */
  readonly text: string
  /** What is empty counts as false: `.Files` of a chart without files. */
  readonly truth: boolean
  /** Milliseconds since 1970 in UTC, for a time. */
  readonly time: number | undefined
  /** What `range` goes over, for what is a map or a list underneath. */
  readonly entries: Dict | Value[] | undefined

  constructor(init: {
    type: string
    fields?: ReadonlyMap<string, Value>
    methods?: ReadonlyMap<string, (args: readonly Value[]) => Value>
    text?: string
    truth?: boolean
    time?: number
    entries?: Dict | Value[]
  }) {
    this.type = init.type
    this.fields = init.fields ?? new Map()
    this.methods = init.methods ?? new Map()
    this.text = init.text ?? `{${[...this.fields.values()].map(value => printValue(value)).join(' ')}}`
    this.truth = init.truth ?? true
    this.time = init.time
    this.entries = init.entries
  }
}

/** Where in a template something went wrong. */
export type TemplatePlace = { readonly file: string; readonly line: number }

/** A template that Helm would fail at: what it is, and the innermost place once that is known. */
export class TemplateError extends Error {
  readonly key: MessageKey
  readonly params: MessageParams
  place: TemplatePlace | undefined

  constructor(key: MessageKey, params: MessageParams = {}, place?: TemplatePlace) {
    super(translate('en', { key, params }))
    this.name = 'TemplateError'
    this.key = key
    this.params = params
    this.place = place
  }
}

export const isDict = (value: Value | undefined): value is Dict => value instanceof Map
export const isList = (value: Value | undefined): value is Value[] => Array.isArray(value)

/** Go's truth: false, 0, nil and what is empty are false. The same as Sprig's `empty`, turned around. */
export function isTrue(value: Value | undefined): boolean {
  if (value === null || value === undefined) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (isList(value)) return value.length > 0
  if (isDict(value)) return value.size > 0
  return value.truth
}

/** The name Go's `%T` prints. */
export function typeName(value: Value | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int64'
  if (typeof value === 'number') return 'float64'
  if (isList(value)) return '[]interface {}'
  if (isDict(value)) return 'map[string]interface {}'
  return value.type
}

/** The name Sprig's `kindOf` gives. */
export function kindName(value: Value | undefined): string {
  if (value === null || value === undefined) return 'invalid'
  if (isList(value)) return 'slice'
  if (isDict(value)) return 'map'
  if (value instanceof GoObject) return value.entries ? 'map' : 'struct'
  return typeName(value)
}

/** Go sorts map keys by bytes of UTF-8; code points go the same way, UTF-16 units do not. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const left = Array.from(a, char => char.codePointAt(0)!)
  const right = Array.from(b, char => char.codePointAt(0)!)
  for (let index = 0; index < left.length && index < right.length; index += 1)
    if (left[index] !== right[index]) return left[index]! - right[index]!
  return left.length - right.length
}

export const sortedEntries = (dict: Dict): [string, Value][] => [...dict].sort(([a], [b]) => compareText(a, b))

/** `%v` of Go's fmt: maps in the order of their keys, floats as `%g`. */
export function printValue(value: Value | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return printFloat(value)
  if (typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(item => printValue(item)).join(' ')}]`
  if (isDict(value))
    return `map[${sortedEntries(value)
      .map(([key, item]) => `${key}:${printValue(item)}`)
      .join(' ')}]`
  return value.text
}

/** strconv.FormatFloat(value, 'g', -1, 64): an exponent from 1e6 on, and below 1e-4. */
export function printFloat(value: number, limit = 6): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa, power] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= limit)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return plainDecimal(value)
}

/** All digits and no exponent. */
export function plainDecimal(value: number): string {
  const [mantissa, power] = Math.abs(value).toExponential().split('e')
  const digits = mantissa!.replace('.', '')
  const exponent = Number(power)
  const sign = value < 0 ? '-' : ''
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0')
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/** reflect.DeepEqual. */
export function deepEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]))
  if (isDict(a))
    return isDict(b) && a.size === b.size && [...a].every(([key, item]) => b.has(key) && deepEqual(item, b.get(key)))
  return false
}

/** Sprig's `strval`: what most functions make of anything that should be text. */
export const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : printValue(value))
