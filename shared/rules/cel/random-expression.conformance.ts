import { standardFunctions } from './functions/index.ts'

/** Numbers from a seed (mulberry32), so that a failure can be made again. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
const atoms = [
  ...['0', '1', '-1', '2u', '1.5', '9223372036854775807', '-9223372036854775808', '1e308', '0.0', 'true', 'false'],
  ...['null', '""', '"a"', "'β😀'", 'b"\\xff"', '[]', '{}', 'user', 'user.Age', 'user.City', 'user.Nope', 'x', 'y'],
  ...['duration("1h")', 'timestamp("2026-01-01T00:00:00Z")', 'int', 'optional.none()', '[1, "a", null]', '{"a": 1}'],
]
const operators = ['+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '&&', '||', 'in']
const macros = ['all', 'exists', 'exists_one', 'filter', 'map', 'transformList', 'transformMap', 'optMap']
const functions = standardFunctions.map(({ name }) => name).filter(name => /^[a-z.A-Z0-9]+$/.test(name))

/** An expression that parses; whether it has a type and a value is left open. */
export function randomExpression(seed: number): string {
  const next = numbers(seed)
  const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T
  const make = (depth: number): string => {
    if (depth === 0) return pick(atoms)
    const part = (): string => make(next(depth))
    switch (next(11)) {
      case 0:
        return pick(atoms)
      case 1:
      case 2:
      case 3:
        return `(${part()} ${pick(operators)} ${part()})`
      case 4:
        return `${pick(['!', '-'])}(${part()})`
      case 5:
        return `(${part()} ? ${part()} : ${part()})`
      case 6:
        return `dyn(${part()})`
      case 7: {
        const macro = pick(macros)
        return macro.startsWith('transform')
          ? `(${part()}).${macro}(x, y, ${part()})`
          : `(${part()}).${macro}(x, ${part()})`
      }
      case 8: {
        const name = pick(functions)
        return next(2)
          ? `dyn(${part()}).${name}(${part()})`
          : `${name}(${Array.from({ length: next(4) }, part).join(', ')})`
      }
      case 9:
        return `${pick(['[1, 2, 3]', '{"a": 1}', 'user', part()])}${pick(['[0]', '["a"]', '.a', '.?a', '[?0]'])}`
      default:
        return `[${part()}, ${part()}]`
    }
  }
  return make(1 + next(5))
}

/** Text that looks like an expression at best. */
export function randomSource(seed: number): string {
  const next = numbers(seed)
  const pieces = [
    ...atoms,
    ...operators,
    ...macros,
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '?',
    '.',
    '`',
    '"',
    '\\',
    '//',
    '\n',
    '\u0000',
    '€',
    'has(',
    'r"',
    "'''",
  ]
  return Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join(next(2) ? ' ' : '')
}
