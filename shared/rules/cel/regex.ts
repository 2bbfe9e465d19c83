import type { Meter } from './function-table.ts'
import { type CelError, fail } from './value.ts'

/**
 * Regular expressions in RE2's syntax, matched in time linear in the text: all ways are followed at once (Thompson's
 * simulation), so no pattern backtracks. What RE2 refuses (back references, look-around) is refused.
 */
export type Regex = { readonly steps: readonly Step[]; readonly start: number }
type Step =
  | { readonly kind: 'one'; readonly set: CharSet; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | {
      readonly kind: 'assert'
      readonly what: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord'
      next: number
    }
  | { readonly kind: 'match' }
/** Ranges of code points, or their complement. */
type CharSet = { readonly ranges: readonly (readonly [number, number])[]; readonly not: boolean }
type Tree =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly what: (Step & { kind: 'assert' })['what'] }
  | { readonly kind: 'join' | 'either'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly least: number; readonly most: number }

/** RE2's own bound for `{n,m}`, and one for the whole. */
const mostRepeats = 1000
const mostSteps = 20_000
const mostDepth = 200

class BadRegex extends Error {}

const digit: CharSet['ranges'] = [[48, 57]]
const word: CharSet['ranges'] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const blank: CharSet['ranges'] = [
  [9, 10],
  [12, 13],
  [32, 32],
]
const posix: { readonly [name: string]: CharSet['ranges'] } = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}
const last = 0x10ffff
function complement(ranges: CharSet['ranges']): [number, number][] {
  const out: [number, number][] = []
  let from = 0
  for (const [a, b] of [...ranges].sort((x, y) => x[0] - y[0])) {
    if (a > from) out.push([from, a - 1])
    from = Math.max(from, b + 1)
  }
  if (from <= last) out.push([from, last])
  return out
}
const escapes: { readonly [letter: string]: number } = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

type Flags = { readonly i: boolean; readonly m: boolean; readonly s: boolean; readonly U: boolean }

/** Reads a pattern; an error names what is wrong with it. */
export function compileRegex(pattern: string): Regex | CelError {
  try {
    return assemble(read(pattern))
  } catch (error) {
    if (error instanceof BadRegex)
      return fail('rule.celRegex', { pattern: pattern.slice(0, 80), reason: error.message })
    throw error
  }
}

