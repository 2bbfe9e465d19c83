import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { isAbsent } from '../files/read-text.ts'
import type { RawPath } from '../objects/tree.ts'
import { type CacheTree, encodeCacheTree, parseCacheTree } from './cache-tree.ts'
import type { IndexStat } from './index-stat.ts'

export type IndexEntry = {
  readonly path: RawPath
  readonly oid: ObjectId
  /** As in a tree: `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number
  /** Left out of a sparse checkout. */
  readonly skipWorktree: boolean
  /** `git add -N`: named, without content yet. */
  readonly intentToAdd: boolean
  readonly stat: IndexStat
}
export type IndexChange = {
  readonly path: RawPath
  /** Null removes the path. */
  readonly entry: Pick<IndexEntry, 'oid' | 'mode' | 'stat' | 'skipWorktree'> | null
}

/** What an index is that cannot be patched in place. */
export type IndexObstacle = 'index-v4' | 'split-index' | 'sparse-index'

const fixedLength = 62
const extendedFlag = 0x4000
const skipWorktreeFlag = 0x4000
const intentToAddFlag = 0x2000

/** The index file, versions 2 and 3 (gitformat-index). Entries stay as bytes: patching copies all but the touched ones. */
export class GitIndex {
  readonly version: number
  /** Seconds since the epoch when the file was written: entries of files changed in or after that second prove nothing. */
  readonly writtenAt: number
  readonly obstacle: IndexObstacle | null
  /** True when a conflict is recorded. */
  readonly unmerged: boolean
  readonly #data: Buffer
  /** Where each entry begins, and where the last ends. */
  readonly #offsets: Uint32Array
  readonly #extensions: readonly { readonly name: string; readonly data: Buffer }[]

  /** `data`: the whole file. Throws RangeError for one that is damaged. */
  constructor(data: Buffer, writtenAt: number) {
    this.#data = data
    this.writtenAt = writtenAt
    if (data.length < 32 || data.toString('latin1', 0, 4) !== 'DIRC') throw new RangeError('not an index')
    this.version = data.readUInt32BE(4)
    if (this.version === 4) {
      // Paths are compressed there; nothing behind the header is read.
      this.obstacle = 'index-v4'
      this.unmerged = false
      this.#offsets = new Uint32Array(1)
      this.#extensions = []
      return
    }
    if (this.version !== 2 && this.version !== 3) throw new RangeError(`index version ${this.version}`)
    const count = data.readUInt32BE(8)
    const offsets = new Uint32Array(count + 1)
    let at = 12
    let unmerged = false
    for (let k = 0; k < count; k++) {
      offsets[k] = at
      const flags = data.readUInt16BE(at + 60)
      const start = at + ((flags & extendedFlag) === 0 ? fixedLength : fixedLength + 2)
      if ((flags & 0x3000) !== 0) unmerged = true
      const length = flags & 0xfff
      const end = length < 0xfff ? start + length : data.indexOf(0, start)
      if (end === -1 || end >= data.length) throw new RangeError('index ends inside an entry')
      at += (end - at + 8) & ~7
    }
    offsets[count] = at
    this.#offsets = offsets
    this.unmerged = unmerged
    const extensions: { name: string; data: Buffer }[] = []
    while (at + 8 <= data.length - 20) {
      const name = data.toString('latin1', at, at + 4)
      const length = data.readUInt32BE(at + 4)
      if (at + 8 + length > data.length - 20) throw new RangeError('index ends inside an extension')
      extensions.push({ name, data: data.subarray(at + 8, at + 8 + length) })
      at += 8 + length
    }
    this.#extensions = extensions
    this.obstacle = this.#extension('link') ? 'split-index' : this.#extension('sdir') ? 'sparse-index' : null
    // Git, too, refuses what is marked as necessary and unknown.
    const unknown = extensions.find(({ name }) => !/^[A-Z]/.test(name) && name !== 'link' && name !== 'sdir')
    if (unknown) throw new RangeError(`index needs ${JSON.stringify(unknown.name)}`)
  }

  static readonly empty = (): GitIndex => {
    const data = Buffer.alloc(32)
    data.write('DIRC')
    data.writeUInt32BE(2, 4)
    return new GitIndex(data, 0)
  }

