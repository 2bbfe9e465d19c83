import { resolvePlain } from '../../yaml/resolve-plain.ts'
import { toJson } from './go-json.ts'
import { type Dict, GoObject, isDict, isList, plainDecimal, printFloat, type Value } from './value.ts'

/** Helm's `toYaml`: what sigs.k8s.io/yaml prints, which is go-yaml 2: keys in natural order, lists not indented. */
export function toYaml(value: Value): string {
  return node(value, 0, false, plain).replace(/\n$/, '')
}

/** Helm's `toYamlPretty`: go-yaml 3, which indents lists by two and was given floats. */
export function toYamlPretty(value: Value): string {
  return node(value, 0, false, pretty).replace(/\n$/, '')
}

type Style = { readonly listIndent: number; readonly wholeFloats: boolean; readonly width: number }
const plain: Style = { listIndent: 0, wholeFloats: true, width: 80 }
const pretty: Style = { listIndent: 2, wholeFloats: false, width: Number.POSITIVE_INFINITY }

function node(value: Value, indent: number, inList: boolean, style: Style): string {
  if (isDict(value) && value.size > 0) return map(value, indent, inList, style)
  if (isList(value) && value.length > 0) return list(value, indent, inList, style)
  return `${scalar(value, indent, style, indent)}\n`
}

/** In a list the first line stands behind the dash. */
function map(value: Dict, indent: number, inList: boolean, style: Style): string {
  const lines: string[] = []
  for (const key of [...value.keys()].sort(compareKeys)) {
    const item = value.get(key)!
    const lead = inList && lines.length === 0 ? '' : ' '.repeat(indent)
    const text = plainText(key, null)
    const name = `${lead}${text}:`
    if (isDict(item) && item.size > 0) lines.push(`${name}\n${node(item, indent + 2, false, style)}`)
    else if (isList(item) && item.length > 0)
      lines.push(`${name}\n${node(item, indent + style.listIndent, false, style)}`)
    else lines.push(`${name} ${scalar(item, indent + 2, style, indent + [...text].length + 2)}\n`)
  }
  return lines.join('')
}

function list(value: readonly Value[], indent: number, inList: boolean, style: Style): string {
  return value
    .map((item, index) => {
      const lead = inList && index === 0 ? '' : ' '.repeat(indent)
      return `${lead}- ${node(item, indent + 2, true, style)}`
    })
    .join('')
}

/** A text that reaches too far goes on in the next line, at `indent`; it starts at `column`. */
function scalar(value: Value, indent: number, style: Style, column: number): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') {
    if (style.wholeFloats && Number.isInteger(value) && Math.abs(value) < 2 ** 63) return plainDecimal(value)
    return printFloat(value)
  }
  if (isDict(value)) return '{}'
  if (isList(value)) return '[]'
  const text = value instanceof GoObject ? value.text : value
  return text.includes('\n') && allows(text).block
    ? literal(text, indent)
    : plainText(text, { indent, column, width: style.width })
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const chomp = text.endsWith('\n\n') || text === '\n' ? '+' : text.endsWith('\n') ? '' : '-'
  const lines = text.replace(/\n$/, '').split('\n')
  const lead = ' '.repeat(Math.max(indent, 2))
  return `|${hint}${chomp}\n${lines.map(line => (line === '' ? '' : lead + line)).join('\n')}`
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const date = /^\d{4}-\d\d?-\d\d?(?:[Tt \t].*)?$/

type Room = { readonly indent: number; readonly column: number; readonly width: number }

/** `room` is null for a key, which stays on its line. */
function plainText(text: string, room: Room | null): string {
  const isText = typeof resolvePlain(text) === 'string' && !base60.test(text) && !date.test(text) && text !== '<<'
  const allowed = allows(text)
  if (!isText || (text.includes('\n') && (room === null || !allowed.block))) return doubleQuoted(text, room)
  if (allowed.plain) return folded('', [...text], room)
  if (!allowed.single) return doubleQuoted(text, room)
  return folded(
    "'",
    [...text].map(char => (char === "'" ? "''" : char)),
    room,
  )
}

/** Breaks at single spaces behind the width, as go-yaml writes plain and quoted texts. (emitterc.go) */
function folded(quote: '' | "'" | '"', pieces: readonly string[], room: Room | null): string {
  const whole = quote + pieces.join('') + quote
  if (!room || room.column + whole.length <= room.width) return whole
  let out: string = quote
  let column = room.column + quote.length
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1]
    const isInside = index > 0 && next !== undefined && pieces[index - 1] !== ' '
    if (piece === ' ' && column > room.width && isInside && (quote === '"' || next !== ' ')) {
      out += `\n${' '.repeat(room.indent)}${next === ' ' ? '\\' : ''}`
      column = room.indent + (next === ' ' ? 1 : 0)
    } else {
      out += piece
      column += [...piece].length
    }
  }
  return out + quote
}

