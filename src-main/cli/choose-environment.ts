import { pickDefaultEnvironment } from '../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../shared/errors.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import type { LocalCore } from './open-core.ts'
import type { Terminal } from './terminal.ts'

/** The environment a command is about: `--path` or `--env` as given, else the one a person would open first. */
export async function chooseEnvironment(
  { api }: LocalCore,
  workspace: WorkspaceId,
  given: Given,
  terminal: Terminal,
  revision?: string,
): Promise<string> {
  const path = given.value('path')
  const named = given.value('env')
  if (path !== undefined && named !== undefined) throw new AppError('invalid-input', 'cli.envOrPath')
  const chosen = path ?? named
  if (chosen !== undefined) return chosen.replaceAll('\\', '/')
  const environments = await api.workspaces.environments(
    { workspace, ...(revision === undefined ? {} : { revision }) },
    { signal: terminal.signal },
  )
  // A workspace that declares nothing is still a place: its root, empty.
  return pickDefaultEnvironment(environments)?.id ?? '.'
}
