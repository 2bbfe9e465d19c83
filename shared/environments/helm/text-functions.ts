import { sha256 } from '../kustomize/sha256.ts'
import { define, type FunctionTable, text, toInt, whole } from './define-function.ts'
import { adler32, decodeBase32, decodeBase64, encodeBase32, encodeBase64, sha1, sha512 } from './encodings.ts'
import { format, quote } from './go-format.ts'
import { compileRegexp, expandTemplate } from './go-regexp.ts'
import { fitsConstraint, readVersion, versionObject } from './semantic-version.ts'
import { isDict, isList, isTrue, TemplateError, textOf, type Value } from './value.ts'

const chars = (value: string): string[] => [...value]
const isSpace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u
const trimChars = (value: string, cutset: string, start: boolean, end: boolean): string => {
  const set = new Set(cutset)
  const all = chars(value)
  let from = 0
  let to = all.length
  if (start) while (from < to && set.has(all[from]!)) from += 1
  if (end) while (to > from && set.has(all[to - 1]!)) to -= 1
  return all.slice(from, to).join('')
}
const trimSpace = (value: string): string => {
  const all = chars(value)
  let from = 0
  let to = all.length
  while (from < to && isSpace.test(all[from]!)) from += 1
  while (to > from && isSpace.test(all[to - 1]!)) to -= 1
  return all.slice(from, to).join('')
}
const upperFirst = (value: string): string =>
  value.replace(/(^|[\s])(\S)/gu, (_, lead, first) => lead + first.toUpperCase())
const indent = (count: number, value: string): string => {
  const lead = ' '.repeat(Math.max(0, count))
  return lead + value.replaceAll('\n', `\n${lead}`)
}
const repeat = (count: number, value: string): string => {
  if (count < 0)
    throw new TemplateError('helm.argumentType', { name: 'repeat', want: '≥ 0', got: String(count), index: 1 })
  if (count * value.length > 5_000_000) throw new TemplateError('helm.tooLong')
  return value.repeat(count)
}
/** Lists as Sprig's `strslice` makes them of anything: nil items are left out. */
export const texts = (value: Value | undefined): string[] =>
  isList(value)
    ? value.filter(item => item !== null).map(textOf)
    : value === null || value === undefined
      ? []
      : [textOf(value)]
const splitDict = (parts: readonly string[]): Value =>
  new Map(parts.map((part, index): [string, Value] => [`_${index}`, part]))
