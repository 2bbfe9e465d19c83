export { useCommitDialog } from './commit-dialog-state.ts'
export { DraftDock } from './draft-dock.tsx'
export { kindWords } from './kind-words.ts'
export { prefillRecord } from './use-note.ts'
