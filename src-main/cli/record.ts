import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { publish, readWords } from './publish.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** `pilothouse record`: a decision that changes no manifest; the record alone is committed. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const words = readWords(given, 'record')
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const links = [
    ...given.values('supersedes').map(target => ({ relation: 'supersedes' as const, target })),
    ...given.values('amends').map(target => ({ relation: 'amends' as const, target })),
    ...given.values('link').map(target => ({ relation: 'links' as const, target })),
  ]
  return await publish(core, { workspace, changeSetId: null, ...words, links }, given, terminal)
}
