import type { Edit } from '../edits/edit.ts'
import { editKey } from '../edits/edit-key.ts'
import type { Draft, DraftEdit } from './draft.ts'

export const emptyDraft: Draft = { base: null, branch: null, edits: [], undo: [], redo: [], note: {} }

const mostSteps = 200
/** Characters of whole files in all steps together: the draft is written to disk at every step. */
const mostText = 4_000_000

const step = (draft: Draft, edits: readonly DraftEdit[]): Draft => ({
  ...draft,
  edits,
  undo: newest([...draft.undo, draft.edits]),
  redo: [],
})

/** As many of the newest steps as may be kept; the last one always. */
function newest(steps: readonly (readonly DraftEdit[])[]): readonly (readonly DraftEdit[])[] {
  let from = steps.length - 1
  for (let text = textIn(steps[from]!); from > 0 && steps.length - from < mostSteps; from--) {
    text += textIn(steps[from - 1]!)
    if (text > mostText) break
  }
  return steps.slice(from)
}

const textIn = (edits: readonly DraftEdit[]): number =>
  edits.reduce((sum, { edit }) => sum + (edit.kind === 'set-file' ? (edit.text?.length ?? 0) : 0), 0)

/**
 * Adds edits as one step. A later edit of the same field takes the place of the earlier one, so that a slider dragged
 * twice is one edit, unless something in between builds on it (a rename, a removal, a whole file): then it comes after.
 */
export function addEdits(draft: Draft, edits: readonly Edit[], newId: () => string): Draft {
  let list = [...draft.edits]
  for (const edit of edits) {
    const key = editKey(edit)
    const at = list.findLastIndex(entry => editKey(entry.edit) === key)
    const built = list.slice(at + 1).some(entry => structural.has(entry.edit.kind))
    if (at >= 0 && !built) list = list.with(at, { id: list[at]!.id, edit })
    else list.push({ id: newId(), edit })
  }
  return step(draft, list)
}

const structural: ReadonlySet<Edit['kind']> = new Set(['add-service', 'remove-service', 'rename-service', 'set-file'])

/** Takes edits out by id (all when none are named), as one step that can be undone. */
export const discardEdits = (draft: Draft, ids?: readonly string[]): Draft =>
  step(draft, ids ? draft.edits.filter(entry => !ids.includes(entry.id)) : [])

export function undo(draft: Draft): Draft {
  const last = draft.undo.at(-1)
  return last ? { ...draft, edits: last, undo: draft.undo.slice(0, -1), redo: [...draft.redo, draft.edits] } : draft
}

export function redo(draft: Draft): Draft {
  const last = draft.redo.at(-1)
  return last ? { ...draft, edits: last, redo: draft.redo.slice(0, -1), undo: [...draft.undo, draft.edits] } : draft
}

/**
 * The draft once some of its edits have become a decision. What was added meanwhile stays, as an edit on `base`; with
 * nothing left the draft is empty. A record alone (`published` is empty) leaves the edits as they are.
 */
export function withoutPublished(draft: Draft, published: readonly DraftEdit[], base: string | null): Draft {
  const gone = new Map(published.map(({ id, edit }) => [id, JSON.stringify(edit)]))
  const edits = draft.edits.filter(({ id, edit }) => gone.get(id) !== JSON.stringify(edit))
  const { recordNote, writing, ...rest } = draft
  const typing = writing && { writing }
  // What was typed of a record has become one; what was typed of a draft stays with it.
  if (published.length === 0) return { ...(edits.length === 0 ? emptyDraft : rest), ...typing }
  const kept = { ...(recordNote && { recordNote }), ...typing }
  return edits.length === 0 ? { ...emptyDraft, ...kept } : { ...emptyDraft, ...kept, branch: draft.branch, base, edits }
}