function read(pattern: string): Tree {
  const points = Array.from(pattern, character => character.codePointAt(0) as number)
  let at = 0
  let flags: Flags = { i: false, m: false, s: false, U: false }
  let depth = 0
  const bad = (): BadRegex => new BadRegex(String(at))
  const is = (text: string): boolean => points[at] === text.codePointAt(0)
  const accept = (text: string): boolean => is(text) && ++at > 0
  const looking = (text: string): boolean =>
    [...text].every((character, i) => points[at + i] === character.codePointAt(0))

  const fold = (ranges: CharSet['ranges']): CharSet['ranges'] => {
    if (!flags.i) return ranges
    const more: [number, number][] = []
    for (const [a, b] of ranges) {
      const [upFrom, upTo] = [Math.max(a, 65), Math.min(b, 90)]
      if (upFrom <= upTo) more.push([upFrom + 32, upTo + 32])
      const [lowFrom, lowTo] = [Math.max(a, 97), Math.min(b, 122)]
      if (lowFrom <= lowTo) more.push([lowFrom - 32, lowTo - 32])
      if (b > 127 && b - a < 2000)
        for (let point = Math.max(a, 128); point <= b; point++) {
          const character = String.fromCodePoint(point)
          for (const other of [character.toLowerCase(), character.toUpperCase()])
            if (other !== character && [...other].length === 1)
              more.push([other.codePointAt(0) as number, other.codePointAt(0) as number])
        }
    }
    return [...ranges, ...more]
  }
  const set = (ranges: CharSet['ranges'], not = false): Tree => ({ kind: 'set', set: { ranges: fold(ranges), not } })

  function either(): Tree {
    if (++depth > mostDepth) throw bad()
    const outside = flags
    const parts = [join()]
    while (accept('|')) parts.push(join())
    flags = outside
    depth--
    return parts.length === 1 ? (parts[0] as Tree) : { kind: 'either', parts }
  }
  function join(): Tree {
    const parts: Tree[] = []
    while (at < points.length && !is('|') && !is(')')) parts.push(repeat())
    return parts.length === 1 ? (parts[0] as Tree) : { kind: 'join', parts }
  }
  function repeat(): Tree {
    let part = atom()
    for (let times = 0; ; times++) {
      let bounds: [number, number] | null = null
      if (accept('*')) bounds = [0, Infinity]
      else if (accept('+')) bounds = [1, Infinity]
      else if (accept('?')) bounds = [0, 1]
      else if (is('{')) bounds = braces()
      if (!bounds) return part
      accept('?')
      // `a**` is nothing in RE2.
      if (times > 0 && (is('*') || is('+') || is('?'))) throw bad()
      const [least, most] = bounds
      if (least > mostRepeats || (most !== Infinity && (most > mostRepeats || most < least))) throw bad()
      if (times > 0) throw bad()
      part = { kind: 'repeat', part, least, most }
    }
  }
  function braces(): [number, number] | null {
    const found = /^\{(\d{1,6})(?:(,)(\d{1,6})?)?\}/.exec(String.fromCodePoint(...points.slice(at, at + 20)))
    if (!found) return null
    at += found[0].length
    const least = Number(found[1])
    return [least, found[2] === undefined ? least : found[3] === undefined ? Infinity : Number(found[3])]
  }
  function atom(): Tree {
    const point = points[at++] as number
    const character = String.fromCodePoint(point)
    switch (character) {
      case '.':
        return flags.s
          ? { kind: 'set', set: { ranges: [], not: true } }
          : { kind: 'set', set: { ranges: [[10, 10]], not: true } }
      case '^':
        return { kind: 'assert', what: flags.m ? 'lineStart' : 'start' }
      case '$':
        return { kind: 'assert', what: flags.m ? 'lineEnd' : 'end' }
      case '(':
        return group()
      case '[':
        return bracket()
      case '\\':
        return escaped()
      case '*':
      case '+':
      case '?':
        throw bad()
      default:
        return set([[point, point]])
    }
  }
  function group(): Tree {
    if (accept('?')) {
      if (looking('P<') || looking('<')) {
        if (looking('<=') || looking('<!')) throw bad()
        while (at < points.length && !is('>')) at++
        if (!accept('>')) throw bad()
      } else if (!accept(':')) {
        let on = true
        let next = flags
        for (; at < points.length && !is(':') && !is(')'); at++) {
          const flag = String.fromCodePoint(points[at] as number)
          if (flag === '-' && on) on = false
          else if (flag === 'i' || flag === 'm' || flag === 's' || flag === 'U') next = { ...next, [flag]: on }
          else throw bad()
        }
        if (accept(')')) {
          flags = next
          return { kind: 'empty' }
        }
        if (!accept(':')) throw bad()
        const outside = flags
        flags = next
        const inner = either()
        flags = outside
        if (!accept(')')) throw bad()
        return inner
      }
    }
    const inner = either()
    if (!accept(')')) throw bad()
    return inner
  }
  function classEscape(letter: string): CharSet['ranges'] | null {
    const ranges = { d: digit, w: word, s: blank }[letter.toLowerCase()]
    if (ranges && /[dws]/i.test(letter)) return letter === letter.toLowerCase() ? ranges : complement(ranges)
    if (letter !== 'p' && letter !== 'P') return null
    let name = ''
    if (accept('{')) {
      while (at < points.length && !is('}')) name += String.fromCodePoint(points[at++] as number)
      if (!accept('}')) throw bad()
    } else if (at < points.length) name = String.fromCodePoint(points[at++] as number)
    const negated = name.startsWith('^')
    const found = unicodeClass(negated ? name.slice(1) : name)
    if (!found) throw bad()
    return negated !== (letter === 'P') ? complement(found) : found
  }
  function plainEscape(letter: string, point: number): number {
    if (Object.hasOwn(escapes, letter)) return escapes[letter] as number
    if (letter === 'x') {
      const rest = String.fromCodePoint(...points.slice(at, at + 12))
      const found = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(rest)
      if (!found) throw bad()
      at += found[0].length
      const code = Number.parseInt((found[1] ?? found[2]) as string, 16)
      if (code > last) throw bad()
      return code
    }
    if (letter === '0' || /[1-7]/.test(letter)) {
      const found = /^[0-7]{1,3}/.exec(String.fromCodePoint(...points.slice(at - 1, at + 2)))
      if (!found || (letter !== '0' && found[0].length < 3)) throw bad()
      at += found[0].length - 1
      return Number.parseInt(found[0], 8)
    }
    if (point < 128 && /[A-Za-z0-9]/.test(letter)) throw bad()
    return point
  }
  function escaped(): Tree {
    if (at >= points.length) throw bad()
    const point = points[at++] as number
    const letter = String.fromCodePoint(point)
    if (letter === 'A') return { kind: 'assert', what: 'start' }
    if (letter === 'z') return { kind: 'assert', what: 'end' }
    if (letter === 'b') return { kind: 'assert', what: 'word' }
    if (letter === 'B') return { kind: 'assert', what: 'notWord' }
    if (letter === 'Q') {
      const parts: Tree[] = []
      while (at < points.length && !looking('\\E')) {
        const quoted = points[at++] as number
        parts.push(set([[quoted, quoted]]))
      }
      if (at < points.length) at += 2
      return { kind: 'join', parts }
    }
    const ranges = classEscape(letter)
    if (ranges) return set(ranges)
    const code = plainEscape(letter, point)
    return set([[code, code]])
  }
  function bracket(): Tree {
    const not = accept('^')
    const ranges: (readonly [number, number])[] = []
    for (let first = true; first || !is(']'); first = false) {
      if (at >= points.length) throw bad()
      if (looking('[:')) {
        const found = /^\[:(\^?)([a-z]+):\]/.exec(String.fromCodePoint(...points.slice(at, at + 14)))
        const named = found && Object.hasOwn(posix, found[2] as string) ? posix[found[2] as string] : undefined
        if (found) {
          if (!named) throw bad()
          at += found[0].length
          ranges.push(...(found[1] === '^' ? complement(named) : named))
          continue
        }
      }
      const from = member()
      if (typeof from !== 'number') {
        ranges.push(...from)
        continue
      }
      if (is('-') && points[at + 1] !== 93 && at + 1 < points.length) {
        at++
        const to = member()
        if (typeof to !== 'number' || to < from) throw bad()
        ranges.push([from, to])
      } else ranges.push([from, from])
    }
    at++
    return set(ranges, not)
  }
  function member(): number | CharSet['ranges'] {
    const point = points[at++] as number
    if (point !== 92) return point
    if (at >= points.length) throw bad()
    const escapedPoint = points[at++] as number
    const letter = String.fromCodePoint(escapedPoint)
    return classEscape(letter) ?? plainEscape(letter, escapedPoint)
  }

  const tree = either()
  if (at < points.length) throw bad()
  return tree
}

