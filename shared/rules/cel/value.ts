import type { Message } from '../../messages/index.ts'
import type { Type } from './type.ts'

/**
 * Values as they are at run time. JSON needs no conversion: its objects are maps, its arrays lists.
 *
 * | CEL | here |
 * | --- | --- |
 * | int | a whole `number` where it is safe, else `bigint` |
 * | double | a `number` that is not whole; `CelDouble` where it is |
 * | uint | `CelUint` |
 * | map | `CelMap`, or a plain object of JSON |
 */
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CelValue[]
  | JsonMap
  | CelDouble
  | CelUint
  | CelMap
  | CelTimestamp
  | CelDuration
  | CelType
  | CelOptional
  | CelMessage
  | Failure
export type JsonMap = { readonly [key: string]: CelValue }

/** What an evaluation comes to instead of a value. It travels as a value, so that `true || failure` is true. */
export abstract class Failure {
  abstract readonly kind: 'missing' | 'error'
}
/** Not known: what would have to be there, as written (`user.Age`). */
export class Missing extends Failure {
  readonly kind = 'missing'
  readonly paths: readonly string[]
  /** A fact that was not given at all, so that nothing is known of what is in it. */
  readonly whole: boolean
  constructor(paths: readonly string[], whole = false) {
    super()
    this.paths = paths
    this.whole = whole
  }
}
/** Wrong: a division by zero, a key that a literal does not have. */
export class CelError extends Failure {
  readonly kind = 'error'
  readonly message: Message
  constructor(message: Message) {
    super()
    this.message = message
  }
}
/** Thrown, since nothing may absorb it. */
export class CostExceeded extends Error {}

export class CelDouble {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}
export class CelUint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}
/** Nanoseconds since 1970 in UTC. */
export class CelTimestamp {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}
export class CelDuration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}
export class CelType {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
export class CelOptional {
  readonly value: CelValue | undefined
  constructor(value: CelValue | undefined) {
    this.value = value
  }
  static readonly none = new CelOptional(undefined)
}
export type MessageField = {
  readonly type: Type
  /** What an unset field reads as. */
  readonly unset: CelValue
  /** The value as the field keeps it; `undefined` unsets it, a failure refuses it. */
  accept(value: CelValue): CelValue | undefined
}
/** A kind of message that expressions may make and read, as the environment declares it. */
export type MessageType = {
  readonly name: string
  readonly fields: ReadonlyMap<string, MessageField>
  /** What the checker takes one for, where that is no message. */
  readonly type?: Type
  /** What making one comes to, where that is no message: `google.protobuf.Int64Value{value: 1}` is 1. */
  unwrap?(fields: ReadonlyMap<string, CelValue>): CelValue
}
/** An instance of a declared message; fields that were not set are absent. */
export class CelMessage {
  readonly type: MessageType
  readonly fields: ReadonlyMap<string, CelValue>
  constructor(type: MessageType, fields: ReadonlyMap<string, CelValue>) {
    this.type = type
    this.fields = fields
  }
}
/** Keys are equal across int, uint and double, as CEL has it. */
export class CelMap {
  readonly #entries = new Map<unknown, readonly [CelValue, CelValue]>()
  get size(): number {
    return this.#entries.size
  }
  get(key: CelValue): CelValue | undefined {
    return this.#entries.get(keyOf(key))?.[1]
  }
  has(key: CelValue): boolean {
    return this.#entries.has(keyOf(key))
  }
  set(key: CelValue, value: CelValue): void {
    this.#entries.set(keyOf(key), [key, value])
  }
  keys(): CelValue[] {
    return [...this.#entries.values()].map(([key]) => key)
  }
}
/** A whole number is the same key however it is typed; keys of no map are equal to nothing. */
function keyOf(key: CelValue): unknown {
  if (key instanceof CelDouble) return Object.is(key.value, -0) ? 0 : wholeKey(key.value)
  if (key instanceof CelUint) return key.value <= maxSafe ? Number(key.value) : key.value
  return key
}
const wholeKey = (value: number): number | bigint => (Number.isSafeInteger(value) ? value : BigInt(value))

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)
const minInt = -(2n ** 63n)
const maxInt = 2n ** 63n - 1n
const maxUint = 2n ** 64n - 1n

export const fail = (key: Message['key'], params: Message['params'] = {}): CelError => new CelError({ key, params })
export const overflow = (): CelError => fail('rule.celOverflow')

export const double = (value: number): CelValue => (Number.isInteger(value) ? new CelDouble(value) : value)
export function int(value: bigint): CelValue {
  if (value >= -maxSafe && value <= maxSafe) return Number(value)
  return value < minInt || value > maxInt ? overflow() : value
}
export const uint = (value: bigint): CelValue => (value < 0n || value > maxUint ? overflow() : new CelUint(value))

export const isInt = (value: CelValue): value is number | bigint =>
  typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint'
export const isDouble = (value: CelValue): value is number | CelDouble =>
  typeof value === 'number' ? !Number.isInteger(value) : value instanceof CelDouble
export const doubleOf = (value: number | CelDouble): number => (typeof value === 'number' ? value : value.value)
/** Any number as JavaScript compares it: exactly, also a `bigint` with a `number`. */
export function numberOf(value: CelValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof CelDouble || value instanceof CelUint) return value.value
  return undefined
}

