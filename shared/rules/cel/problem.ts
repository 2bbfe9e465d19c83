import type { Message } from '../../messages/index.ts'

/** What is wrong with an expression and where in it: offsets in UTF-16 units, end excluded. */
export type ExpressionProblem = { readonly message: Message; readonly from: number; readonly to: number }

/** Thrown while an expression is read; never leaves `compileExpression`. */
export class ExpressionError extends Error {
  readonly problem: ExpressionProblem
  constructor(message: Message, from: number, to: number) {
    super(message.key)
    this.problem = { message, from, to }
  }
}
