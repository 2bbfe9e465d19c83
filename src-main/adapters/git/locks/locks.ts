import { linkSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../../../shared/errors.ts'
import { isAbsent, readText } from '../files/read-text.ts'
import { isAlive, newOwner, type Owner, parseOwner, writeOwner } from './owner.ts'

/** How long to wait for a git command that is at work; most end within a second. */
const lockPatienceMilliseconds = 10_000

/**
 * Takes git's own lock files (`index.lock`, `<ref>.lock`), so that git and Pilothouse exclude one another.
 *
 * A lock is a hard link to a file that names this process: it appears in one step and with its owner inside, so that
 * a lock left by a killed Pilothouse is told from a lock of git, which is never touched. What a lock protects is
 * therefore written to a file of its own and renamed into place while the lock is held, not through the lock file.
 */
export class Locks {
  readonly owner: Owner
  /** `pilothouse/` in the common git directory: owners, journals and files on their way. */
  readonly folder: string
  readonly #held = new Set<string>()
  #made = false

  constructor(commonDirectory: string) {
    this.owner = newOwner()
    this.folder = join(commonDirectory, 'pilothouse')
  }

  get #ownerFile(): string {
    return join(this.folder, `owner-${this.owner.token}`)
  }

  /** Makes the folder and the file locks are linked to. */
  prepare(): void {
    if (this.#made) return
    for (let round = 0; ; round++) {
      mkdirSync(this.folder, { recursive: true })
      try {
        writeFileSync(this.#ownerFile, writeOwner(this.owner), { flag: 'wx' })
        break
      } catch (error) {
        // Another process that closed the clone just removed the empty folder.
        if (!isAbsent(error) || round >= 5) throw error
      }
    }
    this.#made = true
  }

  /**
   * Takes a lock, waiting while another process holds it. A lock of a Pilothouse that was killed makes it reject at
   * once, with `stale` as cause, since waiting will not help: see `recover`.
   */
  async take(path: string, patience = lockPatienceMilliseconds): Promise<Lock> {
    const end = Date.now() + patience
    for (let round = 0; ; round++) {
      if (this.tryTake(path)) return this.#hold(path)
      const holder = lockHolder(path)
      if (holder && !isAlive(holder)) throw new StaleLock(path, holder)
      if (Date.now() >= end) throw new AppError('conflict', 'git.locked', { file: path })
      // Chance keeps two waiters from meeting again and again.
      await setTimeout(Math.min(5 * 2 ** Math.min(round, 5), 100) * (0.5 + Math.random()))
    }
  }

  /** True when the lock is now ours. */
  tryTake(path: string): boolean {
    this.prepare()
    for (let retried = false; ; retried = true) {
      try {
        this.#create(path)
        return true
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EEXIST') return false
        if (code === 'ENOENT' && !retried) {
          // The first branch with this folder, or git removed the folder when it became empty.
          mkdirSync(dirname(path), { recursive: true })
          this.#made = statSync(this.#ownerFile, { throwIfNoEntry: false }) !== undefined
          this.prepare()
          continue
        }
        if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
          throw new AppError('unauthorized', 'git.notWritable', { file: path }, { cause: error })
        throw error
      }
    }
  }

  #create(path: string): void {
    try {
      linkSync(this.#ownerFile, path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error
      // No hard links here (FAT, some network drives): the lock is empty for an instant, and a kill just then leaves
      // one that names nobody and has to be removed by hand.
      writeFileSync(path, writeOwner(this.owner), { flag: 'wx' })
    }
  }

  /** Replaces a lock of a killed Pilothouse with ours in one step, so that git never finds it free in between. */
  takeOver(path: string): Lock {
    this.prepare()
    const fresh = join(this.folder, `take-${this.owner.token}`)
    rmSync(fresh, { force: true })
    this.#create(fresh)
    renameSync(fresh, path)
    return this.#hold(path)
  }

  #hold(path: string): Lock {
    this.#held.add(path)
    return new Lock(path, this.owner, () => this.#held.delete(path))
  }

  /** Owners that left their file here and are gone. */
  deadOwners(): readonly Owner[] {
    return entries(this.folder)
      .filter(name => name.startsWith('owner-') && name !== `owner-${this.owner.token}`)
      .map(name => parseOwner(readText(join(this.folder, name)) ?? ''))
      .filter(owner => owner !== null)
      .filter(owner => !isAlive(owner))
  }

  /** Removes what a dead owner kept here. */
  forget(owner: Owner): void {
    for (const name of entries(this.folder))
      if (name.includes(owner.token)) rmSync(join(this.folder, name), { force: true })
  }

  dispose(): void {
    // A lock that could not be released is found by the name of its owner once we are gone.
    if (!this.#made || this.#held.size > 0) return
    this.#made = false
    rmSync(this.#ownerFile, { force: true })
    try {
      rmdirSync(this.folder)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Others are at work here, or a journal waits for a recovery.
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && !isAbsent(error)) throw error
    }
  }
}

/** A lock that is held. `using` releases it. */
export class Lock {
  readonly path: string
  readonly #owner: Owner
  readonly #onRelease: () => void
  #released = false

  constructor(path: string, owner: Owner, onRelease: () => void) {
    this.path = path
    this.#owner = owner
    this.#onRelease = onRelease
  }

  /** Throws when somebody removed our lock (people do, when git tells them to): what it protects may have changed. */
  verify(): void {
    if (lockHolder(this.path)?.token !== this.#owner.token)
      throw new AppError('conflict', 'git.lockStolen', { file: this.path })
  }

  release(): void {
    if (this.#released) return
    if (lockHolder(this.path)?.token === this.#owner.token) rmSync(this.path, { force: true })
    this.#released = true
    this.#onRelease()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

/** A lock whose owner was killed. */
export class StaleLock extends AppError {
  readonly owner: Owner

  constructor(path: string, owner: Owner) {
    super('conflict', 'git.staleLock', { file: path })
    this.owner = owner
  }
}

/** Who of us holds a lock; null when it is free or not ours. */
export const lockHolder = (path: string): Owner | null => parseOwner(readText(path) ?? '')

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
