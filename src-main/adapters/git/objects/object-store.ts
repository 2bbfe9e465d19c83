import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { DeltaBaseCache } from './delta-base-cache.ts'
import { findLoosePrefix, hasLoose, readLoose, writeLoose } from './loose-objects.ts'
import { objectDirectories } from './object-directories.ts'
import { Pack } from './pack.ts'
import { type NewObject, type ObjectType, objectId, type StoredObject } from './stored-object.ts'

export type ObjectStoreOptions = {
  /** The clone promised some objects to itself (partial clone): a missing one is said to be fetchable. */
  readonly partial?: boolean
  /** Bytes of built objects to keep; 64 MiB when absent. */
  readonly cacheBytes?: number
  /** Larger files are read by pieces; 64 MiB when absent. */
  readonly wholeFileBytes?: number
}

const wholeFilesBytes = 256 * 1024 * 1024
const maximumPackNumber = 8192
/** Larger objects are read again where they are needed. */
const mostKept = 16 * 1024 * 1024

/**
 * The objects of one clone: its packs, its loose objects, and those of its alternates. Reads are synchronous, because a
 * walk makes hundreds of thousands of them and each takes microseconds; whoever walks far yields in between.
 */
export class ObjectStore {
  /** The `objects` folder new objects go to. */
  readonly directory: string
  readonly #partial: boolean
  readonly #wholeFileBytes: number
  readonly #cache: DeltaBaseCache
  #directories: readonly string[] = []
  #packs: Pack[] = []
  /** Pack folders as last listed: their time of change, and whether that was too recent to rely on. */
  #listed = new Map<string, { changed: number; recent: boolean }>()
  #alternatesChanged = -1
  #wholeBytes = 0
  #packNumber = 0
  /** What was written last: whoever writes a commit brings the work tree along next. */
  readonly #written = new Map<ObjectId, StoredObject>()

  /** `directory`: the `objects` folder (of the common git directory, for a linked worktree). */
  constructor(directory: string, options: ObjectStoreOptions = {}) {
    this.directory = directory
    this.#partial = options.partial ?? false
    this.#wholeFileBytes = options.wholeFileBytes ?? 64 * 1024 * 1024
    this.#cache = new DeltaBaseCache(options.cacheBytes ?? 64 * 1024 * 1024)
    this.reload()
  }

  /** Where packs of this clone are, and where new ones belong. */
  get packDirectory(): string {
    return join(this.directory, 'pack')
  }

  /** All object folders, the clone's own first, then its alternates. */
  get directories(): readonly string[] {
    return this.#directories
  }

  /**
   * An object with its type. Rejects by throwing AppError: `not-found` when it is nowhere, `unexpected` when it is
   * damaged. The bytes may be shared with the cache: never write into them.
   */
  read(oid: ObjectId): StoredObject {
    const object = this.#tryRead(oid) ?? (this.#reloadIfChanged() ? this.#tryRead(oid) : null)
    if (object) return object
    throw this.#partial
      ? new AppError('not-found', 'git.promisedObjectMissing', { oid })
      : new AppError('not-found', 'git.objectMissing', { oid, directory: this.directory })
  }

  /** The object, or null when it is nowhere. */
  tryRead(oid: ObjectId): StoredObject | null {
    return this.#tryRead(oid) ?? (this.#reloadIfChanged() ? this.#tryRead(oid) : null)
  }

  has(oid: ObjectId): boolean {
    return this.#has(oid) || (this.#reloadIfChanged() && this.#has(oid))
  }

  /** Writes a loose object that survives a power cut; resolves with its id. One that is there already is not written again. */
  async write(type: ObjectType, data: Uint8Array): Promise<ObjectId> {
    const [oid] = await this.writeAll([{ type, data }])
    return oid!
  }

