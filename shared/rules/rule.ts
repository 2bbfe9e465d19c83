import type { Message } from '../messages/index.ts'
import type { Program } from './cel/compile-expression.ts'
import type { RuleText } from './rule-schema.ts'
import type { TextTemplate } from './text-template.ts'

export type Severity = NonNullable<RuleText['severity']>
/** A rule ready to be asked. `line` is where it begins in its file. */
export type Rule = {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly priority: number
  readonly severity: Severity
  readonly waivable: boolean
  readonly owner?: string
  readonly until?: string
  readonly expression: Program
  /** Give the elements that the expression is false for. */
  readonly witnesses: readonly Program[]
  readonly when?: Program
  readonly message?: TextTemplate
}
export type Verdict = 'pass' | 'warn' | 'block' | 'unknown'
/** What a rule says of some facts. */
export type RuleVerdict = {
  readonly id: string
  readonly verdict: Verdict
  readonly message: Message
  /** The facts that would have to be known. */
  readonly missing: readonly string[]
}