const unicode = new Map<string, CharSet['ranges'] | null>()
/** `\pL` and its like, from what the platform knows of Unicode. One pass over all code points, kept. */
function unicodeClass(name: string): CharSet['ranges'] | null {
  const known = unicode.get(name)
  if (known !== undefined) return known
  let ranges: [number, number][] | null = null
  if (/^[A-Za-z_]{1,30}$/.test(name)) {
    for (const property of [`\\p{${name}}`, `\\p{Script=${name}}`]) {
      let test: RegExp
      try {
        test = new RegExp(`^${property}$`, 'u')
      } catch {
        // Not a general category; perhaps a script.
        continue
      }
      ranges = []
      for (let point = 0; point <= last; point++) {
        if (!test.test(String.fromCodePoint(point))) continue
        const open = ranges.at(-1)
        if (open && open[1] === point - 1) open[1] = point
        else ranges.push([point, point])
      }
      break
    }
    if (unicode.size < 300) unicode.set(name, ranges)
  }
  return ranges
}

/** Lays the tree out as steps. Counted repeats are copied, so the number of steps is bounded while it grows. */
function assemble(tree: Tree): Regex {
  const steps: Step[] = [{ kind: 'match' }]
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new BadRegex('…')
    steps.push(step)
    return steps.length - 1
  }
  function emit(node: Tree, next: number): number {
    switch (node.kind) {
      case 'empty':
        return next
      case 'set':
        return add({ kind: 'one', set: node.set, next })
      case 'assert':
        return add({ kind: 'assert', what: node.what, next })
      case 'join':
        return node.parts.reduceRight((after, part) => emit(part, after), next)
      case 'either':
        return node.parts
          .map(part => emit(part, next))
          .reduceRight((other, first) => add({ kind: 'fork', next: first, other }))
      case 'repeat': {
        let after = next
        if (node.most === Infinity) {
          const loop = add({ kind: 'fork', next: 0, other: next })
          ;(steps[loop] as Step & { kind: 'fork' }).next = emit(node.part, loop)
          after = loop
        } else
          for (let i = node.least; i < node.most; i++)
            after = add({ kind: 'fork', next: emit(node.part, after), other: next })
        for (let i = 0; i < node.least; i++) after = emit(node.part, after)
        return after
      }
    }
  }
  return { start: emit(tree, 0), steps }
}

