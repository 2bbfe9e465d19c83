import { mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import pino, { type Logger } from 'pino'
import { redact } from './redact.ts'

/** Bytes after which the log is set aside (one older file is kept). */
const maximumSize = 5_000_000

export type Log = { readonly file: string; report(error: unknown): void }

/**
 * The app's own log: one JSON line a bug, with its stack and causes, redacted. The file is opened with the first
 * line, so that a command that goes well touches nothing.
 */
export function openLog(directory: string): Log {
  const file = join(directory, 'pilothouse.log')
  let logger: Logger | undefined

  function open(): Logger {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > maximumSize) renameSync(file, `${file}.1`)
    return pino({ base: { pid: process.pid } }, pino.destination({ dest: file, sync: true, mode: 0o600 }))
  }

  return {
    file,
    report(error) {
      const text = redact(inspect(error, { depth: 4, breakLength: Number.POSITIVE_INFINITY }))
      try {
        logger ??= open()
        logger.error({ error: text }, 'bug')
      } catch (failure) {
        // A disk that is full or read-only: the terminal is the last place that can still say it.
        process.stderr.write(`pilothouse: ${text}\npilothouse: ${redact(String(failure))}\n`)
      }
    },
  }
}
