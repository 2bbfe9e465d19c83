import * as z from 'zod/mini'
import { command, query, stream } from '../contract/define.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import type { Environment } from '../topology/topology.ts'

/** Names an open workspace: a hash of its real path, so the same clone has the same id in every window. */
export const WorkspaceId = z.string().check(z.regex(/^[0-9a-f]{16}$/))
export type WorkspaceId = z.infer<typeof WorkspaceId>
export const inWorkspace = { workspace: WorkspaceId }

/** A property of the clone that limits what may be done here, said before anything is attempted. */
export type RepositoryTrait =
  | 'bare'
  | 'unborn'
  | 'detached'
  | 'dirty'
  | 'shallow'
  | 'submodules'
  | 'lfs'
  | 'sparse'
  | 'sparse-index'
  | 'split-index'
  | 'index-v4'
  | 'linked-worktree'
  | 'alternates'
  | 'partial-clone'
  | 'hooks'
  | 'sha256'
  | 'reftable'
  | 'merge-in-progress'
export type RepositoryLimit = {
  readonly trait: RepositoryTrait
  /** `none`: works. `commit-to-branch`: the current branch cannot be committed to in place. `read-only`: no commit at all. */
  readonly effect: 'none' | 'commit-to-branch' | 'read-only'
  readonly message: Message
}

export type RecentWorkspace = {
  readonly directory: string
  readonly name: string /** ISO 8601. */
  readonly openedAt: string
  readonly missing: boolean
  readonly sandbox: boolean
}

export type SyncState =
  | { readonly kind: 'no-remote' }
  /** `fetchedAt` is ISO 8601 or null when it was never fetched here. */
  | { readonly kind: 'known'; readonly ahead: number; readonly behind: number; readonly fetchedAt: string | null }
  | {
      readonly kind: 'offline'
      readonly ahead: number
      readonly behind: number
      readonly fetchedAt: string | null
      readonly reason: Message
    }
  | { readonly kind: 'syncing'; readonly ahead: number; readonly behind: number; readonly fetchedAt: string | null }

export type WorkspaceStatus = {
  readonly workspace: WorkspaceId
  readonly name: string
  readonly directory: string
  readonly sandbox: boolean
  /** Null when detached. */
  readonly branch: string | null
  /** Null when unborn. */
  readonly head: string | null
  readonly remote: { readonly name: string /** Without credentials. */; readonly url: string } | null
  readonly sync: SyncState
  readonly limits: readonly RepositoryLimit[]
  /** Set from the configuration; null means a commit would be refused. */
  readonly identity: { readonly name: string; readonly email: string } | null
  readonly signing: 'none' | 'ssh' | 'openpgp' | 'x509'
}

export type Transfer = {
  readonly kind: 'progress'
  /** A key of the message catalogue: `transport.phaseReceiving`. */
  readonly phase: MessageKey
  readonly done: number /** Null when unknown. */
  readonly total: number | null
}
export type CloneProgress =
  | Transfer
  | { readonly kind: 'cloned'; readonly workspace: WorkspaceId; readonly directory: string }
export type PushOutcome =
  | { readonly kind: 'pushed'; readonly commits: number }
  | { readonly kind: 'nothing-to-push' }
  | { readonly kind: 'diverged'; readonly message: Message }
  | { readonly kind: 'offline'; readonly reason: Message }

export type UpdateOutcome =
  | { readonly kind: 'up-to-date' }
  /** `replayed`: how many decisions that had waited here were made again on what the remote has. */
  | { readonly kind: 'updated'; readonly commit: string; readonly replayed: number }
  | { readonly kind: 'dirty'; readonly files: readonly string[] }
  | { readonly kind: 'diverged'; readonly message: Message }
  | { readonly kind: 'offline'; readonly reason: Message }

export type Revision = {
  readonly name: string
  readonly kind: 'branch' | 'remote-branch' | 'tag'
  readonly commit: string
  readonly current: boolean
}

export const workspaces = {
  recent: stream(z.object({})).of<readonly RecentWorkspace[]>(),
  forget: command(z.object({ directory: z.string() })).returns<void>(),
  /** Opens a clone that is on disk; a folder inside it opens the clone. */
  open: command(z.object({ directory: z.string().check(z.minLength(1)) })).returns<{
    workspace: WorkspaceId
    directory: string
  }>(),
  clone: stream(
    z.object({ url: z.string().check(z.minLength(1)), directory: z.string().check(z.minLength(1)) }),
  ).of<CloneProgress>(),
  status: stream(z.object(inWorkspace)).of<WorkspaceStatus>(),
  /** `revision` is anything Git resolves; absent means where the branch is now. */
  environments: query(z.object({ ...inWorkspace, revision: z.optional(z.string()) })).returns<readonly Environment[]>(),
  revisions: query(z.object(inWorkspace)).returns<readonly Revision[]>(),
  /** Text of one file at a revision; null when it is not there or is not text. */
  file: query(z.object({ ...inWorkspace, revision: z.optional(z.string()), path: z.string() })).returns<{
    text: string | null
    lfs: boolean
  }>(),
  /** Asks the remote what is new. Never touches the work tree. */
  fetch: command(z.object(inWorkspace)).returns<SyncState>(),
  /** Pushes the commits that wait; when the remote has moved, decisions are replayed on it first. */
  push: command(z.object(inWorkspace)).returns<PushOutcome>(),
  /** Brings the branch to where the remote's is: fast-forward, or decisions that wait here replayed on it. */
  update: command(z.object(inWorkspace)).returns<UpdateOutcome>(),
}
