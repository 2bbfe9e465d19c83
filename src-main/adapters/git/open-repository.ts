import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { RepositoryLimit, Revision } from '../../../shared/workspaces/contract.ts'
import type { Clock } from '../../needs/clock.ts'
import type {
  CommitRequest,
  GitChange,
  GitCommit,
  GitFile,
  GitHead,
  GitRepository,
  Identity,
  MoveOutcome,
  ObjectId,
  OpenRepository,
  PushTarget,
} from '../../needs/git-repository.ts'
import { PathConversions } from './attributes/path-conversion.ts'
import { identityOf, reflogIdentity } from './commit/identity.ts'
import { type SigningMethod, signCommit, signingMethod } from './commit/sign-commit.ts'
import { writeCommit } from './commit/write-commit.ts'
import { Configuration } from './config/configuration.ts'
import { parseBoolean } from './config/parse-config.ts'
import { throwIfCancelled } from './files/breathe.ts'
import { readText } from './files/read-text.ts'
import { CommitGraph } from './history/commit-graph.ts'
import { distance } from './history/distance.ts'
import { log } from './history/log.ts'
import { mergeBase } from './history/merge-base.ts'
import { resolveRevision } from './history/resolve-revision.ts'
import { touching } from './history/touching.ts'
import { compareTrees, entryAt, listFiles, type RawFile } from './history/trees.ts'
import { GitIndex } from './index/git-index.ts'
import { IndexFile } from './index/index-file.ts'
import { Locks } from './locks/locks.ts'
import { moveBranch } from './move/move-branch.ts'
import { recover } from './move/recover.ts'
import { switchBranch } from './move/switch-branch.ts'
import { withRecovery } from './move/with-recovery.ts'
import { addNote, readNotes } from './notes/notes.ts'
import { encodePerson } from './objects/commit.ts'
import { ObjectStore } from './objects/object-store.ts'
import { fileMode, fromText, type RawPath, toText, treeMode } from './objects/tree.ts'
import { OneAtATime } from './one-at-a-time.ts'
import type { Clone } from './open/clone.ts'
import { type CloneLayout, findClone } from './open/find-clone.ts'
import { type GitEnvironment, readGitEnvironment } from './open/git-environment.ts'
import { isPartial, readLimits } from './open/read-limits.ts'
import { requireReadable, requireTrusted } from './open/require-readable.ts'
import { watchClone } from './open/watch-clone.ts'
import { isBranchName } from './refs/ref-name.ts'
import { RefStore } from './refs/ref-store.ts'
import type { ReflogSettings } from './refs/reflog.ts'
import { branchRemote, pushName, pushRemote, remoteUrl, trackingRef, upstreamRef } from './refs/remotes.ts'
import { statRules } from './work-tree/file-state.ts'
import { findDirty } from './work-tree/find-dirty.ts'
import { isAnythingDirty } from './work-tree/is-anything-dirty.ts'
import { WorkTree } from './work-tree/work-tree.ts'

export type OpenOptions = {
  /** When commits are made; the system's clock when absent. */
  readonly clock?: Pick<Clock, 'now' | 'offset'>
  /** What git takes from the process around it; this process's own when absent. */
  readonly environment?: GitEnvironment
}

const systemTime: Pick<Clock, 'now' | 'offset'> = {
  now: () => Date.now(),
  offset: () => -new Date().getTimezoneOffset(),
}

/** Up to this many files `limits` looks at each of them before it answers; above, it looks while nobody waits. */
const quicklyScanned = 2000

/** Opens clones with our own reader and writer of git's formats. */
export const openRepositoryWith =
  ({ clock = systemTime, environment = readGitEnvironment() }: OpenOptions): OpenRepository =>
  async directory => {
    const { layout, configuration } = locate(directory, environment)
    requireTrusted(layout, configuration, environment)
    requireReadable(layout, configuration)
    const locks = new Locks(layout.commonDirectory)
    const reflog = (): ReflogSettings => {
      const keep = configuration.get('core.logallrefupdates')
      const kept = keep === null ? layout.workTree !== null : (parseBoolean(keep) ?? false)
      const now = { time: Math.floor(clock.now() / 1000), offset: clock.offset() }
      return {
        committer: encodePerson({ ...reflogIdentity(configuration, environment), ...now }),
        keep: keep?.toLowerCase() === 'always' ? 'always' : kept ? 'normal' : 'none',
      }
    }
    const objects = new ObjectStore(join(layout.commonDirectory, 'objects'), { partial: isPartial(configuration) })
    return new OpenedRepository({
      layout,
      objects,
      graph: new CommitGraph(objects, layout.commonDirectory),
      refs: new RefStore(layout.gitDirectory, layout.commonDirectory, locks, reflog),
      configuration,
      environment,
      locks,
      index: new IndexFile(layout.gitDirectory),
      clock,
    })
  }

