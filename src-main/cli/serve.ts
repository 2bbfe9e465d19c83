import type { Given } from './command.ts'
import { folderToOpen } from './folder-to-open.ts'
import { readNumber } from './read-number.ts'
import { runServer } from './run-server.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse serve`: the app in a browser, on loopback, until Ctrl-C. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  await runServer(
    {
      directory: folderToOpen(given, terminal),
      sandbox: false,
      port: readNumber(given, 'port', 0, 65_535) ?? 0,
      open: !given.has('no-open'),
      json: given.has('json'),
    },
    terminal,
  )
  return exit.fine
}
