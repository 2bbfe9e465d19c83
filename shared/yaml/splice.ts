import { CannotEdit } from './cannot-edit.ts'

/** Replaces `text.slice(start, end)`. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string }

/** Applies splices that do not overlap; all offsets are those of the text before. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
  let out = ''
  let at = 0
  for (const splice of ordered) {
    if (splice.start < at) throw new CannotEdit('edit.wouldChangeMore', {}, splice.start)
    out += text.slice(at, splice.start) + splice.text
    at = splice.end
  }
  return out + text.slice(at)
}
