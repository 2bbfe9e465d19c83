import type { GitRepository, ObjectId } from '../../needs/git-repository.ts'

/** The text of a blob; null when it is not UTF-8 or holds a NUL, as Git tells binary files. A BOM is kept. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 8000).includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not UTF-8: shown as binary, never edited.
    return null
  }
}

export async function readTextFile(
  repository: GitRepository,
  commit: ObjectId,
  path: string,
): Promise<{ text: string | null; lfs: boolean }> {
  const bytes = await repository.fileAt(commit, path)
  const text = bytes && decodeText(bytes)
  return { text, lfs: text?.startsWith('version https://git-lfs.github.com/spec/') ?? false }
}
