import { formatCommitMessage } from '../../../shared/decisions/commit-message.ts'
import type { DecisionKind, DecisionLink } from '../../../shared/decisions/decision.ts'
import { recordPath } from '../../../shared/decisions/record-path.ts'
import type { Publication } from '../../../shared/draft/contract.ts'
import type { DraftView } from '../../../shared/draft/draft.ts'
import { waiversOf } from '../../../shared/gate/waiver.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { draftBranchName } from './branch-name.ts'
import { neededAnswers, recordedGate } from './missing-reasons.ts'

/** What the commit dialog holds. Null means: as drafted. */
export type CommitForm = {
  readonly title: string | null
  readonly why: string
  readonly kind: DecisionKind | null
  readonly alternatives: string
  readonly consequences: string
  readonly links: readonly DecisionLink[]
  readonly reasons: { readonly [rule: string]: string }
  readonly waivedUntil: { readonly [rule: string]: string }
  readonly target: 'current-branch' | 'new-branch'
  readonly branchName: string | null
  readonly push: boolean
}

export type CommitMode = 'draft' | 'record'

export const titleOf = (form: CommitForm, view: DraftView, mode: CommitMode): string =>
  form.title ?? (mode === 'draft' ? view.suggestedTitle : '')
export const kindOf = (form: CommitForm, view: DraftView, mode: CommitMode): DecisionKind =>
  mode === 'record' ? 'record' : (form.kind ?? view.suggestedKind)
export const branchOf = (form: CommitForm, view: DraftView, mode: CommitMode): string =>
  form.branchName ?? draftBranchName(titleOf(form, view, mode))

const optional = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

export function publicationOf(
  workspace: WorkspaceId,
  environment: string | null,
  form: CommitForm,
  view: DraftView,
  mode: CommitMode,
): Publication {
  const [alternatives, consequences] = [optional(form.alternatives), optional(form.consequences)]
  return {
    workspace,
    changeSetId: mode === 'draft' ? view.changeSetId : null,
    ...(environment !== null && { environment }),
    title: titleOf(form, view, mode).trim(),
    why: form.why.trim(),
    kind: kindOf(form, view, mode),
    ...(alternatives !== undefined && { alternatives }),
    ...(consequences !== undefined && { consequences }),
    ...(mode === 'draft' && neededAnswers(view.gate, form)),
    target:
      form.target === 'new-branch'
        ? { kind: 'new-branch', name: branchOf(form, view, mode) }
        : { kind: 'current-branch' },
    push: form.push,
    ...(form.links.length > 0 && { links: [...form.links] }),
    ...(mode === 'draft' && view.note.reverts !== undefined && { reverts: view.note.reverts }),
  }
}

/** The commit message as it will be; the id that is made at that moment is shown as dots. `day`: `2026-11-20`. */
export function previewMessage(form: CommitForm, view: DraftView, mode: CommitMode, day: string): string {
  const title = titleOf(form, view, mode)
  return formatCommitMessage(title || '…', form.why || '…', {
    decisionId: '…',
    kind: kindOf(form, view, mode),
    services: mode === 'draft' ? view.services : [],
    gate: mode === 'draft' ? recordedGate(view.gate) : 'pass',
    record: recordPath(title, '····', day),
    waivers: mode === 'draft' ? waiversOf(view.gate, form) : [],
    changeSet: mode === 'draft' ? (view.changeSetId ?? '…') : '…',
    links: form.links,
    ...(mode === 'draft' && view.note.reverts !== undefined && { reverts: view.note.reverts }),
  })
}
