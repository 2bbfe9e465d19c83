import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { isAbsent } from '../files/read-text.ts'

export const noObject = '0'.repeat(40)

export type ReflogSettings = {
  /** `name <email> seconds zone`, as in a commit. */
  readonly committer: string
  /** `core.logAllRefUpdates`: `normal` for branches, remote branches, notes and HEAD. */
  readonly keep: 'none' | 'normal' | 'always'
}

/**
 * Adds a line to the log of a ref, as git writes it. `directory` is the git directory the ref belongs to.
 * One append, so that lines of two processes never mix.
 */
export function appendReflog(
  directory: string,
  ref: string,
  from: ObjectId | null,
  to: ObjectId,
  message: string,
  { committer, keep }: ReflogSettings,
): void {
  const path = join(directory, 'logs', ref)
  const wanted = keep === 'always' || (keep === 'normal' && /^(HEAD$|refs\/(heads|remotes|notes)\/)/.test(ref))
  if (!wanted && !existsSync(path)) return
  const line = `${from ?? noObject} ${to} ${committer}\t${message.split('\n')[0]!.replaceAll('\t', ' ')}\n`
  mkdirSync(dirname(path), { recursive: true })
  try {
    appendFileSync(path, line)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
    // Logs of deleted branches below this name: git removes such folders when they are empty, and keeps no log else.
    rmdirSync(path)
    appendFileSync(path, line)
  }
}

/** The object the last line of a log ends at; null when there is none. */
export function lastInReflog(directory: string, ref: string): ObjectId | null {
  let file: number
  try {
    file = openSync(join(directory, 'logs', ref), 'r')
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
  try {
    const size = fstatSync(file).size
    const tail = Buffer.alloc(Math.min(size, 8192))
    readSync(file, tail, 0, tail.length, size - tail.length)
    const line = tail.toString('latin1').trimEnd().split('\n').at(-1) ?? ''
    return /^[0-9a-f]{40} ([0-9a-f]{40}) /.exec(line)?.[1] ?? null
  } finally {
    closeSync(file)
  }
}
