import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'
import type { Terminal } from './terminal.ts'

/**
 * The folder typed after `start` or `serve`; null when none was. One that is not there is refused before anything is
 * built or served; that a folder is no clone is told by the page, where another can be chosen.
 */
export function folderToOpen(given: Given, terminal: Terminal): string | null {
  const [typed] = given.positionals
  if (typed === undefined) return null
  const directory = resolve(terminal.directory, typed)
  if (!existsSync(directory)) throw new AppError('not-found', 'git.noSuchFolder', { directory })
  return directory
}
