import { randomBytes } from 'node:crypto'
import { type FSWatcher, mkdirSync, watch as watchFolder } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Documents } from '../../needs/documents.ts'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Milliseconds to let a burst of file events settle. */
const settle = 40

/** Names are `drafts/ab12` and the like: no way out of the folder, and nothing a file system spells in two ways. */
function assertName(name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/.test(name) || name.includes('..'))
    throw new Error(`Not a document's name: ${name}`)
}

/**
 * JSON documents as files below a folder, readable by this user alone. Each write goes to a file beside and is then
 * renamed over the old one, so a process killed at any moment leaves the old text or the new.
 */
export function fileDocuments(directory: string): Documents {
  /** The last write of each name, so that two in a row land in their order. */
  const writing = new Map<string, Promise<void>>()
  /** What our own last write looks like on disk, to tell it from another process's. */
  const own = new Map<string, string>()

  const fileOf = (name: string): string => {
    assertName(name)
    return join(directory, `${name}.json`)
  }
  const bytesOf = (name: string): string => {
    assertName(name)
    return join(directory, `${name}.bin`)
  }
  const stampOf = async (file: string): Promise<string> => {
    try {
      const { ino, mtimeNs, size } = await stat(file, { bigint: true })
      return `${ino} ${mtimeNs} ${size}`
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'absent'
      throw error
    }
  }

  function inTurn(name: string, act: () => Promise<void>): Promise<void> {
    const before = writing.get(name) ?? Promise.resolve()
    // The one before has told its own caller of its failure.
    const turn = before.catch(() => {}).then(act)
    writing.set(name, turn)
    const done = () => {
      if (writing.get(name) === turn) writing.delete(name)
    }
    turn.then(done, done)
    return turn
  }

  async function replace(file: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const beside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
    try {
      const handle = await open(beside, 'wx', 0o600)
      try {
        for (const part of parts) await handle.appendFile(part)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(beside, file)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
  }

  return {
    async read(name) {
      const file = fileOf(name)
      await writing.get(name)?.catch(() => {})
      let text: string
      try {
        text = await readFile(file, 'utf8')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw new AppError('unexpected', 'error.documentUnreadable', { file, reason: String(codeOf(error) ?? error) })
      }
      try {
        return JSON.parse(text) as unknown
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new AppError('invalid-input', 'error.documentBroken', { file, reason }, { cause })
      }
    },
    write(name, value) {
      const file = fileOf(name)
      // At once: the caller may change its object while this waits for its turn.
      const text = `${JSON.stringify(value, null, 2)}\n`
      return inTurn(name, async () => {
        try {
          await replace(file, [text])
          own.set(name, await stampOf(file))
        } catch (cause) {
          throw new AppError(
            'unexpected',
            'error.documentUnwritable',
            { file, reason: String(codeOf(cause) ?? cause) },
            { cause },
          )
        }
      })
    },
    async readBytes(name) {
      const file = bytesOf(name)
      await writing.get(file)?.catch(() => {})
      try {
        return await readFile(file)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw new AppError('unexpected', 'error.documentUnreadable', { file, reason: String(codeOf(error) ?? error) })
      }
    },
    writeBytes(name, parts) {
      const file = bytesOf(name)
      return inTurn(file, async () => {
        try {
          await replace(file, parts)
        } catch (cause) {
          const reason = String(codeOf(cause) ?? cause)
          throw new AppError('unexpected', 'error.documentUnwritable', { file, reason }, { cause })
        }
      })
    },
    delete(name) {
      const file = fileOf(name)
      return inTurn(name, async () => {
        await rm(file, { force: true })
        own.set(name, 'absent')
      })
    },
    watch(name, listener) {
      const file = fileOf(name)
      const folder = dirname(file)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      let seen: string | undefined
      let timer: NodeJS.Timeout | undefined
      let closed = false
      const look = async () => {
        await writing.get(name)?.catch(() => {})
        const stamp = await stampOf(file)
        const changed = stamp !== seen && stamp !== own.get(name)
        seen = stamp
        if (changed && !closed) listener()
      }
      // A file that cannot be looked at now is looked at again with the next event.
      const lookQuietly = () => void look().catch(() => {})
      const first = stampOf(file).then(
        stamp => {
          seen ??= stamp
        },
        () => {},
      )
      // The folder, not the file: a rename puts a new file in the old one's place.
      const watcher: FSWatcher = watchFolder(folder, { persistent: false }, (_event, changed) => {
        if (changed !== null && changed !== basename(file)) return
        clearTimeout(timer)
        timer = setTimeout(() => void first.then(lookQuietly), settle)
      })
      watcher.on('error', () => watcher.close())
      return () => {
        closed = true
        clearTimeout(timer)
        watcher.close()
      }
    },
  }
}