/** A JSON object: nothing else that JavaScript has may pass for one. */
export function isJsonMap(value: unknown): value is JsonMap {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
export const isMap = (value: CelValue): value is CelMap | JsonMap => value instanceof CelMap || isJsonMap(value)
export function mapGet(map: CelMap | JsonMap, key: CelValue): CelValue | undefined {
  if (map instanceof CelMap) return map.get(key)
  return typeof key === 'string' && Object.hasOwn(map, key) ? (map as JsonMap)[key] : undefined
}
export const mapKeys = (map: CelMap | JsonMap): CelValue[] => (map instanceof CelMap ? map.keys() : Object.keys(map))
export const isList = (value: CelValue): value is readonly CelValue[] => Array.isArray(value)

export function typeNameOf(value: CelValue): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'double'
    case 'bigint':
      return 'int'
    case 'string':
      return 'string'
  }
  if (value === null) return 'null_type'
  if (Array.isArray(value)) return 'list'
  if (value instanceof CelDouble) return 'double'
  if (value instanceof CelUint) return 'uint'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp'
  if (value instanceof CelDuration) return 'google.protobuf.Duration'
  if (value instanceof CelType) return 'type'
  if (value instanceof CelOptional) return 'optional_type'
  if (value instanceof CelMessage) return value.type.name
  return 'map'
}

/** CEL's equality: numbers by value whatever their type, everything else only within its type. */
export function equals(a: CelValue, b: CelValue): boolean {
  if (a === b) return true
  const x = numberOf(a)
  if (x !== undefined) {
    const y = numberOf(b)
    // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are compared by value
    return y !== undefined && x == y
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equals(item, b[i]))
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanos === b.nanos
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos
  if (a instanceof CelType) return b instanceof CelType && a.name === b.name
  if (a instanceof CelOptional) {
    if (!(b instanceof CelOptional)) return false
    return a.value === undefined || b.value === undefined ? a.value === b.value : equals(a.value, b.value)
  }
  if (a instanceof CelMessage) {
    if (!(b instanceof CelMessage) || a.type.name !== b.type.name || a.fields.size !== b.fields.size) return false
    return [...a.fields].every(([name, value]) => {
      const other = b.fields.get(name)
      return other !== undefined && equals(value, other)
    })
  }
  if (!isMap(a) || !isMap(b)) return false
  const keys = mapKeys(a)
  if (keys.length !== (b instanceof CelMap ? b.size : Object.keys(b).length)) return false
  return keys.every(key => {
    const other = mapGet(b, key)
    return other !== undefined && equals(mapGet(a, key) as CelValue, other)
  })
}

/** Negative, zero or positive; `undefined` where the two have no order (NaN gives NaN). */
export function compare(a: CelValue, b: CelValue): number | undefined {
  let x = numberOf(a)
  if (x !== undefined) {
    let y = numberOf(b)
    if (y === undefined) return undefined
    // Beside a double a large int is what a double can hold of it: the specification's order, though not its equality.
    if (typeof x === 'bigint' && isDouble(b)) x = Number(x)
    if (typeof y === 'bigint' && isDouble(a)) y = Number(y)
    // biome-ignore lint/suspicious/noDoubleEquals: as in equals
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : Number.NaN
  }
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : undefined
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp ? sign(a.nanos - b.nanos) : undefined
  if (a instanceof CelDuration) return b instanceof CelDuration ? sign(a.nanos - b.nanos) : undefined
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return undefined
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return a.length - b.length
}
const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0)
/** By code point, which UTF-16 units are not ordered by. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  let i = 0
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i >= a.length || i >= b.length) return a.length - b.length
  const x = a.charCodeAt(i)
  const y = b.charCodeAt(i)
  const high = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000
  return high(x) === high(y) ? x - y : high(x) ? 1 : -1
}
