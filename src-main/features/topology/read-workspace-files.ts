import { type ManifestFile, readManifestFile } from '../../../shared/manifests/read-manifests.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** A text file of the workspace that may hold manifests or Pilothouse's own documents. */
export type TextFile = { readonly path: string; readonly text: string }

/** All such files of one revision, by path. */
export type WorkspaceFiles = ReadonlyMap<string, TextFile>

const candidate = /\.(ya?ml|json)$/i
/** Lock files and generated bundles are far above, manifests far below. */
const largest = 4 * 1024 * 1024

/**
 * Reads the manifests of any revision from the object database. A file that did not change between two revisions is
 * the same object in both, so what was parsed of it once is not parsed again.
 */
export class WorkspaceReader {
  readonly #workspace: Workspace
  /** By path and blob. Bounded: the oldest revisions' texts go first. */
  readonly #texts = new Map<string, TextFile | null>()
  readonly #revisions = new Map<ObjectId, Promise<WorkspaceFiles>>()
  readonly #parsed = new WeakMap<TextFile, ManifestFile>()

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** The files of a commit; none for null (nothing was committed yet). */
  async filesAt(commit: ObjectId | null, signal?: AbortSignal): Promise<WorkspaceFiles> {
    if (commit === null) return new Map()
    const known = this.#revisions.get(commit)
    if (known) return known
    const reading = this.#read(commit, signal)
    this.#revisions.set(commit, reading)
    reading.catch(() => this.#revisions.delete(commit))
    if (this.#revisions.size > 24) this.#revisions.delete(this.#revisions.keys().next().value!)
    return reading
  }

  async #read(commit: ObjectId, signal?: AbortSignal): Promise<WorkspaceFiles> {
    const files = new Map<string, TextFile>()
    for (const file of await this.#workspace.repository.files(commit, undefined, signal)) {
      if (!candidate.test(file.path) || (file.mode !== '100644' && file.mode !== '100755')) continue
      const text = await this.#text(file)
      if (text) files.set(file.path, text)
      signal?.throwIfAborted()
    }
    return files
  }

  async #text(file: GitFile): Promise<TextFile | null> {
    const key = `${file.oid} ${file.path}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const bytes = await this.#workspace.repository.blob(file.oid)
    const text = bytes.length > largest ? null : decodeText(bytes)
    // JSON is mostly not manifests; one that names no kind cannot be one.
    const kept =
      text === null || (/\.json$/i.test(file.path) && !/"kind"/.test(text)) ? null : { path: file.path, text }
    this.#texts.set(key, kept)
    if (this.#texts.size > 60_000) this.#texts.delete(this.#texts.keys().next().value!)
    return kept
  }

  parse(file: TextFile): ManifestFile {
    let parsed = this.#parsed.get(file)
    if (!parsed) {
      parsed = readManifestFile(file.path, file.text)
      this.#parsed.set(file, parsed)
    }
    return parsed
  }

  parseAll(files: WorkspaceFiles): readonly ManifestFile[] {
    return [...files.values()].map(file => this.parse(file))
  }
}

const readers = new WeakMap<Workspace, WorkspaceReader>()

export function readerOf(workspace: Workspace): WorkspaceReader {
  let reader = readers.get(workspace)
  if (!reader) {
    reader = new WorkspaceReader(workspace)
    readers.set(workspace, reader)
  }
  return reader
}

/** The files with some texts replaced (null: removed); untouched files stay the same objects. */
export function withTexts(files: WorkspaceFiles, texts: ReadonlyMap<string, string | null>): WorkspaceFiles {
  const changed = new Map(files)
  for (const [path, text] of texts) {
    if (text === null) changed.delete(path)
    else if (candidate.test(path) && files.get(path)?.text !== text) changed.set(path, { path, text })
  }
  return changed
}
