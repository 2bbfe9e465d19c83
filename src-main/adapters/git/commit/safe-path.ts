import { AppError } from '../../../../shared/errors.ts'
import { isSafeName } from '../files/safe-name.ts'

/**
 * Refuses paths that git would refuse in an index (`verify_path`), or that would mean something else on macOS or
 * Windows: a repository is shared, so all three count everywhere.
 */
export function requireSafePath(path: string): void {
  const safe = !path.includes('\\') && !/^[A-Za-z]:/.test(path) && isSafePath(path)
  if (!safe) throw new AppError('invalid-input', 'git.unsafePath', { path })
}

/** Also for names that came from elsewhere: false where writing them could touch the git directory. */
export const isSafePath = (path: string): boolean => path.split('/').every(isSafeName)
