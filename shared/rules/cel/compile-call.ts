import type { Meaning } from './check.ts'
import { type Code, constant, type Frame, failureOf } from './code.ts'
import type { Expression } from './expression.ts'
import { arithmetic, lengthOf, type Order, ordered } from './functions/operators.ts'
import { qualifiedName } from './parse.ts'
import { type CelValue, equals, Failure, fail, isList } from './value.ts'

/** A call; the operators that rules are made of get closures of their own, with the usual case first. */
export function compileCall(
  node: Expression & { kind: 'call' },
  meaning: Meaning | undefined,
  code: (node: Expression) => Code,
): Code {
  if (meaning?.kind !== 'function') return constant(fail('rule.celNoFunction', { name: node.name }))
  const { name, call } = meaning.function
  const spaced = node.target !== null && name === `${qualifiedName(node.target)?.replace(/^\./, '')}.${node.name}`
  const isSpace = spaced || (node.target !== null && name.includes('.') && name.endsWith(`.${node.name}`))
  const args = (isSpace || node.target === null ? node.args : [node.target, ...node.args]).map(code)
  const fact = args.some(arg => arg.fact)
  if (args.length === 2) {
    const special = operator(name, args[0] as Code, args[1] as Code)
    if (special) return { run: special, fact }
  }
  const runs = args.map(arg => arg.run)
  const run = (frame: Frame): CelValue => {
    const values: CelValue[] = []
    let failed = false
    for (const arg of runs) {
      const value = arg(frame)
      failed ||= value instanceof Failure
      values.push(value)
    }
    return failed ? (failureOf(values) as Failure) : call(values, frame.pay)
  }
  return { run, fact: false }
}

function operator(name: string, left: Code, right: Code): Code['run'] | null {
  const [a, b] = [left.run, right.run]
  switch (name) {
    case '_==_':
    case '_!=_': {
      const wanted = name === '_==_'
      const { constant: text } = right
      if (typeof text === 'string')
        return frame => {
          const x = a(frame)
          return x instanceof Failure ? x : (x === text) === wanted
        }
      return frame => {
        const x = a(frame)
        const y = b(frame)
        if (typeof x === typeof y && typeof x !== 'object') return (x === y) === wanted
        const failure = failureOf([x, y])
        if (failure) return failure
        frame.left -= Math.min(lengthOf(x), lengthOf(y))
        if (frame.left < 0) frame.pay(0)
        return equals(x, y) === wanted
      }
    }
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return comparison(name.slice(1, -1) as Order, a, right)
    case '_+_':
    case '_-_':
    case '_*_':
    case '_/_':
    case '_%_': {
      const sign = name.slice(1, -1) as '+'
      const loose = left.fact || right.fact
      return frame => {
        const x = a(frame)
        const y = b(frame)
        if (x instanceof Failure || y instanceof Failure) return failureOf([x, y]) as Failure
        if (sign === '+' && typeof x !== 'number') frame.pay(lengthOf(x) + lengthOf(y))
        return arithmetic(sign, x, y, loose)
      }
    }
    case '@in': {
      const { constant: list } = right
      if (list === undefined || !isList(list) || !list.every(item => typeof item === 'string')) return null
      const known = new Set(list)
      return frame => {
        const x = a(frame)
        return x instanceof Failure ? x : typeof x === 'string' && known.has(x)
      }
    }
    default:
      return null
  }
}

/** An order of two values; a constant on the right, which most rules have, costs no call. */
function comparison(name: Order, a: Code['run'], right: Code): Code['run'] {
  const slow = (x: CelValue, y: CelValue): CelValue => failureOf([x, y]) ?? ordered(name, x, y)
  const { run: b, constant: y } = right
  if (typeof y === 'number')
    switch (name) {
      case '<':
        return frame => {
          const x = a(frame)
          return typeof x === 'number' ? x < y : slow(x, y)
        }
      case '<=':
        return frame => {
          const x = a(frame)
          return typeof x === 'number' ? x <= y : slow(x, y)
        }
      case '>':
        return frame => {
          const x = a(frame)
          return typeof x === 'number' ? x > y : slow(x, y)
        }
      case '>=':
        return frame => {
          const x = a(frame)
          return typeof x === 'number' ? x >= y : slow(x, y)
        }
    }
  return frame => {
    const x = a(frame)
    const other = b(frame)
    if (typeof x !== 'number' || typeof other !== 'number') return slow(x, other)
    return name === '<' ? x < other : name === '<=' ? x <= other : name === '>' ? x > other : x >= other
  }
}
