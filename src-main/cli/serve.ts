import { resolve } from 'node:path'
import type { Given } from './command.ts'
import { readNumber } from './read-number.ts'
import { runServer } from './run-server.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse serve`: the app in a browser, on loopback, until Ctrl-C. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory] = given.positionals
  await runServer(
    {
      directory: directory === undefined ? null : resolve(terminal.directory, directory),
      sandbox: false,
      port: readNumber(given, 'port', 0, 65_535) ?? 0,
      open: !given.has('no-open'),
      json: given.has('json'),
    },
    terminal,
  )
  return exit.fine
}
