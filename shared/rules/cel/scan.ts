import { ExpressionError } from './problem.ts'
import { type CelValue, double, int, overflow, uint } from './value.ts'

export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'name' | 'symbol' | 'quoted' | 'end'; readonly text: string }
  /** A number keeps its digits: `-` belongs to it only once the parser has seen where it stands. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string; readonly value: CelValue }
)

const space = /[ \t\n\f\r]+|\/\/[^\n]*/y
const name = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?/y
const symbol = /==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,()[\]{}]/y
const quote = /([rR]?[bB]|[bB]?[rR])?("""|'''|"|')/y
const quoted = /`([A-Za-z0-9_.\-/ ]+)`/y

/** The tokens of an expression, the last of kind `end`. */
export function scan(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  while (at < source.length) {
    const from = at
    let found = match(space)
    if (found) {
      at += found[0].length
      continue
    }
    found = match(quote)
    if (found) {
      const { value, end } = readString(source, at, found[1] ?? '', found[2] as string)
      at = end
      tokens.push({ kind: 'literal', text: source.slice(from, at), value, from, to: at })
      continue
    }
    let kind: 'name' | 'number' | 'symbol' | 'quoted' = 'name'
    found = match(name)
    if (!found) {
      kind = 'number'
      found = match(number)
    }
    if (!found) {
      kind = 'quoted'
      found = match(quoted)
    }
    if (!found) {
      kind = 'symbol'
      found = match(symbol)
    }
    if (!found) {
      const character = String.fromCodePoint(source.codePointAt(at) as number)
      const double = '=&|'.includes(character) ? character + character : undefined
      throw new ExpressionError(
        double === undefined
          ? { key: 'rule.celCharacter', params: { character } }
          : { key: 'rule.celCharacterNear', params: { character, near: double } },
        at,
        at + character.length,
      )
    }
    at += found[0].length
    tokens.push({ kind, text: kind === 'quoted' ? (found[1] as string) : found[0], from, to: at })
  }
  tokens.push({ kind: 'end', text: '', from: at, to: at })
  return tokens
}

/** The value of a number as written, with its sign; a failure where it does not fit its type. */
export function readNumber(text: string, negative: boolean): CelValue {
  const sign = negative ? -1n : 1n
  if (!/^0[xX]/.test(text) && /[.eE]/.test(text)) return double(Number(text) * Number(sign))
  const unsigned = /[uU]$/.test(text)
  const digits = BigInt(unsigned ? text.slice(0, -1) : text)
  if (unsigned) return negative ? overflow() : uint(digits)
  return int(sign * digits)
}

const simple: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
}
const escaped = /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y

function readString(source: string, start: number, prefix: string, mark: string): { value: CelValue; end: number } {
  const raw = /r/i.test(prefix)
  const bytes = /b/i.test(prefix)
  const long = mark.length === 3
  const parts: string[] = []
  const octets: number[] = []
  const encoder = new TextEncoder()
  const add = (text: string): void => {
    if (bytes) octets.push(...encoder.encode(text))
    else parts.push(text)
  }
  let at = start + prefix.length + mark.length
  for (;;) {
    if (at >= source.length) throw new ExpressionError({ key: 'rule.celOpenString' }, start, source.length)
    if (source.startsWith(mark, at)) break
    const character = String.fromCodePoint(source.codePointAt(at) as number)
    if (!long && (character === '\n' || character === '\r'))
      throw new ExpressionError({ key: 'rule.celOpenString' }, start, at)
    if (character !== '\\') {
      add(character)
      at += character.length
      continue
    }
    if (raw) {
      // Nothing is escaped in a raw string, not even its quote.
      add(character)
      at += 1
      continue
    }
    escaped.lastIndex = at
    const found = escaped.exec(source)
    const bad = (): ExpressionError =>
      new ExpressionError(
        { key: 'rule.celEscape', params: { text: source.slice(at, Math.min(at + 2, source.length)) } },
        at,
        Math.min(at + 2, source.length),
      )
    if (!found || (bytes && (found[3] ?? found[4]) !== undefined)) throw bad()
    if (found[1] !== undefined) add(simple[found[1]] as string)
    else {
      const code =
        found[5] === undefined
          ? Number.parseInt((found[2] ?? found[3] ?? found[4]) as string, 16)
          : Number.parseInt(found[5], 8)
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw bad()
      if (bytes) octets.push(code)
      else parts.push(String.fromCodePoint(code))
    }
    at += found[0].length
  }
  return { value: bytes ? Uint8Array.from(octets) : parts.join(''), end: at + mark.length }
}
