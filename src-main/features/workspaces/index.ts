import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { liveSource } from '../../../shared/contract/live-source.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import type { CloneProgress, PushOutcome, UpdateOutcome } from '../../../shared/workspaces/contract.ts'
import type { GitRemotes } from '../../needs/git-remote.ts'
import { fetchRemote } from './fetch-remote.ts'
import type { Workspaces } from './open-workspaces.ts'
import { readStatus, readSync } from './read-status.ts'
import { readTextFile } from './read-text-file.ts'
import { resolveRevision } from './resolve-revision.ts'
import type { Workspace } from './workspace.ts'

export { fetchInBackground } from './fetch-in-background.ts'
export { fetchRemote } from './fetch-remote.ts'
export { openWorkspaces, type Workspaces } from './open-workspaces.ts'
export { decodeText, readTextFile } from './read-text-file.ts'
export { resolveRevision } from './resolve-revision.ts'
export type { Workspace } from './workspace.ts'

export type WorkspacesNeeds = {
  readonly workspaces: Workspaces
  readonly remotes: GitRemotes
  /** Given by the features that know manifests and decisions. */
  readonly environments: Handlers<AppContract>['workspaces']['environments']
  readonly push: (workspace: Workspace, signal: AbortSignal) => Promise<PushOutcome>
  readonly update: (workspace: Workspace, signal: AbortSignal) => Promise<UpdateOutcome>
  readonly now: () => number
}

/** Opening, cloning and syncing of workspaces. */
export function workspacesFeature(
  needs: WorkspacesNeeds,
): AsyncDisposable & { handlers: Handlers<AppContract>['workspaces'] } {
  const { workspaces } = needs
  const cloning = new Set<Promise<void>>()
  return {
    // A clone that is cancelled takes away what it has made, which must be done before the process goes.
    [Symbol.asyncDispose]: async () => void (await Promise.allSettled(cloning)),
    handlers: {
      recent: (_, { signal }) => recomputed(signal, workspaces.onRecentChange, workspaces.recent),
      forget: ({ directory }) => workspaces.forget(directory),
      async open({ directory }) {
        const workspace = await workspaces.open(directory)
        return { workspace: workspace.id, directory: workspace.directory }
      },
      clone: ({ url, directory }, { signal }) => cloneWorkspace(needs, cloning, url, directory, signal),
      async *status({ workspace: id }, { signal }) {
        const workspace = await workspaces.get(id)
        yield* recomputed(signal, workspace.onChange, () => readStatus(workspace))
      },
      environments: needs.environments,
      async revisions({ workspace: id }) {
        return (await workspaces.get(id)).repository.revisions()
      },
      async file({ workspace: id, revision, path }) {
        const workspace = await workspaces.get(id)
        const commit = await resolveRevision(workspace, revision)
        return commit === null ? { text: null, lfs: false } : readTextFile(workspace.repository, commit, path)
      },
      async fetch({ workspace: id }, { signal }) {
        const workspace = await workspaces.get(id)
        await fetchRemote(workspace, needs.remotes, needs.now, signal)
        return readSync(workspace, await workspace.repository.head())
      },
      async push({ workspace: id }, { signal }) {
        return needs.push(await workspaces.get(id), signal)
      },
      async update({ workspace: id }, { signal }) {
        return needs.update(await workspaces.get(id), signal)
      },
    },
  }
}

async function* cloneWorkspace(
  { remotes, workspaces }: WorkspacesNeeds,
  cloning: Set<Promise<void>>,
  url: string,
  directory: string,
  signal: AbortSignal,
): AsyncGenerator<CloneProgress> {
  const stop = new AbortController()
  const ended: CloneProgress = { kind: 'progress', phase: 'transport.phaseCheckout', done: 0, total: null }
  const events = liveSource<CloneProgress>(
    signal,
    (emit, fail) => {
      const running = remotes
        .clone(url, directory, {
          signal: stop.signal,
          progress: progress => emit({ kind: 'progress', ...progress }),
        })
        .then(() => emit(ended), fail)
        .finally(() => cloning.delete(running))
      cloning.add(running)
      return () => stop.abort()
    },
    // A page that draws slower than bytes arrive needs the newest figure, and the end.
    (waiting, next) => [...waiting.filter(item => item === ended), next],
  )
  for await (const event of events) {
    if (event !== ended) {
      yield event
      continue
    }
    const workspace = await workspaces.open(directory)
    yield { kind: 'cloned', workspace: workspace.id, directory: workspace.directory }
    return
  }
}
