import type { DecisionKind, Rationale } from '../decisions/decision.ts'
import type { FieldChange } from '../edits/apply-edits.ts'
import type { Edit } from '../edits/edit.ts'
import type { PromotionPlan } from '../edits/plan-promotion.ts'
import type { Gate } from '../gate/gate.ts'
import type { Message } from '../messages/index.ts'

/** An edit in a draft; `id` is stable, so the page can name it. */
export type DraftEdit = { readonly id: string; readonly edit: Edit }

/** What is kept on disk between sessions: nothing here has been written to the repository. */
export type Draft = {
  /** Commit the edits were made on; null while there are none. */
  readonly base: string | null
  /** Branch the draft is for; null when HEAD is detached. */
  readonly branch: string | null
  readonly edits: readonly DraftEdit[]
  /** States before each step, oldest first, and after, newest last: undo and redo survive a restart too. */
  readonly undo: readonly (readonly DraftEdit[])[]
  readonly redo: readonly (readonly DraftEdit[])[]
  /** What was typed in the commit form so far, and the decision that the draft takes back. */
  readonly note: Partial<Rationale> & { readonly reverts?: string }
  /** What was typed of a record without a change, which is another form. */
  readonly recordNote?: Partial<Rationale>
  /** A record that is being edited, not yet part of the draft. */
  readonly writing?: Writing
}

/** The text of a file as somebody is typing it, and the text they began with. */
export type Writing = { readonly path: string; readonly base: string; readonly text: string }

export type DraftEditView = DraftEdit & {
  readonly summary: Message
  readonly services: readonly string[]
  readonly state: 'applied' | 'unchanged' | 'refused' | 'conflict'
  /** Why it is refused, or how it conflicts with what the branch holds now. */
  readonly reason?: Message
  readonly changes: readonly FieldChange[]
  /** Where it was made and why there, when that is not the file that declares the object. */
  readonly landing?: Message
}

export type FileChange = {
  readonly path: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly additions: number
  readonly deletions: number
}

/** The draft as every open window sees it. */
export type DraftView = {
  readonly base: string | null
  readonly branch: string | null
  /** True when the branch has moved since: the edits were replayed on where it is now. */
  readonly rebased: boolean
  readonly edits: readonly DraftEditView[]
  readonly files: readonly FileChange[]
  readonly services: readonly string[]
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly gate: Gate
  /** Hash of base commit and edits; null while there is nothing to commit. */
  readonly changeSetId: string | null
  readonly suggestedTitle: string
  readonly suggestedKind: DecisionKind
  readonly note: Draft['note']
  readonly recordNote?: NonNullable<Draft['recordNote']>
  readonly writing?: Writing
  /** Files that differ in the work tree and so cannot be committed in place. */
  readonly dirty: readonly string[]
}

/** Both sides of one field that the draft and the branch changed differently. */
export type FieldConflict = {
  readonly editId: string
  readonly field: string
  readonly file: string
  readonly line: number
  readonly base: string | null
  readonly ours: string | null
  readonly theirs: string | null
}

/** What reverting a decision takes on the branch as it is now. */
export type RevertView = {
  /** Edits that take it back, where nobody has changed the same field since; empty when it is back already. */
  readonly edits: readonly Edit[]
  /** Fields that hold something else by now: `base` is what the decision made of them, `ours` what they held before. */
  readonly conflicts: readonly Omit<FieldConflict, 'editId'>[]
  /** What the new decision names: the Decision-Id, or the commit where it has none. */
  readonly reverts: string
  readonly title: string
  readonly services: readonly string[]
}

/** What bringing a decision to another environment or branch takes, and what differs there. */
export type PromotionView = PromotionPlan & {
  /** What the new decision names: the Decision-Id, or the commit where it has none. */
  readonly promotes: string
  readonly title: string
  /** Null where the commit says none. */
  readonly kind: DecisionKind | null
  readonly services: readonly string[]
  /** The environment it was made for, where that is known. */
  readonly from: string | null
  readonly to: { readonly environment: string } | { readonly branch: string }
}

export type PublishOutcome =
  /** `queued`: the remote could not be reached (or there is none to push to); the commit waits in the branch. */
  | {
      readonly kind: 'published'
      readonly commit: string
      readonly branch: string
      readonly record: string
      readonly pushed: 'pushed' | 'queued' | 'not-asked'
      readonly replayed: boolean
      readonly compareUrl: string | null
    }
  | { readonly kind: 'stale'; readonly changeSetId: string | null }
  | { readonly kind: 'blocked'; readonly gate: Gate }
  | { readonly kind: 'conflict'; readonly conflicts: readonly FieldConflict[] }
  | { readonly kind: 'dirty'; readonly files: readonly string[] }
  | { readonly kind: 'push-refused'; readonly reason: string }