  get length(): number {
    return this.#offsets.length - 1
  }

  get cacheTree(): CacheTree | null {
    const data = this.#extension('TREE')
    return data ? parseCacheTree(data) : null
  }

  /** The tree this index is, as far as git recorded it. */
  get wholeTree(): ObjectId | null {
    const data = this.#extension('TREE')
    const match = data && /^\0(\d+) \d+\n/.exec(data.toString('latin1', 0, 32))
    return match && this.obstacle === null ? data.toString('hex', match[0].length, match[0].length + 20) : null
  }

  entry(position: number): IndexEntry {
    const data = this.#data
    const at = this.#offsets[position]!
    const flags = data.readUInt16BE(at + 60)
    const extended = (flags & extendedFlag) === 0 ? 0 : data.readUInt16BE(at + 62)
    return {
      path: this.path(position),
      oid: this.oid(position),
      mode: this.mode(position),
      stage: (flags >> 12) & 3,
      skipWorktree: (extended & skipWorktreeFlag) !== 0,
      intentToAdd: (extended & intentToAddFlag) !== 0,
      stat: {
        ctimeSeconds: data.readUInt32BE(at),
        ctimeNanoseconds: data.readUInt32BE(at + 4),
        mtimeSeconds: data.readUInt32BE(at + 8),
        mtimeNanoseconds: data.readUInt32BE(at + 12),
        dev: data.readUInt32BE(at + 16),
        ino: data.readUInt32BE(at + 20),
        uid: data.readUInt32BE(at + 28),
        gid: data.readUInt32BE(at + 32),
        size: data.readUInt32BE(at + 36),
      },
    }
  }

  path(position: number): RawPath {
    const at = this.#offsets[position]!
    const flags = this.#data.readUInt16BE(at + 60)
    const start = at + ((flags & extendedFlag) === 0 ? fixedLength : fixedLength + 2)
    const length = flags & 0xfff
    return this.#data.toString('latin1', start, length < 0xfff ? start + length : this.#data.indexOf(0, start))
  }

  oid(position: number): ObjectId {
    const at = this.#offsets[position]! + 40
    return this.#data.toString('hex', at, at + 20)
  }

  mode(position: number): string {
    return this.#data.readUInt32BE(this.#offsets[position]! + 24).toString(8)
  }

  mtimeSeconds(position: number): number {
    return this.#data.readUInt32BE(this.#offsets[position]! + 8)
  }

