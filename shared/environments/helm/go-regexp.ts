import { TemplateError } from './value.ts'

/**
 * Regular expressions as Go's RE2 takes them. A pattern of a chart may come from anybody, so no engine that backtracks
 * without bounds runs it: each pair of instruction and position is tried once, so the time grows with pattern × text.
 */
type Match = (code: number) => boolean
type Instruction =
  | { readonly op: 'char'; readonly match: Match; next: number }
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'save'; readonly slot: number; next: number }
  | { readonly op: 'assert'; readonly kind: '^' | '$' | '\\A' | '\\z' | '\\b' | '\\B'; next: number }
  | { readonly op: 'done' }

type Flags = { readonly fold: boolean; readonly lines: boolean; readonly dotAll: boolean; readonly lazy: boolean }
type Tree =
  | { readonly type: 'char'; readonly match: Match }
  | { readonly type: 'assert'; readonly kind: '^' | '$' | '\\A' | '\\z' | '\\b' | '\\B' }
  | { readonly type: 'all' | 'any'; readonly of: readonly Tree[] }
  | { readonly type: 'group'; readonly index: number; readonly of: Tree }
  | {
      readonly type: 'repeat'
      readonly of: Tree
      readonly least: number
      readonly most: number
      readonly lazy: boolean
    }

/** Offsets of the whole and of each group; undefined for a group that took no part. */
export type RegexpMatch = {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
  readonly text: string
}
export type GoRegexp = {
  readonly exec: (text: string, from: number) => RegexpMatch | null
  readonly all: (text: string, limit: number) => readonly RegexpMatch[]
  readonly names: readonly string[]
}

const maximumProgram = 20_000
const maximumVisits = 200_000_000
/** Bytes of the marks of where it has been that one search may wipe. */
const maximumWiped = 2_000_000_000

