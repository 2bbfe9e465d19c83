import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { translate } from '../../shared/messages/index.ts'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { localeOf, runCommandLine } from './run.ts'
import type { Terminal } from './terminal.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
// Started by bin/pilothouse from another Node: when that one is gone, so are we.
if (process.connected) {
  process.once('disconnect', () => stop.abort())
  process.channel?.unref()
}
// The reader of a pipe that has seen enough (`| head`) is no failure.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

const locale = localeOf(process.env)
const terminal: Terminal = {
  out: text => void process.stdout.write(text),
  say: message => void process.stderr.write(`${translate(locale, message)}\n`),
  locale,
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  signal: stop.signal,
  directory: process.cwd(),
  environment: process.env,
}

async function report(error: unknown): Promise<void> {
  const { openLog } = await import('../adapters/log/open-log.ts')
  const log = openLog(join(appDataDirectory(process.env), 'logs'))
  log.report(error)
  writeSync(2, `${log.file}\n`)
}

const reports: Promise<void>[] = []
const code = await runCommandLine(process.argv.slice(2), terminal, error => reports.push(report(error)))
await Promise.all(reports)
process.exitCode = code
