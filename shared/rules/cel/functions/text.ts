import { type CelFunction, define, type Implementation, noOverload } from '../function-table.ts'
import { compileRegex, matchesRegex, type Regex } from '../regex.ts'
import { CelError, type CelValue, fail, isInt, isList, isMap, mapKeys } from '../value.ts'
import { formatText } from './format-text.ts'

/** Characters are code points. Most text has none beyond 16 bits and needs no array. */
const beyond = /[\ud800-\udfff]/
const pointsOf = (text: string): string | readonly string[] => (beyond.test(text) ? [...text] : text)
const cut = (text: string, from: number, to: number): string => {
  const points = pointsOf(text)
  return typeof points === 'string' ? points.slice(from, to) : points.slice(from, to).join('')
}
export const textLength = (text: string): number => (beyond.test(text) ? [...text].length : text.length)
const outOfRange = (index: CelValue): CelValue => fail('rule.celIndexRange', { index: String(index) })

type Texts = readonly [string, ...string[]]
/** A function of texts alone. */
const ofTexts = (name: string, count: number, result: string, call: (...texts: Texts) => CelValue): CelFunction =>
  define(
    [
      `string.${name}(${Array(count - 1)
        .fill('string')
        .join(', ')}) ${result}`,
    ],
    (args, pay) => {
      if (args.length !== count || !args.every(arg => typeof arg === 'string')) return noOverload(name, args)
      for (const arg of args as Texts) pay(arg.length)
      return call(...(args as unknown as Texts))
    },
  )

/** Lower and upper case of ASCII letters alone, as the specification has them. */
const asciiCase = (upper: boolean) => (text: string) =>
  text.replace(upper ? /[a-z]+/g : /[A-Z]+/g, letters => (upper ? letters.toUpperCase() : letters.toLowerCase()))

function find(name: 'indexOf' | 'lastIndexOf'): Implementation {
  return (args, pay) => {
    const [text, part, from] = args
    if (typeof text !== 'string' || typeof part !== 'string' || args.length > 3) return noOverload(name, args)
    if (from !== undefined && !isInt(from)) return noOverload(name, args)
    const points = pointsOf(text)
    const size = points.length
    pay(text.length + part.length)
    if (from !== undefined && (from < 0 || from > size)) return outOfRange(from)
    const unit = (index: number): number =>
      typeof points === 'string' ? index : points.slice(0, index).reduce((sum, point) => sum + point.length, 0)
    const found =
      name === 'indexOf'
        ? text.indexOf(part, from === undefined ? 0 : unit(Number(from)))
        : text.lastIndexOf(part, from === undefined ? text.length : unit(Number(from)))
    return found < 0 ? -1 : textLength(text.slice(0, found))
  }
}

const substring: Implementation = args => {
  const [text, from, to] = args
  if (typeof text !== 'string' || from === undefined || !isInt(from) || args.length > 3)
    return noOverload('substring', args)
  if (to !== undefined && !isInt(to)) return noOverload('substring', args)
  const size = textLength(text)
  if (from < 0 || from > size) return outOfRange(from)
  if (to !== undefined && (to < 0 || to > size || to < from)) return outOfRange(to)
  return cut(text, Number(from), to === undefined ? size : Number(to))
}

const replace: Implementation = (args, pay) => {
  const [text, old, fresh, most] = args
  if (typeof text !== 'string' || typeof old !== 'string' || typeof fresh !== 'string' || args.length > 4)
    return noOverload('replace', args)
  if (most !== undefined && !isInt(most)) return noOverload('replace', args)
  const limit = most === undefined || most < 0 ? Infinity : Number(most)
  const parts = old === '' ? [...text] : text.split(old)
  pay(text.length + Math.min(limit, parts.length + 1) * fresh.length)
  if (old === '') {
    const out: string[] = []
    let left = limit
    for (const part of parts) out.push(left-- > 0 ? fresh + part : part)
    return out.join('') + (left > 0 ? fresh : '')
  }
  if (parts.length - 1 <= limit) return parts.join(fresh)
  return (
    parts.slice(0, limit + 1).join(fresh) +
    parts
      .slice(limit + 1)
      .map(part => old + part)
      .join('')
  )
}

