import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { isAbsent, readText } from '../files/read-text.ts'
import { syncDirectory } from '../files/sync-directory.ts'
import type { Lock, Locks } from '../locks/locks.ts'
import { PackedRefs } from './packed-refs.ts'
import { isRefName } from './ref-name.ts'
import { appendReflog, type ReflogSettings } from './reflog.ts'

export type RefValue =
  | { readonly kind: 'object'; readonly oid: ObjectId }
  | { readonly kind: 'symbolic'; readonly target: string }
export type ListedRef = { readonly name: string; readonly oid: ObjectId; readonly peeled: ObjectId | undefined }
export type RefUpdate = {
  /** Full name. */
  readonly ref: string
  /** Where it has to be now; null: it must not exist; undefined: anywhere. */
  readonly from: ObjectId | null | undefined
  readonly to: ObjectId
  /** First line goes to the reflog. */
  readonly message: string
}
export type RefOutcome = { readonly kind: 'updated' } | { readonly kind: 'raced'; readonly now: ObjectId | null }

/** Loose and packed refs of one work tree, in git's `files` format. Reads are synchronous: they are tiny files. */
export class RefStore {
  readonly #gitDirectory: string
  readonly #commonDirectory: string
  readonly #locks: Locks
  readonly #packed: PackedRefs
  readonly reflogSettings: () => ReflogSettings
  #written = 0

  constructor(gitDirectory: string, commonDirectory: string, locks: Locks, reflog: () => ReflogSettings) {
    this.#gitDirectory = gitDirectory
    this.#commonDirectory = commonDirectory
    this.#locks = locks
    this.#packed = new PackedRefs(join(commonDirectory, 'packed-refs'))
    this.reflogSettings = reflog
  }

