import { isPlainString } from './resolve-plain.ts'

export type QuoteStyle = 'plain' | 'single' | 'double'
export type ScalarValue = string | number | bigint | boolean | null
/** Where the scalar stands: inside `[]`/`{}` more characters have a meaning; JSON has only its own forms. */
export type ScalarPlace = 'block' | 'flow' | 'json'

// What a double-quoted scalar must escape: controls, the line breaks of YAML 1.1, the byte order mark, halves of pairs.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const lineBreak = /[\n\r]/

/** Prints a scalar on one line so that kubectl reads exactly `value`, in the style asked for where that can say it. */
export function formatScalar(
  value: ScalarValue,
  style: QuoteStyle = 'plain',
  place: ScalarPlace = 'block',
  neededQuotes: 'single' | 'double' = 'double',
): string {
  if (typeof value !== 'string') return formatNonString(value, place)
  if (place === 'json') return JSON.stringify(value)
  if (lineBreak.test(value) || unprintable.test(value)) return doubleQuoted(value)
  if (style === 'double') return doubleQuoted(value)
  if (style === 'single') return singleQuoted(value)
  if (canBePlain(value, place)) return value
  // Quotes that need no escaping are easier to read.
  if (neededQuotes === 'single' || value.includes('"') || value.includes('\\')) return singleQuoted(value)
  return doubleQuoted(value)
}

function formatNonString(value: number | bigint | boolean | null, place: ScalarPlace): string {
  if (value === null) return 'null'
  if (typeof value !== 'number' || Number.isFinite(value)) return String(value)
  if (place === 'json') return 'null'
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
}

const singleQuoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

function doubleQuoted(value: string): string {
  let out = '"'
  for (const unit of value.match(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g) ?? []) {
    if (unit === '"') out += '\\"'
    else if (unit === '\\') out += '\\\\'
    else if (unit === '\n') out += '\\n'
    else if (unit === '\r') out += '\\r'
    else if (unit === '\t') out += '\\t'
    else if (unit.length === 1 && unprintable.test(unit))
      out += `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
    else out += unit
  }
  return `${out}"`
}

/** True when the text may stand unquoted and still be this very string. */
export function canBePlain(value: string, place: ScalarPlace = 'block'): boolean {
  if (place === 'json' || value === '' || value !== value.trim()) return false
  if (lineBreak.test(value) || unprintable.test(value) || value.includes('\t')) return false
  if (!isPlainString(value)) return false
  if (/^[,[\]{}#&*!|>'"%@`]/.test(value) || /^[-?:](?:\s|$)/.test(value)) return false
  if (/^(?:---|\.\.\.)/.test(value)) return false
  if (/:(?:\s|$)|\s#/.test(value)) return false
  if (place === 'flow' && (/[,[\]{}?]/.test(value) || /^[-:]/.test(value) || value.includes('::'))) return false
  return true
}

/** Prints a map key: plain where it can be, quoted as values are where it cannot. */
export const formatKey = (key: string, style: QuoteStyle, place: ScalarPlace): string => formatScalar(key, style, place)
