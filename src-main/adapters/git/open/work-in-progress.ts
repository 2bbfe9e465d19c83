import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isAbsent, readText } from '../files/read-text.ts'
import type { CloneLayout } from './find-clone.ts'

/** What git is in the middle of in a work tree; a commit made now would mean something else. Null when nothing. */
export function unfinishedOperation(gitDirectory: string): 'merge' | 'cherry-pick' | 'revert' | 'rebase' | null {
  const has = (name: string): boolean => existsSync(join(gitDirectory, name))
  if (has('MERGE_HEAD')) return 'merge'
  if (has('rebase-merge') || has('rebase-apply')) return 'rebase'
  if (has('CHERRY_PICK_HEAD')) return 'cherry-pick'
  return has('REVERT_HEAD') ? 'revert' : null
}

/** The folder of another work tree of this clone that has a branch checked out or in a rebase; null when there is none. */
export function checkedOutElsewhere(layout: CloneLayout, ref: string, mainIsBare: boolean): string | null {
  const linked = folders(join(layout.commonDirectory, 'worktrees')).map(name =>
    join(layout.commonDirectory, 'worktrees', name),
  )
  const candidates = mainIsBare ? linked : [layout.commonDirectory, ...linked]
  for (const gitDirectory of candidates) {
    const own = gitDirectory === layout.gitDirectory
    const head = readText(join(gitDirectory, 'HEAD'))?.trim()
    const rebased = ['rebase-merge', 'rebase-apply'].some(
      folder => readText(join(gitDirectory, folder, 'head-name'))?.trim() === ref,
    )
    if (rebased || (!own && head === `ref: ${ref}`)) return workTreeOf(gitDirectory, layout.commonDirectory)
  }
  return null
}

function workTreeOf(gitDirectory: string, commonDirectory: string): string {
  if (gitDirectory === commonDirectory) return dirname(commonDirectory)
  const pointer = readText(join(gitDirectory, 'gitdir'))?.trim()
  return pointer ? dirname(resolve(gitDirectory, pointer)) : gitDirectory
}

function folders(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