  /** Position of the first entry of a path (its stages follow), or `-(where it belongs) - 1`. */
  find(path: RawPath): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.path(middle) < path) low = middle + 1
      else high = middle
    }
    return low < this.length && this.path(low) === path ? low : -low - 1
  }

  /** All entries of a path: one, or the sides of a conflict, or none. */
  entriesOf(path: RawPath): IndexEntry[] {
    const entries: IndexEntry[] = []
    for (let k = this.find(path); k >= 0 && k < this.length && this.path(k) === path; k++) entries.push(this.entry(k))
    return entries
  }

  /** Paths recorded below a folder. */
  below(folder: RawPath): RawPath[] {
    const start = `${folder}/`
    const position = this.find(start)
    const paths: RawPath[] = []
    for (let k = position < 0 ? -position - 1 : position; k < this.length; k++) {
      const path = this.path(k)
      if (!path.startsWith(start)) break
      paths.push(path)
    }
    return paths
  }

  /**
   * The bytes of this index with some paths changed. `cacheTree`: what the TREE extension becomes.
   * `doubtful`: positions whose file changed since it was recorded in a way its times do not show; their size becomes
   * 0, which makes git look.
   */
  patch(changes: readonly IndexChange[], cacheTree: CacheTree | null, doubtful: ReadonlySet<number>): Buffer {
    const byPath = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1))
    const parts: Buffer[] = []
    let version = this.version
    let count = 0
    let structure = false
    let copied = 0
    const copy = (end: number): void => {
      if (end > copied) {
        let from = copied
        for (const position of doubtful) {
          if (position < from || position >= end) continue
          parts.push(this.#data.subarray(this.#offsets[from]!, this.#offsets[position]!))
          const changed = Buffer.from(this.#data.subarray(this.#offsets[position]!, this.#offsets[position + 1]!))
          changed.writeUInt32BE(0, 36)
          parts.push(changed)
          from = position + 1
        }
        parts.push(this.#data.subarray(this.#offsets[from]!, this.#offsets[end]!))
        count += end - copied
      }
    }
    for (const { path, entry } of byPath) {
      const position = this.find(path)
      const start = position < 0 ? -position - 1 : position
      copy(start)
      let end = start
      while (end < this.length && this.path(end) === path) end++
      copied = end
      if (end > start !== (entry !== null) || end - start > 1) structure = true
      if (!entry) continue
      if (entry.skipWorktree) version = 3
      parts.push(encodeEntry(path, entry))
      count++
    }
    copy(this.length)
    const head = Buffer.alloc(12)
    head.write('DIRC')
    head.writeUInt32BE(version, 4)
    head.writeUInt32BE(count, 8)
    for (const extension of this.#extensions) {
      const { name } = extension
      let { data } = extension
      if (name === 'TREE') {
        if (!cacheTree) continue
        data = encodeCacheTree(cacheTree)
      }
      // REUC names paths. UNTR and FSMN go by position or by what is untracked, so they hold while no path comes or
      // goes. All others (EOIE, IEOT, unknown) name places in the file.
      else if (name !== 'REUC' && !((name === 'UNTR' || name === 'FSMN') && !structure)) continue
      const header = Buffer.alloc(8)
      header.write(name, 'latin1')
      header.writeUInt32BE(data.length, 4)
      parts.push(header, data)
    }
    const body = Buffer.concat([head, ...parts])
    return Buffer.concat([body, createHash('sha1').update(body).digest()])
  }

  #extension(name: string): Buffer | undefined {
    return this.#extensions.find(extension => extension.name === name)?.data
  }
}

function encodeEntry(
  path: RawPath,
  { oid, mode, stat, skipWorktree }: Pick<IndexEntry, 'oid' | 'mode' | 'stat' | 'skipWorktree'>,
): Buffer {
  const start = skipWorktree ? fixedLength + 2 : fixedLength
  const entry = Buffer.alloc((start + path.length + 8) & ~7)
  entry.writeUInt32BE(stat.ctimeSeconds, 0)
  entry.writeUInt32BE(stat.ctimeNanoseconds, 4)
  entry.writeUInt32BE(stat.mtimeSeconds, 8)
  entry.writeUInt32BE(stat.mtimeNanoseconds, 12)
  entry.writeUInt32BE(stat.dev, 16)
  entry.writeUInt32BE(stat.ino, 20)
  entry.writeUInt32BE(Number.parseInt(mode, 8), 24)
  entry.writeUInt32BE(stat.uid, 28)
  entry.writeUInt32BE(stat.gid, 32)
  entry.writeUInt32BE(stat.size, 36)
  entry.write(oid, 40, 'hex')
  entry.writeUInt16BE(Math.min(path.length, 0xfff) | (skipWorktree ? extendedFlag : 0), 60)
  if (skipWorktree) entry.writeUInt16BE(skipWorktreeFlag, 62)
  entry.write(path, start, 'latin1')
  return entry
}

/** The index of a work tree; null when there is none yet. Rejects a damaged one, naming the remedy. */
export function readIndex(path: string): GitIndex | null {
  try {
    // Before the bytes: when another process replaces the file in between, its entries only look more doubtful.
    const writtenAt = Math.floor(statSync(path).mtimeMs / 1000)
    const data = readFileSync(path)
    const stored = data.subarray(data.length - 20)
    // All zeros: `index.skipHash`.
    if (!stored.every(byte => byte === 0) && !createHash('sha1').update(data.subarray(0, -20)).digest().equals(stored))
      throw new RangeError('checksum')
    return new GitIndex(data, writtenAt)
  } catch (error) {
    if (isAbsent(error)) return null
    if (error instanceof RangeError)
      throw new AppError('unexpected', 'git.indexDamaged', { file: path }, { cause: error })
    throw error
  }
}