const doubleEscapes: { readonly [char: string]: string } = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
  '\ufeff': '\\uFEFF',
}

function doubleQuoted(text: string, room: Room | null): string {
  const pieces = [...text].map(
    char =>
      doubleEscapes[char] ??
      (isPrintable(char) ? char : `\\x${char.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}`),
  )
  return folded('"', pieces, room)
}

/** go-yaml counts neither tabs nor other control characters as printable. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0)!
  return (
    code === 10 ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code !== 0xfeff && !(code >= 0xd800 && code < 0xe000))
  )
}

/** What a text may be written as: yaml_emitter_analyze_scalar of go-yaml (emitterc.go). */
function allows(text: string): { readonly plain: boolean; readonly single: boolean; readonly block: boolean } {
  const chars = [...text]
  let indicators = text.startsWith('---') || text.startsWith('...')
  let special = false
  let breakThenSpace = false
  let spaceThenBreak = false
  let lines = false
  let before = ''
  for (const [index, char] of chars.entries()) {
    const next = chars[index + 1] ?? ''
    const spaceNext = next === '' || next === ' ' || next === '\t' || next === '\n' || next === '\r'
    const spaceBefore = before === '' || before === ' ' || before === '\t' || before === '\n' || before === '\r'
    if (index === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(char)) indicators = true
      if ('?:-'.includes(char) && spaceNext) indicators = true
    } else {
      if (char === ':' && spaceNext) indicators = true
      if (char === '#' && spaceBefore) indicators = true
    }
    if (!isPrintable(char)) special = true
    if (char === ' ' && before === '\n') breakThenSpace = true
    if (char === '\n') {
      lines = true
      if (before === ' ') spaceThenBreak = true
    }
    before = char
  }
  const edges = /^[ \n]|[ \n]$/.test(text)
  const hard = special || spaceThenBreak
  return {
    plain: !edges && !breakThenSpace && !hard && !lines && !indicators,
    single: !breakThenSpace && !hard,
    block: text !== '' && !hard && !text.endsWith(' '),
  }
}

const letter = /\p{L}/u
const digit = /\p{Nd}/u

/** The order of keys of go-yaml (sorter.go): numbers inside of names by their size, letters after other signs. */
export function compareKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  let digits = false
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const l = left[index]!
    const r = right[index]!
    if (l === r) {
      digits = digit.test(l)
      continue
    }
    const leftLetter = letter.test(l)
    const rightLetter = letter.test(r)
    if (leftLetter && rightLetter) return l.codePointAt(0)! - r.codePointAt(0)!
    if (leftLetter || rightLetter) return (digits ? leftLetter : rightLetter) ? -1 : 1
    let lead = 0
    if (l === '0' || r === '0')
      for (let at = index - 1; at >= 0 && digit.test(left[at]!); at -= 1)
        if (left[at] !== '0') {
          lead = 1
          break
        }
    const numberAt = (chars: readonly string[]): { value: number; end: number } => {
      let value = lead
      let end = index
      for (; end < chars.length && digit.test(chars[end]!); end += 1) value = value * 10 + Number(chars[end])
      return { value, end }
    }
    const leftNumber = numberAt(left)
    const rightNumber = numberAt(right)
    if (leftNumber.value !== rightNumber.value) return leftNumber.value - rightNumber.value
    if (leftNumber.end !== rightNumber.end) return leftNumber.end - rightNumber.end
    return l.codePointAt(0)! - r.codePointAt(0)!
  }
  return left.length - right.length
}

/** A TOML text of a dict, as Helm's `toToml` prints it: values first, then tables. */
export function toToml(value: Value, prefix = ''): string {
  if (!isDict(value)) return ''
  const keys = [...value.keys()].sort(compareKeys)
  const inline = (item: Value): string =>
    isList(item)
      ? `[${item.map(inline).join(', ')}]`
      : typeof item === 'number'
        ? Number.isInteger(item)
          ? `${plainDecimal(item)}.0`
          : printFloat(item)
        : toJson(item)
  const isTable = (item: Value) => isDict(item) || (isList(item) && item.length > 0 && item.every(isDict))
  const name = (key: string) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key))
  let out = ''
  for (const key of keys) {
    const item = value.get(key)!
    if (item !== null && !isTable(item)) out += `${name(key)} = ${inline(item)}\n`
  }
  for (const key of keys) {
    const item = value.get(key)!
    const path = prefix === '' ? name(key) : `${prefix}.${name(key)}`
    if (isDict(item)) out += `\n[${path}]\n${toToml(item, path)}`
    else if (isTable(item) && isList(item)) for (const one of item) out += `\n[[${path}]]\n${toToml(one, path)}`
  }
  return prefix === '' ? out.replace(/^\n/, '') : out
}