function holds({ ranges, not }: CharSet, point: number): boolean {
  let low = 0
  let found = false
  for (; low < ranges.length; low++) {
    const [a, b] = ranges[low] as readonly [number, number]
    if (point >= a && point <= b) {
      found = true
      break
    }
  }
  return found !== not
}
const isWord = (point: number | undefined): boolean =>
  point !== undefined &&
  ((point >= 48 && point <= 57) || (point >= 65 && point <= 90) || point === 95 || (point >= 97 && point <= 122))

/** Whether the pattern occurs anywhere in the text. */
export function matchesRegex({ steps, start }: Regex, text: string, pay: Meter): boolean {
  let current = new Set<number>()
  const stack: number[] = []
  let matched = false
  let previous: number | undefined
  const enter = (into: Set<number>, from: number, following: number | undefined): void => {
    stack.push(from)
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (into.has(index)) continue
      into.add(index)
      const step = steps[index] as Step
      if (step.kind === 'match') matched = true
      else if (step.kind === 'fork') stack.push(step.other, step.next)
      else if (step.kind === 'assert' && applies(step.what, previous, following)) stack.push(step.next)
    }
  }
  for (let at = 0; ; ) {
    const point = text.codePointAt(at)
    enter(current, start, point)
    if (matched || point === undefined) return matched
    pay(1 + current.size / 8)
    at += point > 0xffff ? 2 : 1
    const next = new Set<number>()
    previous = point
    const following = text.codePointAt(at)
    for (const index of current) {
      const step = steps[index] as Step
      if (step.kind === 'one' && holds(step.set, point)) enter(next, step.next, following)
    }
    if (matched) return true
    current = next
  }
}
function applies(
  what: (Step & { kind: 'assert' })['what'],
  before: number | undefined,
  after: number | undefined,
): boolean {
  switch (what) {
    case 'start':
      return before === undefined
    case 'end':
      return after === undefined
    case 'lineStart':
      return before === undefined || before === 10
    case 'lineEnd':
      return after === undefined || after === 10
    case 'word':
      return isWord(before) !== isWord(after)
    case 'notWord':
      return isWord(before) === isWord(after)
  }
}
