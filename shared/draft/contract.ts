import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import { decisionKinds, decisionRelations } from '../decisions/decision.ts'
import { Edits } from '../edits/edit.ts'
import type { Gate } from '../gate/gate.ts'
import type { TopologyDiff } from '../topology/topology.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { DraftView, PromotionView, PublishOutcome, RevertView } from './draft.ts'

const text = z.string().check(z.maxLength(100_000))
const writtenText = z.string().check(z.maxLength(1_000_000))
/** Reasons given for the gate's warnings and blocks, and the last day of each waiver, by rule. */
const answers = {
  reasons: z.optional(z.record(z.string(), text)),
  waivedUntil: z.optional(z.record(z.string(), z.string().check(z.maxLength(10)))),
}
/** Decisions that this one speaks of: by Decision-Id, commit, or the path of a record. */
const links = z.optional(
  z
    .array(
      z.object({ relation: z.enum(decisionRelations), target: z.string().check(z.minLength(1), z.maxLength(4096)) }),
    )
    .check(z.maxLength(100)),
)
const note = {
  title: z.optional(z.string().check(z.maxLength(200))),
  why: z.optional(text),
  kind: z.optional(z.enum(decisionKinds)),
  alternatives: z.optional(text),
  consequences: z.optional(text),
  ...answers,
  reverts: z.optional(z.string()),
  links,
}
export const Publication = z.object({
  ...inWorkspace,
  /** What the person saw; refused as stale when the draft is another by now. Null commits a record alone. */
  changeSetId: z.nullable(z.string()),
  /** Edits of its own instead of the workspace's draft, which stays as it is: for the command line. */
  edits: z.optional(Edits),
  /** Decision-Id of a decision that this one takes back. */
  reverts: z.optional(z.string()),
  /** Records that it supersedes are marked so in the same commit. */
  links,
  environment: z.optional(z.string()),
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  why: z.string().check(z.minLength(1), z.maxLength(100_000)),
  kind: z.enum(decisionKinds),
  alternatives: z.optional(text),
  consequences: z.optional(text),
  ...answers,
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('current-branch') }),
    z.object({ kind: z.literal('new-branch'), name: z.string().check(z.minLength(1)) }),
    /** A branch that is there, checked out or not. */
    z.object({ kind: z.literal('branch'), name: z.string().check(z.minLength(1)) }),
  ]),
  push: z.boolean(),
})
export type Publication = z.infer<typeof Publication>

/** Where a decision is to be brought. */
export const PromotionTarget = z.union([
  z.object({ environment: z.string().check(z.minLength(1)) }),
  z.object({ branch: z.string().check(z.minLength(1)) }),
])
export type PromotionTarget = z.infer<typeof PromotionTarget>

export const draft = {
  view: stream(z.object(inWorkspace)).of<DraftView>(),
  /** Adds edits as one undoable step; a later edit of the same field takes the place of the earlier one. */
  edit: command(z.object({ ...inWorkspace, edits: Edits.check(z.minLength(1)) })).returns<void>(),
  undo: command(z.object(inWorkspace)).returns<void>(),
  redo: command(z.object(inWorkspace)).returns<void>(),
  /** Takes edits out, or all of them; undoable. */
  discard: command(z.object({ ...inWorkspace, edits: z.optional(z.array(z.string())) })).returns<void>(),
  /** Keeps what was typed in the commit form. */
  note: command(
    z.object({
      ...inWorkspace,
      note: z.object(note) /** Of a record alone, not of the draft. */,
      record: z.optional(z.boolean()),
    }),
  ).returns<void>(),
  /** Keeps the text of a record while it is typed, one a workspace; null when it is done with. */
  write: command(
    z.object({
      ...inWorkspace,
      writing: z.nullable(z.object({ path: z.string().check(z.minLength(1)), base: writtenText, text: writtenText })),
    }),
  ).returns<void>(),
  /** One file before and after the draft; null where it does not exist. */
  file: query(z.object({ ...inWorkspace, path: z.string() })).returns<{
    before: string | null
    after: string | null
  }>(),
  /** What edits would do on the branch as it is now; the workspace's draft stays as it is. */
  preview: query(z.object({ ...inWorkspace, edits: Edits })).returns<{
    view: DraftView
    files: readonly { path: string; before: string | null; after: string | null }[]
  }>(),
  /** What it takes to revert a decision (a commit, any revision, or a Decision-Id) on the branch as it is now. */
  planRevert: query(z.object({ ...inWorkspace, decision: z.string() })).returns<RevertView>(),
  /** What it takes to bring a decision to another environment or branch, and what differs there. */
  planPromotion: query(
    z.object({ ...inWorkspace, decision: z.string(), to: PromotionTarget }),
  ).returns<PromotionView>(),
  /**
   * The gate on what `head` changes since `base`, an answer for each environment that differs: for pull
   * requests. Without a base everything counts as new.
   */
  judge: query(z.object({ ...inWorkspace, base: z.nullable(z.string()), head: z.string() })).returns<
    readonly { environment: string; gate: Gate; diff: TopologyDiff }[]
  >(),
  publish: command(Publication).returns<PublishOutcome>(),
  /** Did this change set become a commit? Looked up by its trailer, here and on the remote as last fetched. */
  outcomeOf: query(z.object({ ...inWorkspace, changeSetId: z.string() })).returns<{ commit: string } | null>(),
}
