import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

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
      environments.map(({ id, kind, path, workloads }) => [id, kind, path, String(workloads)]),
    )
  return exit.fine
}
