import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const short = { key: 'gitops.approximateShort' } as const

/** `pilothouse environments`: what the workspace declares, one a line. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const revision = given.value('rev')
  const environments = await core.api.workspaces.environments(
    { workspace, ...(revision === undefined ? {} : { revision }) },
    { signal: terminal.signal },
  )
  if (given.has('json')) printJson(terminal, environments)
  else if (environments.length === 0) terminal.say({ key: 'cli.noEnvironments' })
  else
    printTable(
      terminal,
      environments.map(({ id, kind, path, workloads, name, approximate }) => {
        const words = [name === id ? '' : (name ?? ''), approximate ? translate(terminal.locale, short) : '']
        const last = words.filter(word => word !== '').join(', ')
        return [id, kind, path, String(workloads), ...(last === '' ? [] : [last])]
      }),
    )
  if (!given.has('json') && environments.some(environment => environment.approximate))
    terminal.say({ key: 'gitops.approximate' })
  return exit.fine
}
