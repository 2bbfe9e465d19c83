import type { BigIntStats } from 'node:fs'
import type { PathConversions } from '../attributes/path-conversion.ts'
import type { Configuration } from '../config/configuration.ts'
import type { IndexEntry } from '../index/git-index.ts'
import { type IndexStat, indexStat } from '../index/index-stat.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { objectId } from '../objects/stored-object.ts'
import type { RawPath } from '../objects/tree.ts'
import type { WorkTree } from './work-tree.ts'

/** What git compares of a file before it reads it. */
export type StatRules = {
  readonly fileMode: boolean
  readonly symlinks: boolean
  readonly trustCtime: boolean
  /** `core.checkStat=minimal`: whole seconds and the size, for copies between systems. */
  readonly minimal: boolean
}

export const statRules = (configuration: Configuration): StatRules => ({
  fileMode: configuration.boolean('core.filemode', process.platform !== 'win32'),
  symlinks: configuration.boolean('core.symlinks', true),
  trustCtime: configuration.boolean('core.trustctime', true),
  minimal: configuration.get('core.checkstat')?.toLowerCase() === 'minimal',
})

/** True when times, inode and size are those the index remembers. Says nothing about files changed as it was written. */
export function sameStat(known: IndexStat, stat: BigIntStats, rules: StatRules): boolean {
  const now = indexStat(stat)
  if (known.mtimeSeconds !== now.mtimeSeconds || known.size !== now.size) return false
  if (rules.minimal) return true
  // Git builds without nanoseconds write zeros.
  if (known.mtimeNanoseconds !== 0 && known.mtimeNanoseconds !== now.mtimeNanoseconds) return false
  if (rules.trustCtime && known.ctimeSeconds !== now.ctimeSeconds) return false
  return (
    (known.ino === 0 || known.ino === now.ino) &&
    (known.uid === 0 || known.uid === now.uid) &&
    (known.gid === 0 || known.gid === now.gid)
  )
}

/** The content a work-tree file is compared with, and what the index remembers of it where that is known. */
export type Expected = Pick<IndexEntry, 'path' | 'oid' | 'mode'> & { readonly stat: IndexStat | null }

/**
 * True when what lies at a path is what git would call unmodified. `writtenAt`: seconds when the index was written; a
 * file changed in or after that second is read and compared.
 */
export function isUnmodified(
  workTree: WorkTree,
  expected: Expected,
  writtenAt: number,
  rules: StatRules,
  conversions: PathConversions,
  objects: ObjectStore,
  folders?: Set<RawPath>,
): boolean {
  const { path, oid, mode, stat } = expected
  const entry = workTree.entry(path, folders)
  if (entry.kind === 'absent' || entry.kind === 'behind') return mode === '160000' && entry.kind === 'absent'
  // The commit a submodule has checked out is its own affair.
  if (mode === '160000') return entry.kind === 'folder'
  const link = mode === '120000' && rules.symlinks
  if (entry.kind !== (link ? 'link' : 'file')) return false
  const executable = (entry.stat.mode & 0o100n) !== 0n
  if (!link && mode !== '120000' && rules.fileMode && executable !== (mode === '100755')) return false
  if (stat && stat.mtimeSeconds < writtenAt && stat.size !== 0 && sameStat(stat, entry.stat, rules)) return true
  return sameContent(workTree, path, oid, link, entry.stat.size, conversions, objects)
}

export function sameContent(
  workTree: WorkTree,
  path: RawPath,
  oid: string,
  link: boolean,
  size: bigint,
  conversions: PathConversions,
  objects: ObjectStore,
): boolean {
  if (link) return objectId('blob', workTree.read(path, true)) === oid
  const { endings, obstacle } = conversions.of(path)
  const recorded = (): Buffer | null => objects.tryRead(oid)?.data ?? null
  // Behind a filter only the pointer itself can be compared.
  return workTree.hash(path, size, obstacle ? { kind: 'binary', workTree: 'lf' } : endings, recorded) === oid
}
