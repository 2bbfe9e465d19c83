import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { GitRemotes } from '../../needs/git-remote.ts'
import type { Workspace } from './workspace.ts'

/**
 * Asks the remote what is new and remembers when. An unreachable remote is a state of the workspace, not a failure:
 * everything goes on from what was last fetched. Other failures (credentials, a changed host key) are thrown.
 */
export async function fetchRemote(
  workspace: Workspace,
  remotes: GitRemotes,
  now: () => number,
  signal: AbortSignal,
): Promise<'fetched' | 'offline' | 'no-remote'> {
  const { branch } = await workspace.repository.head()
  const remote = await workspace.repository.remoteOf(branch)
  if (!remote) return 'no-remote'
  const { fetchedAt } = workspace.remote.state
  await workspace.remote.set({ kind: 'syncing', fetchedAt })
  try {
    await remotes.fetch(workspace.repository, remote.name, { signal })
    await workspace.remote.set({ kind: 'idle', fetchedAt: new Date(now()).toISOString() })
    return 'fetched'
  } catch (error) {
    if (error instanceof AppError && error.code === 'unreachable') {
      await workspace.remote.set({ kind: 'offline', fetchedAt, reason: { key: error.key, params: error.params } })
      return 'offline'
    }
    const reason =
      error instanceof AppError && !isCancelled(error) ? { key: error.key, params: error.params } : undefined
    await workspace.remote.set(reason ? { kind: 'offline', fetchedAt, reason } : { kind: 'idle', fetchedAt })
    throw error
  }
}
