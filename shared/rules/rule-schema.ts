import * as z from 'zod/mini'
import { workspaceApiVersion } from '../workspace-file/workspace-schema.ts'

export const rulesFolder = '.pilothouse/rules'

/** What an editor shows beside a field. */
export const said = <T extends z.core.$ZodType>(description: string, schema: T): T => {
  z.globalRegistry.add(schema, { description })
  return schema
}
const text = (description: string) => said(description, z.string().check(z.minLength(1)))

export const severities = ['block', 'warn', 'info'] as const

const ruleFields = {
  id: text('Name of the rule: unique, and what a waiver names.'),
  expression: text('What must hold: a CEL expression such as `user.Age > 18 && user.City == "Beijing"`.'),
  when: z.optional(text('When the rule applies: a CEL expression. It applies always when left out.')),
  priority: z.optional(said('Larger is judged and shown first; 0 when left out.', z.number())),
  severity: z.optional(
    said('What it means when the expression is false: block (when left out), warn or info.', z.enum(severities)),
  ),
  message: z.optional(text('What a person reads when it does not hold. `{{user.Age}}` is put in.')),
  waivable: z.optional(said('False: nobody may let it through. True when left out.', z.boolean())),
  owner: z.optional(text('Who answers for the rule.')),
  until: z.optional(said('Last day it is in force, as 2026-12-31.', z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)))),
} as const

const verdicts = ['pass', 'warn', 'block', 'unknown'] as const
export const Rule = z.strictObject(ruleFields)
export const RuleTest = z.strictObject({
  name: z.optional(text('What the case shows.')),
  context: said('The facts of the case.', z.record(z.string(), z.unknown())),
  expect: said('The verdict of each rule it is about.', z.record(z.string(), z.enum(verdicts))),
})
const Context = said(
  'JSON Schema of the facts its rules speak of; expressions are checked against it.',
  z.record(z.string(), z.unknown()),
)
const identity = {
  apiVersion: z.optional(said('Version of this format.', z.literal(workspaceApiVersion))),
  tests: z.optional(said('Cases that `pilothouse rules test` runs.', z.array(RuleTest))),
  context: z.optional(Context),
}
const RuleSet = z.strictObject({
  ...identity,
  kind: z.optional(said('What this document is.', z.literal('RuleSet'))),
  rules: said('The rules.', z.array(Rule)),
})
const OneRule = z.strictObject({ ...identity, kind: said('What this document is.', z.literal('Rule')), ...ruleFields })
const RuleFile = z.union([RuleSet, OneRule, z.array(Rule)])

export type RuleText = z.infer<typeof Rule>
export type RuleTestText = z.infer<typeof RuleTest>

/** The schema that is published in `resources/schemas/`. */
export const ruleJsonSchema = (): object => ({
  $id: 'https://pilothouse.dev/schemas/rule.schema.json',
  title: 'Rules of Pilothouse',
  ...z.toJSONSchema(RuleFile, { target: 'draft-2020-12' }),
})
