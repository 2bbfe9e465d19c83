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

/** A block that a decision of the history let through. */
export type WaiverView = {
  readonly rule: string
  readonly services: readonly string[]
  /** `2026-12-31`, and how many days are left; negative once it has ended. */
  readonly until: string
  readonly daysLeft: number
  /** True while the rule still blocks the same services, in any environment. */
  readonly stands: boolean
  readonly decision: { readonly id: string; readonly title: string; readonly author: string; readonly time: number }
}

export const rules = {
  view: stream(z.object({ ...inWorkspace, environment: z.nullable(z.string()) })).of<RulesView>(),
  /** What was let through, the one that ends first in front. Of several of one rule and the same services the last counts. */
  waivers: stream(z.object(inWorkspace)).of<readonly WaiverView[]>(),
  /** What the workspace itself knows of the questions of a tree, by path: `team.count`. */
  known: query(z.object({ ...inWorkspace, environment: z.nullable(z.string()) })).returns<{
    readonly [fact: string]: number | boolean | string
  }>(),
}
