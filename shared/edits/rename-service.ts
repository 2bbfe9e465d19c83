import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

export const renameService = (_files: Files, _edit: EditOf<'rename-service'>): EditOutcome => ({ kind: 'unchanged' })
