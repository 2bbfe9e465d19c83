import type { MessageKey } from '../../messages/index.ts'
import type { EachMacro, Expression } from './expression.ts'
import { ExpressionError } from './problem.ts'

type Bare = Expression extends infer Node
  ? Node extends Expression
    ? Omit<Node, 'from' | 'to' | 'height'>
    : never
  : never
type Make = (bare: Bare, from: number, to: number, ...children: readonly Expression[]) => Expression

/** The names that `x.name(…)` may be in this language beside functions, for the editor to complete. */
export const macroNames = [
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'filter',
  'map',
  'transformList',
  'transformMap',
  'transformMapEntry',
  'optMap',
  'optFlatMap',
] as const

/** A call that is a macro of the specification or its extensions, as a node of its own; null where it is a plain call. */
export function expandMacro(
  name: string,
  target: Expression | null,
  args: readonly Expression[],
  make: Make,
  from: number,
  to: number,
): Expression | null {
  const wrong = (key: MessageKey, at: Expression): ExpressionError =>
    new ExpressionError({ key, params: { macro: name } }, at.from, at.to)
  const variable = (arg: Expression): string => {
    if (arg.kind !== 'name' || arg.absolute) throw wrong('rule.celMacroName', arg)
    if (arg.name === '__result__') throw wrong('rule.celMacroName', arg)
    return arg.name
  }
  if (target === null) {
    if (name !== 'has' || args.length !== 1) return null
    const [arg] = args as [Expression]
    if (arg.kind !== 'select') throw wrong('rule.celHasArgument', arg)
    const { operand, field, optional } = arg
    return make({ kind: 'has', operand, field, optional }, from, to, operand)
  }
  if (name === 'bind' && args.length === 3 && target.kind === 'name' && target.name === 'cel') {
    const [bound, value, body] = args as [Expression, Expression, Expression]
    return make({ kind: 'bind', name: variable(bound), value, body }, from, to, value, body)
  }
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) {
    const [bound, body] = args as [Expression, Expression]
    const flat = name === 'optFlatMap'
    return make({ kind: 'optMap', flat, operand: target, name: variable(bound), body }, from, to, target, body)
  }
  if (
    (name === 'greatest' || name === 'least') &&
    args.length > 2 &&
    target.kind === 'name' &&
    target.name === 'math'
  ) {
    const items = args.map(value => ({ value, optional: false }))
    const list = make({ kind: 'list', items }, from, to, ...args)
    return make({ kind: 'call', name, target, args: [list] }, from, to, target, list)
  }
  const each = (
    macro: EachMacro,
    count: number,
    filter: Expression | null,
    steps: readonly Expression[],
  ): Expression => {
    const names = args.slice(0, count).map(variable)
    if (names.length === 2 && names[0] === names[1]) throw wrong('rule.celMacroName', args[1] as Expression)
    const children = filter === null ? steps : [filter, ...steps]
    return make({ kind: 'each', macro, range: target, names, filter, steps }, from, to, target, ...children)
  }
  const last = args.at(-1) as Expression
  switch (name) {
    case 'all':
    case 'exists':
    case 'existsOne':
    case 'exists_one': {
      if (args.length !== 2 && args.length !== 3) return null
      return each(name === 'exists_one' ? 'existsOne' : name, args.length - 1, null, [last])
    }
    case 'filter':
      return args.length === 2 ? each('filter', 1, null, [last]) : null
    case 'map':
      if (args.length === 2) return each('map', 1, null, [last])
      return args.length === 3 ? each('map', 1, args[1] as Expression, [last]) : null
    case 'transformList':
    case 'transformMap':
    case 'transformMapEntry':
      if (args.length === 3) return each(name, 2, null, [last])
      return args.length === 4 ? each(name, 2, args[2] as Expression, [last]) : null
    default:
      return null
  }
}
