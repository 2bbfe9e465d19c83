import { readFileSync } from 'node:fs'

/** Text of a small file; null when it is not there (or a folder is in its place). */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error) || (error as NodeJS.ErrnoException).code === 'EISDIR') return null
    throw error
  }
}

/** True for the errors that mean "there is no such file". */
export const isAbsent = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
