import type { MessageKey } from '../../shared/messages/index.ts'
import type { GitRepository, ObjectId } from './git-repository.ts'

/** `phase` is a key of the message catalogue, so that each page says it in its own language. */
export type TransferProgress = (progress: { phase: MessageKey; done: number; total: number | null }) => void
export type RemoteOptions = { readonly signal?: AbortSignal; readonly progress?: TransferProgress }

export type PushResult =
  | { readonly kind: 'pushed' }
  /** Not a fast-forward any more: the remote's branch is elsewhere; `at` where that is known, null where it is gone. */
  | { readonly kind: 'moved'; readonly at?: ObjectId | null }
  /** The remote's own words: a hook, a protected branch, no permission. */
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Talks to the other side over https, ssh, git's file paths. An unreachable remote rejects with AppError `unreachable`,
 * wrong credentials with `unauthorized`.
 */
export interface GitRemotes {
  /** Clones into a folder that does not exist or is empty; a cancelled or failed clone leaves nothing behind. */
  clone(url: string, directory: string, options?: RemoteOptions): Promise<void>
  /**
   * Fetches the remote's branches into `refs/remotes/<remote>/*`, its reachable tags, and the results of decisions, whose
   * lines join those that are here. True when anything moved.
   */
  fetch(repository: GitRepository, remote: string, options?: RemoteOptions): Promise<boolean>
  /** Pushes one commit to a branch by object id, never forced, and on success moves the remote-tracking ref. `expected`: where the remote's branch was last seen, null for a new branch. */
  push(
    repository: GitRepository,
    remote: string,
    commit: ObjectId,
    branch: string,
    expected: ObjectId | null,
    options?: RemoteOptions,
  ): Promise<PushResult>
  /** Pushes the results of decisions (`refs/notes/pilothouse`), with what others wrote meanwhile taken in; never forced. */
  pushNotes(repository: GitRepository, remote: string, options?: RemoteOptions): Promise<PushResult>
}
