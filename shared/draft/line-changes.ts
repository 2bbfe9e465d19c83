import { diffLines } from 'diff'
import type { FileChange } from './draft.ts'

const lines = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0))

/**
 * Lines added and removed between two texts of a file (null: it does not exist), as `git diff --numstat` counts them.
 * Two texts too different to compare in half a second count as wholly replaced.
 */
export function lineChanges(path: string, before: string | null, after: string | null): FileChange {
  const change = before === null ? 'added' : after === null ? 'removed' : 'changed'
  const whole = { path, change, additions: lines(after ?? ''), deletions: lines(before ?? '') } as const
  if (before === null || after === null) return whole
  const parts = diffLines(before, after, { timeout: 500 })
  if (!parts) return whole
  let additions = 0
  let deletions = 0
  for (const part of parts) {
    if (part.added) additions += part.count
    if (part.removed) deletions += part.count
  }
  return { path, change, additions, deletions }
}
