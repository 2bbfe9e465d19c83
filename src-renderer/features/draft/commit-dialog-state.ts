import { create } from 'zustand'
import type { CommitMode } from './commit-form.ts'

type CommitDialogState = {
  /** Null while it is closed. */
  readonly mode: CommitMode | null
  open(mode: CommitMode): void
  close(): void
}

/** The commit dialog is drawn by the dock and opened from anywhere: a button, the palette, the log of decisions. */
export const useCommitDialog = create<CommitDialogState>()(set => ({
  mode: null,
  open: mode => set({ mode }),
  close: () => set({ mode: null }),
}))
