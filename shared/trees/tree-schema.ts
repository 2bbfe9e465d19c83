import * as z from 'zod/mini'
import { said } from '../rules/rule-schema.ts'
import { workspaceApiVersion } from '../workspace-file/workspace-schema.ts'

export const treesFolder = '.pilothouse/trees'
const text = (description: string) => said(description, z.string().check(z.minLength(1)))

const Parameter = z.strictObject({
  value: said('The threshold.', z.union([z.number(), z.string(), z.boolean()])),
  unit: z.optional(text('What it is counted in.')),
  reason: text('Why it is this and no other.'),
})
const Fact = z.strictObject({
  question: text('What a person is asked where the fact is not known.'),
  type: said('What the answer is.', z.enum(['number', 'boolean', 'choice'])),
  choices: z.optional(said('What may be answered.', z.array(z.string()))),
  unit: z.optional(text('What a number is counted in.')),
  help: z.optional(text('Where to find the answer.')),
})
const Node = z.strictObject({
  id: text('Name of the node, unique in the tree.'),
  question: text('What is asked here, in words.'),
  dimension: text('What it is about: scale, team, SLA, deployment …'),
  expression: text('What decides: a CEL expression. `parameters.x` is the value of a parameter.'),
  branches: said(
    'Where each value of the expression leads: the id of a node or an outcome.',
    z.record(z.string(), z.string()),
  ),
})
const Outcome = z.strictObject({
  id: text('Name of the outcome, unique in the tree.'),
  title: text('What it comes to.'),
  kind: z.optional(
    said(
      'What a walk that ends here becomes: a record (the default) or a decision that changes something.',
      z.enum(['record', 'decision']),
    ),
  ),
  recommendations: said('What to do.', z.array(z.string())),
})
/** A decision tree as its file says it. */
export const DecisionTree = z.strictObject({
  apiVersion: z.optional(said('Version of this format.', z.literal(workspaceApiVersion))),
  kind: said('What this document is.', z.literal('DecisionTree')),
  name: text('Name of the tree: letters, digits and dashes.'),
  title: z.optional(text('What it decides, for people.')),
  description: z.optional(text('When to walk it.')),
  parameters: z.optional(said('Thresholds, each with its reason.', z.record(z.string(), Parameter))),
  facts: z.optional(
    said(
      'What people can answer, by the path that expressions use: `load.requestsPerSecond`.',
      z.record(z.string(), Fact),
    ),
  ),
  start: z.optional(text('The first node; the first of the list when left out.')),
  nodes: said('The questions.', z.array(Node)),
  outcomes: said('What the walk may end in.', z.array(Outcome)),
})
export type TreeText = z.infer<typeof DecisionTree>
export type TreeNodeText = TreeText['nodes'][number]
export type Outcome = TreeText['outcomes'][number]
export type TreeFact = z.infer<typeof Fact>

/** The schema that is published in `resources/schemas/`. */
export const treeJsonSchema = (): object => ({
  $id: 'https://pilothouse.dev/schemas/decision-tree.schema.json',
  title: 'Decision tree of Pilothouse',
  ...z.toJSONSchema(DecisionTree),
})
