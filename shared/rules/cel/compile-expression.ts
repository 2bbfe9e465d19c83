import { type Checked, check } from './check.ts'
import { Frame } from './code.ts'
import { compile } from './compile.ts'
import { type Environment, environment } from './environment.ts'
import { factsRead } from './facts-read.ts'
import { parse } from './parse.ts'
import { ExpressionError, type ExpressionProblem } from './problem.ts'
import type { Type } from './type.ts'
import { type CelValue, CostExceeded, fail, type JsonMap } from './value.ts'

/** An expression ready to be asked many times. */
export type Program = {
  readonly source: string
  readonly type: Type
  /** The facts it speaks of, as written: `user.Age`. */
  readonly reads: readonly string[]
  /**
   * What the expression comes to. Missing facts and errors are values; nothing is thrown. It ends within `cost` units:
   * a turn of a macro, or a character of text looked at, is one.
   */
  evaluate(facts: JsonMap, cost?: number): CelValue
}
export type Compiled =
  | { readonly program: Program; readonly problems: readonly [] }
  | { readonly program: null; readonly problems: readonly ExpressionProblem[] }

/** Far more than any rule needs, and a few seconds at most on a slow machine. */
export const defaultCost = 5_000_000

const anything = environment()

/**
 * Reads, checks and compiles a CEL expression. `unchecked` leaves what does not fit in type to run time, as the
 * specification's own tests do with some.
 */
export function compileExpression(
  source: string,
  within: Environment = anything,
  { unchecked = false }: { readonly unchecked?: boolean } = {},
): Compiled {
  let checked: Checked
  try {
    checked = check(parse(source), within)
  } catch (error) {
    if (error instanceof ExpressionError) return { program: null, problems: [error.problem] }
    throw error
  }
  if (checked.problems.length > 0 && !unchecked) return { program: null, problems: checked.problems }
  const run = compile(checked, source)
  const frame = new Frame()
  const evaluate = (facts: JsonMap, cost = defaultCost): CelValue => {
    frame.facts = facts
    frame.left = cost
    try {
      return run(frame)
    } catch (error) {
      if (error instanceof CostExceeded) return fail('rule.celCost')
      throw error
    } finally {
      frame.facts = nothing
    }
  }
  return { program: { source, type: checked.type, reads: factsRead(checked), evaluate }, problems: [] }
}
const nothing: JsonMap = {}