export const openRepository: OpenRepository = directory => openRepositoryWith({})(directory)

/** Finds the clone and its configuration, which may say that the work tree is elsewhere, or that there is none. */
function locate(
  directory: string,
  environment: GitEnvironment,
): { readonly layout: CloneLayout; readonly configuration: Configuration } {
  const found = findClone(directory)
  const { gitDirectory, commonDirectory } = found
  const branch = (): string | null =>
    /^ref: refs\/heads\/(\S+)/.exec(readText(join(gitDirectory, 'HEAD')) ?? '')?.[1] ?? null
  const configuration = new Configuration(gitDirectory, commonDirectory, environment, branch)
  // What the shared configuration says about the work tree is about the main one.
  if (gitDirectory !== commonDirectory) return { layout: found, configuration }
  const elsewhere = configuration.get('core.worktree')
  if (elsewhere !== null)
    return { layout: { ...found, workTree: realpathSync(resolve(gitDirectory, elsewhere)) }, configuration }
  const isBare =
    configuration.get('core.bare') === null ? found.workTree === null : configuration.boolean('core.bare', false)
  return { layout: isBare ? { ...found, workTree: null } : found, configuration }
}

class OpenedRepository implements GitRepository {
  readonly directory: string
  readonly gitDirectory: string
  readonly #clone: Clone
  /** Everything that writes. Reads need not wait: git's files change in single steps. */
  readonly #writes = new OneAtATime()
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  #stopWatching: (() => void) | null = null
  #dirty = false
  #scan: Promise<void> | null = null
  #scanFailure: { readonly cause: unknown } | null = null

  constructor(clone: Clone) {
    this.#clone = clone
    this.directory = clone.layout.workTree ?? clone.layout.gitDirectory
    this.gitDirectory = clone.layout.gitDirectory
  }

  async head(): Promise<GitHead> {
    const { ref, commit } = this.#clone.refs.head()
    return { branch: ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null, commit }
  }

