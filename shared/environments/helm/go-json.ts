import { type Dict, GoObject, isDict, isList, plainDecimal, printFloat, sortedEntries, type Value } from './value.ts'

/** json.Marshal: keys sorted, `<`, `>` and `&` escaped unless `raw`. `indent` of 2 is what `toPrettyJson` uses. */
export function toJson(value: Value, options: { readonly raw?: boolean; readonly indent?: number } = {}): string {
  const { raw = false, indent = 0 } = options
  const write = (item: Value, depth: number): string => {
    if (item === null) return 'null'
    if (typeof item === 'string') return text(item, raw)
    if (typeof item === 'number') return number(item)
    if (typeof item !== 'object') return String(item)
    if (item instanceof GoObject) return isList(item.entries) ? write(item.entries, depth) : text(item.text, raw)
    const [open, close, parts] = isList(item)
      ? ['[', ']', item.map(one => write(one, depth + 1))]
      : [
          '{',
          '}',
          sortedEntries(item).map(([key, one]) => `${text(key, raw)}:${indent > 0 ? ' ' : ''}${write(one, depth + 1)}`),
        ]
    if (parts.length === 0 || indent === 0) return `${open}${parts.join(',')}${close}`
    const lead = `\n${' '.repeat(indent * (depth + 1))}`
    return `${open}${lead}${parts.join(`,${lead}`)}\n${' '.repeat(indent * depth)}${close}`
  }
  return write(value, 0)
}

const number = (value: number): string => {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-6 || size >= 1e21) return printFloat(value).replace(/e-0(\d)$/, 'e-$1')
  return plainDecimal(value)
}

const text = (value: string, raw: boolean): string => {
  const quoted = JSON.stringify(value).replace(/[\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16)}`)
  return raw ? quoted : quoted.replace(/[<>&]/g, char => `\\u00${char.charCodeAt(0).toString(16)}`)
}

/** What json.Unmarshal puts into an interface{}: every number a float64. Throws SyntaxError. */
export const fromJson = (source: string): Value => fromPlain(JSON.parse(source))

/** Plain JSON data as template values. */
export function fromPlain(value: unknown): Value {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(fromPlain)
  const dict: Dict = new Map()
  for (const [key, item] of Object.entries(value)) dict.set(key, fromPlain(item))
  return dict
}

/** The other way: for what is not Go's. */
export function toPlain(value: Value): unknown {
  if (isList(value)) return value.map(toPlain)
  if (isDict(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]))
  if (value instanceof GoObject) return value.text
  return value
}