/** Throws TemplateError for a pattern Go would refuse, or that is too large. */
export function compileRegexp(pattern: string): GoRegexp {
  const { tree, names } = parse(pattern)
  const program: Instruction[] = []
  const emit = (instruction: Instruction): number => {
    if (program.length >= maximumProgram) throw new TemplateError('helm.badPattern', { pattern })
    return program.push(instruction) - 1
  }
  /** Puts a tree in front of `next`; what it gives is where to start. */
  const compile = (node: Tree, next: number): number => {
    switch (node.type) {
      case 'char':
        return emit({ op: 'char', match: node.match, next })
      case 'assert':
        return emit({ op: 'assert', kind: node.kind, next })
      case 'all':
        return node.of.reduceRight((after, one) => compile(one, after), next)
      case 'any':
        return node.of
          .slice(0, -1)
          .reduceRight(
            (other, one) => emit({ op: 'split', next: compile(one, next), other }),
            compile(node.of.at(-1)!, next),
          )
      case 'group': {
        const end = emit({ op: 'save', slot: node.index * 2 + 1, next })
        return emit({ op: 'save', slot: node.index * 2, next: compile(node.of, end) })
      }
      case 'repeat': {
        let after = next
        if (node.most === Number.POSITIVE_INFINITY) {
          const split: Instruction = { op: 'split', next: 0, other: 0 }
          const at = emit(split)
          const body = compile(node.of, at)
          split.next = node.lazy ? next : body
          split.other = node.lazy ? body : next
          after = at
        } else {
          for (let count = node.least; count < node.most; count += 1) {
            const body = compile(node.of, after)
            after = emit(node.lazy ? { op: 'split', next, other: body } : { op: 'split', next: body, other: next })
          }
        }
        for (let count = 0; count < node.least; count += 1) after = compile(node.of, after)
        return after
      }
    }
  }
  const done = emit({ op: 'done' })
  const start = compile({ type: 'group', index: 0, of: tree }, done)
  const slots = (names.length + 1) * 2

  /** One bit for each pair of position and instruction, so that what one match has seen lies together. */
  const marksFor = (text: string): Uint8Array => {
    const pairs = program.length * (text.length + 1)
    if (pairs > maximumVisits) throw new TemplateError('helm.badPattern', { pattern })
    return new Uint8Array((pairs >> 3) + 1)
  }
  /** How far the last search looked. */
  let farthest = 0
  const search = (text: string, from: number, visited: Uint8Array): RegexpMatch | null => {
    farthest = from
    const run = (begin: number): Int32Array | null => {
      const captures = new Int32Array(slots).fill(-1)
      // A stack of places to try; a slot to put back is marked by a negative instruction.
      const stack: [number, number, number][] = [[start, begin, 0]]
      while (stack.length > 0) {
        const [at, position, old] = stack.pop()!
        if (at < 0) {
          captures[-at - 1] = old
          continue
        }
        let pc = at
        let index = position
        for (;;) {
          if (index > farthest) farthest = index
          const seen = index * program.length + pc
          const bit = 1 << (seen & 7)
          if (visited[seen >> 3]! & bit) break
          visited[seen >> 3]! |= bit
          const instruction = program[pc]!
          if (instruction.op === 'done') return captures
          if (instruction.op === 'char') {
            const code = text.codePointAt(index)
            if (code === undefined || !instruction.match(code)) break
            index += code > 0xffff ? 2 : 1
            pc = instruction.next
          } else if (instruction.op === 'split') {
            stack.push([instruction.other, index, 0])
            pc = instruction.next
          } else if (instruction.op === 'save') {
            stack.push([-instruction.slot - 1, 0, captures[instruction.slot]!])
            captures[instruction.slot] = index
            pc = instruction.next
          } else {
            if (!holds(instruction.kind, text, index)) break
            pc = instruction.next
          }
        }
      }
      return null
    }
    for (let begin = from; begin <= text.length; begin += 1) {
      const found = run(begin)
      if (!found) continue
      const groups = Array.from({ length: names.length }, (_, group) => {
        const open = found[group * 2 + 2]!
        const close = found[group * 2 + 3]!
        return open < 0 || close < 0 ? undefined : text.slice(open, close)
      })
      return { start: found[0]!, end: found[1]!, groups, text: text.slice(found[0]!, found[1]!) }
    }
    return null
  }
  const exec = (text: string, from: number): RegexpMatch | null => search(text, from, marksFor(text))
  const all = (text: string, limit: number): readonly RegexpMatch[] => {
    const matches: RegexpMatch[] = []
    const visited = marksFor(text)
    let wiped = 0
    let position = 0
    let last = -1
    while (position <= text.length && (limit < 0 || matches.length < limit)) {
      const match = search(text, position, visited)
      if (!match) break
      const [first, beyond] = [(position * program.length) >> 3, (((farthest + 1) * program.length) >> 3) + 1]
      visited.fill(0, first, beyond)
      wiped += beyond - first
      if (wiped > maximumWiped) throw new TemplateError('helm.badPattern', { pattern })
      // Go leaves out an empty match right behind the one before.
      if (match.end > match.start || match.start !== last) matches.push(match)
      last = match.end
      position = match.end > match.start ? match.end : match.end + 1
    }
    return matches
  }
  return { exec, all, names }
}

/** `$1`, `${1}`, `$name`: the longest name counts, an unknown one is empty. (regexp.Expand) */
export const expandTemplate = (template: string, match: RegexpMatch, names: readonly string[]): string =>
  template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced, bare) => {
    if (all === '$$') return '$'
    const name = braced ?? bare
    if (/^\d+$/.test(name)) return Number(name) === 0 ? match.text : (match.groups[Number(name) - 1] ?? '')
    return match.groups[names.indexOf(name)] ?? ''
  })

const isWord = (text: string, index: number): boolean => /[0-9A-Za-z_]/.test(text[index] ?? '')

function holds(kind: string, text: string, index: number): boolean {
  if (kind === '\\A') return index === 0
  if (kind === '\\z') return index === text.length
  if (kind === '^') return index === 0 || text[index - 1] === '\n'
  if (kind === '$') return index === text.length || text[index] === '\n'
  const edge = isWord(text, index - 1) !== isWord(text, index)
  return kind === '\\b' ? edge : !edge
}

const perl: { readonly [letter: string]: Match } = {
  d: code => code >= 48 && code <= 57,
  w: code => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
  s: code => code === 32 || code === 9 || code === 10 || code === 12 || code === 13,
}
const posix: { readonly [name: string]: string } = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}
const controls: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 }

