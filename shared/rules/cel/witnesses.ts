import { compileExpression, type Program } from './compile-expression.ts'
import type { Environment } from './environment.ts'
import type { Expression } from './expression.ts'
import { parse } from './parse.ts'

/**
 * What to show when an expression is false: for every `range.all(x, …)` that must hold (by itself or joined by `&&`),
 * a program that gives the elements for which it does not.
 */
export function witnessPrograms(source: string, environment: Environment): readonly Program[] {
  const text = (node: Expression): string => source.slice(node.from, node.to)
  const visit = (node: Expression): Program[] => {
    if (node.kind === 'and') return node.terms.flatMap(visit)
    if (node.kind !== 'each' || node.macro !== 'all' || node.names.length !== 1) return []
    const filter = `(${text(node.range)}).filter(${node.names[0]}, !(${text(node.steps[0] as Expression)}))`
    const { program } = compileExpression(filter, environment)
    return program ? [program] : []
  }
  return visit(parse(source))
}
