import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

export const addService = (_files: Files, _edit: EditOf<'add-service'>): EditOutcome => ({ kind: 'unchanged' })
