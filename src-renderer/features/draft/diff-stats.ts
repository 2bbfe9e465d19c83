import type { FileChange } from '../../../shared/draft/draft.ts'

export type DiffStats = { readonly files: number; readonly additions: number; readonly deletions: number }

export function diffStats(files: readonly FileChange[]): DiffStats {
  return {
    files: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
  }
}
