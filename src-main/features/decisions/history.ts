import { readDecision } from '../../../shared/decisions/read-decision.ts'
import {
  ColumnsBuilder,
  decodeColumns,
  encodeColumns,
  type HistoryColumns,
} from '../../../shared/history/history-columns.ts'
import type { Documents } from '../../needs/documents.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Commits that came since the file was written are read from Git again; with more than these it is written anew. */
const mostUnwritten = 1000

/** Services whose commits are kept at hand. */
const mostKept = 64
type Touching = { readonly tip: ObjectId; readonly commits: ReadonlySet<ObjectId> }

/** The history of a branch, ready to be searched: its stretches, newest first. */
export type History = readonly HistoryColumns[]

/**
 * Keeps an index of each workspace's history: in memory, and as a file in the app's data that is made again when it is
 * gone, broken or of another version. It follows the branch: what is new is read and put in front; a branch that was
 * rewritten is read whole.
 */
export class HistoryIndex {
  readonly #documents: Documents
  readonly #touching = new WeakMap<Workspace, Map<string, Touching>>()
  readonly #known = new WeakMap<Workspace, Promise<History>>()

  constructor(documents: Documents) {
    this.#documents = documents
  }

  /** The history that ends with `tip`. One reading serves all who ask meanwhile. */
  at(workspace: Workspace, tip: ObjectId, signal: AbortSignal): Promise<History> {
    // A file that cannot be read is made again.
    const before = this.#known.get(workspace) ?? this.#stored(workspace).catch((): History => [])
    const next = before.then(history => this.#upTo(workspace, history, tip, signal))
    // A reading that was cancelled or failed leaves what was known.
    this.#known.set(
      workspace,
      next.catch(() => before),
    )
    return next
  }

  /** Commits of the history that ends with `tip` that touch one of these files. Kept for the files asked for last. */
  async touching(
    workspace: Workspace,
    tip: ObjectId,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<ObjectId>> {
    const key = paths.join('\n')
    const all = this.#touching.get(workspace) ?? new Map<string, Touching>()
    this.#touching.set(workspace, all)
    const before = all.get(key)
    if (before?.tip === tip) return before.commits
    const { repository } = workspace
    const grown =
      before && (await exists(workspace, before.tip)) && (await repository.mergeBase(before.tip, tip)) === before.tip
    const commits = new Set(grown ? before.commits : [])
    for await (const oid of repository.touching(tip, paths, { ...(grown && { until: before.tip }), signal }))
      commits.add(oid)
    all.delete(key)
    all.set(key, { tip, commits })
    if (all.size > mostKept) all.delete(all.keys().next().value!)
    return commits
  }

  async #upTo(workspace: Workspace, history: History, tip: ObjectId, signal: AbortSignal): Promise<History> {
    if (history[0]?.tip === tip) return history
    signal.throwIfAborted()
    const { repository } = workspace
    const last = history[0]?.tip
    // A branch that was rewritten, and one that another took the place of, share less than all.
    const grown =
      last !== undefined && (await exists(workspace, last)) && (await repository.mergeBase(last, tip)) === last
    const kept = grown ? history : []
    const builder = new ColumnsBuilder()
    for await (const commit of repository.log(tip, { ...(grown && { until: last }), signal }))
      builder.add(readDecision(commit))
    const unwritten = kept.slice(0, -1).reduce((sum, { count }) => sum + count, builder.count)
    if (grown && unwritten > mostUnwritten) return this.#upTo(workspace, [], tip, signal)
    const next = [builder.columns(tip), ...kept]
    if (next.length === 1) await this.#documents.writeBytes(nameOf(workspace), encodeColumns(next[0]!))
    return next
  }

  async #stored(workspace: Workspace): Promise<History> {
    const bytes = await this.#documents.readBytes(nameOf(workspace))
    const columns = bytes && decodeColumns(bytes)
    return columns ? [columns] : []
  }
}

const nameOf = (workspace: Workspace): string => `history/${workspace.id}`

/** Old commits of a rewritten branch may have been pruned. */
const exists = async (workspace: Workspace, oid: ObjectId): Promise<boolean> =>
  (await workspace.repository.resolve(oid)) !== null
