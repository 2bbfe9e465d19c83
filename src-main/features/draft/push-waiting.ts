import { AppError } from '../../../shared/errors.ts'
import type { PushOutcome, UpdateOutcome } from '../../../shared/workspaces/contract.ts'
import { fetchRemote, type Workspace } from '../workspaces/index.ts'
import { bringUp } from './bring-up.ts'
import type { DecideNeeds } from './decide-needs.ts'

/** Fetches, then brings the branch up to its remote. */
export async function updateBranch(
  workspace: Workspace,
  needs: DecideNeeds,
  signal: AbortSignal,
): Promise<UpdateOutcome> {
  return workspace.exclusively(async () => {
    const fetched = await fetchRemote(workspace, needs.remotes, needs.clock.now, signal)
    if (fetched === 'no-remote') throw new AppError('not-found', 'workspace.noRemote')
    const { state } = workspace.remote
    if (fetched === 'offline' && state.reason) return { kind: 'offline', reason: state.reason }
    return bringUp(workspace, needs, signal)
  })
}

const mostRaces = 20

/** Pushes the commits that wait in the branch; when the remote has moved they are first made again on it. */
export async function pushWaiting(workspace: Workspace, needs: DecideNeeds, signal: AbortSignal): Promise<PushOutcome> {
  const { repository } = workspace
  return workspace.exclusively(async () => {
    for (let race = 0; race < mostRaces; race++) {
      const head = await repository.head()
      if (head.branch === null || head.commit === null) throw new AppError('invalid-input', 'workspace.detached')
      const goal = await repository.pushTarget(head.branch)
      if (!goal) throw new AppError('not-found', 'workspace.noRemote')
      const upstream = await repository.upstream(head.branch)
      const { ahead } = upstream
        ? await repository.distance(head.commit, upstream.commit)
        : { ahead: await countCommits(workspace, head.commit) }
      if (ahead === 0) return { kind: 'nothing-to-push' }
      try {
        const result = await needs.remotes.push(repository, goal.remote, head.commit, goal.branch, goal.commit, {
          signal,
        })
        if (result.kind === 'refused')
          return { kind: 'diverged', message: { key: 'workspace.pushRefused', params: { reason: result.reason } } }
        if (result.kind === 'pushed') {
          await workspace.remote.set({ kind: 'idle', fetchedAt: new Date(needs.clock.now()).toISOString() })
          await pushResults(workspace, needs, goal.remote, signal)
          return { kind: 'pushed', commits: ahead }
        }
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'unreachable') throw error
        const reason = { key: error.key, params: error.params }
        await workspace.remote.set({ kind: 'offline', fetchedAt: workspace.remote.state.fetchedAt, reason })
        return { kind: 'offline', reason }
      }
      await fetchRemote(workspace, needs.remotes, needs.clock.now, signal)
      const brought = await bringUp(workspace, needs, signal)
      if (brought.kind === 'diverged') return brought
      if (brought.kind === 'dirty')
        return { kind: 'diverged', message: { key: 'workspace.dirty', params: { files: brought.files.join(', ') } } }
    }
    throw new AppError('conflict', 'draft.tooManyRaces', { count: mostRaces })
  })
}

/**
 * What became of decisions goes along with them. A remote that takes no notes, or is gone by now, has the commits all
 * the same: the notes stay here and go with the next push.
 */
export async function pushResults(
  workspace: Workspace,
  needs: DecideNeeds,
  remote: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await needs.remotes.pushNotes(workspace.repository, remote, { signal })
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unexpected') throw error
  }
}

async function countCommits(workspace: Workspace, from: string): Promise<number> {
  let count = 0
  for await (const _ of workspace.repository.log(from)) count++
  return count
}