  /** A ref as stored; null when there is none. */
  read(ref: string): RefValue | null {
    const text = readText(join(this.#directoryOf(ref), ref))
    if (text !== null) {
      const symbolic = /^ref:\s*(\S+)\s*$/.exec(text)
      if (symbolic) return { kind: 'symbolic', target: symbolic[1]! }
      const oid = /^[0-9a-f]{40}(?=\s|$)/.exec(text)?.[0]
      if (oid) return { kind: 'object', oid }
      // A power cut can leave an empty file; git calls that broken, too.
      throw new AppError('unexpected', 'git.refBroken', { ref })
    }
    const packed = this.#packed.all().get(ref)
    return packed ? { kind: 'object', oid: packed.oid } : null
  }

  /** What a ref leads to, through symbolic ones; null when it does not exist or is not born. */
  resolve(ref: string): ObjectId | null {
    let name = ref
    for (let depth = 0; depth < 6; depth++) {
      const value = this.read(name)
      if (!value) return null
      if (value.kind === 'object') return value.oid
      // A symbolic ref may not lead out of the refs of the clone.
      if (!isRefName(value.target)) throw new AppError('unexpected', 'git.refBroken', { ref: name })
      name = value.target
    }
    throw new AppError('unexpected', 'git.refBroken', { ref })
  }

  /** Refs below a prefix such as `refs/heads/`, by name; symbolic ones resolved, broken ones left out. */
  list(prefix: string): readonly ListedRef[] {
    const found = new Map<string, ListedRef>()
    for (const [name, { oid, peeled }] of this.#packed.all())
      if (name.startsWith(prefix)) found.set(name, { name, oid, peeled })
    const visit = (folder: string): void => {
      let names: { name: string; isDirectory(): boolean }[]
      try {
        names = readdirSync(join(this.#commonDirectory, folder), { withFileTypes: true })
      } catch (error) {
        if (isAbsent(error)) return
        throw error
      }
      for (const entry of names) {
        const name = `${folder}${entry.name}`
        if (entry.isDirectory()) visit(`${name}/`)
        else if (isRefName(name)) {
          try {
            const oid = this.resolve(name)
            if (oid) found.set(name, { name, oid, peeled: undefined })
            else found.delete(name)
          } catch (error) {
            // One broken ref must not hide all the others; using it says what is wrong.
            if (!(error instanceof AppError)) throw error
            found.delete(name)
          }
        }
      }
    }
    visit(prefix)
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  /** The branch HEAD is on (full name, null when detached) and its commit (null when unborn). */
  head(): { readonly ref: string | null; readonly commit: ObjectId | null } {
    const value = this.read('HEAD')
    if (!value) throw new AppError('unexpected', 'git.refBroken', { ref: 'HEAD' })
    if (value.kind === 'object') return { ref: null, commit: value.oid }
    return { ref: value.target, commit: this.resolve(value.target) }
  }

  /** Moves a ref if it is where it has to be: lock, compare, write, log. */
  async update(update: RefUpdate): Promise<RefOutcome> {
    using lock = await this.lock(update.ref)
    return await this.updateLocked(update, lock)
  }

  /** Takes `<ref>.lock`, as git does. */
  async lock(ref: string): Promise<Lock> {
    return await this.#locks.take(this.lockPath(ref))
  }

  lockPath(ref: string): string {
    return `${join(this.#directoryOf(ref), ref)}.lock`
  }

  async updateLocked({ ref, from, to, message }: RefUpdate, lock: Lock): Promise<RefOutcome> {
    if (!isRefName(ref)) throw new AppError('invalid-input', 'git.badRefName', { name: ref })
    const value = this.read(ref)
    if (value?.kind === 'symbolic')
      throw new AppError('unsupported', 'git.refIsSymbolic', { ref, target: value.target })
    const now = value?.oid ?? null
    if (from !== undefined && now !== from) return { kind: 'raced', now }
    if (!value) this.#refuseNameClash(ref)
    const path = join(this.#directoryOf(ref), ref)
    const head = this.read('HEAD')
    await this.#place(`${to}\n`, path, lock)
    if (now !== to) this.#log(ref, now, to, message, head?.kind === 'symbolic' && head.target === ref)
    return { kind: 'updated' }
  }

  /** Makes HEAD lead to a branch. `from`, `to`: commits before and after, for its log. */
  async pointHead(branch: string, from: ObjectId | null, to: ObjectId, message: string, lock: Lock): Promise<void> {
    await this.#place(`ref: ${branch}\n`, join(this.#gitDirectory, 'HEAD'), lock)
    appendReflog(this.#gitDirectory, 'HEAD', from, to, message, this.reflogSettings())
  }

  #log(ref: string, from: ObjectId | null, to: ObjectId, message: string, alsoHead: boolean): void {
    const settings = this.reflogSettings()
    appendReflog(this.#directoryOf(ref), ref, from, to, message, settings)
    if (alsoHead) appendReflog(this.#gitDirectory, 'HEAD', from, to, message, settings)
  }

  async #place(content: string, path: string, lock: Lock): Promise<void> {
    const temporary = join(this.#locks.folder, `ref-${this.#locks.owner.token}-${++this.#written}`)
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    lock.verify()
    mkdirSync(dirname(path), { recursive: true })
    try {
      renameSync(temporary, path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EISDIR' && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
      // Empty folders stay behind when branches below this name were deleted.
      removeEmptyFolders(path)
      renameSync(temporary, path)
    }
    await syncDirectory(dirname(path))
  }

  /** `a` and `a/b` cannot both be branches. */
  #refuseNameClash(ref: string): void {
    const parts = ref.split('/')
    for (let length = 3; length < parts.length; length++) {
      const parent = parts.slice(0, length).join('/')
      if (this.read(parent)) throw new AppError('conflict', 'git.refNameTaken', { name: ref, other: parent })
    }
    const child = this.list(`${ref}/`)[0]
    if (child) throw new AppError('conflict', 'git.refNameTaken', { name: ref, other: child.name })
  }

  /** HEAD and its like, and three folders, belong to one work tree; everything else to all. */
  #directoryOf(ref: string): string {
    return !ref.startsWith('refs/') || /^refs\/(bisect|worktree|rewritten)\//.test(ref)
      ? this.#gitDirectory
      : this.#commonDirectory
  }
}

function removeEmptyFolders(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmptyFolders(join(path, entry.name))
  rmdirSync(path)
}
