import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { toWorkTree } from '../attributes/line-endings.ts'
import { PathConversions } from '../attributes/path-conversion.ts'
import { isSafePath } from '../commit/safe-path.ts'
import { breather } from '../files/breathe.ts'
import { settleAll } from '../files/settle-all.ts'
import { compareTrees, entryAt, type RawChange } from '../history/trees.ts'
import { moveCacheTree } from '../index/cache-tree.ts'
import { GitIndex, type IndexChange } from '../index/git-index.ts'
import { indexStat, noStat } from '../index/index-stat.ts'
import type { Lock } from '../locks/locks.ts'
import { type RawPath, toText } from '../objects/tree.ts'
import type { Clone } from '../open/clone.ts'
import { isUnmodified, type StatRules, sameStat, statRules } from '../work-tree/file-state.ts'
import { sparseCheckout } from '../work-tree/sparse-checkout.ts'
import { WorkTree } from '../work-tree/work-tree.ts'
import { journalFolder, waitingFile } from './journal.ts'

/** One path of a step, and what happens to it in the work tree. */
type Planned = RawChange & {
  /** `keep`: only the index changes (outside of a sparse checkout, a submodule, or edited since). */
  readonly act: 'write' | 'remove' | 'keep' | 'make-folder'
  readonly skipWorktree: boolean
  readonly number: number
}

/** Above this many files a step does not wait until each is on the disk: a kill is harmless, a power cut may cost content that git can restore. */
const syncedFiles = 200

/**
 * Brings index and work tree from one commit to another, in the order that recovery counts on: new content is made
 * ready, then (by the caller) the ref moves, then files are replaced one by one, then the index in one step.
 */
export class BringAlong {
  readonly clone: Clone
  readonly workTree: WorkTree
  readonly index: GitIndex
  readonly rules: StatRules
  readonly changes: readonly RawChange[]
  /** How the files that are there were converted: by the attributes beside them. */
  readonly present: PathConversions
  /** How the files that come will be: by the attributes of the new commit. */
  readonly coming: PathConversions
  readonly #fromTree: string | null
  readonly #toTree: string
  /** Names the files on their way: our own, or of the killed process whose work is finished. */
  readonly #token: string
  #plan: readonly Planned[] = []

  private constructor(
    clone: Clone,
    index: GitIndex,
    fromTree: string | null,
    toTree: string,
    changes: readonly RawChange[],
    token: string,
  ) {
    const { configuration, environment, layout, objects } = clone
    this.clone = clone
    this.workTree = new WorkTree(layout.workTree!)
    this.index = index
    this.rules = statRules(configuration)
    this.changes = changes
    this.#fromTree = fromTree
    this.#toTree = toTree
    this.#token = token
    const committed = (tree: string | null, path: RawPath): string | null => {
      const entry = tree === null ? null : entryAt(objects, tree, path)
      return entry?.mode.startsWith('100') ? objects.read(entry.oid).data.toString('utf8') : null
    }
    this.present = new PathConversions(configuration, environment, layout.commonDirectory, path =>
      this.workTree.entry(path).kind === 'file'
        ? this.workTree.read(path, false).toString('utf8')
        : committed(fromTree, path),
    )
    this.coming = new PathConversions(configuration, environment, layout.commonDirectory, path =>
      committed(toTree, path),
    )
  }

  /** `from`, `to`: commits. The index has to be locked, so that it stays as it was read. */
  static async between(clone: Clone, from: string | null, to: string, token: string): Promise<BringAlong> {
    const fromTree = from === null ? null : clone.graph.links(from).tree
    const toTree = clone.graph.links(to).tree
    const changes = await compareTrees(clone.objects, fromTree, toTree)
    for (const { path, after } of changes)
      if (after && !isSafePath(toText(path)))
        throw new AppError('invalid-input', 'git.unsafePath', { path: toText(path) })
    return new BringAlong(clone, clone.index.read() ?? GitIndex.empty(), fromTree, toTree, changes, token)
  }

