import {
  GoObject,
  isDict,
  isList,
  plainDecimal,
  printFloat,
  printValue,
  sortedEntries,
  typeName,
  type Value,
} from './value.ts'

/** fmt.Sprintf. What does not fit is printed as Go prints it: `%!d(string=x)`, `%!s(MISSING)`, `%!(EXTRA …)`. */
export function format(pattern: string, args: readonly Value[]): string {
  let out = ''
  let next = 0
  let reordered = false
  const directive = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[(\d+)\])?(.)?/gsu
  let last = 0
  for (const match of pattern.matchAll(directive)) {
    out += pattern.slice(last, match.index)
    last = match.index + match[0].length
    const [, flags = '', widthText, precisionText, position, verb] = match
    if (verb === undefined) {
      out += '%!(NOVERB)'
      continue
    }
    if (verb === '%') {
      out += '%'
      continue
    }
    const counted = (text: string | undefined): number | undefined => {
      if (text === undefined) return undefined
      // Go takes no more than a million either.
      if (text !== '*') return text === '' ? 0 : Number(text) > 1e6 ? undefined : Number(text)
      const given = args[next]
      next += 1
      return typeof given === 'bigint' ? Number(given) : undefined
    }
    const width = counted(widthText)
    const precision = counted(precisionText)
    if (position !== undefined) {
      next = Number(position) - 1
      reordered = true
    }
    if (next >= args.length || next < 0) {
      out += position === undefined ? `%!${verb}(MISSING)` : `%!${verb}(BADINDEX)`
      continue
    }
    out += pad(one(verb, args[next]!, flags, precision), flags, width, args[next]!, verb)
    next += 1
  }
  out += pattern.slice(last)
  if (!reordered && next < args.length) {
    const extra = args.slice(next).map(arg => (arg === null ? '<nil>' : `${typeName(arg)}=${printValue(arg)}`))
    out += `%!(EXTRA ${extra.join(', ')})`
  }
  return out
}

function pad(text: string, flags: string, width: number | undefined, value: Value, verb: string): string {
  const missing = (width ?? 0) - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  if (!flags.includes('0') || (!isNumber && verb !== 's' && verb !== 'v')) return ' '.repeat(missing) + text
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}

const bad = (verb: string, value: Value): string =>
  value === null ? `%!${verb}(<nil>)` : `%!${verb}(${typeName(value)}=${printValue(value)})`

function one(verb: string, value: Value, flags: string, precision: number | undefined): string {
  if (verb === 'T') return typeName(value)
  if (verb === 'v') {
    if (flags.includes('#')) return goSyntax(value)
    return signed(printValue(value), value, flags)
  }
  if (isList(value)) return `[${value.map(item => one(verb, item, flags, precision)).join(' ')}]`
  if (isDict(value))
    return `map[${sortedEntries(value)
      .map(([key, item]) => `${one(verb, key, flags, precision)}:${one(verb, item, flags, precision)}`)
      .join(' ')}]`
  if (value instanceof GoObject) return one(verb, value.text, flags, precision)
  if (typeof value === 'string') return ofText(verb, value, flags, precision)
  if (typeof value === 'boolean') return verb === 't' ? String(value) : bad(verb, value)
  if (typeof value === 'bigint') return ofWhole(verb, value, flags, precision)
  if (typeof value === 'number') return ofFloat(verb, value, flags, precision)
  return bad(verb, value)
}

function ofText(verb: string, value: string, flags: string, precision: number | undefined): string {
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('')
  if (verb === 's') return cut
  if (verb === 'q') return flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : quote(cut)
  if (verb === 'x' || verb === 'X') {
    const hex = [...new TextEncoder().encode(cut)].map(byte => byte.toString(16).padStart(2, '0'))
    const text = hex.join(flags.includes(' ') ? ' ' : '')
    return verb === 'X' ? text.toUpperCase() : text
  }
  return bad(verb, value)
}

function ofWhole(verb: string, value: bigint, flags: string, precision: number | undefined): string {
  const digits = (radix: number) => {
    const text = (value < 0n ? -value : value).toString(radix).padStart(precision ?? 0, '0')
    return value < 0n ? `-${text}` : text
  }
  switch (verb) {
    case 'd':
      return signed(digits(10), value, flags)
    case 'b':
      return digits(2)
    case 'o':
      return (flags.includes('#') ? '0' : '') + digits(8)
    case 'O':
      return `0o${digits(8)}`
    case 'x':
      return (flags.includes('#') ? '0x' : '') + digits(16)
    case 'X':
      return (flags.includes('#') ? '0X' : '') + digits(16).toUpperCase()
    case 'c':
      return String.fromCodePoint(Number(value))
    case 'q':
      return `'${String.fromCodePoint(Number(value))}'`
    case 'U':
      return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
    default:
      return bad(verb, value)
  }
}

function ofFloat(verb: string, value: number, flags: string, precision: number | undefined): string {
  if (!'fFeEgG'.includes(verb)) return bad(verb, value)
  if (!Number.isFinite(value)) return signed(printFloat(value), value, flags)
  if (verb === 'f' || verb === 'F') return signed(fixed(value, precision ?? 6), value, flags)
  const exponential = (digits: number) => value.toExponential(Math.min(digits, 100)).replace(/e([-+])(\d)$/, 'e$10$2')
  if (verb === 'e' || verb === 'E') {
    const text = signed(exponential(precision ?? 6), value, flags)
    return verb === 'E' ? text.toUpperCase() : text
  }
  const text =
    precision === undefined
      ? printFloat(value)
      : printFloat(Number(value.toPrecision(Math.min(Math.max(1, precision), 100))), Math.max(1, precision))
  return signed(verb === 'G' ? text.toUpperCase() : text, value, flags)
}

const fixed = (value: number, digits: number): string =>
  Math.abs(value) < 1e21 ? value.toFixed(Math.min(digits, 100)) : `${plainDecimal(value)}.${'0'.repeat(digits)}`

const signed = (text: string, value: Value, flags: string): string => {
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  if (!isNumber || /^[-+]/.test(text)) return text
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text
}

function goSyntax(value: Value): string {
  if (typeof value === 'string') return quote(value)
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (isDict(value))
    return `map[string]interface {}{${sortedEntries(value)
      .map(([key, item]) => `${quote(key)}:${goSyntax(item)}`)
      .join(', ')}}`
  return value === null ? 'interface {}(nil)' : printValue(value)
}

const quoteEscapes: { readonly [char: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
}

/** strconv.Quote: what `%q` and Sprig's `quote` print. */
export function quote(text: string): string {
  let out = ''
  for (const char of text) {
    const known = quoteEscapes[char]
    if (known !== undefined) out += known
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) out += char
    else {
      const code = char.codePointAt(0)!
      if (code < 0x80) out += `\\x${code.toString(16).padStart(2, '0')}`
      else if (code <= 0xffff) out += `\\u${code.toString(16).padStart(4, '0')}`
      else out += `\\U${code.toString(16).padStart(8, '0')}`
    }
  }
  return `"${out}"`
}
