import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { ulid } from '../../../shared/decisions/ulid.ts'
import { addEdits, discardEdits, emptyDraft, redo, undo } from '../../../shared/draft/change-draft.ts'
import type { Draft } from '../../../shared/draft/draft.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import { editKey } from '../../../shared/edits/edit-key.ts'
import { withHiddenValues } from '../../../shared/edits/hidden-values.ts'
import { AppError } from '../../../shared/errors.ts'
import { CannotEdit } from '../../../shared/yaml/cannot-edit.ts'
import type { WorkspaceFiles } from '../topology/index.ts'
import { readTextFile, resolveRevision, type Workspace, type Workspaces } from '../workspaces/index.ts'
import { bringUp } from './bring-up.ts'
import { type Computed, computeDraft, textsOf, viewOfDraft } from './compute-draft.ts'
import type { DecideNeeds } from './decide-needs.ts'
import { findOutcome, findPublished } from './find-outcome.ts'
import { type JudgedNow, judgeNow } from './judge-now.ts'
import { judgeRange } from './judge-range.ts'
import { planPromotionOf } from './plan-promotion.ts'
import { planRevertOf } from './plan-revert.ts'
import { publishDraft } from './publish-draft.ts'

export type { DecideNeeds } from './decide-needs.ts'
export { createDraftStore } from './draft-store.ts'
export { judgeEnvironment } from './judge-environment.ts'
export { pushWaiting, updateBranch } from './push-waiting.ts'

/** A draft that was emptied takes nothing back any more, and what a revert or a promotion had filled into its form goes with that. */
function forgetRevert(draft: Draft): Draft {
  const promotes = draft.note.links?.some(({ relation }) => relation === 'promotes') ?? false
  if (draft.edits.length > 0 || (draft.note.reverts === undefined && !promotes)) return draft
  const { reverts: _, title: __, kind: ___, links = [], ...note } = draft.note
  return { ...draft, note: { ...note, links: links.filter(({ relation }) => relation !== 'promotes') } }
}

export type DraftFeature = {
  readonly handlers: Handlers<AppContract>['draft']
  draftFiles(workspace: Workspace): Promise<WorkspaceFiles | null>
  /** What the draft makes of each file it changes; null removes it. */
  draftTexts(workspace: Workspace): Promise<ReadonlyMap<string, string | null>>
  onDraftChange(workspace: Workspace, listener: () => void): () => void
  /** The files without and with the draft, and what the gate says and knows of any environment of them. */
  judgeNow(workspace: Workspace): Promise<JudgedNow>
}

