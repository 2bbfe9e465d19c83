import { createHash } from 'node:crypto'
import {
  type BigIntStats,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { type LineEndings, toRepository } from '../attributes/line-endings.ts'
import { isAbsent } from '../files/read-text.ts'
import { objectHeader, objectId } from '../objects/stored-object.ts'
import { type RawPath, toText } from '../objects/tree.ts'

export type WorkTreeEntry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file' | 'link' | 'folder' | 'other'; readonly stat: BigIntStats }
  /** A folder above it is a link (or a file, which git calls absent, too): what is there is not in this work tree. */
  | { readonly kind: 'behind'; readonly parent: RawPath; readonly link: boolean }

/** The files beside the git directory. Never follows a link, neither at a path nor above it. */
export class WorkTree {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  /** For `fs`. Names that are not UTF-8 need their bytes. */
  path(path: RawPath): string | Buffer {
    const text = toText(path)
    return text.includes('\uFFFD')
      ? Buffer.concat([Buffer.from(`${this.root}/`), Buffer.from(path, 'latin1')])
      : join(this.root, text)
  }

  /** `folders`: parents found to be real folders, when many paths are asked in one go. */
  entry(path: RawPath, folders?: Set<RawPath>): WorkTreeEntry {
    const behind = this.#behind(path, folders)
    if (behind) return behind
    const stat = this.#stat(path)
    if (!stat) return { kind: 'absent' }
    const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other'
    return { kind, stat }
  }

  /** Throws when something above a path is no folder; above all a link, through which writing would leave the work tree. */
  requireInside(path: RawPath): void {
    const behind = this.#behind(path)
    if (behind?.kind === 'behind')
      throw behind.link
        ? new AppError('unsupported', 'git.pathThroughSymlink', { path: toText(behind.parent) })
        : new AppError('conflict', 'git.pathIsFile', { path: toText(behind.parent) })
  }

  /** Bytes of a file, or the target of a link. */
  read(path: RawPath, link: boolean): Buffer {
    return link ? readlinkSync(this.path(path), { encoding: 'buffer' }) : readFileSync(this.path(path))
  }

  /** The blob a file would be. Large files without conversion are not held whole. */
  hash(path: RawPath, size: bigint, endings: LineEndings, recorded: () => Buffer | null): ObjectId {
    if (endings.kind !== 'binary') return objectId('blob', toRepository(this.read(path, false), endings, recorded))
    const hash = createHash('sha1').update(objectHeader('blob', Number(size)))
    const file = openSync(this.path(path), 'r')
    try {
      const chunk = Buffer.allocUnsafe(Math.min(Number(size) + 1, 1024 * 1024))
      for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
        hash.update(chunk.subarray(0, read))
    } finally {
      closeSync(file)
    }
    return hash.digest('hex')
  }

  /** All that is below a folder, folders left out. */
  filesBelow(folder: RawPath): RawPath[] {
    const found: RawPath[] = []
    for (const entry of readdirSync(this.path(folder), { withFileTypes: true, encoding: 'buffer' })) {
      const path = `${folder}/${entry.name.toString('latin1')}`
      if (entry.isDirectory()) found.push(...this.filesBelow(path))
      else found.push(path)
    }
    return found
  }

  /** Makes the folders above a path. */
  makeFolderOf(path: RawPath): void {
    const end = path.lastIndexOf('/')
    if (end !== -1) mkdirSync(this.path(path.slice(0, end)), { recursive: true })
  }

  /** Removes a file and the folders that become empty by it. */
  remove(path: RawPath): void {
    try {
      unlinkSync(this.path(path))
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
    this.removeEmptyAbove(path)
  }

  removeEmptyAbove(path: RawPath): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      try {
        rmdirSync(this.path(path.slice(0, end)))
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        // Something else is in it (a mount point or the current folder of a program counts as such).
        if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EBUSY' || code === 'EPERM' || code === 'EACCES')
          return
        if (!isAbsent(error)) throw error
      }
    }
  }

  /** Removes a folder that holds nothing but empty folders; throws `ENOTEMPTY` otherwise. */
  removeEmptyFolder(path: RawPath): void {
    for (const entry of readdirSync(this.path(path), { withFileTypes: true, encoding: 'buffer' }))
      if (entry.isDirectory()) this.removeEmptyFolder(`${path}/${entry.name.toString('latin1')}`)
    rmdirSync(this.path(path))
  }

  #behind(path: RawPath, folders?: Set<RawPath>): Extract<WorkTreeEntry, { kind: 'behind' | 'absent' }> | null {
    const end = path.lastIndexOf('/')
    if (end === -1) return null
    const parent = path.slice(0, end)
    if (folders?.has(parent)) return null
    const above = this.#behind(parent, folders)
    if (above) return above
    const stat = this.#stat(parent)
    if (!stat) return { kind: 'absent' }
    if (!stat.isDirectory()) return { kind: 'behind', parent, link: stat.isSymbolicLink() }
    folders?.add(parent)
    return null
  }

  #stat(path: RawPath): BigIntStats | null {
    try {
      return lstatSync(this.path(path), { bigint: true })
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  }
}
