import { TemplateError } from './value.ts'

/** A Go text/template, read. Offsets (`at`) count from the start of its own text. */
export type Expression =
  | { readonly type: 'field'; readonly names: readonly string[]; readonly at: number }
  | { readonly type: 'variable'; readonly name: string; readonly names: readonly string[]; readonly at: number }
  | { readonly type: 'dot'; readonly at: number }
  | { readonly type: 'literal'; readonly value: null | boolean | bigint | number | string; readonly at: number }
  | { readonly type: 'function'; readonly name: string; readonly at: number }
  | { readonly type: 'pipeline'; readonly pipeline: Pipeline; readonly at: number }
  | { readonly type: 'chain'; readonly of: Expression; readonly names: readonly string[]; readonly at: number }
export type Pipeline = {
  readonly variables: readonly string[]
  /** `=` to a variable that is there, not `:=`. */
  readonly assigns: boolean
  readonly commands: readonly (readonly Expression[])[]
  readonly at: number
}
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string; readonly at: number }
  | { readonly type: 'action'; readonly pipeline: Pipeline; readonly at: number }
  | {
      readonly type: 'if' | 'range' | 'with'
      readonly pipeline: Pipeline
      readonly body: readonly TemplateNode[]
      readonly otherwise: readonly TemplateNode[] | null
      readonly at: number
    }
  | { readonly type: 'template'; readonly name: string; readonly pipeline: Pipeline | null; readonly at: number }
  | { readonly type: 'break' | 'continue'; readonly at: number }

export type Template = {
  readonly name: string
  /** The file it stands in, from the workspace root. */
  readonly file: string
  readonly text: string
  readonly nodes: readonly TemplateNode[]
}

type Kind =
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'literal'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'open'
  | 'close'
  | 'comma'
type Token = {
  readonly kind: Kind
  readonly text: string
  readonly value: null | boolean | bigint | number | string
  readonly spaced: boolean
  readonly at: number
}
type Part = { readonly text: string; readonly at: number } | { readonly tokens: readonly Token[]; readonly at: number }

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index >= 0 && index < offset; index = text.indexOf('\n', index + 1)) line += 1
  return line
}

/**
 * Reads a template and those it defines; its own comes first. Grammar: text/template/parse of Go 1.23.
 * Throws TemplateError with the line.
 */
