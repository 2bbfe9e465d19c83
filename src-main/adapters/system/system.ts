import { createHash, randomBytes } from 'node:crypto'
import { access, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditHashes } from '../../../shared/audit/audit-log.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Digest } from '../../needs/digest.ts'
import type { Folders } from '../../needs/folders.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  // JavaScript counts minutes west of UTC, Git and people count them east.
  offset: () => -new Date().getTimezoneOffset(),
  random: bytes => randomBytes(bytes),
}

/** What an audit log is chained with and what names a commit in Git. */
export const auditHashes: AuditHashes = {
  sha256: text => sha256(text),
  commitId: body => createHash('sha1').update(`commit ${body.length}\0`).update(body).digest('hex'),
}

/** Waits so many milliseconds; rejects when the signal is aborted. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal })

export const sha256: Digest = text => createHash('sha256').update(text).digest('hex')

const exists = async (path: string): Promise<boolean> => {
  try {
    await access(path)
    return true
  } catch {
    // Not there and not allowed to look are the same answer to "can it be opened?".
    return false
  }
}

export const systemFolders: Folders = {
  exists,
  async list(directory) {
    const here = resolve(directory)
    let names: string[]
    try {
      const entries = await readdir(here, { withFileTypes: true })
      names = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(entry => entry.name)
    } catch (error) {
      throw new AppError('not-found', 'workspace.folderUnreadable', { directory: here }, { cause: error })
    }
    const parent = dirname(here)
    const entries = await Promise.all(
      names.sort().map(async name => ({ name, repository: await exists(join(here, name, '.git')) })),
    )
    return { directory: here, parent: parent === here ? null : parent, entries }
  },
}
