import type { PathConversions } from '../attributes/path-conversion.ts'
import type { RawFile } from '../history/trees.ts'
import type { GitIndex } from '../index/git-index.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { RawPath } from '../objects/tree.ts'
import { isUnmodified, type StatRules } from './file-state.ts'
import type { WorkTree } from './work-tree.ts'

export type DirtyNeeds = {
  readonly workTree: WorkTree
  readonly index: GitIndex
  readonly objects: ObjectStore
  readonly rules: StatRules
  readonly conversions: PathConversions
}

/**
 * The paths whose index or work tree is not what the commit has, or where something untracked is in the way.
 * `before`: what the commit has at each path. `removed`: paths that go in the same step and so are in nobody's way.
 */
export function findDirty(
  needs: DirtyNeeds,
  before: ReadonlyMap<RawPath, Pick<RawFile, 'oid' | 'mode'> | null>,
  removed: ReadonlySet<RawPath>,
): RawPath[] {
  const folders = new Set<RawPath>()
  return [...before]
    .filter(([path, file]) => (file ? isChanged(needs, path, file, folders) : isTaken(needs, path, removed, folders)))
    .map(([path]) => path)
}

function isChanged(
  { workTree, index, objects, rules, conversions }: DirtyNeeds,
  path: RawPath,
  file: Pick<RawFile, 'oid' | 'mode'>,
  folders: Set<RawPath>,
): boolean {
  const [entry, ...others] = index.entriesOf(path)
  if (!entry || others.length > 0 || entry.stage !== 0 || entry.intentToAdd) return true
  if (entry.oid !== file.oid || entry.mode !== file.mode) return true
  if (entry.skipWorktree && workTree.entry(path, folders).kind === 'absent') return false
  return !isUnmodified(workTree, entry, index.writtenAt, rules, conversions, objects, folders)
}

/** True when a new file would cover something. */
function isTaken(
  { workTree, index }: DirtyNeeds,
  path: RawPath,
  removed: ReadonlySet<RawPath>,
  folders: Set<RawPath>,
): boolean {
  if (index.find(path) >= 0 || index.below(path).some(file => !removed.has(file))) return true
  const parts = path.split('/')
  for (let length = 1; length < parts.length; length++) {
    const parent = parts.slice(0, length).join('/')
    if (index.find(parent) >= 0 && !removed.has(parent)) return true
  }
  const entry = workTree.entry(path, folders)
  switch (entry.kind) {
    case 'absent':
      return false
    case 'behind':
      return !removed.has(entry.parent)
    case 'folder':
      return workTree.filesBelow(path).some(file => !removed.has(file))
    default:
      return true
  }
}
