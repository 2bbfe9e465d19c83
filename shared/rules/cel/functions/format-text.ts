import type { Meter } from '../function-table.ts'
import {
  CelDuration,
  CelError,
  CelTimestamp,
  CelType,
  CelUint,
  type CelValue,
  doubleOf,
  fail,
  isDouble,
  isInt,
  isList,
  isMap,
  mapGet,
  mapKeys,
  typeNameOf,
} from '../value.ts'
import { printDouble, utf8 } from './convert.ts'
import { printDuration, printTimestamp } from './time.ts'

/** `string.format` of the strings extension: `%s %d %f %e %b %o %x %X %%`. */
export function formatText(pattern: string, values: readonly CelValue[], pay: Meter): CelValue {
  let next = 0
  let failed: CelError | null = null
  const text = pattern.replace(/%(?:\.(\d*))?(.?)/gsu, (whole, digits: string | undefined, verb: string) => {
    if (failed) return ''
    if (verb === '%' && digits === undefined) return '%'
    if (!/^[sdfebox]$/i.test(verb) || /^[SDFEBO]$/.test(verb)) failed = fail('rule.celFormatVerb', { text: whole })
    else if (next >= values.length) failed = fail('rule.celIndexRange', { index: next })
    else {
      const precision = digits === undefined ? 6 : Number(digits)
      const result =
        precision > 100 ? fail('rule.celFormatVerb', { text: whole }) : one(verb, values[next++] as CelValue, precision)
      if (typeof result === 'string') {
        pay(result.length)
        return result
      }
      failed = result
    }
    return ''
  })
  return failed ?? text
}

const refused = (verb: string, value: CelValue): CelError =>
  fail('rule.celFormatType', { text: `%${verb}`, type: typeNameOf(value) })
const special = (number: number): string => (Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity')

function one(verb: string, value: CelValue, precision: number): string | CelError {
  const whole = isInt(value) ? BigInt(value) : value instanceof CelUint ? value.value : undefined
  switch (verb) {
    case 's':
      return plain(value)
    case 'd':
      if (whole !== undefined) return String(whole)
      return isDouble(value)
        ? Number.isFinite(doubleOf(value))
          ? printDouble(doubleOf(value))
          : special(doubleOf(value))
        : refused(verb, value)
    case 'b':
      return typeof value === 'boolean'
        ? String(Number(value))
        : whole === undefined
          ? refused(verb, value)
          : whole.toString(2)
    case 'o':
      return whole === undefined ? refused(verb, value) : whole.toString(8)
    case 'x':
    case 'X': {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
      const hex =
        whole === undefined
          ? bytes instanceof Uint8Array
            ? Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
            : undefined
          : whole.toString(16)
      if (hex === undefined) return refused(verb, value)
      return verb === 'X' ? hex.toUpperCase() : hex
    }
  }
  const number = isDouble(value) ? doubleOf(value) : whole === undefined ? undefined : Number(whole)
  if (number === undefined) return refused(verb, value)
  if (!Number.isFinite(number)) return special(number)
  if (verb === 'e') return number.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
  return fixed(number, precision)
}

/** As Go prints `%.nf`: a tie goes to the even digit, where JavaScript takes the larger. */
function fixed(number: number, precision: number): string {
  if (Math.abs(number) >= 1e21) return BigInt(number).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
  const long = number.toFixed(Math.min(100, precision + 30))
  const end = long.indexOf('.') + 1 + precision
  const kept = precision === 0 ? long.slice(0, end - 1) : long.slice(0, end)
  if (/^50*$/.test(long.slice(end)) && Number(kept.at(-1)) % 2 === 0) return kept
  return number.toFixed(precision)
}

function plain(value: CelValue): string | CelError {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || value === null) return String(value)
  if (isInt(value)) return String(value)
  if (value instanceof CelUint) return String(value.value)
  if (isDouble(value)) return Number.isFinite(doubleOf(value)) ? printDouble(doubleOf(value)) : special(doubleOf(value))
  if (value instanceof Uint8Array) return utf8(value) ?? fail('rule.celNotUtf8')
  if (value instanceof CelTimestamp) return printTimestamp(value)
  if (value instanceof CelDuration) return printDuration(value)
  if (value instanceof CelType) return value.name
  if (isList(value)) return joined(value.map(plain), '[', ']')
  if (!isMap(value)) return refused('s', value)
  const entries = mapKeys(value).map((key): [string | CelError, string | CelError] => [
    plain(key),
    plain(mapGet(value, key) as CelValue),
  ])
  for (const part of entries.flat()) if (part instanceof CelError) return part
  const sorted = entries.map(([key, item]) => `${key}: ${item}`).sort()
  return joined(sorted, '{', '}')
}
function joined(parts: readonly (string | CelError)[], open: string, close: string): string | CelError {
  for (const part of parts) if (part instanceof CelError) return part
  return `${open}${parts.join(', ')}${close}`
}
