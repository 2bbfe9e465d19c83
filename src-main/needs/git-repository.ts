import type { Person } from '../../shared/decisions/decision.ts'
import type { RepositoryLimit, Revision } from '../../shared/workspaces/contract.ts'

/** 40 lower-case hexadecimal digits. */
export type ObjectId = string
export type FileMode = '100644' | '100755' | '120000' | '160000'

export type GitCommit = {
  readonly oid: ObjectId
  readonly tree: ObjectId
  readonly parents: readonly ObjectId[]
  readonly author: Person
  readonly committer: Person
  /** Subject, body and trailers, as stored (without the signature). */
  readonly message: string
}
export type GitFile = { readonly path: string; readonly mode: FileMode; readonly oid: ObjectId }
/** One path that differs between two trees; null where it does not exist. */
export type GitChange = { readonly path: string; readonly before: GitFile | null; readonly after: GitFile | null }

export type GitHead = {
  /** Short name; null when detached. */
  readonly branch: string | null
  /** Null when unborn. */
  readonly commit: ObjectId | null
}

export type Identity = { readonly name: string; readonly email: string }

export type CommitRequest = {
  /** Commit the files are put on; null makes a root commit. It is also the first parent. */
  readonly base: ObjectId | null
  /** New content by path; null removes the file. Modes of existing files are kept, new ones are 100644. */
  readonly files: ReadonlyMap<string, Uint8Array | null>
  readonly message: string
  /** Defaults to now and the configured identity. */
  readonly author?: Person
}

/** A branch on a remote, and where it was last seen; null for one that was never seen. */
export type PushTarget = {
  readonly remote: string
  readonly url: string
  readonly branch: string
  readonly commit: ObjectId | null
}

export type MoveOutcome =
  | { readonly kind: 'moved' }
  /** The branch is not at `from` any more. */
  | { readonly kind: 'raced'; readonly now: ObjectId | null }
  /** These touched paths differ in the index or the work tree; nothing was changed. */
  | { readonly kind: 'dirty'; readonly paths: readonly string[] }

/**
 * One clone on disk. Reads go to the object database, never through the work tree. All methods reject with AppError;
 * `signal` cancels with code `cancelled`.
 */
export interface GitRepository extends AsyncDisposable {
  /** Real path of the work tree; of the git directory for a bare repository. */
  readonly directory: string
  /** The git directory of this work tree. */
  readonly gitDirectory: string

  head(): Promise<GitHead>
  /**
   * What this clone is, and what that forbids. Cheap enough for every status; without a `scan` it says of changed files
   * what was known before, which forbids nothing.
   */
  limits(options?: { readonly scan?: boolean }): Promise<readonly RepositoryLimit[]>
  /** Branch, remote branch, tag (peeled), HEAD, full or unique short id (≥ 4), and `~N`, `^`, `^N` after any of them. Null when there is none. */
  resolve(revision: string): Promise<ObjectId | null>
  revisions(): Promise<readonly Revision[]>
  commit(oid: ObjectId): Promise<GitCommit>
  /** The commit object's body as stored, signature and all, in base64. */
  commitObject(oid: ObjectId): Promise<string>
  blob(oid: ObjectId): Promise<Uint8Array>
  /** Blob at a path of a commit; null when there is none. */
  fileAt(commit: ObjectId, path: string): Promise<Uint8Array | null>
  /** All files of a commit, sorted by path; only below `prefix` when given (a folder, no trailing slash). Submodules are listed with mode 160000. */
  files(commit: ObjectId, prefix?: string, signal?: AbortSignal): Promise<readonly GitFile[]>
  /** Differences between two commits (null: the empty tree), sorted by path; equal subtrees are not read. */
  changes(from: ObjectId | null, to: ObjectId, signal?: AbortSignal): Promise<readonly GitChange[]>
  /** Commits reachable from `from`, newest first by committer time, parents after children. `until`: not those reachable from it. */
  log(from: ObjectId, options?: { until?: ObjectId; signal?: AbortSignal }): AsyncIterable<GitCommit>
  /** Ids of the commits among those of `log`, merges left out, that change one of the paths; in no order. */
  touching(
    from: ObjectId,
    paths: readonly string[],
    options?: { until?: ObjectId; signal?: AbortSignal },
  ): AsyncIterable<ObjectId>
  mergeBase(a: ObjectId, b: ObjectId): Promise<ObjectId | null>
  /** Commits reachable from one and not from the other. */
  distance(ours: ObjectId, theirs: ObjectId): Promise<{ ahead: number; behind: number }>

  /** A value from the configuration, includes and `includeIf` followed; the last one wins. */
  config(key: string): Promise<string | null>
  identity(): Promise<Identity | null>
  signing(): Promise<'none' | 'ssh' | 'openpgp' | 'x509'>
  /** Signs a text as commits are signed here; null where they are not. */
  sign(text: string, signal?: AbortSignal): Promise<string | null>

  /**
   * Which of these paths differ between HEAD, index and work tree (or are untracked and in the way). None of them where
   * the index is of a form that cannot be written: `limits` tells that such a clone takes commits on new branches alone.
   */
  dirty(paths: readonly string[]): Promise<readonly string[]>
  /** Writes blobs, trees and one (signed, where configured) commit. No ref moves. */
  writeCommit(request: CommitRequest, signal?: AbortSignal): Promise<ObjectId>
  /**
   * Moves a branch in one step, and where it is checked out brings index and work tree along for the paths that
   * differ between the two commits, alone. Recoverable when killed at any moment: see `recover`.
   */
  moveBranch(branch: string, from: ObjectId | null, to: ObjectId): Promise<MoveOutcome>
  createBranch(name: string, at: ObjectId): Promise<void>
  /** Texts of the notes under a ref (`refs/notes/…`, as git-notes keeps them) by the commit they are about, and where the ref is. */
  notes(ref: string): Promise<{ readonly tip: ObjectId | null; readonly texts: ReadonlyMap<ObjectId, string> }>
  /** Adds a line to the note of a commit, unless it stands there. Never signed, and no identity is needed. */
  addNote(ref: string, about: ObjectId, line: string): Promise<void>
  /** Makes a branch current without touching the work tree beyond the paths that differ. */
  switchBranch(name: string): Promise<MoveOutcome>
  /** Finishes what a killed process began in this clone: index and work tree of a ref that moved, our own stale locks. */
  recover(): Promise<void>
  /** Calls back when a ref, HEAD or the configuration changes on disk, ours or another's doing (debounced). Returns the close. */
  watch(listener: () => void): () => void

  /** The remote a branch is read from (`branch.<name>.remote`, else `origin`, else the only one); null when there is none. */
  remoteOf(branch: string | null): Promise<{ name: string; url: string } | null>
  /** The remote-tracking ref of a branch as last fetched; null when there is none. */
  upstream(branch: string): Promise<{ ref: string; commit: ObjectId } | null>
  /**
   * Where a push of this branch goes, by Git's own settings (`pushRemote`, `remote.pushDefault`, `push.default`); null when
   * there is no remote. Rejects `invalid-input` where Git would refuse, because the branch follows one of another name.
   */
  pushTarget(branch: string): Promise<PushTarget | null>
}

/** Opens the clone that holds a folder. Rejects `not-found` when there is none, `unsupported` for one that cannot be read. */
export type OpenRepository = (directory: string) => Promise<GitRepository>
