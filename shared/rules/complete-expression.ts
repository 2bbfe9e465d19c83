import { macroNames } from './cel/expand-macro.ts'
import { standardFunctions } from './cel/functions/index.ts'
import { dyn, printType, type Type } from './cel/type.ts'

export type Completion = {
  readonly label: string
  readonly detail: string
  readonly kind: 'field' | 'variable' | 'function' | 'keyword'
  /** Where what is replaced begins. */
  readonly from: number
}

const ruleKeys = ['id', 'expression', 'when', 'priority', 'severity', 'message', 'waivable', 'owner', 'until']
const members = [
  ...new Set(
    standardFunctions.filter(({ overloads }) => overloads.some(({ member }) => member)).map(({ name }) => name),
  ),
]
const globals = standardFunctions
  .filter(({ name, overloads }) => /^[a-zA-Z]/.test(name) && overloads.some(({ member }) => !member))
  .map(({ name }) => name)

/**
 * What may follow at an offset of a file of rules: within an expression the fields of what stands before the dot, names
 * and functions; elsewhere the keys of a rule.
 */
export function completeExpression(
  text: string,
  offset: number,
  variables: ReadonlyMap<string, Type>,
): readonly Completion[] {
  const before = text.slice(0, offset)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  const expression = expressionBefore(before)
  if (expression === null) {
    const key = /^\s*(?:- )?(\w*)$/.exec(line)
    if (!key) return []
    const from = offset - (key[1] as string).length
    return ruleKeys.map(label => ({ label, detail: '', kind: 'keyword', from }))
  }
  const path = /((?:[A-Za-z_]\w*(?:\[[^\]]*\])?\.\??)*)([A-Za-z_]\w*)?$/.exec(expression) as RegExpExecArray
  const from = offset - (path[2] ?? '').length
  const steps = (path[1] as string).split(/\.\??/).filter(step => step !== '')
  const scope = new Map([...variables, ...macroVariables(expression, variables)])
  if (steps.length === 0 && /\.\??$/.test(expression.slice(0, expression.length - (path[2] ?? '').length)))
    return memberCompletions(from)
  if (steps.length === 0)
    return [
      ...[...scope].map(([label, type]) => ({ label, detail: printType(type), kind: 'variable' as const, from })),
      ...['has', 'true', 'false', 'null', ...globals].map(label => ({
        label,
        detail: '',
        kind: 'function' as const,
        from,
      })),
    ]
  const type = typeOf(steps, scope)
  const fields = type.kind === 'object' ? [...type.fields()] : []
  return [
    ...fields.map(([label, field]) => ({ label, detail: printType(field), kind: 'field' as const, from })),
    ...(type.kind === 'object' ? [] : memberCompletions(from)),
  ]
}
const memberCompletions = (from: number): Completion[] =>
  [...macroNames, ...members].map(label => ({ label, detail: '', kind: 'function' as const, from }))

/** The text of the expression that the caret stands in, up to it; null outside of one. */
function expressionBefore(before: string): string | null {
  const keys = [...before.matchAll(/^([ \t]*(?:- )?)(\w+):[ \t]*(?:[|>][+-]?[ \t]*\n)?/gm)]
  const last = keys.at(-1)
  if (!last) return null
  const start = last.index + last[0].length
  const inside = before.slice(start)
  if (last[2] === 'message') {
    const open = inside.lastIndexOf('{{')
    return open >= 0 && !inside.slice(open).includes('}}') ? inside.slice(open + 2) : null
  }
  if (last[2] !== 'expression' && last[2] !== 'when') return null
  // A plain value goes on where the next line is indented deeper than its key.
  const indent = (last[1] as string).length
  const lines = inside.split('\n').slice(1)
  if (lines.some(line => line.trim() !== '' && line.length - line.trimStart().length <= indent)) return null
  return lines.length > 0 && lines.at(-1)?.trim() === '' && indent > 0 && !/\S/.test(inside) ? '' : inside
}

/** Variables of the macros that are open at the caret: `s` in `after.services.all(s, s.`. */
function macroVariables(expression: string, variables: ReadonlyMap<string, Type>): [string, Type][] {
  const found: [string, Type][] = []
  for (const match of expression.matchAll(/((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)\.(\w+)\(\s*([A-Za-z_]\w*)\s*,/g)) {
    if (!(macroNames as readonly string[]).includes(match[2] as string)) continue
    const range = typeOf((match[1] as string).split('.'), new Map([...variables, ...found]))
    const item = range.kind === 'list' ? range.parameters[0] : range.kind === 'map' ? range.parameters[0] : dyn
    found.push([match[3] as string, item])
  }
  return found
}

function typeOf(steps: readonly string[], scope: ReadonlyMap<string, Type>): Type {
  const [root = '', ...rest] = steps
  let type: Type = dyn
  for (const [index, step] of [root, ...rest].entries()) {
    const name = step.replace(/\[[^\]]*\]$/, '')
    if (index === 0) type = scope.get(name) ?? dyn
    else if (type.kind === 'object') type = type.fields().get(name) ?? dyn
    else if (type.kind === 'map') type = type.parameters[1]
    else return dyn
    if (step.endsWith(']'))
      type = type.kind === 'list' ? type.parameters[0] : type.kind === 'map' ? type.parameters[1] : dyn
  }
  return type
}
