import { chmodSync, renameSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../files/sync-directory.ts'
import type { Lock } from '../locks/locks.ts'
import { type GitIndex, readIndex } from './git-index.ts'

/** The index of one work tree on disk; parsed again only when the file changed. */
export class IndexFile {
  readonly path: string
  #stamp = ''
  #index: GitIndex | null = null

  constructor(gitDirectory: string) {
    this.path = join(gitDirectory, 'index')
  }

  get lockPath(): string {
    return `${this.path}.lock`
  }

  /** Null when there is none yet, which means that nothing is tracked. */
  read(): GitIndex | null {
    const stamp = this.#currentStamp()
    if (stamp !== this.#stamp) {
      this.#index = readIndex(this.path)
      this.#stamp = stamp
    }
    return this.#index
  }

  /** Replaces the index while its lock is held. `temporary`: a path on the same file system. */
  async replace(bytes: Buffer, temporary: string, lock: Lock): Promise<void> {
    const mode = statSync(this.path, { throwIfNoEntry: false })?.mode
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    // Shared repositories give the index wider rights than new files have.
    if (mode !== undefined && process.platform !== 'win32') chmodSync(temporary, mode & 0o777)
    lock.verify()
    renameSync(temporary, this.path)
    await syncDirectory(join(this.path, '..'))
  }

  #currentStamp(): string {
    const stat = statSync(this.path, { throwIfNoEntry: false, bigint: true })
    return stat ? `${stat.mtimeNs}/${stat.size}/${stat.ino}` : 'none'
  }
}
