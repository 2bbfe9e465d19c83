import type { EditOf } from './edit.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'

/** The text of one file as it was typed; null removes the file. */
export function setFile(files: Files, { file, text }: EditOf<'set-file'>): EditOutcome {
  if (!isInside(file)) return { kind: 'refused', reason: { key: 'edit.badPath', params: { file } }, file }
  const before = files.get(file)
  if (before === text || (before === undefined && text === null)) return { kind: 'unchanged' }
  return {
    kind: 'applied',
    files: new Map([[file, text]]),
    changes: [differenceOf(file, before, text)],
  }
}

/** A path inside the workspace that is no part of Git itself. */
const isInside = (file: string): boolean =>
  !file.startsWith('/') &&
  !file.includes('\\') &&
  !file.includes('\0') &&
  !/^[A-Za-z]:/.test(file) &&
  file.split('/').every(part => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git')

/** A whole file is named by the first line that differs; the rest is for the diff to show. */
function differenceOf(file: string, before: string | undefined, after: string | null): FieldChange {
  const old = before?.split('\n') ?? []
  const next = after?.split('\n') ?? []
  let index = 0
  while (index < old.length && index < next.length && old[index] === next[index]) index += 1
  return {
    file,
    line: index + 1,
    field: file,
    ...(before !== undefined && { before: old[index] ?? '' }),
    ...(after !== null && { after: next[index] ?? '' }),
  }
}
