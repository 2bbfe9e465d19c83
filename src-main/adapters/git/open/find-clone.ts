import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { isAbsent, readText } from '../files/read-text.ts'

/** Where the parts of a clone are (gitrepository-layout). All are real paths. */
export type CloneLayout = {
  /** Null when there is no folder with files beside the git directory. */
  readonly workTree: string | null
  /** HEAD and index of this work tree. */
  readonly gitDirectory: string
  /** Objects, branches and configuration; another folder only in a linked work tree. */
  readonly commonDirectory: string
}

/** Finds the clone that holds a folder, as git does: upwards, a `.git` folder or file, else a bare git directory. */
export function findClone(directory: string): CloneLayout {
  let start: string
  try {
    start = realpathSync(directory)
  } catch (error) {
    if (isAbsent(error)) throw new AppError('not-found', 'git.noSuchFolder', { directory }, { cause: error })
    throw error
  }
  if (!statSync(start).isDirectory()) start = dirname(start)
  for (let folder = start; ; folder = dirname(folder)) {
    const inside = gitDirectoryIn(folder)
    if (inside) return layout(inside, folder)
    if (isGitDirectory(folder)) {
      // Opened inside `.git` itself: the work tree is beside it.
      return layout(folder, basename(folder) === '.git' ? dirname(folder) : null)
    }
    if (dirname(folder) === folder) throw new AppError('not-found', 'git.noRepository', { directory })
  }
}

function gitDirectoryIn(folder: string): string | null {
  const candidate = join(folder, '.git')
  const stat = statSync(candidate, { throwIfNoEntry: false })
  if (!stat) return null
  if (stat.isDirectory()) return isGitDirectory(candidate) ? realpathSync(candidate) : null
  const pointer = /^gitdir: (.*?)\r?\n*$/s.exec(readText(candidate) ?? '')
  if (!pointer) throw new AppError('invalid-input', 'git.brokenGitFile', { file: candidate })
  const target = resolve(folder, pointer[1]!)
  if (!isGitDirectory(target)) throw new AppError('not-found', 'git.gitFileLeadsNowhere', { file: candidate, target })
  return realpathSync(target)
}

function isGitDirectory(folder: string): boolean {
  // A symbolic HEAD may point at a branch that is not born, so only its being there counts.
  if (readText(join(folder, 'HEAD')) === null) return false
  const common = commonOf(folder)
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  return isFolder(join(common, 'objects')) && isFolder(join(common, 'refs'))
}

function commonOf(gitDirectory: string): string {
  const pointer = readText(join(gitDirectory, 'commondir'))
  return pointer === null ? gitDirectory : resolve(gitDirectory, pointer.replace(/[\r\n]+$/, ''))
}

const layout = (gitDirectory: string, workTree: string | null): CloneLayout => ({
  workTree,
  gitDirectory,
  commonDirectory: realpathSync(commonOf(gitDirectory)),
})