const splitCount = (value: string, separator: string, count: number): string[] => {
  const parts = value.split(separator)
  return count < 0 || parts.length <= count
    ? parts
    : count === 0
      ? []
      : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]
}
const words = (value: string): string[] =>
  value
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter(word => word !== '')
const abbreviate = (width: number, offset: number, value: string): string => {
  if (width < 4 || (offset > 0 && width < 7)) return value
  const all = chars(value)
  if (all.length <= width) return value
  const start = Math.min(offset, all.length)
  if (start <= 4) return `${all.slice(0, width - 3).join('')}...`
  if (start + width - 3 < all.length) return `...${all.slice(start, start + width - 6).join('')}...`
  return `...${all.slice(all.length - width + 3).join('')}`
}
const wrap = (width: number, separator: string, value: string, hard: boolean): string => {
  const lines: string[] = []
  let line = ''
  for (const word of value.split(' ')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length <= width) {
      line += ` ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (hard && rest.length > width && width > 0) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = rest
  }
  lines.push(line)
  return lines.join(separator)
}

/** html.EscapeString's letters, as text/template's `html` writes them. */
const escapeHtml = (value: string): string =>
  value.replace(
    /[\0"'&<>]/g,
    char => ({ '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;' })[char] ?? '&gt;',
  )
const escapeScript = (value: string): string =>
  chars(value)
    .map(char => {
      if (char === '\\' || char === "'" || char === '"') return `\\${char}`
      return char < ' ' || '<>&='.includes(char)
        ? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
        : char
    })
    .join('')
const escapeQuery = (value: string): string =>
  encodeURIComponent(value)
    .replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
const joined = (args: readonly Value[]): string => (args.length === 1 ? textOf(args[0]!) : sprint(args))
/** fmt.Sprint: a space between two values of which neither is text. */
const sprint = (args: readonly Value[]): string =>
  args
    .map(
      (arg, index) =>
        (index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : '') + textOf(arg),
    )
    .join('')

/** Text, regular expressions, encodings and versions: text/template's and Sprig's. */
export const textFunctions: FunctionTable = {
  print: define('any*', args => sprint(args)),
  println: define('any*', args => `${args.map(textOf).join(' ')}\n`),
  printf: define('string any*', ([pattern, ...args]) => format(textOf(pattern), args)),
  html: define('any*', args => escapeHtml(joined(args))),
  js: define('any*', args => escapeScript(joined(args))),
  urlquery: define('any*', args => escapeQuery(joined(args))),

  quote: define('any*', args =>
    args
      .filter(arg => arg !== null)
      .map(arg => quote(textOf(arg)))
      .join(' '),
  ),
  squote: define('any*', args =>
    args
      .filter(arg => arg !== null)
      .map(arg => `'${textOf(arg)}'`)
      .join(' '),
  ),
  cat: define('any*', args =>
    args
      .filter(arg => arg !== null)
      .map(textOf)
      .join(' '),
  ),
  toString: define('any', ([value]) => textOf(value)),
  toStrings: define('any', ([value]) => texts(value)),
  upper: define('string', args => text(args, 0).toUpperCase()),
  lower: define('string', args => text(args, 0).toLowerCase()),
  title: define('string', args => upperFirst(text(args, 0))),
  untitle: define('string', args =>
    text(args, 0).replace(/(^|\s)(\S)/gu, (_, lead, first) => lead + first.toLowerCase()),
  ),
  trim: define('string', args => trimSpace(text(args, 0))),
  trimAll: define('string string', args => trimChars(text(args, 1), text(args, 0), true, true)),
  trimall: define('string string', args => trimChars(text(args, 1), text(args, 0), true, true)),
  trimSuffix: define('string string', args =>
    text(args, 0) !== '' && text(args, 1).endsWith(text(args, 0))
      ? text(args, 1).slice(0, -text(args, 0).length)
      : text(args, 1),
  ),
  trimPrefix: define('string string', args =>
    text(args, 1).startsWith(text(args, 0)) ? text(args, 1).slice(text(args, 0).length) : text(args, 1),
  ),
  trunc: define('int string', args => {
    const count = whole(args, 0)
    const value = text(args, 1)
    // Sprig cuts bytes; for ASCII, which names are, that is the same.
    if (count < 0) return value.length + count > 0 ? value.slice(count) : value
    return value.slice(0, count)
  }),
  substr: define('int int string', args => {
    const [start, end, value] = [whole(args, 0), whole(args, 1), text(args, 2)]
    if (start < 0) return value.slice(0, Math.max(0, end))
    return end < 0 || end > value.length ? value.slice(start) : value.slice(start, end)
  }),
  nospace: define('string', args => text(args, 0).replace(/\s/gu, '')),
  initials: define('string', args =>
    text(args, 0)
      .split(/\s+/)
      .map(word => chars(word)[0] ?? '')
      .join(''),
  ),
  repeat: define('int string', args => repeat(whole(args, 0), text(args, 1))),
  contains: define('string string', args => text(args, 1).includes(text(args, 0))),
  hasPrefix: define('string string', args => text(args, 1).startsWith(text(args, 0))),
  hasSuffix: define('string string', args => text(args, 1).endsWith(text(args, 0))),
  replace: define('string string string', args => text(args, 2).replaceAll(text(args, 0), () => text(args, 1))),
  indent: define('int string', args => indent(whole(args, 0), text(args, 1))),
  nindent: define('int string', args => `\n${indent(whole(args, 0), text(args, 1))}`),
  plural: define('string string int', args => (whole(args, 2) === 1 ? text(args, 0) : text(args, 1))),
  snakecase: define('string', args => words(text(args, 0)).join('_').toLowerCase()),
  kebabcase: define('string', args => words(text(args, 0)).join('-').toLowerCase()),
  camelcase: define('string', args =>
    words(text(args, 0))
      .map(word => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
  ),
  swapcase: define('string', args =>
    chars(text(args, 0))
      .map(char => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
      .join(''),
  ),
  abbrev: define('int string', args => abbreviate(whole(args, 0), 0, text(args, 1))),
  abbrevboth: define('int int string', args => abbreviate(whole(args, 1), whole(args, 0), text(args, 2))),
  wrap: define('int string', args => wrap(whole(args, 0), '\n', text(args, 1), false)),
  wrapWith: define('int string string', args => wrap(whole(args, 0), text(args, 1), text(args, 2), true)),
  split: define('string string', args => splitDict(text(args, 1).split(text(args, 0)))),
  splitn: define('string int string', args => splitDict(splitCount(text(args, 2), text(args, 0), whole(args, 1)))),
  splitList: define('string string', args => text(args, 1).split(text(args, 0))),
  join: define('string any', ([separator, value]) => texts(value).join(textOf(separator))),
  sortAlpha: define('any', ([value]) => (isList(value) ? texts(value).sort() : [textOf(value)])),

  b64enc: define('string', args => encodeBase64(text(args, 0))),
  b64dec: define('string', args => decodeBase64(text(args, 0)) ?? 'illegal base64 data'),
  b32enc: define('string', args => encodeBase32(text(args, 0))),
  b32dec: define('string', args => decodeBase32(text(args, 0)) ?? 'illegal base32 data'),
  sha1sum: define('string', args => sha1(text(args, 0))),
  sha256sum: define('string', args => sha256(text(args, 0))),
  sha512sum: define('string', args => sha512(text(args, 0))),
  adler32sum: define('string', args => adler32(text(args, 0))),

  semver: define('string', args => versionObject(text(args, 0))),
  semverCompare: define('string string', args => fitsConstraint(text(args, 0), readVersion(text(args, 1)))),

  ...regularExpressions(),

  base: define(
    'string',
    args => text(args, 0).replace(/\/+$/, '').split('/').at(-1) || (text(args, 0) === '' ? '.' : '/'),
  ),
  dir: define('string', args => {
    const parts = text(args, 0).split('/').slice(0, -1).join('/')
    return parts === '' ? (text(args, 0).startsWith('/') ? '/' : '.') : cleanPath(parts)
  }),
  ext: define('string', args => /\.[^./]*$/.exec(text(args, 0))?.[0] ?? ''),
  clean: define('string', args => cleanPath(text(args, 0))),
  isAbs: define('string', args => text(args, 0).startsWith('/')),
  osBase: define('string', args => text(args, 0).split('/').at(-1) ?? ''),
  osDir: define('string', args => text(args, 0).split('/').slice(0, -1).join('/') || '.'),
  osExt: define('string', args => /\.[^./]*$/.exec(text(args, 0))?.[0] ?? ''),
  osClean: define('string', args => cleanPath(text(args, 0))),
  osIsAbs: define('string', args => text(args, 0).startsWith('/')),

  urlParse: define('string', args => parseUrl(text(args, 0))),
  urlJoin: define('dict', ([value]) => joinUrl(isDict(value) ? value : new Map())),
  ternary: define('any any bool', ([yes, no, test]) => (isTrue(test) ? yes! : no!)),
  atoi: define('string', args =>
    /^[-+]?\d+$/.test(text(args, 0)) ? toInt(text(args, 0).replace(/^([-+]?)0+(?=\d)/, '$1')) : 0n,
  ),
  seq: define('int*', args => {
    const [a, b, c] = args.map((_, index) => whole(args, index))
    if (a === undefined) return ''
    const [start, step, end] =
      c !== undefined ? [a, b!, c] : b !== undefined ? [a, a <= b ? 1 : -1, b] : [1, a < 1 ? -1 : 1, a]
    if (Math.abs((end - start) / step) > 1_000_000) throw new TemplateError('helm.tooLong')
    if (step === 0 || (end - start) * step < 0) return ''
    return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step).join(' ')
  }),
}

function cleanPath(path: string): string {
  const rooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '..' || !rooted) parts.push(part)
  }
  return (rooted ? '/' : '') + parts.join('/') || '.'
}

function regularExpressions(): FunctionTable {
  const table: { [name: string]: FunctionTable[string] } = {}
  const both = (name: string, signature: string, call: (args: readonly Value[]) => Value) => {
    table[name] = define(signature, call)
    table[`mustR${name.slice(1)}`] = table[name]
  }
  both('regexMatch', 'string string', args => compileRegexp(text(args, 0)).exec(text(args, 1), 0) !== null)
  both('regexFind', 'string string', args => compileRegexp(text(args, 0)).exec(text(args, 1), 0)?.text ?? '')
  both('regexFindAll', 'string string int', args =>
    compileRegexp(text(args, 0))
      .all(text(args, 1), whole(args, 2))
      .map(match => match.text),
  )
  const replaceAll = (args: readonly Value[], plain: boolean): string => {
    const regexp = compileRegexp(text(args, 0))
    const [, source, replacement] = [0, text(args, 1), text(args, 2)]
    let out = ''
    let last = 0
    for (const match of regexp.all(source, -1)) {
      out += source.slice(last, match.start) + (plain ? replacement : expandTemplate(replacement, match, regexp.names))
      last = match.end
    }
    return out + source.slice(last)
  }
  both('regexReplaceAll', 'string string string', args => replaceAll(args, false))
  both('regexReplaceAllLiteral', 'string string string', args => replaceAll(args, true))
  both('regexSplit', 'string string int', args => {
    const source = text(args, 1)
    const count = whole(args, 2)
    if (count === 0) return []
    const parts: string[] = []
    let last = 0
    for (const match of compileRegexp(text(args, 0)).all(source, -1)) {
      if (count > 0 && parts.length === count - 1) break
      if (match.end === 0) continue
      parts.push(source.slice(last, match.start))
      last = match.end
    }
    return [...parts, source.slice(last)]
  })
  both('regexQuoteMeta', 'string', args => text(args, 0).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'))
  return table
}

function parseUrl(source: string): Value {
  const match =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(source)
  const [, scheme = '', userinfo = '', host = '', path = '', query = '', fragment = ''] = match ?? []
  const opaque = scheme !== '' && !source.startsWith(`${scheme}://`) && !path.startsWith('/')
  return new Map<string, Value>([
    ['scheme', scheme],
    ['userinfo', userinfo],
    ['host', host],
    ['hostname', host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')],
    ['path', opaque ? '' : path],
    ['query', query],
    ['opaque', opaque ? path : ''],
    ['fragment', fragment],
  ])
}

function joinUrl(parts: ReadonlyMap<string, Value>): string {
  const part = (name: string) => textOf(parts.get(name) ?? '')
  const user = part('userinfo')
  const host = part('host')
  const path = part('path')
  const lead = part('scheme') === '' ? '' : `${part('scheme')}:`
  const authority = host === '' && user === '' ? '' : `//${user === '' ? '' : `${user}@`}${host}`
  const slash = authority !== '' && path !== '' && !path.startsWith('/') ? '/' : ''
  const query = part('query') === '' ? '' : `?${part('query')}`
  return `${lead}${authority}${slash}${path}${query}${part('fragment') === '' ? '' : `#${part('fragment')}`}`
}
