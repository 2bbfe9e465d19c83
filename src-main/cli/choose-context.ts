import { AppError } from '../../shared/errors.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import type { LocalCore } from './open-core.ts'

/** The kubeconfig context a command is about: `--context`, else the one `pilothouse.yaml` names for the environment. */
export async function chooseContext(
  core: LocalCore,
  workspace: WorkspaceId,
  environment: string,
  given: Given,
  signal: AbortSignal,
): Promise<string> {
  const named = given.value('context')
  if (named !== undefined) return named
  const environments = await core.api.workspaces.environments({ workspace }, { signal })
  const cluster = environments.find(({ id }) => id === environment)?.cluster
  const { contexts } = await core.clusters.contexts()
  if (cluster !== undefined && contexts.some(({ name }) => name === cluster)) return cluster
  throw new AppError('invalid-input', 'drift.noContext', {
    known: contexts.map(({ name }) => name).join(', ') || '–',
  })
}