export function parseTemplate(name: string, file: string, text: string): readonly Template[] {
  const fail = (key: 'helm.syntax' | 'helm.unclosed', at: number, about: string): never => {
    throw new TemplateError(key, { about }, { file, line: lineAt(text, at) })
  }
  const parts = splitParts(text, fail)
  const defined: Template[] = []
  let position = 0

  type End = { readonly word: 'end' | 'else' | 'eof'; readonly tokens: readonly Token[]; readonly at: number }
  const readList = (inside: string, from: number): { nodes: TemplateNode[]; end: End } => {
    const nodes: TemplateNode[] = []
    for (;;) {
      const part = parts[position]
      if (!part) {
        if (inside !== '') fail('helm.unclosed', from, inside)
        return { nodes, end: { word: 'eof', tokens: [], at: text.length } }
      }
      position += 1
      if ('text' in part) {
        if (part.text !== '') nodes.push({ type: 'text', text: part.text, at: part.at })
        continue
      }
      const [first, ...rest] = part.tokens
      const at = part.at
      if (!first) {
        fail('helm.syntax', at, '{{}}')
        continue
      }
      const word = first.kind === 'identifier' ? first.text : ''
      if (word === 'end' || word === 'else') {
        if (inside === '') fail('helm.syntax', at, word)
        return { nodes, end: { word, tokens: rest, at } }
      }
      if (word === 'if' || word === 'range' || word === 'with') nodes.push(readControl(word, rest, at))
      else if (word === 'define') {
        defined.push({ name: literalName(rest[0], at), file, text, nodes: readBody('define', at) })
      } else if (word === 'block') {
        const block = literalName(rest[0], at)
        const pipeline = readPipeline(rest.slice(1), at)
        defined.push({ name: block, file, text, nodes: readBody('block', at) })
        nodes.push({ type: 'template', name: block, pipeline, at })
      } else if (word === 'template') {
        const pipeline = rest.length > 1 ? readPipeline(rest.slice(1), at) : null
        nodes.push({ type: 'template', name: literalName(rest[0], at), pipeline, at })
      } else if ((word === 'break' || word === 'continue') && rest.length === 0) nodes.push({ type: word, at })
      else nodes.push({ type: 'action', pipeline: readPipeline(part.tokens, at), at })
    }
  }
  const readBody = (inside: string, at: number): TemplateNode[] => {
    const { nodes, end } = readList(inside, at)
    if (end.word !== 'end') fail('helm.syntax', end.at, end.word)
    return nodes
  }
  const literalName = (token: Token | undefined, at: number): string =>
    token?.kind === 'literal' && typeof token.value === 'string' ? token.value : fail('helm.syntax', at, 'template')
  const readControl = (type: 'if' | 'range' | 'with', tokens: readonly Token[], at: number): TemplateNode => {
    const pipeline = readPipeline(tokens, at)
    const { nodes: body, end } = readList(type, at)
    if (end.word !== 'else') return { type, pipeline, body, otherwise: null, at }
    const [next, ...rest] = end.tokens
    if (next?.kind === 'identifier' && (next.text === 'if' || next.text === 'with'))
      // `else if` shares the `end` of its `if`.
      return { type, pipeline, body, otherwise: [readControl(next.text, rest, end.at)], at }
    if (next) fail('helm.syntax', end.at, next.text)
    const otherwise = readList(type, at)
    if (otherwise.end.word !== 'end') fail('helm.syntax', otherwise.end.at, 'else')
    return { type, pipeline, body, otherwise: otherwise.nodes, at }
  }
  const readPipeline = (tokens: readonly Token[], at: number): Pipeline => {
    let index = 0
    const pipelineOf = (inParentheses: boolean): Pipeline => {
      const variables: string[] = []
      let assigns = false
      if (!inParentheses) {
        const [a, b, c, d] = tokens
        if (a?.kind === 'variable' && (b?.kind === 'declare' || b?.kind === 'assign')) {
          variables.push(a.text)
          assigns = b.kind === 'assign'
          index = 2
        } else if (
          a?.kind === 'variable' &&
          b?.kind === 'comma' &&
          c?.kind === 'variable' &&
          (d?.kind === 'declare' || d?.kind === 'assign')
        ) {
          variables.push(a.text, c.text)
          assigns = d.kind === 'assign'
          index = 4
        }
      }
      const commands: Expression[][] = []
      for (;;) {
        const command: Expression[] = []
        for (let token = tokens[index]; token && token.kind !== 'pipe' && token.kind !== 'close'; token = tokens[index])
          command.push(operand())
        if (command.length === 0) fail('helm.syntax', tokens[index]?.at ?? at, tokens[index]?.text ?? '}}')
        commands.push(command)
        if (tokens[index]?.kind !== 'pipe') break
        index += 1
      }
      return { variables, assigns, commands, at }
    }
    const operand = (): Expression => {
      const token = tokens[index]!
      index += 1
      const base = term(token)
      const names: string[] = []
      for (let next = tokens[index]; next?.kind === 'field' && !next.spaced; next = tokens[index]) {
        names.push(next.text)
        index += 1
      }
      if (names.length === 0) return base
      if (base.type === 'field') return { ...base, names: [...base.names, ...names] }
      if (base.type === 'variable') return { ...base, names: [...base.names, ...names] }
      return { type: 'chain', of: base, names, at: base.at }
    }
    const term = (token: Token): Expression => {
      const place = token.at
      if (token.kind === 'field') return { type: 'field', names: [token.text], at: place }
      if (token.kind === 'variable') return { type: 'variable', name: token.text, names: [], at: place }
      if (token.kind === 'dot') return { type: 'dot', at: place }
      if (token.kind === 'literal') return { type: 'literal', value: token.value, at: place }
      if (token.kind === 'identifier') return { type: 'function', name: token.text, at: place }
      if (token.kind === 'open') {
        const pipeline = pipelineOf(true)
        if (tokens[index]?.kind !== 'close') fail('helm.unclosed', place, '(')
        index += 1
        return { type: 'pipeline', pipeline, at: place }
      }
      return fail('helm.syntax', place, token.text)
    }
    const read = pipelineOf(false)
    if (index < tokens.length) fail('helm.syntax', tokens[index]!.at, tokens[index]!.text)
    return read
  }

  const { nodes } = readList('', 0)
  return [{ name, file, text, nodes }, ...defined]
}

const space = /[ \t\r\n]/
const wordStart = /[\p{L}_]/u
const word = /[\p{L}\p{Nd}_]*/uy
const numberToken =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?[pP][+-]?[0-9]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/y

