import type { Message } from '../../messages/index.ts'
import { nearestName } from '../../topology/nearest-name.ts'
import { candidates, type Environment } from './environment.ts'
import type { Expression } from './expression.ts'
import { type CelFunction, printName } from './function-table.ts'
import { qualifiedName } from './parse.ts'
import { ExpressionError, type ExpressionProblem } from './problem.ts'
import * as t from './type.ts'
import { type CelValue, type MessageType, typeNameOf } from './value.ts'

/** What a name turned out to mean. */
export type Meaning =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fact: boolean }
  | { readonly kind: 'constant'; readonly value: CelValue }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'message'; readonly type: MessageType }
  | { readonly kind: 'function'; readonly function: CelFunction }
  | { readonly kind: 'undeclared'; readonly name: string }
export type Checked = {
  readonly expression: Expression
  readonly type: t.Type
  readonly types: ReadonlyMap<Expression, t.Type>
  readonly meanings: ReadonlyMap<Expression, Meaning>
  readonly problems: readonly ExpressionProblem[]
}

const typeNames: ReadonlyMap<string, t.Type> = new Map<string, t.Type>([
  ...(['bool', 'int', 'uint', 'double', 'string', 'bytes'] as const).map(kind => [kind, { kind }] as const),
  ['null_type', t.nullType],
  ['list', t.listOf(t.dyn)],
  ['map', t.mapOf(t.dyn, t.dyn)],
  ['type', { kind: 'type', parameters: [] }],
  ['optional_type', t.optionalOf(t.dyn)],
  ['google.protobuf.Timestamp', t.timestampType],
  ['google.protobuf.Duration', t.durationType],
])

type Scope = { readonly name: string; readonly type: t.Type; readonly outer: Scope } | null

/**
 * Finds what every name means and what type everything has, after the rules of cel-go's checker; what does not fit is a
 * problem, and its type `dyn`, so that one mistake is told once.
 */