/** The draft of each workspace, and decisions made of it. */
export function draftFeature(needs: DecideNeeds & { workspaces: Workspaces }): DraftFeature {
  const { workspaces, drafts, clock } = needs
  const settling = new WeakMap<Workspace, Promise<void>>()
  const computed = new WeakMap<Workspace, { key: string; value: Promise<Computed> }>()

  /** Once a workspace, before its draft is first looked at: what a killed process had published is no draft any more. */
  function settle(workspace: Workspace): Promise<void> {
    const known = settling.get(workspace)
    if (known) return known
    const settled = workspace.exclusively(async () => {
      const draft = await drafts.read(workspace)
      const edits = draft.edits.map(entry => entry.edit)
      if ((await findPublished(workspace, needs.digest, edits, draft.base)) === null) return
      // Killed after the remote had accepted: the branch comes up to it, unless the work tree is in the way. The draft
      // goes last, so that another kill changes nothing of this.
      await bringUp(workspace, needs, new AbortController().signal)
      await drafts.write(workspace, emptyDraft)
    })
    settling.set(workspace, settled)
    // What failed is tried again by the next who looks.
    settled.catch(() => settling.delete(workspace))
    return settled
  }

  /** The draft on where the branch is now; computed once for all windows. */
  async function now(workspace: Workspace): Promise<{ draft: Draft; branch: string | null; value: Computed }> {
    await settle(workspace)
    const draft = await drafts.read(workspace)
    const { branch, commit } = await workspace.repository.head()
    const key = JSON.stringify([commit, draft.base, draft.edits])
    let known = computed.get(workspace)
    if (known?.key !== key) {
      known = { key, value: computeDraft(workspace, needs, draft.edits, commit, draft.base) }
      // A failure must not stay: what could not be read may be there the next time.
      known.value.catch(() => computed.delete(workspace))
      computed.set(workspace, known)
    }
    return { draft, branch, value: await known.value }
  }

  async function change(
    id: string,
    next: (draft: Draft, workspace: Workspace) => Draft | Promise<Draft>,
  ): Promise<void> {
    const workspace = await workspaces.get(id)
    await settle(workspace)
    await workspace.exclusively(async () => {
      const draft = await drafts.read(workspace)
      const changed = forgetRevert(await next(draft, workspace))
      if (changed !== draft) await drafts.write(workspace, changed)
    })
    workspace.changed()
  }

  const onDraftChange = (workspace: Workspace, listener: () => void): (() => void) => {
    const leave = [workspace.onChange(listener), drafts.watch(workspace, listener)]
    return () => {
      for (const stop of leave) stop()
    }
  }

  const entriesOf = (edits: readonly Edit[]) => edits.map((edit, index) => ({ id: String(index), edit }))

  return {
    onDraftChange,
    judgeNow: async workspace => judgeNow(workspace, (await now(workspace)).value, needs),
    async draftFiles(workspace) {
      const { value } = await now(workspace)
      return value.texts.size > 0 ? value.after : null
    },
    draftTexts: async workspace => (await now(workspace)).value.texts,
    handlers: {
      async *view({ workspace: id }, { signal }) {
        const workspace = await workspaces.get(id)
        yield* recomputed(
          signal,
          changed => onDraftChange(workspace, changed),
          async () => {
            const { draft, branch, value } = await now(workspace)
            return viewOfDraft(workspace, value, draft, branch)
          },
        )
      },
      edit: ({ workspace: id, edits }) =>
        change(id, async (draft, workspace) => {
          // In the queue: a decision that was being made when this was asked for has moved the branch and the draft.
          const { branch, value } = await now(workspace)
          const whole = edits.map(edit => withDraftedValues(value, edit))
          const next = addEdits(draft, whole, () => ulid(clock.now(), clock.random(10)))
          // Edits that replay cleanly are edits of the new base; with a conflict the old base is still needed to tell it.
          return { ...next, branch, base: value.conflicts.length > 0 ? draft.base : value.base }
        }),
      undo: ({ workspace }) => change(workspace, undo),
      redo: ({ workspace }) => change(workspace, redo),
      discard: ({ workspace, edits }) => change(workspace, draft => discardEdits(draft, edits)),
      note: ({ workspace, note, record }) =>
        change(workspace, draft =>
          record
            ? { ...draft, recordNote: note as NonNullable<Draft['recordNote']> }
            : { ...draft, note: note as Draft['note'] },
        ),
      write: ({ workspace, writing }) =>
        change(workspace, ({ writing: _, ...draft }) => (writing ? { ...draft, writing } : draft)),
      async file({ workspace: id, path }) {
        const workspace = await workspaces.get(id)
        const { value } = await now(workspace)
        if (value.texts.has(path))
          return { before: value.previous.get(path) ?? null, after: value.texts.get(path) ?? null }
        // What holds no manifest is read when it is asked for.
        const known = value.before.get(path)?.text
        const text =
          known ?? (value.base === null ? null : (await readTextFile(workspace.repository, value.base, path)).text)
        return { before: text, after: text }
      },
      async preview({ workspace: id, edits }) {
        const workspace = await workspaces.get(id)
        const { branch, commit } = await workspace.repository.head()
        const value = await computeDraft(workspace, needs, entriesOf(edits), commit, commit)
        return {
          view: await viewOfDraft(workspace, value, { base: commit, undo: [], redo: [], note: {} }, branch),
          files: [...value.texts].map(([path, after]) => ({ path, before: value.previous.get(path) ?? null, after })),
        }
      },
      planRevert: async ({ workspace: id, decision }, { signal }) =>
        planRevertOf(await workspaces.get(id), decision, signal),
      planPromotion: async ({ workspace: id, decision, to }, { signal }) =>
        planPromotionOf(await workspaces.get(id), decision, to, signal),
      async judge({ workspace: id, base, head }) {
        const workspace = await workspaces.get(id)
        const [from, to] = await Promise.all([
          base === null ? null : resolveRevision(workspace, base),
          resolveRevision(workspace, head),
        ])
        if (to === null || (from === null && base !== null))
          throw new AppError('not-found', 'decision.noRevision', { revision: to === null ? head : (base ?? '') })
        return judgeRange(workspace, clock, from, to)
      },
      async publish(publication, { signal }) {
        return publishDraft(await workspaces.get(publication.workspace), needs, publication, signal)
      },
      async outcomeOf({ workspace: id, changeSetId }) {
        const commit = await findOutcome(await workspaces.get(id), changeSetId)
        return commit === null ? null : { commit }
      },
    },
  }
}

/** An edit of a field that the draft holds already: what its page was not shown is what the draft says, not the branch. */
function withDraftedValues(value: Computed, edit: Edit): Edit {
  if (!value.edits.some(drafted => editKey(drafted) === editKey(edit))) return edit
  try {
    return withHiddenValues(textsOf(value.after), edit)
  } catch (error) {
    // Told as a refused edit of the draft, where the person sees it.
    if (error instanceof CannotEdit) return edit
    throw error
  }
}
