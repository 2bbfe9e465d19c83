import { adrFoldersIn, adrPlace, isAdrSettings } from '../../../shared/decisions/adr-place.ts'
import { type Adr, looksLikeAdr, readAdr } from '../../../shared/decisions/read-adr.ts'
import type { Documents } from '../../needs/documents.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** A record of another tool, as it is at a commit, and the commit that brought it. */
export type ForeignRecord = Adr & {
  readonly path: string
  readonly title: string
  /** Null where only a merge could have brought it. */
  readonly addedBy: ObjectId | null
}

export type ForeignRecords = {
  readonly tip: ObjectId
  readonly all: readonly ForeignRecord[]
  readonly byPath: ReadonlyMap<string, ForeignRecord>
  readonly byCommit: ReadonlyMap<ObjectId, readonly ForeignRecord[]>
}

type Placed = { readonly tip: ObjectId; readonly added: { readonly [path: string]: ObjectId } }
const mostRecords = 5000

/**
 * Records that MADR, adr-tools and log4brains keep in a repository, read from the tree, each with the commit that added
 * its file. Which commit that is is kept in the app's data, so that only what is new has to be looked for.
 */
export class ForeignRecordIndex {
  readonly #documents: Documents
  readonly #known = new WeakMap<Workspace, Promise<ForeignRecords>>()

  constructor(documents: Documents) {
    this.#documents = documents
  }

  async at(workspace: Workspace, tip: ObjectId, signal: AbortSignal): Promise<ForeignRecords> {
    const before = this.#known.get(workspace)
    const known = await before?.catch(() => null)
    if (known?.tip === tip) return known
    const reading = this.#read(workspace, tip, known ?? null, signal)
    this.#known.set(workspace, reading)
    reading.catch(() => {
      if (this.#known.get(workspace) !== reading) return
      if (before) this.#known.set(workspace, before)
      else this.#known.delete(workspace)
    })
    return reading
  }

  async #read(
    workspace: Workspace,
    tip: ObjectId,
    known: ForeignRecords | null,
    signal: AbortSignal,
  ): Promise<ForeignRecords> {
    if (known && (await onlyOthersSince(workspace, known.tip, tip, signal))) return { ...known, tip }
    const found = await recordsAt(workspace, tip, signal)
    const added =
      found.size === 0
        ? {}
        : await this.#whoAdded(workspace, tip, [...found.keys()], known ? placedOf(known) : null, signal)
    const all = [...found].map(
      ([path, adr]): ForeignRecord => ({
        ...adr,
        path,
        title: adr.title ?? nameOf(path),
        addedBy: added[path] ?? null,
      }),
    )
    const byCommit = new Map<ObjectId, ForeignRecord[]>()
    for (const record of all)
      if (record.addedBy !== null) byCommit.set(record.addedBy, [...(byCommit.get(record.addedBy) ?? []), record])
    return { tip, all, byPath: new Map(all.map(record => [record.path, record])), byCommit }
  }

  async #whoAdded(
    workspace: Workspace,
    tip: ObjectId,
    paths: readonly string[],
    known: Placed | null,
    signal: AbortSignal,
  ): Promise<Placed['added']> {
    const { repository } = workspace
    const document = `records/${workspace.id}`
    const before = known ?? readPlaced(await this.#documents.read(document))
    const grown =
      before !== null &&
      (await repository.resolve(before.tip)) !== null &&
      (await repository.mergeBase(before.tip, tip)) === before.tip
    const added: { [path: string]: ObjectId } = grown ? { ...before.added } : {}
    const times = new Map<string, number>()
    const wanted = new Set(paths)
    // A file that is new to us but not to the history was a record of another name, or none that could be read.
    const since = grown && paths.every(path => before.added[path] !== undefined) ? before.tip : undefined
    for await (const oid of repository.touching(tip, paths, { ...(since && { until: since }), signal })) {
      const commit = await repository.commit(oid)
      for (const change of await repository.changes(commit.parents[0] ?? null, oid, signal)) {
        if (change.before !== null || change.after === null || !wanted.has(change.path)) continue
        // Added, taken away and added again: the last time counts.
        if ((times.get(change.path) ?? Number.NEGATIVE_INFINITY) > commit.committer.time) continue
        times.set(change.path, commit.committer.time)
        added[change.path] = oid
      }
    }
    const kept = Object.fromEntries(paths.flatMap(path => (added[path] ? [[path, added[path]]] : [])))
    await this.#documents.write(document, { tip, added: kept } satisfies Placed)
    return kept
  }
}

const placedOf = ({ tip, all }: ForeignRecords): Placed => ({
  tip,
  added: Object.fromEntries(all.flatMap(({ path, addedBy }) => (addedBy ? [[path, addedBy]] : []))),
})

function readPlaced(value: unknown): Placed | null {
  if (typeof value !== 'object' || value === null || !('tip' in value) || !('added' in value)) return null
  const { tip, added } = value
  if (typeof tip !== 'string' || typeof added !== 'object' || added === null) return null
  const entries = Object.entries(added).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { tip, added: Object.fromEntries(entries) }
}

/** The words of a file's name, where a record has no heading. */
const nameOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]+$/, '')
    .replace(/^(adr[-_]?)?\d+[-_. ]/i, '')
    .replace(/[-_]+/g, ' ')

/** Has the branch grown from one commit to another without touching anything that could be a record? */
async function onlyOthersSince(
  workspace: Workspace,
  from: ObjectId,
  to: ObjectId,
  signal: AbortSignal,
): Promise<boolean> {
  const { repository } = workspace
  if ((await repository.resolve(from)) === null || (await repository.mergeBase(from, to)) !== from) return false
  const changes = await repository.changes(from, to, signal)
  return changes.every(({ path }) => adrPlace(path, ['']) === 'no' && !isAdrSettings(path))
}

/** Every record of other tools in the tree of a commit. */
export async function recordsAt(
  workspace: Workspace,
  commit: ObjectId,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Adr>> {
  const { repository } = workspace
  const files = (await repository.files(commit, undefined, signal)).filter(({ mode }) => mode.startsWith('100'))
  const textOf = async (file: GitFile): Promise<string> => decodeText(await repository.blob(file.oid)) ?? ''
  const settings = files.filter(({ path }) => isAdrSettings(path))
  const folders = (await Promise.all(settings.map(async file => adrFoldersIn(file.path, await textOf(file))))).flat()
  const found = new Map<string, Adr>()
  for (const file of files) {
    const place = adrPlace(file.path, folders)
    if (place === 'no' || found.size >= mostRecords) continue
    signal.throwIfAborted()
    const text = await textOf(file)
    if (place === 'sure' || looksLikeAdr(text)) found.set(file.path, readAdr(text))
  }
  return found
}