  /** Decides what happens to each path. `edited`: paths whose file is left as it is. */
  plan(edited: ReadonlySet<RawPath> = new Set()): void {
    const sparse = sparseCheckout(this.clone.configuration, this.clone.layout.gitDirectory)
    this.#plan = this.changes.map((change, number): Planned => {
      const { path, before, after } = change
      const known = before ? this.index.entriesOf(path)[0] : undefined
      const absent = this.workTree.entry(path).kind === 'absent'
      const skipWorktree = absent && (known ? known.skipWorktree : sparse !== null && !sparse(path))
      const act = (): Planned['act'] => {
        if (edited.has(path) || skipWorktree) return 'keep'
        if (after?.mode === '160000') return absent ? 'make-folder' : 'keep'
        if (!after) return before?.mode === '160000' ? 'keep' : 'remove'
        return 'write'
      }
      return { ...change, number, skipWorktree: skipWorktree && after !== null, act: act() }
    })
    for (const { path, act } of this.#plan) {
      if (act !== 'write') continue
      const { obstacle } = this.coming.of(path)
      // An LFS pointer is written as it is where git-lfs is not set up, as git does.
      if (!obstacle || (obstacle.kind === 'lfs' && !this.#lfsIsConfigured())) continue
      throw new AppError('unsupported', 'git.cannotConvertFile', { path: toText(path), filter: obstacle.name })
    }
  }

  /** Puts the new content of every file beside the journal. */
  async prepare(): Promise<void> {
    const { gitDirectory } = this.clone.layout
    await mkdir(journalFolder(gitDirectory), { recursive: true })
    const writes = this.#plan.filter(({ act }) => act === 'write')
    const make = async ({ path, after, number }: Planned): Promise<void> => {
      const target = waitingFile(gitDirectory, this.#token, number)
      const { data } = this.clone.objects.read(after!.oid)
      rmSync(target, { force: true })
      if (after!.mode === '120000' && this.rules.symlinks) {
        symlinkSync(data, target)
        return
      }
      const plain = after!.mode === '120000'
      const content = plain ? data : toWorkTree(data, this.coming.of(path).endings)
      const file = await open(target, 'wx', after!.mode === '100755' ? 0o777 : 0o666)
      try {
        await file.writeFile(content)
        if (writes.length <= syncedFiles) await file.sync()
      } finally {
        await file.close()
      }
    }
    // As many at once as node has threads for files.
    for (let at = 0; at < writes.length; at += 4) await settleAll(writes.slice(at, at + 4).map(make))
  }

  /** Replaces the files. Called again after a kill it does what is left. */
  async apply(): Promise<void> {
    const breathe = breather()
    for (const { path, act } of this.#plan) {
      if (act !== 'remove') continue
      const pause = breathe()
      if (pause) await pause
      const entry = this.workTree.entry(path)
      if (entry.kind === 'absent') this.workTree.removeEmptyAbove(path)
      // A folder that came where the file was, or a file where the folder was: what was to go is gone.
      else if (entry.kind !== 'folder' && (entry.kind !== 'behind' || entry.link)) {
        this.workTree.requireInside(path)
        this.workTree.remove(path)
      }
    }
    for (const { path, act, number } of this.#plan) {
      if (act !== 'write' && act !== 'make-folder') continue
      const pause = breathe()
      if (pause) await pause
      this.workTree.requireInside(path)
      if (act === 'make-folder') mkdirSync(this.workTree.path(path), { recursive: true })
      else {
        this.workTree.makeFolderOf(path)
        this.#place(waitingFile(this.clone.layout.gitDirectory, this.#token, number), path)
      }
    }
  }

  /** Writes the index with the touched paths as they are now. */
  async writeIndex(lock: Lock): Promise<void> {
    const { objects, index: file, layout } = this.clone
    const touched = new Set(this.changes.map(({ path }) => path))
    const doubtful = await this.#doubtful(touched)
    const entries = this.#plan.map(({ path, after, act, skipWorktree }): IndexChange => {
      if (!after) return { path, entry: null }
      const entry = act === 'write' ? this.workTree.entry(path) : null
      const stat = entry && (entry.kind === 'file' || entry.kind === 'link') ? indexStat(entry.stat) : noStat
      return { path, entry: { oid: after.oid, mode: after.mode, stat, skipWorktree } }
    })
    const cacheTree = this.index.cacheTree
    if (cacheTree) moveCacheTree(objects, cacheTree, this.#fromTree, this.#toTree, touched)
    const bytes = this.index.patch(entries, cacheTree, doubtful)
    await file.replace(bytes, join(journalFolder(layout.gitDirectory), `index-${this.#token}`), lock)
  }

  #place(waiting: string, path: RawPath): void {
    const target = this.workTree.path(path)
    const replace = (source: string | Buffer): void => {
      try {
        renameSync(source, target)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code !== 'EISDIR' && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
        // Only empty folders are left here: the check before found nothing in them that stays.
        this.workTree.removeEmptyFolder(path)
        renameSync(source, target)
      }
    }
    try {
      replace(waiting)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      // The git directory is on another disk: copy beside the target first, so that the last step is still one.
      const end = path.lastIndexOf('/') + 1
      const beside = this.workTree.path(`${path.slice(0, end)}.${this.#token}.pilothouse`)
      copyFileSync(waiting, beside)
      replace(beside)
      rmSync(waiting)
    }
  }

  /**
   * Entries that only look unmodified: changed in the second the old index was written, to the same size. Git finds
   * them by the old index's time, which is about to be lost (racy-git).
   */
  async #doubtful(touched: ReadonlySet<RawPath>): Promise<ReadonlySet<number>> {
    const breathe = breather()
    const folders = new Set<RawPath>()
    const found = new Set<number>()
    for (let position = 0; position < this.index.length; position++) {
      if (this.index.mtimeSeconds(position) < this.index.writtenAt) continue
      const pause = breathe()
      if (pause) await pause
      const entry = this.index.entry(position)
      if (
        touched.has(entry.path) ||
        entry.stage !== 0 ||
        entry.skipWorktree ||
        entry.mode === '160000' ||
        entry.stat.size === 0
      )
        continue
      const now = this.workTree.entry(entry.path, folders)
      if (now.kind !== 'file' && now.kind !== 'link') continue
      if (!sameStat(entry.stat, now.stat, this.rules)) continue
      if (
        !isUnmodified(this.workTree, entry, this.index.writtenAt, this.rules, this.present, this.clone.objects, folders)
      )
        found.add(position)
    }
    return found
  }

  #lfsIsConfigured(): boolean {
    return ['smudge', 'process'].some(name => this.clone.configuration.get(`filter.lfs.${name}`) !== null)
  }
}
