import type { Message } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import type { GitRepository } from '../../needs/git-repository.ts'
import type { ParseGo } from '../../needs/go-parser.ts'
import type { Helm } from '../../needs/helm.ts'

/** How the last talk with the remote went. */
export type RemoteState = {
  readonly kind: 'idle' | 'syncing' | 'offline'
  /** ISO 8601; null when nothing was ever fetched here. */
  readonly fetchedAt: string | null
  readonly reason?: Message
}

/** One open clone, shared by every window. */
export interface Workspace {
  readonly id: WorkspaceId
  readonly name: string
  readonly directory: string
  readonly sandbox: boolean
  readonly repository: GitRepository
  readonly parseGo: ParseGo
  readonly helm: Helm
  readonly remote: { readonly state: RemoteState; set(state: RemoteState): Promise<void> }
  /** Tells the live views that refs, the draft or the remote's state are not what they were. */
  changed(): void
  onChange(listener: () => void): () => void
  /** True while some window looks at it. */
  readonly watched: boolean
  /** One after another: whatever moves the branch or the draft. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
}

export function createWorkspace(
  description: Pick<Workspace, 'id' | 'name' | 'directory' | 'sandbox' | 'parseGo' | 'helm'>,
  repository: GitRepository,
  fetchedAt: string | null,
  keepFetchedAt: (fetchedAt: string | null) => Promise<void>,
): Workspace & AsyncDisposable {
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const unwatch = repository.watch(changed)
  let state: RemoteState = { kind: 'idle', fetchedAt }
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...description,
    repository,
    remote: {
      get state() {
        return state
      },
      async set(next) {
        const moved = next.fetchedAt !== state.fetchedAt
        state = next
        changed()
        if (moved) await keepFetchedAt(next.fetchedAt)
      },
    },
    changed,
    get watched() {
      return listeners.size > 0
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    exclusively<T>(work: () => Promise<T>): Promise<T> {
      // The queue goes on after a failure; the failure belongs to the one who asked.
      const next = last.then(work, work)
      last = next.catch(() => undefined)
      return next
    },
    async [Symbol.asyncDispose]() {
      unwatch()
      listeners.clear()
      // What was begun on the branch or the draft ends first.
      await last
      await repository[Symbol.asyncDispose]()
    },
  }
}
