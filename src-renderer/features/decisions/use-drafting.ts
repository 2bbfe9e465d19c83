import type { DraftView } from '../../../shared/draft/draft.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { useText, useToasts } from '../../design/index.ts'

export type Drafting = {
  readonly running: boolean
  readonly error: AppError | null
  /** Adds the edits and what is already known of why; whether the draft has both. `detail` says what happens next. */
  add(edits: readonly Edit[], note: DraftView['note'], detail: string): Promise<boolean>
}

/** Makes a draft of what was worked out from a decision: its inverse, or the same elsewhere. */
export function useDrafting(workspace: WorkspaceId): Drafting {
  const text = useText()
  const toasts = useToasts()
  const { draft } = useApi()
  const edit = useCommand(draft.edit)
  const note = useCommand(draft.note)
  return {
    running: edit.running || note.running,
    error: edit.error ?? note.error,
    async add(edits, { links, ...known }, detail) {
      if (!(await edit.done({ workspace, edits: [...edits] }))) return false
      if (!(await note.done({ workspace, note: { ...known, ...(links && { links: [...links] }) } }))) return false
      toasts.show({ tone: 'ok', title: text('history.revertDrafted', { count: edits.length }), detail })
      return true
    },
  }
}
