import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

export const removeService = (_files: Files, _edit: EditOf<'remove-service'>): EditOutcome => ({ kind: 'unchanged' })
