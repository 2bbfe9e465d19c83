import type { DraftEditView } from '../../../../shared/draft/draft.ts'
import type { Edit } from '../../../../shared/edits/edit.ts'
import { type ResourceRef, sameResource } from '../../../../shared/manifests/resource-ref.ts'

const withoutValue = new Set(['value', 'values', 'replicas', 'image', 'quantity', 'to', 'text', 'position'])

/** Names the field an edit sets, whatever it sets it to; equal for two edits of the same field. */
export function fieldOf(edit: Edit): string {
  const named = Object.entries(edit)
    .filter(([key]) => !withoutValue.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(named, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** The edits of a draft by the field they set. */
export const byField = (edits: readonly DraftEditView[]): ReadonlyMap<string, DraftEditView> =>
  new Map(edits.map(edit => [fieldOf(edit.edit), edit]))

/** The edits that name one of these objects, layout aside. */
export const editsOf = (edits: readonly DraftEditView[], resources: readonly ResourceRef[]): readonly DraftEditView[] =>
  edits.filter(({ edit }) => 'resource' in edit && resources.some(resource => sameResource(resource, edit.resource)))
