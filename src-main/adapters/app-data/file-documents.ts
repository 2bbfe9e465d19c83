import { randomBytes } from 'node:crypto'
import { type FSWatcher, mkdirSync, watch as watchFolder } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Documents } from '../../needs/documents.ts'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Milliseconds to let a burst of file events settle. */
const settle = 40

/** A bounded folder is looked at again once this part of its bound was written. */
const share = 16

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

  /** Bytes written below each folder since it was last bounded; a process begins with a look. */
  const written = new Map<string, number>()

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
        const bytes = await readFile(file)
        // When it was asked for last: not every file system keeps that by itself. Where it cannot be kept, it goes earlier.
        const now = new Date()
        await utimes(file, now, now).catch(() => {})
        return bytes
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
          const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
          for (const [folder, before] of written) if (name.startsWith(`${folder}/`)) written.set(folder, before + size)
        } catch (cause) {
          const reason = String(codeOf(cause) ?? cause)
          throw new AppError('unexpected', 'error.documentUnwritable', { file, reason }, { cause })
        }
      })
    },
    async boundBytes(folder, most, needed = new Set()) {
      assertName(folder)
      if ((written.get(folder) ?? Number.POSITIVE_INFINITY) < most / share) return
      written.set(folder, 0)
      const root = join(directory, folder)
      await mkdir(root, { recursive: true, mode: 0o700 })
      const files = (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter(entry => entry.isFile() && entry.name.endsWith('.bin'))
        .map(({ parentPath, name }) => join(parentPath, name))
      const known = (await Promise.all(files.map(sizeOf))).filter(each => each !== null)
      const kept = new Set([...needed].map(bytesOf))
      known.sort((a, b) => b.usedAt - a.usedAt)
      let size = 0
      for (const each of known) {
        size += each.size
        // One that is in use just now goes the next time.
        if (size > most && !kept.has(each.file)) await rm(each.file, { force: true }).catch(() => {})
      }
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

/** Null for what another process took away meanwhile. */
async function sizeOf(file: string): Promise<{ file: string; size: number; usedAt: number } | null> {
  try {
    const { size, mtimeMs } = await stat(file)
    return { file, size, usedAt: mtimeMs }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
