import { type Code, type Frame, failureOf, type Scope } from './code.ts'
import type { Expression } from './expression.ts'
import { noOverload } from './function-table.ts'
import { putKey } from './put-key.ts'
import { pathOf } from './read-value.ts'
import { CelMap, type CelValue, Failure, fail, isList, isMap, mapGet, mapKeys, typeNameOf } from './value.ts'

/** The macros that go through a list or the entries of a map. Every turn is paid for. */
export function compileEach(
  node: Expression & { kind: 'each' },
  scope: Scope,
  code: (node: Expression, scope: Scope) => Code,
  source: string,
): Code {
  const range = code(node.range, scope)
  const path = range.fact ? `${pathOf(node.range, scope, source)}[]` : ''
  const [first, second] = [scope.depth, scope.depth + 1]
  let inner: Scope = {
    name: node.names[0] as string,
    slot: first,
    fact: range.fact,
    path,
    depth: first + 1,
    outer: scope,
  }
  const pair = node.names.length === 2
  if (pair)
    inner = { name: node.names[1] as string, slot: second, fact: range.fact, path, depth: second + 1, outer: inner }
  const filter = node.filter ? code(node.filter, inner).run : null
  const step = code(node.steps[0] as Expression, inner)
  const { run } = step
  const { macro } = node
  const each = fold(macro)

  /** Calls `visit` with what the step comes to for each turn that the filter lets through; it ends with what is returned. */
  function go(
    frame: Frame,
    over: CelValue,
    visit: (value: CelValue, key: CelValue, item: CelValue) => CelValue | undefined,
  ): CelValue | undefined {
    const map = isList(over) ? null : (over as CelMap)
    const keys = map ? mapKeys(map) : (over as readonly CelValue[])
    for (let i = 0; i < keys.length; i++) {
      if (--frame.left < 0) frame.pay(1)
      const item = keys[i] as CelValue
      const key = map ? item : i
      const value = map && pair ? (mapGet(map, item) as CelValue) : item
      frame.locals[first] = pair ? key : item
      if (pair) frame.locals[second] = value
      if (filter) {
        const kept = filter(frame)
        if (kept === false) continue
        if (kept !== true) return kept instanceof Failure ? kept : noOverload(macro, [kept])
      }
      const done = visit(run(frame), key, item)
      if (done !== undefined) return done
    }
    return undefined
  }

  return {
    fact: macro === 'filter' || macro === 'map' || macro === 'transformList' ? range.fact || step.fact : false,
    run: frame => {
      const over = range.run(frame)
      if (over instanceof Failure) return over
      if (!isList(over) && !isMap(over)) return fail('rule.celNotIterable', { type: typeNameOf(over) })
      return each(visit => go(frame, over, visit), macro)
    },
  }
}

type Go = (visit: (value: CelValue, key: CelValue, item: CelValue) => CelValue | undefined) => CelValue | undefined
function fold(macro: string): (go: Go, name: string) => CelValue {
  switch (macro) {
    case 'all':
    case 'exists': {
      const decides = macro === 'exists'
      return go => {
        const failures: CelValue[] = []
        const done = go(value => {
          if (value === decides) return decides
          // A few failures say enough; a million would say it slowly.
          if (value !== !decides && failures.length < 20)
            failures.push(value instanceof Failure ? value : noOverload(macro, [value]))
          return undefined
        })
        if (done !== undefined) return done
        return failureOf(failures) ?? !decides
      }
    }
    case 'existsOne':
      return go => {
        let count = 0
        const done = go(value => {
          if (value === true) count++
          else if (value !== false) return value instanceof Failure ? value : noOverload(macro, [value])
          return undefined
        })
        return done ?? count === 1
      }
    case 'filter':
      return go => {
        const kept: CelValue[] = []
        const done = go((value, _, item) => {
          if (value === true) kept.push(item)
          else if (value !== false) return value instanceof Failure ? value : noOverload(macro, [value])
          return undefined
        })
        return done ?? kept
      }
    case 'map':
    case 'transformList':
      return go => {
        const made: CelValue[] = []
        const done = go(value => {
          if (value instanceof Failure) return value
          made.push(value)
          return undefined
        })
        return done ?? made
      }
    default:
      return go => {
        const made = new CelMap()
        const done = go((value, key) => {
          if (value instanceof Failure) return value
          if (macro === 'transformMap') {
            made.set(key, value)
            return undefined
          }
          if (!isMap(value)) return noOverload(macro, [value])
          for (const own of mapKeys(value)) {
            const problem = putKey(made, own)
            if (problem) return problem
            made.set(own, mapGet(value, own) as CelValue)
          }
          return undefined
        })
        return done ?? made
      }
  }
}