function splitParts(
  text: string,
  fail: (key: 'helm.syntax' | 'helm.unclosed', at: number, about: string) => never,
): readonly Part[] {
  const parts: Part[] = []
  let index = 0
  let trimNext = false
  for (;;) {
    const open = text.indexOf('{{', index)
    const end = open < 0 ? text.length : open
    const trimsBefore = open >= 0 && text[open + 2] === '-' && space.test(text[open + 3] ?? '')
    let from = index
    let to = end
    if (trimNext) while (from < to && space.test(text[from]!)) from += 1
    if (trimsBefore) while (to > from && space.test(text[to - 1]!)) to -= 1
    parts.push({ text: text.slice(from, to), at: from })
    if (open < 0) return parts
    index = open + (trimsBefore ? 3 : 2)
    if (trimsBefore) while (space.test(text[index] ?? '')) index += 1
    if (text.startsWith('/*', index)) {
      const close = text.indexOf('*/', index)
      if (close < 0) fail('helm.unclosed', open, '/*')
      index = close + 2
      const closing = /^(?:[ \t\r\n]+-)?\}\}/.exec(text.slice(index, index + 200))
      if (!closing) fail('helm.syntax', open, '/*')
      trimNext = closing![0].length > 2
      index += closing![0].length
      continue
    }
    const tokens: Token[] = []
    let spaced = false
    for (;;) {
      const char = text[index]
      if (char === undefined) fail('helm.unclosed', open, '{{')
      if (text.startsWith('}}', index)) {
        index += 2
        trimNext = false
        break
      }
      if (spaced && text.startsWith('-}}', index)) {
        index += 3
        trimNext = true
        break
      }
      if (space.test(char!)) {
        spaced = true
        index += 1
        continue
      }
      const token = readToken(text, index, spaced, fail)
      tokens.push(token.token)
      index = token.end
      spaced = false
    }
    parts.push({ tokens, at: open })
  }
}

function readToken(
  text: string,
  at: number,
  spaced: boolean,
  fail: (key: 'helm.syntax' | 'helm.unclosed', at: number, about: string) => never,
): { token: Token; end: number } {
  const make = (kind: Kind, end: number, value: Token['value'] = null, name = text.slice(at, end)) => ({
    token: { kind, text: name, value, spaced, at },
    end,
  })
  const wordAt = (from: number): number => {
    word.lastIndex = from
    return from + (word.exec(text)?.[0].length ?? 0)
  }
  const char = text[at]!
  if (char === '|') return make('pipe', at + 1)
  if (char === '(') return make('open', at + 1)
  if (char === ')') return make('close', at + 1)
  if (char === ',') return make('comma', at + 1)
  if (char === ':' && text[at + 1] === '=') return make('declare', at + 2)
  if (char === '=') return make('assign', at + 1)
  if (char === '$') return make('variable', wordAt(at + 1))
  if (char === '"') {
    let end = at + 1
    while (text[end] !== '"') {
      if (end >= text.length || text[end] === '\n') fail('helm.unclosed', at, '"')
      end += text[end] === '\\' ? 2 : 1
    }
    return make('literal', end + 1, unquote(text.slice(at + 1, end)))
  }
  if (char === '`') {
    const end = text.indexOf('`', at + 1)
    if (end < 0) fail('helm.unclosed', at, '`')
    return make('literal', end + 1, text.slice(at + 1, end).replaceAll('\r', ''))
  }
  if (char === "'") {
    const end = text.indexOf("'", text[at + 1] === '\\' ? at + 3 : at + 2)
    if (end < 0) fail('helm.unclosed', at, "'")
    return make('literal', end + 1, BigInt(unquote(text.slice(at + 1, end)).codePointAt(0) ?? 0))
  }
  if (char === '.' && wordStart.test(text[at + 1] ?? '')) {
    const end = wordAt(at + 1)
    return make('field', end, null, text.slice(at + 1, end))
  }
  numberToken.lastIndex = at
  const number = numberToken.exec(text)
  if (number && (char !== '.' || /\d/.test(text[at + 1] ?? '')))
    return make('literal', at + number[0].length, readNumber(number[0]))
  if (char === '.') return make('dot', at + 1)
  if (wordStart.test(char)) {
    const end = wordAt(at)
    const name = text.slice(at, end)
    if (name === 'true' || name === 'false') return make('literal', end, name === 'true')
    if (name === 'nil') return make('literal', end, null)
    return make('identifier', end)
  }
  return fail('helm.syntax', at, char)
}

/** A number as Go's constants: an integer where it is written as one. */
export function readNumber(source: string): bigint | number {
  const plain = source.replaceAll('_', '')
  const sign = plain.startsWith('-') ? -1n : 1n
  const digits = plain.replace(/^[+-]/, '')
  const scaled = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(digits)
  if (scaled) {
    const [, whole = '', fraction = '', power = ''] = scaled
    const mantissa = Number(`0x${whole}${fraction}`)
    return Number(sign) * mantissa * 2 ** (Number(power) - 4 * fraction.length)
  }
  if (/^0[xXbBoO]/.test(digits)) return sign * BigInt(digits)
  if (/^0[0-7]+$/.test(digits)) return sign * BigInt(`0o${digits}`)
  if (/^\d+$/.test(digits)) return sign * BigInt(digits)
  return Number(plain)
}

const escapes: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** The text of a Go string literal between its quotes. */
export const unquote = (source: string): string =>
  source.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
    (_, hex, short, long, octal, letter) => {
      const code = hex ?? short ?? long
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      return escapes[letter] ?? letter
    },
  )
