import * as z from 'zod/mini'
import { query, stream } from '../contract/define.ts'
import type { Gate } from '../gate/gate.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { GateFacts } from './gate-facts.ts'

/** A file of rules or a tree, as it is with the draft. */
export type DecidingFile = { readonly path: string; readonly text: string; readonly changed: boolean }
/** What decides in a workspace, on the draft as it is. The page evaluates rules itself, as they are typed. */
export type RulesView = {
  readonly environment: string
  readonly rules: readonly DecidingFile[]
  readonly trees: readonly DecidingFile[]
  /** Trees that come with Pilothouse. */
  readonly shipped: readonly DecidingFile[]
  readonly facts: GateFacts
  readonly gate: Gate
}

export const rules = {
  view: stream(z.object({ ...inWorkspace, environment: z.nullable(z.string()) })).of<RulesView>(),
  /** What the workspace itself knows of the questions of a tree, by path: `team.count`. */
  known: query(z.object({ ...inWorkspace, environment: z.nullable(z.string()) })).returns<{
    readonly [fact: string]: number | boolean | string
  }>(),
}