export function check(root: Expression, environment: Environment): Checked {
  const types = new Map<Expression, t.Type>()
  const meanings = new Map<Expression, Meaning>()
  const problems: ExpressionProblem[] = []
  const bindings: t.Bindings = new Map()
  let fresh = 0
  const parameter = (): t.Type => ({ kind: 'parameter', name: `#${fresh++}` })
  const problem = (at: Expression, message: Message): t.Type => {
    problems.push({ message, from: at.from, to: at.to })
    return { kind: 'error' }
  }
  const settled = (type: t.Type): t.Type => t.substitute(bindings, type, false)
  const closed = (type: t.Type): t.Type => t.substitute(bindings, type, true)

  function visit(node: Expression, scope: Scope): t.Type {
    const type = typeOf(node, scope)
    types.set(node, type)
    return type
  }

  function typeOf(node: Expression, scope: Scope): t.Type {
    switch (node.kind) {
      case 'literal':
        return typeOfLiteral(node.value)
      case 'name':
        return named(node, scope) ?? undeclared(node, qualifiedName(node) as string)
      case 'select':
      case 'has': {
        const whole = node.kind === 'select' ? named(node, scope) : null
        if (whole) return whole
        const operand = visit(node.operand, scope)
        const field = selected(node, settled(operand))
        return node.kind === 'has' ? t.bool : field
      }
      case 'index':
        return indexed(node, settled(visit(node.operand, scope)), settled(visit(node.index, scope)))
      case 'call':
        return called(node, scope)
      case 'and':
      case 'or':
        for (const term of node.terms) mustBe(t.bool, term, scope)
        return t.bool
      case 'choose': {
        mustBe(t.bool, node.condition, scope)
        const yes = settled(visit(node.yes, scope))
        const no = settled(visit(node.no, scope))
        if (t.isAssignable(bindings, yes, no)) return t.moreGeneral(yes, no)
        return problem(node, {
          key: 'rule.celBranches',
          params: { yes: t.printType(closed(yes)), no: t.printType(closed(no)) },
        })
      }
      case 'list': {
        let item: t.Type | null = null
        for (const { value, optional } of node.items) item = join(item, visitItem(value, optional, scope))
        return t.listOf(item ?? parameter())
      }
      case 'map': {
        let key: t.Type | null = null
        let value: t.Type | null = null
        for (const entry of node.entries) {
          key = join(key, visit(entry.key, scope))
          value = join(value, visitItem(entry.value, entry.optional, scope))
        }
        return t.mapOf(key ?? parameter(), value ?? parameter())
      }
      case 'message':
        return made(node, scope)
      case 'each':
        return comprehended(node, scope)
      case 'bind':
        return visit(node.body, { name: node.name, type: visit(node.value, scope), outer: scope })
      case 'optMap': {
        const operand = settled(visit(node.operand, scope))
        const inner = t.isOptional(operand) ? (t.parametersOf(operand)[0] as t.Type) : t.dyn
        const body = visit(node.body, { name: node.name, type: inner, outer: scope })
        return node.flat ? body : t.optionalOf(body)
      }
    }
  }

  function join(previous: t.Type | null, current: t.Type): t.Type {
    if (previous === null) return current
    const a = settled(previous)
    const b = settled(current)
    return t.isAssignable(bindings, a, b) ? t.moreGeneral(a, b) : t.dyn
  }

  /** An element written `?x`: the value within. */
  function visitItem(node: Expression, optional: boolean, scope: Scope): t.Type {
    const type = settled(visit(node, scope))
    if (!optional) return type
    if (t.isOptional(type)) return t.parametersOf(type)[0] as t.Type
    if (t.isWild(type)) return t.dyn
    return problem(node, { key: 'rule.celOptionalExpected', params: { type: t.printType(closed(type)) } })
  }

  function mustBe(wanted: t.Type, node: Expression, scope: Scope): void {
    const type = settled(visit(node, scope))
    if (!t.isAssignable(bindings, wanted, type))
      problem(node, {
        key: 'rule.celWrongType',
        params: { wanted: t.printType(wanted), type: t.printType(closed(type)) },
      })
  }

  /** A name or a chain of names that means something as a whole; null where it does not. */
  function named(node: Expression, scope: Scope): t.Type | null {
    const name = qualifiedName(node)
    if (name === null) return null
    const root = name.startsWith('.') ? '' : (name.split('.')[0] as string)
    for (let inner = scope; inner !== null; inner = inner.outer) {
      if (inner.name !== root) continue
      if (node.kind !== 'name') return null
      meanings.set(node, { kind: 'local', name: root })
      return inner.type
    }
    for (const candidate of candidates(environment.container, name)) {
      const variable = environment.variables.get(candidate)
      if (variable) {
        meanings.set(node, { kind: 'variable', name: candidate, fact: environment.facts === 'all' })
        return variable
      }
      const constant = environment.constants.get(candidate)
      if (constant) {
        meanings.set(node, { kind: 'constant', value: constant.value })
        return constant.type
      }
      const message = environment.messages.get(candidate)
      const type = typeNames.get(candidate) ?? (message ? messageType(message) : undefined)
      if (type) {
        meanings.set(node, { kind: 'type', name: candidate })
        return candidate === 'type' ? type : t.typeOf(type)
      }
    }
    if (!environment.open || node.kind !== 'name') return null
    meanings.set(node, { kind: 'variable', name: root || name.slice(1), fact: true })
    return t.dyn
  }

  function undeclared(node: Expression, name: string): t.Type {
    meanings.set(node, { kind: 'undeclared', name })
    const near = nearestName(name, [...environment.variables.keys()])
    return problem(
      node,
      near === undefined
        ? { key: 'rule.celUndeclared', params: { name } }
        : { key: 'rule.celUndeclaredNear', params: { name, near } },
    )
  }

  function selected(node: Expression & { kind: 'select' | 'has' }, operand: t.Type): t.Type {
    const within = t.isOptional(operand) ? (t.parametersOf(operand)[0] as t.Type) : operand
    const field = fieldOf(node, settled(within))
    return node.kind === 'select' && (node.optional || within !== operand) ? t.optionalOf(field) : field
  }
  function fieldOf(node: Expression & { kind: 'select' | 'has' }, operand: t.Type): t.Type {
    if (operand.kind === 'map') return operand.parameters[1]
    if (operand.kind === 'parameter') {
      t.isAssignable(bindings, operand, t.dyn)
      return t.dyn
    }
    if (t.isWild(operand)) return t.dyn
    if (operand.kind === 'object') {
      const fields = operand.fields()
      const field = fields.get(node.field)
      if (field) return field
      const near = nearestName(node.field, [...fields.keys()])
      const at = { ...node, from: node.operand.to }
      return problem(
        at,
        near === undefined
          ? { key: 'rule.celNoField', params: { type: operand.name, field: node.field } }
          : { key: 'rule.celNoFieldNear', params: { type: operand.name, field: node.field, near } },
      )
    }
    return problem(node, { key: 'rule.celNoFields', params: { type: t.printType(closed(operand)) } })
  }

  function indexed(node: Expression & { kind: 'index' }, operand: t.Type, index: t.Type): t.Type {
    const within = t.isOptional(operand) ? settled(t.parametersOf(operand)[0] as t.Type) : operand
    const item = itemOf(node, within, index)
    return node.optional || within !== operand ? t.optionalOf(item) : item
  }
  function itemOf(node: Expression & { kind: 'index' }, operand: t.Type, index: t.Type): t.Type {
    if (t.isWild(operand) || operand.kind === 'parameter') return t.dyn
    if (operand.kind === 'object' && t.isAssignable(bindings, t.stringType, index)) return t.dyn
    const numbers = ['int', 'uint', 'double', 'number', 'dyn', 'error', 'parameter', 'wrapper', 'any']
    if (operand.kind === 'list' && numbers.includes(index.kind)) return operand.parameters[0]
    if (operand.kind === 'map') {
      const key = settled(operand.parameters[0])
      if (numbers.includes(key.kind) && numbers.includes(index.kind)) return operand.parameters[1]
      if (t.isAssignable(bindings, key, index)) return operand.parameters[1]
    }
    const applied = [operand, index].map(type => t.printType(closed(type))).join(', ')
    return problem(node, { key: 'rule.celNoOverload', params: { name: '[]', types: applied } })
  }

  function called(node: Expression & { kind: 'call' }, scope: Scope): t.Type {
    let target = node.target
    let found: CelFunction | undefined
    const space = target === null ? null : qualifiedName(target)
    if (target !== null && space !== null && !isLocal(space, scope)) found = findFunction(`${space}.${node.name}`)
    if (found) target = null
    found ??= target === null ? findFunction(node.name) : environment.functions.get(node.name)
    const nodes = target === null ? node.args : [target, ...node.args]
    const args = nodes.map(arg => settled(visit(arg, scope)))
    if (!found) {
      const known = [...environment.functions.keys()].filter(name => !/^[_@!-]/.test(name))
      const near = nearestName(node.name, known)
      meanings.set(node, { kind: 'undeclared', name: node.name })
      return problem(
        node,
        near === undefined
          ? { key: 'rule.celNoFunction', params: { name: node.name } }
          : { key: 'rule.celNoFunctionNear', params: { name: node.name, near } },
      )
    }
    meanings.set(node, { kind: 'function', function: found })
    if (found.name === '_==_' || found.name === '_!=_') {
      const kinds = new Set(['int', 'uint', 'double', 'number'])
      if (args.every(({ kind }) => kinds.has(kind))) return t.bool
    }
    let result: t.Type | null = null
    const suffix = `@${fresh++}`
    for (const overload of found.overloads) {
      if (overload.member !== (target !== null) || overload.parameters.length !== args.length) continue
      const parameters = overload.parameters.map(type => t.rename(type, suffix))
      const trial = new Map(bindings)
      if (!t.assignAll(trial, parameters, args)) continue
      const answer = t.substitute(trial, t.rename(overload.result, suffix), false)
      if (result === null) {
        for (const [name, type] of trial) bindings.set(name, type)
        result = answer
      } else if (t.printType(result) !== t.printType(answer)) result = t.dyn
    }
    if (result !== null) return result
    const written = args.map(type => t.printType(closed(type))).join(', ')
    return problem(node, { key: 'rule.celNoOverload', params: { name: printName(found.name), types: written } })
  }
  const findFunction = (name: string): CelFunction | undefined =>
    candidates(environment.container, name)
      .map(candidate => environment.functions.get(candidate))
      .find(found => found !== undefined)
  function isLocal(name: string, scope: Scope): boolean {
    const root = name.split('.')[0]
    for (let inner = scope; inner !== null; inner = inner.outer) if (inner.name === root) return true
    return environment.variables.has(name)
  }

  function made(node: Expression & { kind: 'message' }, scope: Scope): t.Type {
    const message = candidates(environment.container, node.name)
      .map(name => environment.messages.get(name))
      .find(found => found !== undefined)
    if (message) meanings.set(node, { kind: 'message', type: message })
    for (const { name, value, optional } of node.fields) {
      const type = visitItem(value, optional, scope)
      const field = message?.fields.get(name)
      if (message && !field) problem(value, { key: 'rule.celNoField', params: { type: message.name, field: name } })
      else if (field && !t.isAssignable(bindings, field.type, settled(type)))
        problem(value, {
          key: 'rule.celWrongType',
          params: { wanted: t.printType(field.type), type: t.printType(closed(type)) },
        })
    }
    if (message) return messageType(message)
    meanings.set(node, { kind: 'undeclared', name: node.name })
    return problem(node, { key: 'rule.celUndeclared', params: { name: node.name } })
  }

  function comprehended(node: Expression & { kind: 'each' }, scope: Scope): t.Type {
    const range = settled(visit(node.range, scope))
    let first: t.Type = t.dyn
    let second: t.Type = t.dyn
    if (range.kind === 'list')
      [first, second] = node.names.length === 2 ? [t.intType, range.parameters[0]] : [range.parameters[0], t.dyn]
    else if (range.kind === 'map') [first, second] = range.parameters
    else if (range.kind === 'object') first = t.stringType
    else if (range.kind === 'parameter') t.isAssignable(bindings, range, t.dyn)
    else if (!t.isWild(range))
      problem(node.range, { key: 'rule.celNotIterable', params: { type: t.printType(closed(range)) } })
    let inner: Scope = { name: node.names[0] as string, type: first, outer: scope }
    if (node.names.length === 2) inner = { name: node.names[1] as string, type: second, outer: inner }
    if (node.filter) mustBe(t.bool, node.filter, inner)
    const step = node.steps[0] as Expression
    switch (node.macro) {
      case 'all':
      case 'exists':
      case 'existsOne':
        mustBe(t.bool, step, inner)
        return t.bool
      case 'filter':
        mustBe(t.bool, step, inner)
        return t.listOf(first)
      case 'map':
      case 'transformList':
        return t.listOf(visit(step, inner))
      case 'transformMap':
        return t.mapOf(range.kind === 'list' ? t.intType : first, visit(step, inner))
      case 'transformMapEntry': {
        const entry = settled(visit(step, inner))
        if (entry.kind === 'map') return entry
        if (t.isWild(entry)) return t.mapOf(t.dyn, t.dyn)
        return problem(step, { key: 'rule.celWrongType', params: { wanted: 'map', type: t.printType(closed(entry)) } })
      }
    }
  }

  const type = closed(visit(root, null))
  return { expression: root, type: type.kind === 'error' ? t.dyn : type, types, meanings, problems }
}

function typeOfLiteral(value: CelValue): t.Type {
  const name = typeNameOf(value)
  return typeNames.get(name) ?? t.dyn
}

const messageTypes = new WeakMap<MessageType, t.Type>()
/** The checker's view of a declared message. Those that unwrap say so themselves. */
export function messageType(message: MessageType): t.Type {
  if (message.type) return message.type
  const known = messageTypes.get(message)
  if (known) return known
  const fields = (): ReadonlyMap<string, t.Type> =>
    new Map([...message.fields].map(([name, { type }]) => [name, type] as const))
  const type: t.Type = { kind: 'object', name: message.name, fields }
  messageTypes.set(message, type)
  return type
}

/** Throws the first problem. */
export function mustHold({ problems }: Checked): void {
  const [first] = problems
  if (first) throw new ExpressionError(first.message, first.from, first.to)
}
