import { type CelFunction, define, noOverload } from '../function-table.ts'
import {
  CelDuration,
  CelTimestamp,
  CelType,
  CelUint,
  type CelValue,
  double,
  doubleOf,
  fail,
  int,
  isDouble,
  isInt,
  overflow,
  typeNameOf,
  uint,
} from '../value.ts'
import { printDuration, printTimestamp, readDuration, readTimestamp, secondsOf, timestamp } from './time.ts'

const bad = (text: string, type: string): CelValue => fail('rule.celConversion', { text: text.slice(0, 60), type })

function toInt(value: CelValue): CelValue {
  if (isInt(value)) return value
  if (isDouble(value)) {
    const number = doubleOf(value)
    // As cel-go: the bounds themselves are refused, since not every int near them is a double.
    return Number.isFinite(number) && Math.abs(number) < 2 ** 63 ? int(BigInt(Math.trunc(number))) : overflow()
  }
  if (value instanceof CelUint) return int(value.value)
  if (value instanceof CelTimestamp) return int(secondsOf(value.nanos))
  if (value instanceof CelDuration) return int(value.nanos)
  if (typeof value === 'string')
    return /^[+-]?\d{1,30}$/.test(value) ? int(BigInt(value.replace('+', ''))) : bad(value, 'int')
  return noOverload('int', [value])
}
function toUint(value: CelValue): CelValue {
  if (value instanceof CelUint) return value
  if (isInt(value)) return uint(BigInt(value))
  if (isDouble(value)) {
    const number = doubleOf(value)
    return number > -1 && number < 2 ** 64 ? uint(BigInt(Math.trunc(number))) : overflow()
  }
  if (typeof value === 'string') return /^\d{1,30}$/.test(value) ? uint(BigInt(value)) : bad(value, 'uint')
  return noOverload('uint', [value])
}
const special: { readonly [text: string]: number } = {
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-infinity': -Infinity,
  nan: Number.NaN,
}
function toDouble(value: CelValue): CelValue {
  if (isDouble(value)) return value
  if (isInt(value)) return double(Number(value))
  if (value instanceof CelUint) return double(Number(value.value))
  if (typeof value === 'string') {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return double(Number(value))
    const known = special[value.toLowerCase()]
    return known === undefined ? bad(value, 'double') : double(known)
  }
  return noOverload('double', [value])
}
/** A double as Go prints it: `%g` with the shortest digits that read back the same. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  if (exponent >= -5 && exponent < 21) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not UTF-8: the caller says so.
    return undefined
  }
}
function toText(value: CelValue): CelValue {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (isInt(value)) return String(value)
  if (isDouble(value)) return printDouble(doubleOf(value))
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof Uint8Array) return utf8(value) ?? fail('rule.celNotUtf8')
  if (value instanceof CelTimestamp) return printTimestamp(value)
  if (value instanceof CelDuration) return printDuration(value)
  return noOverload('string', [value])
}
function toBool(value: CelValue): CelValue {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return noOverload('bool', [value])
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value) ? false : bad(value, 'bool')
}
function toTimestamp(value: CelValue): CelValue {
  if (value instanceof CelTimestamp) return value
  if (isInt(value)) return timestamp(BigInt(value) * 1_000_000_000n)
  return typeof value === 'string' ? readTimestamp(value) : noOverload('timestamp', [value])
}
function toDuration(value: CelValue): CelValue {
  if (value instanceof CelDuration) return value
  if (isInt(value)) return new CelDuration(BigInt(value))
  return typeof value === 'string' ? readDuration(value) : noOverload('duration', [value])
}

const convert = (name: string, from: readonly string[], call: (value: CelValue) => CelValue): CelFunction =>
  define(
    from.map(type => `${name}(${type}) ${name}`),
    ([value]) => call(value as CelValue),
  )
export const conversions: readonly CelFunction[] = [
  convert('int', ['int', 'uint', 'double', 'string', 'timestamp', 'duration'], toInt),
  convert('uint', ['uint', 'int', 'double', 'string'], toUint),
  convert('double', ['double', 'int', 'uint', 'string'], toDouble),
  convert('string', ['string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration'], toText),
  convert('bool', ['bool', 'string'], toBool),
  convert('bytes', ['bytes', 'string'], value =>
    typeof value === 'string'
      ? new TextEncoder().encode(value)
      : value instanceof Uint8Array
        ? value
        : noOverload('bytes', [value]),
  ),
  convert('timestamp', ['timestamp', 'string', 'int'], toTimestamp),
  convert('duration', ['duration', 'string', 'int'], toDuration),
  define(['dyn(A) dyn'], ([value]) => value as CelValue),
  define(['type(A) type(A)'], ([value]) => new CelType(typeNameOf(value as CelValue))),
]
