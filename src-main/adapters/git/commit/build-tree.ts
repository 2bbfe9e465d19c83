import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { readTree } from '../history/trees.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { type NewObject, type ObjectType, objectId } from '../objects/stored-object.ts'
import { encodeTree, type RawPath, type TreeEntry, toText, treeMode } from '../objects/tree.ts'

/** Null removes the file. */
export type FileContents = ReadonlyMap<RawPath, Uint8Array | null>

type Folder = { readonly files: Map<RawPath, Uint8Array | null>; readonly folders: Map<RawPath, Folder> }

/**
 * The tree that `base` becomes when some files change, with the objects it is made of (content before what refers to
 * it). Nothing is written. Modes are kept, new files are 100644, folders that become empty go.
 * `ignoreCase`: refuse a new name that differs from another in case alone, where the file system cannot hold both.
 */
export function buildTree(
  objects: ObjectStore,
  base: ObjectId | null,
  files: FileContents,
  ignoreCase: boolean,
): { readonly tree: ObjectId; readonly objects: readonly NewObject[] } {
  const root: Folder = { files: new Map(), folders: new Map() }
  for (const [path, content] of files) {
    const parts = path.split('/')
    let folder = root
    for (const name of parts.slice(0, -1)) {
      const next: Folder = folder.folders.get(name) ?? { files: new Map(), folders: new Map() }
      folder.folders.set(name, next)
      folder = next
    }
    folder.files.set(parts.at(-1)!, content)
  }
  const made: NewObject[] = []
  const make = (type: ObjectType, data: Uint8Array): ObjectId => {
    const oid = objectId(type, data)
    made.push({ oid, type, data })
    return oid
  }

  const build = (before: ObjectId | null, folder: Folder, path: RawPath): ObjectId | null => {
    const entries = new Map((before === null ? [] : readTree(objects, before)).map(entry => [entry.name, entry]))
    const put = (entry: TreeEntry): void => {
      if (ignoreCase && !entries.has(entry.name)) {
        const other = [...entries.keys()].find(name => toText(name).toLowerCase() === toText(entry.name).toLowerCase())
        if (other)
          throw new AppError('conflict', 'git.nameDiffersInCase', {
            path: toText(path + entry.name),
            other: toText(path + other),
          })
      }
      entries.set(entry.name, entry)
    }
    for (const [name, content] of folder.files) {
      const old = entries.get(name)
      const here = toText(path + name)
      if (content === null) {
        if (!old) throw new AppError('not-found', 'git.nothingToRemove', { path: here })
        if (old.mode === treeMode) throw new AppError('conflict', 'git.pathIsFolder', { path: here })
        if (old.mode === '160000') throw new AppError('unsupported', 'git.pathIsSubmodule', { path: here })
        entries.delete(name)
      }
    }
    for (const [name, below] of folder.folders) {
      const old = entries.get(name)
      const here = toText(path + name)
      if (old?.mode === '160000') throw new AppError('unsupported', 'git.pathInSubmodule', { path: here })
      if (old?.mode === '120000') throw new AppError('unsupported', 'git.pathThroughSymlink', { path: here })
      if (old && old.mode !== treeMode) throw new AppError('conflict', 'git.pathIsFile', { path: here })
      const tree = build(old?.oid ?? null, below, `${path}${name}/`)
      if (tree === null) entries.delete(name)
      else put({ mode: treeMode, name, oid: tree })
    }
    for (const [name, content] of folder.files) {
      if (content === null) continue
      const old = entries.get(name)
      const here = toText(path + name)
      if (old?.mode === treeMode) throw new AppError('conflict', 'git.pathIsFolder', { path: here })
      if (old?.mode === '160000') throw new AppError('unsupported', 'git.pathIsSubmodule', { path: here })
      if (old?.mode === '120000') throw new AppError('unsupported', 'git.pathIsSymlink', { path: here })
      put({ mode: old?.mode ?? '100644', name, oid: make('blob', content) })
    }
    if (entries.size === 0 && path !== '') return null
    return make('tree', encodeTree([...entries.values()]))
  }
  const tree = build(base, root, '')
  return { tree: tree!, objects: made }
}
