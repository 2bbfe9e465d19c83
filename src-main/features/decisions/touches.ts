import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { changedFields, holdsFields } from '../../../shared/history/changed-fields.ts'
import { joinTouched, type Touched, touchedByFields, touchedByRecord } from '../../../shared/history/touched.ts'
import type { Documents } from '../../needs/documents.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { moduleChanges, tellsDependencies } from '../dependencies/index.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** Larger files and wider commits are imports and generated text: no field of them was decided on. */
const largestFile = 512 * 1024
const mostFiles = 400
/** With fewer new ones the file is left as it is. */
const leastUnwritten = 500

type Known = { readonly of: Map<ObjectId, Touched>; written: number }

/**
 * What commits touched: fields, rules, dependencies, machines. Worked out when a search first asks for a commit, kept in
 * memory and as a file in the app's data, which is made again when it is gone. A commit never changes, so nothing of it
 * grows old.
 */
export class Touches {
  readonly #documents: Documents
  readonly #known = new WeakMap<Workspace, Promise<Known>>()

  constructor(documents: Documents) {
    this.#documents = documents
  }

  async of(workspace: Workspace, commit: ObjectId, signal: AbortSignal): Promise<Touched> {
    const { of } = await this.#knownOf(workspace)
    let touched = of.get(commit)
    if (!touched) {
      touched = await read(workspace, commit, signal)
      of.set(commit, touched)
    }
    return touched
  }

  /** Keeps what was worked out since the last time, once that is worth a write. */
  async keep(workspace: Workspace): Promise<void> {
    const known = await this.#knownOf(workspace)
    const fresh = known.of.size - known.written
    if (fresh < Math.max(leastUnwritten, known.written / 4)) return
    known.written = known.of.size
    const lines = [...known.of].map(([commit, touched]) => `${commit} ${JSON.stringify(touched)}\n`)
    await this.#documents.writeBytes(nameOf(workspace), [Buffer.from(lines.join(''))])
  }

  #knownOf(workspace: Workspace): Promise<Known> {
    let known = this.#known.get(workspace)
    if (!known) {
      known = this.#stored(workspace)
      this.#known.set(workspace, known)
    }
    return known
  }

  async #stored(workspace: Workspace): Promise<Known> {
    const of = new Map<ObjectId, Touched>()
    const bytes = await this.#documents.readBytes(nameOf(workspace)).catch(() => null)
    for (const line of bytes ? new TextDecoder().decode(bytes).split('\n') : []) {
      const touched = line === '' ? null : parse(line.slice(41))
      if (touched) of.set(line.slice(0, 40), touched)
    }
    return { of, written: of.size }
  }
}

const nameOf = (workspace: Workspace): string => `touched-1/${workspace.id}`

/** A line that was cut short is worked out again. */
function parse(line: string): Touched | null {
  try {
    return JSON.parse(line) as Touched
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

async function read(workspace: Workspace, oid: ObjectId, signal: AbortSignal): Promise<Touched> {
  const { repository } = workspace
  const commit = await repository.commit(oid)
  const { record } = readDecision(commit)
  const changes = await repository.changes(commit.parents[0] ?? null, oid, signal)
  const all: Touched[] = []
  if (record?.endsWith('/')) {
    const bytes = await repository.fileAt(oid, `${record}README.md`)
    const text = bytes && decodeText(bytes)
    if (text !== null) all.push(touchedByRecord(text))
  }
  // A merge brings in what other commits changed, and those are asked too.
  if (commit.parents.length > 1) return joinTouched(all)
  const files = changes.filter(({ path }) => holdsFields(path) && !(record !== null && path.startsWith(record)))
  if (files.length <= mostFiles)
    for (const { path, before, after } of files) {
      signal.throwIfAborted()
      const [was, is] = [await textOf(workspace, before), await textOf(workspace, after)]
      if (was !== null && is !== null) all.push(touchedByFields(path, changedFields(was, is)))
    }
  const moved = changes.some(({ path }) => tellsDependencies(path)) ? await moduleChanges(workspace, oid, signal) : []
  const modules = moved.flatMap(({ name, from, to }) =>
    [from, to].filter(version => version !== '').map(version => ({ name, version })),
  )
  return joinTouched([...all, { fields: [], rules: [], nodes: [], dependencies: modules }])
}

/** Empty for a side without the file; null for what is no text to look at. */
async function textOf(workspace: Workspace, file: GitFile | null): Promise<string | null> {
  if (file === null) return ''
  if (file.mode === '160000' || file.mode === '120000') return null
  const bytes = await workspace.repository.blob(file.oid)
  return bytes.length > largestFile ? null : decodeText(bytes)
}