const split: Implementation = (args, pay) => {
  const [text, separator, most] = args
  if (typeof text !== 'string' || typeof separator !== 'string' || args.length > 3) return noOverload('split', args)
  if (most !== undefined && !isInt(most)) return noOverload('split', args)
  pay(text.length)
  if (most !== undefined && Number(most) === 0) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  const limit = most === undefined || most < 0 ? Infinity : Number(most)
  return parts.length <= limit ? parts : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

/** Go's `unicode.IsSpace`, which is not JavaScript's. */
const trimmed =
  /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g

const escapes: { readonly [character: string]: string } = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

const regexes = new Map<string, Regex | CelError>()
/** A pattern is read once; the most recent few hundred are kept. */
export function regexOf(pattern: string): Regex | CelError {
  let regex = regexes.get(pattern)
  if (regex === undefined) {
    regex = compileRegex(pattern)
    if (regexes.size >= 300) regexes.clear()
    regexes.set(pattern, regex)
  }
  return regex
}

export const textFunctions: readonly CelFunction[] = [
  define(
    [
      'size(string) int',
      'size(bytes) int',
      'size(list(A)) int',
      'size(map(A, B)) int',
      'string.size() int',
      'bytes.size() int',
      'list(A).size() int',
      'map(A, B).size() int',
    ],
    ([value], pay) => {
      if (typeof value === 'string') {
        pay(value.length)
        return textLength(value)
      }
      if (value instanceof Uint8Array || isList(value as CelValue)) return (value as Uint8Array).length
      if (isMap(value as CelValue)) return mapKeys(value as never).length
      return noOverload('size', [value as CelValue])
    },
  ),
  ofTexts('contains', 2, 'bool', (text, part) => text.includes(part as string)),
  ofTexts('startsWith', 2, 'bool', (text, part) => text.startsWith(part as string)),
  ofTexts('endsWith', 2, 'bool', (text, part) => text.endsWith(part as string)),
  define(['string.matches(string) bool', 'matches(string, string) bool'], ([text, pattern], pay) => {
    if (typeof text !== 'string' || typeof pattern !== 'string')
      return noOverload('matches', [text as CelValue, pattern as CelValue])
    const regex = regexOf(pattern)
    return regex instanceof CelError ? regex : matchesRegex(regex, text, pay)
  }),
  define(['string.charAt(int) string'], args => {
    const [text, at] = args
    if (typeof text !== 'string' || at === undefined || !isInt(at) || args.length !== 2)
      return noOverload('charAt', args)
    return at < 0 || at > textLength(text) ? outOfRange(at) : cut(text, Number(at), Number(at) + 1)
  }),
  define(['string.indexOf(string) int', 'string.indexOf(string, int) int'], find('indexOf')),
  define(['string.lastIndexOf(string) int', 'string.lastIndexOf(string, int) int'], find('lastIndexOf')),
  define(['string.substring(int) string', 'string.substring(int, int) string'], substring),
  define(['string.replace(string, string) string', 'string.replace(string, string, int) string'], replace),
  define(['string.split(string) list(string)', 'string.split(string, int) list(string)'], split),
  define(['list(string).join() string', 'list(string).join(string) string'], (args, pay) => {
    const [items, separator = ''] = args
    if (!isList(items as CelValue) || typeof separator !== 'string') return noOverload('join', args)
    const texts = items as readonly CelValue[]
    if (!texts.every(item => typeof item === 'string')) return noOverload('join', args)
    for (const text of texts) pay(text.length + separator.length)
    return texts.join(separator)
  }),
  ofTexts('lowerAscii', 1, 'string', asciiCase(false)),
  ofTexts('upperAscii', 1, 'string', asciiCase(true)),
  ofTexts('trim', 1, 'string', text => text.replace(trimmed, '')),
  ofTexts('reverse', 1, 'string', text => [...text].reverse().join('')),
  define(['strings:quote(string) string'], ([text], pay) => {
    if (typeof text !== 'string') return noOverload('strings.quote', [text as CelValue])
    pay(text.length)
    return `"${Array.from(text, character => escapes[character] ?? character).join('')}"`
  }),
  define(['string.format(list(dyn)) string'], (args, pay) => {
    const [pattern, values] = args
    if (typeof pattern !== 'string' || !isList(values as CelValue)) return noOverload('format', args)
    return formatText(pattern, values as readonly CelValue[], pay)
  }),
  define(['base64:encode(bytes) string'], ([bytes], pay) => {
    if (!(bytes instanceof Uint8Array)) return noOverload('base64.encode', [bytes as CelValue])
    pay(bytes.length)
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
  }),
  define(['base64:decode(string) bytes'], ([text], pay) => {
    if (typeof text !== 'string') return noOverload('base64.decode', [text as CelValue])
    pay(text.length)
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
      return fail('rule.celConversion', { text: text.slice(0, 60), type: 'base64' })
    return Uint8Array.from(atob(text.replace(/=+$/, '')), character => character.charCodeAt(0))
  }),
]
