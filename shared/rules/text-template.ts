import { type Compiled, compileExpression, type Program } from './cel/compile-expression.ts'
import type { Environment } from './cel/environment.ts'
import { formatText } from './cel/functions/format-text.ts'
import type { ExpressionProblem } from './cel/problem.ts'
import { type CelValue, Failure, type JsonMap } from './cel/value.ts'

/** A text with `{{expressions}}` in it. */
export type TextTemplate = readonly (string | Program)[]

/** Reads a text; problems count their offsets in it. */
export function readTemplate(
  text: string,
  environment: Environment,
): { readonly template: TextTemplate; readonly problems: readonly ExpressionProblem[] } {
  const template: (string | Program)[] = []
  const problems: ExpressionProblem[] = []
  let at = 0
  for (const found of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    if (found.index > at) template.push(text.slice(at, found.index))
    at = found.index + found[0].length
    const from = found.index + 2
    const compiled: Compiled = compileExpression(found[1] as string, environment)
    if (compiled.program) template.push(compiled.program)
    for (const problem of compiled.problems)
      problems.push({ ...problem, from: problem.from + from, to: problem.to + from })
  }
  if (at < text.length) template.push(text.slice(at))
  return { template, problems }
}

/** The text with what its expressions come to; `…` stands for what is not known. */
export const fillTemplate = (template: TextTemplate, facts: JsonMap): string =>
  template.map(part => (typeof part === 'string' ? part : printed(part.evaluate(facts)))).join('')

function printed(value: CelValue): string {
  if (value instanceof Failure) return '…'
  const text = formatText('%s', [value], () => {})
  return typeof text === 'string' ? text : '…'
}
