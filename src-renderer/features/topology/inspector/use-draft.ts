import { useMemo } from 'react'
import type { DraftEditView, DraftView } from '../../../../shared/draft/draft.ts'
import type { Edit } from '../../../../shared/edits/edit.ts'
import { useApi, useLive } from '../../../connection/index.ts'
import { byField, fieldOf } from '../model/draft-edits.ts'
import { useTopology } from '../topology-context.ts'

export type DraftFields = {
  readonly view: DraftView | null
  /** The edit of the draft that sets the same field as this one; its value does not matter. */
  of(edit: Edit): DraftEditView | undefined
}

const none: readonly DraftEditView[] = []

/** The draft, by the field each edit sets. Nothing at an older revision. */
export function useDraft(): DraftFields {
  const api = useApi()
  const { workspace, readOnly } = useTopology()
  const view = useLive(api.draft.view, { workspace }, { skip: readOnly }).value
  const edits = view?.edits ?? none
  return useMemo(() => {
    const fields = byField(edits)
    return { view, of: edit => fields.get(fieldOf(edit)) }
  }, [view, edits])
}
