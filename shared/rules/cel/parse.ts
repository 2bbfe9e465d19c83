import type { MessageKey, MessageParams } from '../../messages/index.ts'
import { expandMacro } from './expand-macro.ts'
import type { Expression } from './expression.ts'
import { ExpressionError } from './problem.ts'
import { readNumber, scan, type Token } from './scan.ts'
import { CelError } from './value.ts'

/** What is refused before anything else is looked at: longer sources, deeper nesting. */
export const limits = { characters: 65_536, nesting: 200, height: 400 } as const

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
)
const keywords = new Set(['true', 'false', 'null', 'in'])
type Bare = Expression extends infer Node
  ? Node extends Expression
    ? Omit<Node, 'from' | 'to' | 'height'>
    : never
  : never

/** Reads an expression; throws `ExpressionError`. The grammar is that of the CEL specification. */
export function parse(source: string): Expression {
  if (source.length > limits.characters)
    throw new ExpressionError({ key: 'rule.celTooLong', params: { most: limits.characters } }, 0, source.length)
  const tokens = scan(source)
  let position = 0
  let nesting = 0
  const peek = (): Token => tokens[position] as Token
  const ahead = (): Token => tokens[Math.min(position + 1, tokens.length - 1)] as Token
  const take = (): Token => tokens[position++] as Token
  const isSymbol = (text: string, token = peek()): boolean => token.kind === 'symbol' && token.text === text
  const accept = (text: string): boolean => isSymbol(text) && !!take()
  const wrong = (token: Token, key: MessageKey, params: MessageParams = {}): ExpressionError =>
    new ExpressionError({ key, params }, token.from, token.to)
  const unexpected = (token = peek()): ExpressionError =>
    token.kind === 'end' ? wrong(token, 'rule.celEnd') : wrong(token, 'rule.celUnexpected', { text: token.text })
  const expect = (text: string): Token => {
    if (!isSymbol(text))
      throw peek().kind === 'end'
        ? wrong(peek(), 'rule.celEndExpected', { expected: text })
        : wrong(peek(), 'rule.celExpected', { expected: text, text: peek().text })
    return take()
  }
  const make = (bare: Bare, from: number, to: number, ...children: readonly Expression[]): Expression => {
    const height = 1 + Math.max(0, ...children.map(child => child.height))
    if (height > limits.height) throw new ExpressionError({ key: 'rule.celTooDeep' }, from, to)
    return { ...bare, from, to, height } as Expression
  }
  const previousEnd = (): number => tokens[position - 1]?.to ?? 0

  function expression(): Expression {
    if (++nesting > limits.nesting) throw wrong(peek(), 'rule.celTooDeep')
    const condition = logical('or', '||', () => logical('and', '&&', relation))
    let result = condition
    if (accept('?')) {
      const yes = logical('or', '||', () => logical('and', '&&', relation))
      expect(':')
      const no = expression()
      result = make({ kind: 'choose', condition, yes, no }, condition.from, no.to, condition, yes, no)
    }
    nesting--
    return result
  }

  function logical(kind: 'and' | 'or', operator: string, part: () => Expression): Expression {
    const first = part()
    if (!isSymbol(operator)) return first
    const terms = [first]
    while (accept(operator)) terms.push(part())
    return make({ kind, terms }, first.from, previousEnd(), ...terms)
  }

  const binary = (operators: readonly string[], part: () => Expression): (() => Expression) => {
    return () => {
      let left = part()
      for (;;) {
        const token = peek()
        const isIn = token.kind === 'name' && token.text === 'in'
        if (!operators.includes(token.text) || !(token.kind === 'symbol' || isIn)) return left
        take()
        const right = part()
        const name = isIn ? '@in' : `_${token.text}_`
        left = make({ kind: 'call', name, target: null, args: [left, right] }, left.from, right.to, left, right)
      }
    }
  }
  const multiplication = binary(['*', '/', '%'], unary)
  const addition = binary(['+', '-'], multiplication)
  const relation = binary(['<', '<=', '>', '>=', '==', '!=', 'in'], addition)

  function unary(): Expression {
    const { from } = peek()
    if (isSymbol('!')) {
      let count = 0
      while (accept('!')) count++
      return prefix('!_', count, from, member(false))
    }
    let minuses = 0
    while (isSymbol('-') && !(ahead().kind === 'number')) {
      take()
      minuses++
    }
    const negative = accept('-')
    return prefix('-_', minuses, from, member(negative))
  }
  /** The same prefix twice is none; types are checked as if it were there. */
  function prefix(name: string, count: number, from: number, operand: Expression): Expression {
    let result = operand
    for (let left = count > 2 ? 2 - (count % 2) : count; left > 0; left--)
      result = make({ kind: 'call', name, target: null, args: [result] }, from, operand.to, result)
    return result
  }

  function member(negative: boolean): Expression {
    let result = primary(negative)
    for (;;) {
      const { from } = result
      if (accept('.')) {
        const optional = accept('?')
        const token = take()
        if (token.kind !== 'quoted' && (token.kind !== 'name' || keywords.has(token.text))) throw unexpected(token)
        if (!optional && token.kind === 'name' && accept('(')) {
          const args = list(')')
          const made = expandMacro(token.text, result, args, make, from, previousEnd())
          result =
            made ?? make({ kind: 'call', name: token.text, target: result, args }, from, previousEnd(), result, ...args)
        } else result = make({ kind: 'select', operand: result, field: token.text, optional }, from, token.to, result)
      } else if (accept('[')) {
        const optional = accept('?')
        const index = expression()
        expect(']')
        result = make({ kind: 'index', operand: result, index, optional }, from, previousEnd(), result, index)
      } else if (isSymbol('{') && qualifiedName(result) !== null) result = message(result)
      else return result
    }
  }

  function list(close: string): Expression[] {
    const items: Expression[] = []
    if (accept(close)) return items
    do items.push(expression())
    while (accept(','))
    expect(close)
    return items
  }

  function primary(negative: boolean): Expression {
    const token = take()
    const { from, to } = token
    if (token.kind === 'literal') return make({ kind: 'literal', value: token.value }, from, to)
    if (token.kind === 'number') {
      const value = readNumber(token.text, negative)
      if (value instanceof CelError) throw wrong(token, 'rule.celNumberRange', { text: token.text })
      return make({ kind: 'literal', value }, negative ? from - 1 : from, to)
    }
    if (token.kind === 'name') {
      if (token.text === 'true' || token.text === 'false')
        return make({ kind: 'literal', value: token.text === 'true' }, from, to)
      if (token.text === 'null') return make({ kind: 'literal', value: null }, from, to)
      return named(token, false, from)
    }
    if (isSymbol('.', token)) return named(take(), true, from)
    if (isSymbol('(', token)) {
      const inner = expression()
      expect(')')
      return { ...inner, from, to: previousEnd() }
    }
    if (isSymbol('[', token)) {
      const items: { value: Expression; optional: boolean }[] = []
      while (!accept(']')) {
        const optional = accept('?')
        items.push({ value: expression(), optional })
        if (!isSymbol(']')) expect(',')
      }
      return make({ kind: 'list', items }, from, previousEnd(), ...items.map(({ value }) => value))
    }
    if (isSymbol('{', token)) {
      const entries: { key: Expression; value: Expression; optional: boolean }[] = []
      while (!accept('}')) {
        const optional = accept('?')
        const key = expression()
        expect(':')
        entries.push({ key, value: expression(), optional })
        if (!isSymbol('}')) expect(',')
      }
      return make({ kind: 'map', entries }, from, previousEnd(), ...entries.flatMap(({ key, value }) => [key, value]))
    }
    throw unexpected(token)
  }

  function named(token: Token, absolute: boolean, from: number): Expression {
    if (token.kind !== 'name' || keywords.has(token.text)) throw unexpected(token)
    if (reserved.has(token.text)) throw wrong(token, 'rule.celReserved', { text: token.text })
    if (!accept('(')) return make({ kind: 'name', name: token.text, absolute }, from, token.to)
    const args = list(')')
    const made = absolute ? null : expandMacro(token.text, null, args, make, from, previousEnd())
    const name = absolute ? `.${token.text}` : token.text
    return made ?? make({ kind: 'call', name, target: null, args }, from, previousEnd(), ...args)
  }

  function message(type: Expression): Expression {
    const name = qualifiedName(type) as string
    expect('{')
    const fields: { name: string; value: Expression; optional: boolean }[] = []
    while (!accept('}')) {
      const optional = accept('?')
      const field = take()
      if (field.kind !== 'quoted' && (field.kind !== 'name' || keywords.has(field.text))) throw unexpected(field)
      expect(':')
      fields.push({ name: field.text, value: expression(), optional })
      if (!isSymbol('}')) expect(',')
    }
    return make({ kind: 'message', name, fields }, type.from, previousEnd(), ...fields.map(({ value }) => value))
  }

  const result = expression()
  if (peek().kind !== 'end') throw unexpected()
  return result
}

/** `a.b.c` as one name; null for anything else. A leading dot is kept. */
export function qualifiedName(expression: Expression): string | null {
  if (expression.kind === 'name') return `${expression.absolute ? '.' : ''}${expression.name}`
  if (expression.kind !== 'select' || expression.optional) return null
  const operand = qualifiedName(expression.operand)
  return operand === null ? null : `${operand}.${expression.field}`
}
