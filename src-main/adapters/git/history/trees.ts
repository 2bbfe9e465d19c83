import { AppError } from '../../../../shared/errors.ts'
import type { FileMode, ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { differingLines, fileMode, parseTree, type RawPath, type TreeEntry, treeMode } from '../objects/tree.ts'

export type RawFile = { readonly path: RawPath; readonly mode: FileMode; readonly oid: ObjectId }
export type RawChange = { readonly path: RawPath; readonly before: RawFile | null; readonly after: RawFile | null }

export const readTree = (objects: ObjectStore, oid: ObjectId): TreeEntry[] =>
  undamaged(objects, oid, () => parseTree(treeBytes(objects, oid)))

function treeBytes(objects: ObjectStore, oid: ObjectId): Buffer {
  const { type, data } = objects.read(oid)
  if (type !== 'tree') throw new RangeError(`${oid} is a ${type}`)
  return data
}

function undamaged<T>(objects: ObjectStore, oid: ObjectId, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new AppError('unexpected', 'git.objectDamaged', { oid, directory: objects.directory }, { cause: error })
  }
}

/** Lines of two trees (null: the empty one) that may differ. */
function linesOf(
  objects: ObjectStore,
  before: ObjectId | null,
  after: ObjectId | null,
): readonly [readonly TreeEntry[], readonly TreeEntry[]] {
  if (before === null) return [[], after === null ? [] : readTree(objects, after)]
  if (after === null) return [readTree(objects, before), []]
  return undamaged(objects, after, () => differingLines(treeBytes(objects, before), treeBytes(objects, after)))
}

/** The entry at a path; null when there is none. An empty path is the tree itself. */
export function entryAt(objects: ObjectStore, tree: ObjectId, path: RawPath): TreeEntry | null {
  let entry: TreeEntry = { mode: treeMode, name: '', oid: tree }
  if (path === '') return entry
  for (const name of path.split('/')) {
    if (entry.mode !== treeMode) return null
    const next = readTree(objects, entry.oid).find(child => child.name === name)
    if (!next) return null
    entry = next
  }
  return entry
}

/** All files below a tree, in git's order: by bytes of the whole path. */
export async function listFiles(
  objects: ObjectStore,
  tree: ObjectId,
  prefix: RawPath,
  signal?: AbortSignal,
): Promise<RawFile[]> {
  const breathe = breather(signal)
  const files: RawFile[] = []
  // Own stack, so that only long lists pay for promises.
  const stack: { readonly entries: readonly TreeEntry[]; readonly folder: RawPath; at: number }[] = [
    { entries: readTree(objects, tree), folder: prefix === '' ? '' : `${prefix}/`, at: 0 },
  ]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const entry = top.entries[top.at++]
    if (!entry) {
      stack.pop()
      continue
    }
    if (entry.mode === treeMode) {
      const pause = breathe()
      if (pause) await pause
      stack.push({ entries: readTree(objects, entry.oid), folder: `${top.folder}${entry.name}/`, at: 0 })
    } else files.push({ path: top.folder + entry.name, mode: fileMode(entry.mode), oid: entry.oid })
  }
  return files
}

/** What differs between two trees (null: the empty one), by path. Folders that are equal are not read. */
export async function compareTrees(
  objects: ObjectStore,
  from: ObjectId | null,
  to: ObjectId | null,
  signal?: AbortSignal,
): Promise<RawChange[]> {
  const breathe = breather(signal)
  const changes: RawChange[] = []
  const visit = async (before: ObjectId | null, after: ObjectId | null, folder: RawPath): Promise<void> => {
    if (before === after) return
    const pause = breathe()
    if (pause) await pause
    const [gone, came] = linesOf(objects, before, after)
    const old = new Map(gone.map(entry => [entry.name, entry]))
    const now = new Map(came.map(entry => [entry.name, entry]))
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const a = old.get(name)
      const b = now.get(name)
      if (a?.oid === b?.oid && a?.mode === b?.mode) continue
      const path = folder + name
      const file = (entry: TreeEntry | undefined): RawFile | null =>
        entry && entry.mode !== treeMode ? { path, mode: fileMode(entry.mode), oid: entry.oid } : null
      const oldFile = file(a)
      const newFile = file(b)
      if (oldFile?.oid !== newFile?.oid || oldFile?.mode !== newFile?.mode)
        changes.push({ path, before: oldFile, after: newFile })
      const folderOf = (entry: TreeEntry | undefined): ObjectId | null => (entry?.mode === treeMode ? entry.oid : null)
      await visit(folderOf(a), folderOf(b), `${path}/`)
    }
  }
  await visit(from, to, '')
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