  /** Writes several at once: one wait for the disk for all. Give content before what refers to it. */
  async writeAll(objects: readonly NewObject[]): Promise<readonly ObjectId[]> {
    const named = objects.map(({ oid, type, data }) => ({ oid: oid ?? objectId(type, data), type, data }))
    const fresh = new Map(named.filter(({ oid }) => !this.#has(oid)).map(object => [object.oid, object]))
    if (fresh.size > 0) await writeLoose(this.directory, [...fresh.values()])
    this.#written.clear()
    for (const { oid, type, data } of fresh.values())
      if (data.length <= mostKept) this.#written.set(oid, { type, data: asBuffer(data) })
    return named.map(({ oid }) => oid)
  }

  /** Ids that begin with these hexadecimal digits (4 to 40), at most `limit`. */
  findByPrefix(prefix: string, limit = 16): readonly ObjectId[] {
    const found = new Set<string>()
    const search = (): void => {
      for (const pack of [...this.#packs])
        if (found.size < limit) this.#guarded(pack, () => pack.findPrefix(prefix, found, limit))
      for (const directory of this.#directories) findLoosePrefix(directory, prefix, found)
    }
    search()
    if (found.size === 0 && this.#reloadIfChanged()) search()
    return [...found].sort().slice(0, limit)
  }

  /** Lists packs and alternates again: after a pack was added here, or another process repacked. */
  reload(): void {
    this.#directories = objectDirectories(this.directory)
    this.#alternatesChanged = changedAt(join(this.directory, 'info', 'alternates'))
    const known = new Map(this.#packs.map(pack => [pack.path, pack]))
    const packs: Pack[] = []
    this.#listed = new Map()
    for (const directory of this.#directories) {
      const folder = join(directory, 'pack')
      const changed = changedAt(folder)
      // Within two seconds a file system with coarse times may hide the next change.
      this.#listed.set(folder, { changed, recent: Date.now() - changed < 2000 })
      const names = new Set(listed(folder))
      for (const name of names) {
        if (!name.endsWith('.idx')) continue
        const path = join(folder, name.slice(0, -4))
        if (!names.has(`${name.slice(0, -4)}.pack`)) continue
        const same = known.get(path)
        known.delete(path)
        packs.push(same ?? this.#newPack(path))
      }
    }
    for (const gone of known.values()) this.#close(gone)
    this.#packs = packs
  }

  /** Frees memory and file handles. A later read opens again what it needs. */
  close(): void {
    for (const pack of this.#packs) this.#close(pack)
    this.#cache.clear()
    this.#written.clear()
  }

  #tryRead(oid: ObjectId): StoredObject | null {
    const written = this.#written.get(oid)
    if (written) return written
    const id = Buffer.from(oid, 'hex')
    if (id.length !== 20) return null
    try {
      const packed = this.#find(id, (pack, offset) => pack.read(offset, base => this.read(base)))
      if (packed) return packed
      for (const directory of this.#directories) {
        const loose = readLoose(directory, oid)
        if (loose) return loose
      }
      return null
    } catch (error) {
      if (error instanceof AppError) throw error
      throw new AppError('unexpected', 'git.objectDamaged', { oid, directory: this.directory }, { cause: error })
    }
  }

  #has(oid: ObjectId): boolean {
    const id = Buffer.from(oid, 'hex')
    if (id.length !== 20) return false
    return this.#find(id, () => true) !== null || this.#directories.some(directory => hasLoose(directory, oid))
  }

  /** Asks the packs in turn, the one that answered last first: neighbours in history are neighbours in a pack. */
  #find<T>(id: Buffer, use: (pack: Pack, offset: number) => T): T | null {
    for (const pack of [...this.#packs]) {
      const found = this.#guarded(pack, () => {
        const offset = pack.find(id)
        return offset === -1 ? null : { value: use(pack, offset) }
      })
      if (!found) continue
      if (this.#packs[0] !== pack) {
        const at = this.#packs.indexOf(pack)
        if (at > 0) this.#packs.unshift(...this.#packs.splice(at, 1))
      }
      return found.value
    }
    return null
  }

  /** A pack that another process removed since it was listed is forgotten; its objects are elsewhere by then. */
  #guarded<T>(pack: Pack, use: () => T): T | null {
    try {
      return use()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      this.#packs = this.#packs.filter(other => other !== pack)
      this.#close(pack)
      return null
    }
  }

  #newPack(path: string): Pack {
    if (++this.#packNumber >= maximumPackNumber) {
      // Numbers name packs in the cache; begin again with an empty one.
      this.#packNumber = 1
      this.#cache.clear()
    }
    return new Pack(path, this.#packNumber, this.#cache, length => {
      if (length > this.#wholeFileBytes || this.#wholeBytes + length > wholeFilesBytes) return false
      this.#wholeBytes += length
      return true
    })
  }

  #close(pack: Pack): void {
    this.#wholeBytes -= pack.wholeBytes
    pack.close()
  }

  #reloadIfChanged(): boolean {
    const stale =
      changedAt(join(this.directory, 'info', 'alternates')) !== this.#alternatesChanged ||
      [...this.#listed].some(([folder, { changed, recent }]) => recent || changedAt(folder) !== changed)
    if (stale) this.reload()
    return stale
  }
}

/** Milliseconds since the epoch, or -1 when there is nothing. */
const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const asBuffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
