import { AppError } from '../../../../shared/errors.ts'

/**
 * Characters that HFS+ leaves out when it compares names (git's `utf8.c`, `next_hfs_char`): with them, `.g\u200cit` is
 * `.git`.
 */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/**
 * Refuses paths that git would refuse in an index (`verify_path`), or that would mean something else on macOS or
 * Windows: a repository is shared, so all three count everywhere.
 */
export function requireSafePath(path: string): void {
  const safe =
    path !== '' &&
    !path.includes('\0') &&
    !path.includes('\\') &&
    !/^[A-Za-z]:/.test(path) &&
    path.split('/').every(isSafeName)
  if (!safe) throw new AppError('invalid-input', 'git.unsafePath', { path })
}

export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false
  // Windows drops dots and spaces at the end, and what follows a colon names a stream of the file.
  const plain = name
    .replace(ignoredByHfs, '')
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '')
    .toLowerCase()
  return plain !== '.git' && plain !== 'git~1'
}

/** Also for names that came from elsewhere: false where writing them could touch the git directory. */
export const isSafePath = (path: string): boolean =>
  path !== '' && !path.includes('\0') && path.split('/').every(isSafeName)
