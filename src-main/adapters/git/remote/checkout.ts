import { createHash } from 'node:crypto'
import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { TransferProgress } from '../../../needs/git-remote.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import { isSafeName } from '../files/safe-name.ts'
import { readTree } from '../history/trees.ts'
import { type CacheTree, encodeCacheTree } from '../index/cache-tree.ts'
import { GitIndex, type IndexChange } from '../index/git-index.ts'
import { indexStat } from '../index/index-stat.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { fileMode, type RawPath, toText, treeMode } from '../objects/tree.ts'

type Folder = { readonly path: string; readonly raw: RawPath; readonly tree: ObjectId; readonly node: CacheTree }

/**
 * Writes the files of a tree into a new, empty work tree and an index that knows them. Nothing that is there is ever
 * overwritten: where two names are one file (a disk that ignores case), or a name would lead out of the work tree or
 * into `.git`, it is refused.
 */
export async function checkOut(
  objects: ObjectStore,
  tree: ObjectId,
  workTree: string,
  indexPath: string,
  options: {
    readonly symlinks: boolean
    /** Bytes as they belong into the work tree (line ends). */
    readonly convert: (path: RawPath, data: Buffer) => Buffer
    readonly progress?: TransferProgress
    readonly signal: AbortSignal
  },
): Promise<void> {
  const breathe = breather(options.signal)
  const changes: IndexChange[] = []
  const written = new Map<string, RawPath>()
  const root: CacheTree = { name: '', count: 0, oid: tree, children: [] }
  const folders: Folder[] = [{ path: workTree, raw: '', tree, node: root }]

  const claim = (path: string, raw: RawPath): void => {
    // Some disks also fold accents; what the disk itself says when a name is taken is caught below.
    const key = path.normalize('NFC').toLowerCase()
    if (!written.has(key)) written.set(key, raw)
  }
  const collide = (path: string, raw: RawPath): AppError =>
    new AppError('conflict', 'transport.pathsCollide', {
      path: toText(raw),
      other: toText(written.get(path.normalize('NFC').toLowerCase()) ?? ''),
    })
  const take = <T>(path: string, raw: RawPath, make: () => T): T => {
    try {
      const made = make()
      claim(path, raw)
      return made
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw collide(path, raw)
      throw error
    }
  }

  // Folders are counted once their own folders are: kept in the order they were met, summed up from the last.
  const met: { readonly node: CacheTree; readonly parent: CacheTree | null }[] = [{ node: root, parent: null }]
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for (const entry of readTree(objects, folder.tree)) {
      const pause = breathe()
      if (pause) {
        options.progress?.({ phase: 'transport.phaseCheckout', done: changes.length, total: null })
        await pause
      }
      const name = toText(entry.name)
      const raw = folder.raw === '' ? entry.name : `${folder.raw}/${entry.name}`
      if (!isSafeName(name)) throw new AppError('unsupported', 'transport.unsafePath', { path: toText(raw) })
      const path = join(folder.path, name)
      if (entry.mode === treeMode) {
        take(path, raw, () => mkdirSync(path))
        const node: CacheTree = { name: entry.name, count: 0, oid: entry.oid, children: [] }
        folder.node.children.push(node)
        met.push({ node, parent: folder.node })
        folders.push({ path, raw, tree: entry.oid, node })
        continue
      }
      folder.node.count++
      const mode = fileMode(entry.mode)
      if (mode === '160000') {
        // A submodule that has not been fetched: an empty folder, as git leaves it.
        take(path, raw, () => mkdirSync(path))
        changes.push({
          path: raw,
          entry: { oid: entry.oid, mode, stat: indexStat(lstatSync(path, { bigint: true })), skipWorktree: false },
        })
        continue
      }
      const stored = objects.read(entry.oid).data
      const data = mode === '120000' ? stored : options.convert(raw, stored)
      const stat = take(path, raw, () => {
        if (mode === '120000' && options.symlinks) {
          symlinkSync(data, path)
          return lstatSync(path, { bigint: true })
        }
        const file = openSync(path, 'wx', mode === '100755' ? 0o777 : 0o666)
        try {
          for (let at = 0; at < data.length; ) at += writeSync(file, data, at)
          return fstatSync(file, { bigint: true })
        } finally {
          closeSync(file)
        }
      })
      changes.push({ path: raw, entry: { oid: entry.oid, mode, stat: indexStat(stat), skipWorktree: false } })
    }
  }
  for (const { node, parent } of met.reverse()) {
    // Git sorts by length first (`subtree_name_cmp`).
    node.children.sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    if (parent) parent.count += node.count
  }
  options.signal.throwIfAborted()
  writeFileSync(indexPath, withCacheTree(GitIndex.empty().patch(changes, null, new Set()), root), { flag: 'wx' })
  options.progress?.({ phase: 'transport.phaseCheckout', done: changes.length, total: changes.length })
}

/** A new index with the `TREE` extension, which tells git that index and HEAD are the same without comparing them. */
function withCacheTree(index: Buffer, root: CacheTree): Buffer {
  const data = encodeCacheTree(root)
  const header = Buffer.alloc(8)
  header.write('TREE', 'latin1')
  header.writeUInt32BE(data.length, 4)
  const body = Buffer.concat([index.subarray(0, -20), header, data])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}
