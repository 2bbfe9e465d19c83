/** A matcher of a selector. */
export type Matcher = { readonly label: string; readonly operator: '=' | '!=' | '=~' | '!~'; readonly value: string }

export type Query =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** `range` in seconds, for a range vector. */
  | {
      readonly kind: 'select'
      readonly metric: string
      readonly matchers: readonly Matcher[]
      readonly range: number | null
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Query[] }
  | {
      readonly kind: 'aggregate'
      readonly name: string
      readonly of: Query
      /** Null: everything is one. `without` turns the list round. */
      readonly labels: readonly string[]
      readonly without: boolean
    }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Query
      readonly right: Query
      readonly bool: boolean
      /** Labels that sides are matched by; null for all of them. */
      readonly on: readonly string[] | null
      readonly ignoring: readonly string[]
    }

const aggregates = new Set(['sum', 'avg', 'min', 'max', 'count', 'group'])
const precedence: { readonly [operator: string]: number } = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '>=': 3,
  '<': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
}
const tokenPattern =
  /\s*(?:(#[^\n]*)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(\d+(?:\.\d+)?(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Inf\b|NaN\b)|([A-Za-z_:][\w:]*)|(=~|!~|!=|==|<=|>=|[-+*/%(){}[\],=<>]))/y

type Token = { readonly kind: 'text' | 'time' | 'number' | 'name' | 'sign'; readonly text: string }

function tokens(source: string): readonly Token[] {
  const found: Token[] = []
  const pattern = new RegExp(tokenPattern)
  while (pattern.lastIndex < source.trimEnd().length) {
    const at = pattern.lastIndex
    const match = pattern.exec(source)
    if (!match) throw new Error(`the query cannot be read at character ${at + 1}: ${source}`)
    const [, comment, text, time, number, name, sign] = match
    if (comment !== undefined) continue
    if (text !== undefined) found.push({ kind: 'text', text: unquoted(text) })
    else if (time !== undefined) found.push({ kind: 'time', text: time })
    else if (number !== undefined) found.push({ kind: 'number', text: number })
    else if (name !== undefined) found.push({ kind: 'name', text: name })
    else found.push({ kind: 'sign', text: sign! })
  }
  return found
}

const unquoted = (text: string): string =>
  text.startsWith('`')
    ? text.slice(1, -1)
    : text.slice(1, -1).replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))

const units: { readonly [unit: string]: number } = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
}
const secondsOf = (text: string): number =>
  [...text.matchAll(/([\d.]+)(ms|[smhdwy])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0)

/**
 * Reads PromQL, as much of it as dashboards and analyses use: selectors, functions, aggregations, arithmetic,
 * comparisons and set operators. Throws an Error that says where it cannot.
 */
export function parseQuery(source: string): Query {
  const list = tokens(source)
  let at = 0
  const peek = () => list[at]
  const is = (text: string) => peek()?.text === text && peek()?.kind !== 'text'
  const take = (text: string): boolean => {
    if (!is(text)) return false
    at++
    return true
  }
  const need = (text: string): void => {
    if (!take(text)) throw new Error(`"${text}" is missing before "${peek()?.text ?? 'the end'}": ${source}`)
  }
  const names = (): readonly string[] => {
    need('(')
    const found: string[] = []
    while (!take(')')) {
      found.push(list[at++]?.text ?? '')
      take(',')
    }
    return found
  }

  function expression(least: number): Query {
    let left = unary()
    for (;;) {
      const token = peek()
      const level = token && token.kind !== 'text' ? precedence[token.text] : undefined
      if (token === undefined || level === undefined || level < least) return left
      at++
      const bool = take('bool')
      let on: readonly string[] | null = null
      let ignoring: readonly string[] = []
      if (take('on')) on = names()
      else if (take('ignoring')) ignoring = names()
      if (take('group_left') || take('group_right')) if (is('(')) names()
      const right = expression(level + 1)
      left = { kind: 'binary', operator: token.text, left, right, bool, on, ignoring }
    }
  }

  function unary(): Query {
    if (take('-')) {
      const zero: Query = { kind: 'number', value: 0 }
      return { kind: 'binary', operator: '-', left: zero, right: unary(), bool: false, on: null, ignoring: [] }
    }
    take('+')
    let operand = primary()
    if (take('[')) {
      const range = secondsOf(list[at++]?.text ?? '')
      // The step of a subquery changes nothing here.
      while (!take(']')) at++
      if (operand.kind === 'select') operand = { ...operand, range }
    }
    if (take('offset')) at++
    return operand
  }

  function primary(): Query {
    const token = list[at++]
    if (!token) throw new Error(`the query ends too early: ${source}`)
    if (token.kind === 'number')
      return { kind: 'number', value: token.text === 'Inf' ? Number.POSITIVE_INFINITY : Number(token.text) }
    if (token.kind === 'text') return { kind: 'text', value: token.text }
    if (token.text === '(') {
      const inner = expression(0)
      need(')')
      return inner
    }
    if (token.text === '{') return select('')
    if (token.kind !== 'name') throw new Error(`"${token.text}" is not expected: ${source}`)
    if (aggregates.has(token.text) && (is('(') || is('by') || is('without'))) return aggregate(token.text)
    if (take('(')) {
      const args: Query[] = []
      while (!take(')')) {
        args.push(expression(0))
        if (!is(')')) need(',')
      }
      return { kind: 'call', name: token.text, args }
    }
    return take('{') ? select(token.text) : { kind: 'select', metric: token.text, matchers: [], range: null }
  }

  function aggregate(name: string): Query {
    let labels: readonly string[] = []
    let without = false
    const grouping = () => {
      if (is('by') || is('without')) {
        without = is('without')
        at++
        labels = names()
      }
    }
    grouping()
    need('(')
    const of = expression(0)
    need(')')
    grouping()
    return { kind: 'aggregate', name, of, labels, without }
  }

  function select(metric: string): Query {
    const matchers: Matcher[] = []
    while (!take('}')) {
      const label = list[at++]?.text ?? ''
      const operator = list[at++]?.text
      const value = list[at++]
      if (value?.kind !== 'text' || !/^(=|!=|=~|!~)$/.test(operator ?? ''))
        throw new Error(`the matcher of "${label}" cannot be read: ${source}`)
      matchers.push({ label, operator: operator as Matcher['operator'], value: value.text })
      take(',')
    }
    return { kind: 'select', metric, matchers, range: null }
  }

  const query = expression(0)
  if (at < list.length) throw new Error(`"${list[at]!.text}" is not expected: ${source}`)
  return query
}
