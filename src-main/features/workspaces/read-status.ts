import type { SyncState, WorkspaceStatus } from '../../../shared/workspaces/contract.ts'
import { withoutCredentials } from '../../../shared/workspaces/remote-url.ts'
import type { Workspace } from './workspace.ts'

/** Everything the header says about a workspace. Reads only what is on disk; never the network. */
export async function readStatus(workspace: Workspace): Promise<WorkspaceStatus> {
  const { repository } = workspace
  const head = await repository.head()
  const [remote, limits, identity, signing, sync] = await Promise.all([
    repository.remoteOf(head.branch),
    repository.limits(),
    repository.identity(),
    repository.signing(),
    readSync(workspace, head),
  ])
  return {
    workspace: workspace.id,
    name: workspace.name,
    directory: workspace.directory,
    sandbox: workspace.sandbox,
    branch: head.branch,
    head: head.commit,
    remote: remote && { name: remote.name, url: withoutCredentials(remote.url) },
    sync: remote ? sync : { kind: 'no-remote' },
    limits,
    identity,
    signing,
  }
}

export async function readSync(
  workspace: Workspace,
  head: { branch: string | null; commit: string | null },
): Promise<SyncState> {
  const upstream = head.branch === null ? null : await workspace.repository.upstream(head.branch)
  const distance =
    upstream && head.commit
      ? await workspace.repository.distance(head.commit, upstream.commit)
      : { ahead: 0, behind: 0 }
  const { state } = workspace.remote
  const known = { ...distance, fetchedAt: state.fetchedAt }
  if (state.kind === 'offline' && state.reason) return { kind: 'offline', ...known, reason: state.reason }
  return { kind: state.kind === 'syncing' ? 'syncing' : 'known', ...known }
}
