import type { Checked } from './check.ts'
import { type Code, constant, type Frame, failureOf, type Scope } from './code.ts'
import { compileCall } from './compile-call.ts'
import { compileEach } from './compile-each.ts'
import type { Expression } from './expression.ts'
import { noOverload } from './function-table.ts'
import { putKey } from './put-key.ts'
import { hasField, indexValue, pathOf, select } from './read-value.ts'
import {
  CelError,
  CelMap,
  CelMessage,
  CelOptional,
  CelType,
  type CelValue,
  Failure,
  fail,
  isJsonMap,
  Missing,
} from './value.ts'

/** Makes closures of a checked expression: evaluating it walks no tree and makes no code at run time. */
export function compile({ expression, meanings }: Checked, source: string): (frame: Frame) => CelValue {
  function code(node: Expression, scope: Scope): Code {
    switch (node.kind) {
      case 'literal':
        return constant(node.value)
      case 'name':
        return named(node, scope) ?? constant(fail('rule.celUndeclared', { name: node.name }))
      case 'select':
        return named(node, scope) ?? selected(node, scope)
      case 'has': {
        const operand = code(node.operand, scope)
        const read = hasField(node.field)
        return { run: frame => read(operand.run(frame)), fact: false }
      }
      case 'index': {
        const operand = code(node.operand, scope)
        const index = code(node.index, scope)
        const read = indexValue(node.optional, operand.fact ? pathOf(node, scope, source) : null)
        return { run: frame => read(operand.run(frame), index.run(frame)), fact: operand.fact }
      }
      case 'call':
        return compileCall(node, meanings.get(node), arg => code(arg, scope))
      case 'and':
      case 'or':
        return joined(node, scope)
      case 'choose': {
        const [condition, yes, no] = [node.condition, node.yes, node.no].map(part => code(part, scope)) as [
          Code,
          Code,
          Code,
        ]
        const run = (frame: Frame): CelValue => {
          const value = condition.run(frame)
          if (value === true) return yes.run(frame)
          if (value === false) return no.run(frame)
          return value instanceof Failure ? value : noOverload('?:', [value])
        }
        return { run, fact: yes.fact || no.fact }
      }
      case 'list':
        return listed(node, scope)
      case 'map':
        return mapped(node, scope)
      case 'message':
        return made(node, scope)
      case 'each':
        return compileEach(node, scope, code, source)
      case 'bind': {
        const value = code(node.value, scope)
        const slot = scope.depth
        const body = code(node.body, {
          name: node.name,
          slot,
          fact: value.fact,
          path: value.fact ? pathOf(node.value, scope, source) : '',
          depth: slot + 1,
          outer: scope,
        })
        const run = (frame: Frame): CelValue => {
          frame.locals[slot] = value.run(frame)
          return body.run(frame)
        }
        return { run, fact: body.fact }
      }
      case 'optMap': {
        const operand = code(node.operand, scope)
        const slot = scope.depth
        const body = code(node.body, {
          name: node.name,
          slot,
          fact: operand.fact,
          path: node.name,
          depth: slot + 1,
          outer: scope,
        })
        const { flat } = node
        const run = (frame: Frame): CelValue => {
          const value = operand.run(frame)
          if (!(value instanceof CelOptional))
            return value instanceof Failure ? value : noOverload(flat ? 'optFlatMap' : 'optMap', [value])
          if (value.value === undefined) return value
          frame.locals[slot] = value.value
          const result = body.run(frame)
          return flat || result instanceof Failure ? result : new CelOptional(result)
        }
        return { run, fact: false }
      }
    }
  }

  function named(node: Expression, scope: Scope): Code | null {
    const meaning = meanings.get(node)
    if (!meaning) return null
    switch (meaning.kind) {
      case 'local': {
        let inner: Scope | null = scope
        while (inner && inner.name !== meaning.name) inner = inner.outer
        const { slot, fact } = inner as Scope
        return { run: frame => frame.locals[slot] as CelValue, fact }
      }
      case 'variable': {
        const { name, fact } = meaning
        const run = (frame: Frame): CelValue => {
          if (Object.hasOwn(frame.facts, name)) {
            const value = frame.facts[name]
            if (value !== undefined) return value
          }
          return fact ? new Missing([name], true) : fail('rule.celUndeclared', { name })
        }
        return { run, fact }
      }
      case 'constant':
        return constant(meaning.value)
      case 'type':
        return constant(new CelType(meaning.name))
      case 'undeclared':
        return constant(fail('rule.celUndeclared', { name: meaning.name }))
      default:
        return null
    }
  }

  function selected(node: Expression & { kind: 'select' }, scope: Scope): Code {
    const operand = code(node.operand, scope)
    const read = select(node.field, node.optional, operand.fact ? pathOf(node, scope, source) : null)
    const { run } = operand
    const meaning = meanings.get(node.operand)
    const { field } = node
    if (meaning?.kind !== 'variable' || node.optional) return { run: frame => read(run(frame)), fact: operand.fact }
    // A field of a fact is what rules read most: straight from one object to the next.
    const { name } = meaning
    const direct = (frame: Frame): CelValue => {
      const { facts } = frame
      if (Object.hasOwn(facts, name)) {
        const root = facts[name]
        if (isJsonMap(root) && Object.hasOwn(root, field)) {
          const value = root[field]
          if (value !== undefined) return value
        }
      }
      return read(run(frame))
    }
    return { run: direct, fact: operand.fact }
  }

  /** `&&` and `||` of any number of terms: what decides, decides, whatever else failed. */
  function joined(node: Expression & { kind: 'and' | 'or' }, scope: Scope): Code {
    const decides = node.kind === 'or'
    const runs = node.terms.map(term => code(term, scope).run)
    const slow = (frame: Frame, from: number, first: CelValue): CelValue => {
      const failures: CelValue[] = [first instanceof Failure ? first : noOverload(decides ? '||' : '&&', [first])]
      for (let i = from; i < runs.length; i++) {
        const value = (runs[i] as Code['run'])(frame)
        if (value === decides) return decides
        if (value !== !decides)
          failures.push(value instanceof Failure ? value : noOverload(decides ? '||' : '&&', [value]))
      }
      return failureOf(failures) as Failure
    }
    if (runs.length === 2) {
      const [left, right] = runs as [Code['run'], Code['run']]
      const run = (frame: Frame): CelValue => {
        const first = left(frame)
        if (first === decides) return decides
        if (first !== !decides) return slow(frame, 1, first)
        const second = right(frame)
        return second === true || second === false ? second : slow(frame, 2, second)
      }
      return { run, fact: false }
    }
    const run = (frame: Frame): CelValue => {
      for (let i = 0; i < runs.length; i++) {
        const value = (runs[i] as Code['run'])(frame)
        if (value === decides) return decides
        if (value !== !decides) return slow(frame, i + 1, value)
      }
      return !decides
    }
    return { run, fact: false }
  }

  function listed(node: Expression & { kind: 'list' }, scope: Scope): Code {
    const items = node.items.map(({ value, optional }) => ({ ...code(value, scope), optional }))
    const fact = items.some(item => item.fact)
    if (items.every(item => item.constant !== undefined && !item.optional && !(item.constant instanceof Failure)))
      return constant(items.map(item => item.constant as CelValue))
    const run = (frame: Frame): CelValue => {
      const list: CelValue[] = []
      let failures: CelValue[] | null = null
      for (const item of items) {
        const value = item.run(frame)
        if (value instanceof Failure) failures = [...(failures ?? []), value]
        else if (!item.optional) list.push(value)
        else if (!(value instanceof CelOptional)) return noOverload('[?]', [value])
        else if (value.value !== undefined) list.push(value.value)
      }
      return failures ? (failureOf(failures) as Failure) : list
    }
    return { run, fact }
  }

  function mapped(node: Expression & { kind: 'map' }, scope: Scope): Code {
    const entries = node.entries.map(({ key, value, optional }) => ({
      key: code(key, scope).run,
      value: code(value, scope),
      optional,
    }))
    const run = (frame: Frame): CelValue => {
      const map = new CelMap()
      for (const entry of entries) {
        const key = entry.key(frame)
        const value = entry.value.run(frame)
        const failure = failureOf([key, value])
        if (failure) return failure
        const problem = putKey(map, key)
        if (problem) return problem
        if (!entry.optional) map.set(key, value)
        else if (!(value instanceof CelOptional)) return noOverload('{?}', [value])
        else if (value.value !== undefined) map.set(key, value.value)
      }
      return map
    }
    return { run, fact: entries.some(entry => entry.value.fact) }
  }

  function made(node: Expression & { kind: 'message' }, scope: Scope): Code {
    const meaning = meanings.get(node)
    if (meaning?.kind !== 'message') return constant(fail('rule.celUndeclared', { name: node.name }))
    const { type } = meaning
    const fields = node.fields.map(({ name, value, optional }) => ({
      name,
      value: code(value, scope).run,
      optional,
      field: type.fields.get(name),
    }))
    const run = (frame: Frame): CelValue => {
      const set = new Map<string, CelValue>()
      for (const { name, value, optional, field } of fields) {
        let given: CelValue | undefined = value(frame)
        if (given instanceof Failure) return given
        if (!field) return fail('rule.celNoField', { type: type.name, field: name })
        if (optional) {
          if (!(given instanceof CelOptional)) return noOverload('{?}', [given])
          given = given.value
        }
        const kept = given === undefined ? undefined : field.accept(given)
        if (kept instanceof CelError) return kept
        if (kept !== undefined) set.set(name, kept)
      }
      return type.unwrap ? type.unwrap(set) : new CelMessage(type, set)
    }
    return { run, fact: false }
  }

  return code(expression, { name: '', slot: -1, fact: false, path: '', depth: 0, outer: null }).run
}