  async limits({ scan: isScanned = true } = {}): Promise<readonly RepositoryLimit[]> {
    const { layout, index } = this.#clone
    if (layout.workTree !== null && isScanned) {
      const scan = this.#scanForChanges()
      if ((index.read()?.length ?? 0) <= quicklyScanned) await scan
      if (this.#scanFailure) {
        const { cause } = this.#scanFailure
        this.#scanFailure = null
        throw cause
      }
    }
    return readLimits(this.#clone, this.#dirty)
  }

  async resolve(revision: string): Promise<ObjectId | null> {
    return resolveRevision(revision, this.#clone)
  }

  async revisions(): Promise<readonly Revision[]> {
    const { refs, graph } = this.#clone
    const current = refs.head().ref
    const kinds = [
      ['branch', 'refs/heads/'],
      ['remote-branch', 'refs/remotes/'],
      ['tag', 'refs/tags/'],
    ] as const
    const found: Revision[] = []
    for (const [kind, prefix] of kinds) {
      for (const { name, oid, peeled } of refs.list(prefix)) {
        // `origin/HEAD` only says which of the others is the default.
        if (kind === 'remote-branch' && name.endsWith('/HEAD')) continue
        const commit = kind === 'tag' ? graph.peel(peeled ?? oid) : oid
        if (commit) found.push({ name: name.slice(prefix.length), kind, commit, current: name === current })
      }
    }
    return found
  }

  async commit(oid: ObjectId): Promise<GitCommit> {
    this.#clone.graph.refresh()
    return this.#clone.graph.commit(oid)
  }

  async blob(oid: ObjectId): Promise<Uint8Array> {
    const { type, data } = this.#clone.objects.read(oid)
    if (type !== 'blob') throw new AppError('invalid-input', 'git.notAFile', { oid, type })
    // A copy: the bytes may be shared with the cache, and the caller may do with them what it likes.
    return new Uint8Array(data)
  }

  async fileAt(commit: ObjectId, path: string): Promise<Uint8Array | null> {
    const { objects, graph } = this.#clone
    const entry = entryAt(objects, graph.links(commit).tree, fromText(path))
    if (!entry || entry.mode === treeMode || entry.mode === '160000') return null
    return await this.blob(entry.oid)
  }

  async files(commit: ObjectId, prefix = '', signal?: AbortSignal): Promise<readonly GitFile[]> {
    throwIfCancelled(signal)
    const { objects, graph } = this.#clone
    const { tree } = graph.links(commit)
    const folder = fromText(prefix)
    const known = this.#filesFromIndex(tree, folder)
    if (known) return known
    const entry = entryAt(objects, tree, folder)
    if (entry?.mode !== treeMode) return []
    return (await listFiles(objects, entry.oid, folder, signal)).map(asFile)
  }

  async changes(from: ObjectId | null, to: ObjectId, signal?: AbortSignal): Promise<readonly GitChange[]> {
    throwIfCancelled(signal)
    const { objects, graph } = this.#clone
    const before = from === null ? null : graph.links(from).tree
    const changes = await compareTrees(objects, before, graph.links(to).tree, signal)
    return changes.map(({ path, before, after }) => ({
      path: toText(path),
      before: before && asFile(before),
      after: after && asFile(after),
    }))
  }

  log(from: ObjectId, options: { until?: ObjectId; signal?: AbortSignal } = {}): AsyncIterable<GitCommit> {
    return log(this.#clone.graph, from, options.until, options.signal)
  }

  touching(
    from: ObjectId,
    paths: readonly string[],
    options: { until?: ObjectId; signal?: AbortSignal } = {},
  ): AsyncIterable<ObjectId> {
    const { objects, graph } = this.#clone
    return touching(objects, graph, from, paths.map(fromText), options.until, options.signal)
  }

  async mergeBase(a: ObjectId, b: ObjectId): Promise<ObjectId | null> {
    return await mergeBase(this.#clone.graph, a, b)
  }

  async distance(ours: ObjectId, theirs: ObjectId): Promise<{ ahead: number; behind: number }> {
    return await distance(this.#clone.graph, ours, theirs)
  }

  async config(key: string): Promise<string | null> {
    return this.#clone.configuration.get(key)
  }

  async identity(): Promise<Identity | null> {
    const { configuration, environment } = this.#clone
    // A commit needs both, so one that is missing is told before.
    return identityOf('committer', configuration, environment) && identityOf('author', configuration, environment)
  }

  async commitObject(oid: ObjectId): Promise<string> {
    return this.#clone.graph.body(oid).toString('base64')
  }

  async sign(text: string, signal?: AbortSignal): Promise<string | null> {
    const { configuration, environment } = this.#clone
    const committer = identityOf('committer', configuration, environment)
    if (!committer) throw new AppError('invalid-input', 'git.noIdentity')
    return (await signCommit(Buffer.from(text), committer, configuration, environment, signal)) ?? null
  }

  async signing(): Promise<SigningMethod> {
    return signingMethod(this.#clone.configuration)
  }

  async dirty(paths: readonly string[]): Promise<readonly string[]> {
    const { layout, objects, graph, refs, configuration, environment } = this.#clone
    if (layout.workTree === null) return []
    const index = this.#clone.index.read() ?? GitIndex.empty()
    // Such a clone is committed to on a new branch alone, where nothing on disk is in the way.
    if (index.obstacle) return []
    const head = refs.head().commit
    const tree = head === null ? null : graph.links(head).tree
    const before = new Map(
      paths.map((path): [RawPath, Pick<RawFile, 'oid' | 'mode'> | null] => {
        const entry = tree === null ? null : entryAt(objects, tree, fromText(path))
        return [
          fromText(path),
          entry && entry.mode !== treeMode ? { oid: entry.oid, mode: fileMode(entry.mode) } : null,
        ]
      }),
    )
    const workTree = new WorkTree(layout.workTree)
    const conversions = new PathConversions(configuration, environment, layout.commonDirectory, path =>
      workTree.entry(path).kind === 'file' ? workTree.read(path, false).toString('utf8') : null,
    )
    const rules = statRules(configuration)
    return findDirty({ workTree, index, objects, rules, conversions }, before, new Set()).map(toText)
  }

  async writeCommit(request: CommitRequest, signal?: AbortSignal): Promise<ObjectId> {
    const { layout } = this.#clone
    return await this.#writes.run(() =>
      writeCommit({ ...this.#clone, commonDirectory: layout.commonDirectory }, request, signal),
    )
  }

  async moveBranch(branch: string, from: ObjectId | null, to: ObjectId): Promise<MoveOutcome> {
    return await this.#writes.run(() => moveBranch(this.#clone, branch, from, to))
  }

  async createBranch(name: string, at: ObjectId): Promise<void> {
    await this.#writes.run(() => createBranch(this.#clone, name, at))
  }

  async notes(ref: string): Promise<{ tip: ObjectId | null; texts: ReadonlyMap<ObjectId, string> }> {
    const tip = this.#clone.refs.resolve(ref)
    return { tip, texts: await readNotes(this.#clone, tip) }
  }

  async addNote(ref: string, about: ObjectId, line: string): Promise<void> {
    const { layout } = this.#clone
    const needs = { ...this.#clone, commonDirectory: layout.commonDirectory }
    await this.#writes.run(() => addNote(needs, ref, about, line))
  }

  async switchBranch(name: string): Promise<MoveOutcome> {
    return await this.#writes.run(() => switchBranch(this.#clone, name))
  }

  async recover(): Promise<void> {
    await this.#writes.run(() => recover(this.#clone))
  }

  watch(listener: () => void): () => void {
    // One callback may be given twice, and each close is only its own.
    const entry = (): void => listener()
    this.#listeners.add(entry)
    this.#stopWatching ??= watchClone(this.#clone.layout, () => this.#tell())
    return () => {
      this.#listeners.delete(entry)
      if (this.#listeners.size > 0) return
      this.#stopWatching?.()
      this.#stopWatching = null
    }
  }

  async remoteOf(branch: string | null): Promise<{ name: string; url: string } | null> {
    const { configuration } = this.#clone
    const name = branchRemote(configuration, branch)
    const url = name === null ? null : remoteUrl(configuration, name)
    return name === null || url === null ? null : { name, url }
  }

  async upstream(branch: string): Promise<{ ref: string; commit: ObjectId } | null> {
    const { configuration, refs } = this.#clone
    const ref = upstreamRef(configuration, branch)
    const commit = ref === null ? null : refs.resolve(ref)
    return ref === null || commit === null ? null : { ref, commit }
  }

  async pushTarget(branch: string): Promise<PushTarget | null> {
    const { configuration, refs } = this.#clone
    const remote = pushRemote(configuration, branch)
    const url = remote === null ? null : remoteUrl(configuration, remote)
    if (remote === null || url === null) return null
    const name = pushName(configuration, branch, remote)
    if (name === null) {
      const followed = upstreamRef(configuration, branch)?.replace(/^refs\/(remotes|heads)\//, '') ?? remote
      throw new AppError('invalid-input', 'git.pushToWhich', { branch, followed })
    }
    const tracking = trackingRef(configuration, remote, `refs/heads/${name}`)
    return { remote, url, branch: name, commit: tracking === null ? null : refs.resolve(tracking) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#stopWatching?.()
    this.#stopWatching = null
    this.#listeners.clear()
    await this.#writes.idle()
    await this.#scan
    this.#clone.objects.close()
    this.#clone.locks.dispose()
  }

  /** The list in the index, where git recorded that it is exactly this tree: no tree has to be read then. */
  #filesFromIndex(tree: ObjectId, folder: RawPath): GitFile[] | null {
    const index = this.#clone.layout.workTree === null ? null : this.#clone.index.read()
    if (index?.wholeTree !== tree) return null
    const start = folder === '' ? 0 : index.find(`${folder}/`)
    const files: GitFile[] = []
    for (let position = start < 0 ? -start - 1 : start; position < index.length; position++) {
      const path = index.path(position)
      if (folder !== '' && !path.startsWith(`${folder}/`)) break
      files.push({ path: toText(path), mode: fileMode(index.mode(position)), oid: index.oid(position) })
    }
    return files
  }

  /** Looks whether files were changed; one scan at a time, and listeners hear when the answer is another one. */
  #scanForChanges(): Promise<void> {
    this.#scan ??= isAnythingDirty(this.#clone, this.#closing.signal)
      .then(
        dirty => {
          if (dirty === this.#dirty) return
          this.#dirty = dirty
          this.#tell()
        },
        (error: unknown) => {
          // Closed meanwhile, or an object is missing, which whoever needs it is told: nothing is known then. Anything
          // else is thrown to whoever asks next, since nobody may be waiting now.
          if (!(error instanceof AppError)) this.#scanFailure = { cause: error }
        },
      )
      .finally(() => {
        this.#scan = null
      })
    return this.#scan
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

async function createBranch(clone: Clone, name: string, at: ObjectId): Promise<void> {
  const { refs, graph } = clone
  if (!isBranchName(name)) throw new AppError('invalid-input', 'git.badRefName', { name })
  graph.links(at)
  const update = { ref: `refs/heads/${name}`, from: null, to: at, message: `branch: Created from ${at}` }
  const outcome = await withRecovery(clone, () => refs.update(update))
  if (outcome.kind === 'raced') throw new AppError('conflict', 'git.branchExists', { branch: name })
}

const asFile = ({ path, mode, oid }: RawFile): GitFile => ({ path: toText(path), mode, oid })