function parse(pattern: string): { tree: Tree; names: readonly string[] } {
  const chars = [...pattern]
  const names: string[] = []
  let index = 0
  const fail = (): never => {
    throw new TemplateError('helm.badPattern', { pattern })
  }
  const alternatives = (given: Flags): Tree => {
    let flags = given
    const options: Tree[] = []
    let sequence: Tree[] = []
    while (index < chars.length && chars[index] !== ')') {
      const char = chars[index]!
      if (char === '|') {
        index += 1
        options.push({ type: 'all', of: sequence })
        sequence = []
        continue
      }
      if (char === '(' && chars[index + 1] === '?') {
        const set = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(chars.slice(index, index + 16).join(''))
        if (set && (set[1] !== '' || set[2] !== undefined || set[3] === ':')) {
          index += [...set[0]].length
          const next = withFlags(flags, set[1]!, set[2] ?? '')
          if (set[3] === ')') {
            flags = next
            continue
          }
          const inner = alternatives(next)
          if (chars[index] !== ')') fail()
          index += 1
          sequence.push(repeated(inner, flags))
          continue
        }
        const named = /^\(\?P?<(\w+)>/.exec(chars.slice(index, index + 80).join(''))
        if (!named) fail()
        index += [...named![0]].length
        sequence.push(repeated(group(named![1]!, flags), flags))
        continue
      }
      if (char === '(') {
        index += 1
        sequence.push(repeated(group('', flags), flags))
        continue
      }
      sequence.push(repeated(atom(flags), flags))
    }
    options.push({ type: 'all', of: sequence })
    return options.length === 1 ? options[0]! : { type: 'any', of: options }
  }
  const group = (name: string, flags: Flags): Tree => {
    const at = names.push(name)
    const of = alternatives(flags)
    if (chars[index] !== ')') fail()
    index += 1
    return { type: 'group', index: at, of }
  }
  const repeated = (tree: Tree, flags: Flags): Tree => {
    const char = chars[index]
    let least: number
    let most: number
    if (char === '*') [least, most] = [0, Number.POSITIVE_INFINITY]
    else if (char === '+') [least, most] = [1, Number.POSITIVE_INFINITY]
    else if (char === '?') [least, most] = [0, 1]
    else if (char === '{') {
      const count = /^\{(\d+)(,(\d*))?\}/.exec(chars.slice(index, index + 16).join(''))
      if (!count) return tree
      least = Number(count[1])
      most = count[2] === undefined ? least : count[3] === '' ? Number.POSITIVE_INFINITY : Number(count[3])
      if (least > 1000 || (most > 1000 && most !== Number.POSITIVE_INFINITY) || most < least) fail()
      index += count[0].length - 1
    } else return tree
    index += 1
    let lazy = flags.lazy
    if (chars[index] === '?') {
      lazy = !lazy
      index += 1
    }
    if (chars[index] !== undefined && '*+?'.includes(chars[index]!)) fail()
    return { type: 'repeat', of: tree, least, most, lazy }
  }
  const atom = (flags: Flags): Tree => {
    const char = chars[index]!
    index += 1
    if (char === '.') return { type: 'char', match: code => flags.dotAll || code !== 10 }
    if (char === '^') return { type: 'assert', kind: flags.lines ? '^' : '\\A' }
    if (char === '$') return { type: 'assert', kind: flags.lines ? '$' : '\\z' }
    if (char === '[') return { type: 'char', match: folded(set(), flags) }
    if ('*+?'.includes(char)) fail()
    if (char !== '\\') return literal(char.codePointAt(0)!, flags)
    const next = chars[index]
    if (next === 'A' || next === 'z' || next === 'b' || next === 'B') {
      index += 1
      return { type: 'assert', kind: `\\${next}` }
    }
    if (next === 'Q') {
      const rest = chars.slice(index + 1).join('')
      const end = rest.indexOf('\\E')
      const quoted = [...(end < 0 ? rest : rest.slice(0, end))]
      index += 1 + quoted.length + (end < 0 ? 0 : 2)
      return { type: 'all', of: quoted.map(one => literal(one.codePointAt(0)!, flags)) }
    }
    const special = classEscape()
    if (special) return { type: 'char', match: folded(special, flags) }
    return literal(escaped(), flags)
  }
  const literal = (code: number, flags: Flags): Tree => ({
    type: 'char',
    match: folded(one => one === code, flags),
  })
  /** After a backslash: a class of characters, or nothing. */
  const classEscape = (): Match | undefined => {
    const letter = chars[index]
    if (letter === undefined) return fail()
    if (perl[letter.toLowerCase()]) {
      index += 1
      const match = perl[letter.toLowerCase()]!
      return letter === letter.toLowerCase() ? match : code => !match(code)
    }
    if (letter === 'p' || letter === 'P') {
      const named = /^[pP](?:\{(\^?)(\w+)\}|([A-Z]))/.exec(chars.slice(index, index + 40).join(''))
      if (!named) return fail()
      index += named[0].length
      const name = named[2] ?? named[3]!
      let test: RegExp
      try {
        test = /^[A-Z][a-z]?$/.test(name) ? new RegExp(`^\\p{${name}}$`, 'u') : new RegExp(`^\\p{Script=${name}}$`, 'u')
      } catch {
        // The platform does not know the name of the class either.
        return fail()
      }
      const negative = (letter === 'P') !== (named[1] === '^')
      return code => test.test(String.fromCodePoint(code)) !== negative
    }
    return undefined
  }
  const escaped = (): number => {
    const letter = chars[index]
    if (letter === undefined) return fail()
    index += 1
    if (controls[letter] !== undefined) return controls[letter]!
    if (letter === 'x') {
      const hex = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(chars.slice(index, index + 12).join(''))
      if (!hex) return fail()
      index += hex[0].length
      return Number.parseInt(hex[1] ?? hex[2]!, 16)
    }
    if (/[0-7]/.test(letter)) {
      const octal = /^[0-7]{1,3}/.exec(chars.slice(index - 1, index + 2).join(''))![0]
      index += octal.length - 1
      return Number.parseInt(octal, 8)
    }
    if (/[A-Za-z]/.test(letter)) return fail()
    return letter.codePointAt(0)!
  }
  const set = (): Match => {
    const matches: Match[] = []
    let negative = false
    if (chars[index] === '^') {
      negative = true
      index += 1
    }
    let first = true
    for (; chars[index] !== ']' || first; first = false) {
      if (index >= chars.length) fail()
      const named = /^\[:(\^?)(\w+):\]/.exec(chars.slice(index, index + 14).join(''))
      if (named) {
        const inside = posix[named[2]!]
        if (inside === undefined) fail()
        index += named[0].length
        const test = new RegExp(`^[${inside}]$`, 'u')
        const not = named[1] === '^'
        matches.push(code => test.test(String.fromCodePoint(code)) !== not)
        continue
      }
      if (chars[index] === '\\') {
        index += 1
        const special = classEscape()
        if (special) {
          matches.push(special)
          continue
        }
        index -= 1
      }
      const from = setChar()
      let to = from
      if (chars[index] === '-' && chars[index + 1] !== undefined && chars[index + 1] !== ']') {
        index += 1
        to = setChar()
        if (to < from) fail()
      }
      matches.push(code => code >= from && code <= to)
    }
    index += 1
    return code => matches.some(match => match(code)) !== negative
  }
  const setChar = (): number => {
    const char = chars[index]
    if (char === undefined) return fail()
    index += 1
    return char === '\\' ? escaped() : char.codePointAt(0)!
  }
  const tree = alternatives({ fold: false, lines: false, dotAll: false, lazy: false })
  if (index < chars.length) fail()
  return { tree, names }
}

const withFlags = (flags: Flags, on: string, off: string): Flags => {
  const one = (letter: string, now: boolean) => (off.includes(letter) ? false : on.includes(letter) || now)
  return {
    fold: one('i', flags.fold),
    lines: one('m', flags.lines),
    dotAll: one('s', flags.dotAll),
    lazy: one('U', flags.lazy),
  }
}

const folded = (match: Match, flags: Flags): Match => {
  if (!flags.fold) return match
  return code => {
    if (match(code)) return true
    const char = String.fromCodePoint(code)
    return match(char.toLowerCase().codePointAt(0)!) || match(char.toUpperCase().codePointAt(0)!)
  }
}
