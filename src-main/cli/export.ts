import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const formats = ['html', 'markdown', 'audit'] as const

/** `pilothouse export`: decisions as a document, or the history as an audit log, to a file or to standard output. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const wanted = given.value('format') ?? 'html'
  const format = formats.find(known => known === wanted)
  if (!format)
    throw new AppError('invalid-input', 'cli.wrongValue', {
      flag: '--format',
      value: wanted,
      known: formats.join(', '),
    })
  const [directory, decisions = 'HEAD'] = given.positionals
  const { signal } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const file = given.value('output')
  await using target = file === undefined ? null : await open(resolve(terminal.directory, file), 'w')
  const write = async (text: string): Promise<void> => {
    if (target) await target.appendFile(text)
    else terminal.out(text)
  }
  if (format === 'audit')
    for await (const text of core.api.decisions.audit({ workspace, range: decisions }, { signal })) await write(text)
  else {
    const { locale } = terminal
    const input = { workspace, decisions, format, locale }
    await write((await core.api.decisions.document(input, { signal })).text)
  }
  if (file !== undefined) terminal.say({ key: 'audit.written', params: { file } })
  return exit.fine
}
