import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'
import type { LocalCore } from './open-core.ts'

/**
 * The kubeconfig context a command is about. It has to be said: what a repository names is asked only when a person lets
 * this machine ask it, and naming it is that.
 */
export async function chooseContext({ clusters }: LocalCore, given: Given): Promise<string> {
  const named = given.value('context')
  if (named !== undefined) return named
  const { contexts } = await clusters.contexts()
  const known = contexts.map(({ name }) => name).join(', ')
  throw contexts.length === 0
    ? new AppError('invalid-input', 'drift.noContexts')
    : new AppError('invalid-input', 'drift.noContext', { known })
}
