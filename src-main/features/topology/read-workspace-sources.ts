import type { ManifestFile } from '../../../shared/manifests/read-manifests.ts'
import { type FileRole, maySay } from '../../../shared/topology/source/classify-path.ts'
import { isSourceMark, sourceSeekers } from '../../../shared/topology/source/find-sources.ts'
import { isBuildFile } from '../../../shared/topology/source/read-build-entries.ts'
import { createFactsReader } from '../../../shared/topology/source/read-source-file.ts'
import { readSources } from '../../../shared/topology/source/read-sources.ts'
import type { WorkloadSources } from '../../../shared/topology/source/source-calls.ts'
import type { FileFacts } from '../../../shared/topology/source/source-facts.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import type { GitChange, GitFile } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** Files of a revision that source may be read from, by path. */
export type SourceListing = ReadonlyMap<string, GitFile>

const largest = 512 * 1024
const kept = 40_000

const isWanted = ({ path, mode }: GitFile): boolean =>
  (mode === '100644' || mode === '100755') && (isBuildFile(path) || isSourceMark(path) || maySay(path))

export const sourceListing = (files: readonly GitFile[]): SourceListing =>
  new Map(files.filter(isWanted).map(file => [file.path, file]))

/** The listing of a revision that differs from another by these; the same one where no such file does. */
export function movedListing(listing: SourceListing, changes: readonly GitChange[]): SourceListing {
  const wanted = changes.filter(({ before, after }) => (before && isWanted(before)) || (after && isWanted(after)))
  if (wanted.length === 0) return listing
  const moved = new Map(listing)
  for (const { path, after } of wanted) {
    if (after && isWanted(after)) moved.set(path, after)
    else moved.delete(path)
  }
  return moved
}

type Last = { readonly listing: SourceListing; readonly question: string; readonly sources: WorkloadSources }

/** The program source of a workspace at any revision. What a blob says is read once, whatever revisions hold it. */
export class SourceReader {
  readonly #workspace: Workspace
  readonly #facts = new Map<string, FileFacts | null>()
  readonly #texts = new Map<string, string | null>()
  #last: Last | null = null

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** Undefined where the revision holds no program. */
  async read(
    listing: SourceListing,
    manifests: readonly ManifestFile[],
    notes: { readonly path: string; readonly text: string } | undefined,
  ): Promise<WorkloadSources | undefined> {
    if (![...listing.keys()].some(isSourceMark)) return undefined
    const question = JSON.stringify([sourceSeekers(manifests), notes?.text])
    if (this.#last?.listing === listing && this.#last.question === question) return this.#last.sources
    const files = {
      name: this.#workspace.name,
      paths: [...listing.keys()],
      text: (path: string) => this.#text(listing.get(path)),
    }
    const read = createFactsReader(this.#workspace.parseGo)
    let done = 0
    const sources = await readSources(
      manifests,
      files,
      notes && readWorkspaceFile(notes.path, notes.text),
      async (role: FileRole, path: string) => {
        const file = listing.get(path)
        const key = `${file?.oid} ${role} ${path}`
        const known = this.#facts.get(key)
        if (known !== undefined) return known
        done += 1
        // Others want to be answered meanwhile.
        if (done % 40 === 0) await new Promise(resolve => setTimeout(resolve))
        const text = await this.#read(file)
        const facts = text === null ? null : await read(role, path, text)
        remember(this.#facts, key, facts)
        return facts
      },
    )
    this.#last = { listing, question, sources }
    return sources
  }

  async #read(file: GitFile | undefined): Promise<string | null> {
    if (!file) return null
    const bytes = await this.#workspace.repository.blob(file.oid)
    return bytes.length > largest ? null : decodeText(bytes)
  }

  /** Build files are few and asked for at every revision. */
  async #text(file: GitFile | undefined): Promise<string | null> {
    if (!file) return null
    const known = this.#texts.get(file.oid)
    if (known !== undefined) return known
    const text = await this.#read(file)
    remember(this.#texts, file.oid, text)
    return text
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  if (map.size > kept) map.delete(map.keys().next().value!)
}
