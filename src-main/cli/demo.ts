import type { Given } from './command.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'
export async function run(_given: Given, _terminal: Terminal): Promise<ExitCode> {
  return exit.fine
}
