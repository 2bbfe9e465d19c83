import { environmentPart, findBuiltEnvironments } from '../../../shared/environments/built-environments.ts'
import { readTar } from '../../../shared/environments/helm/read-tar.ts'
import { kustomizeReader } from '../../../shared/environments/kustomize/kustomization-files.ts'
import { manifestsOfPart } from '../../../shared/environments/rendered-manifests.ts'
import { samePlace } from '../../../shared/environments/same-place.ts'
import { type ManifestFile, readManifestFile } from '../../../shared/manifests/read-manifests.ts'
import type { WorkloadSources } from '../../../shared/topology/source/source-calls.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'
import { ChartRenderer } from './chart-renderer.ts'
import { type Links, linkedPaths, linksOfBuilds, targetOf } from './follow-links.ts'
import { kustomizeReaderOf, noteSameEnvironments } from './kustomize-reader-of.ts'
import { movedListing, type SourceListing, SourceReader, sourceListing } from './read-workspace-sources.ts'

/** A text file of the workspace that may hold manifests or Pilothouse's own documents. */
export type TextFile = { readonly path: string; readonly text: string }

/** All such files of one revision, by path. */
export type WorkspaceFiles = ReadonlyMap<string, TextFile>

type Revision = { readonly commit: ObjectId; readonly files: WorkspaceFiles; readonly listing: SourceListing }

/** The symbolic links of a set of files; those of a draft are its base's. */
const links = new WeakMap<WorkspaceFiles, Links>()

/** The source of the workloads of a set of files; that of a draft is its base's. */
const sources = new WeakMap<WorkspaceFiles, WorkloadSources>()
export const sourcesOf = (files: WorkspaceFiles): WorkloadSources | undefined => sources.get(files)

const none: WorkspaceFiles = new Map()
/** Manifests, what kustomizations generate from, and what charts are made of. */
const candidate =
  /\.(ya?ml|json|env|properties|conf|cfg|ini|toml|tpl|gotmpl)$|(^|\/)(Kustomization|\.helmignore)$|(^|\/)charts\/[^/]+\.tgz$/i
/** Lock files and generated bundles are far above, manifests far below. */
const largest = 4 * 1024 * 1024
/** Parameters of an ApplicationSet, a dashboard of a chart. */
const largestOtherJson = 16 * 1024

const isCandidate = (file: GitFile): boolean =>
  candidate.test(file.path) && (file.mode === '100644' || file.mode === '100755')

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
  /** What each path was drafted as last. Bounded: the path whose text changed longest ago goes first. */
  readonly #drafted = new Map<string, TextFile>()
  #newest: Revision | null = null
  readonly #sources: SourceReader
  readonly charts: ChartRenderer

  constructor(workspace: Workspace) {
    this.#workspace = workspace
    this.charts = new ChartRenderer(workspace.helm)
    this.#sources = new SourceReader(workspace)
  }

  /** The files of a commit; none for null (nothing was committed yet). One reading serves all who ask meanwhile. */
  async filesAt(commit: ObjectId | null): Promise<WorkspaceFiles> {
    if (commit === null) return none
    const known = this.#revisions.get(commit)
    if (known) return known
    const reading = this.#read(commit)
    this.#revisions.set(commit, reading)
    reading.catch(() => this.#revisions.delete(commit))
    if (this.#revisions.size > 24) this.#revisions.delete(this.#revisions.keys().next().value!)
    return reading
  }

  async #read(commit: ObjectId): Promise<WorkspaceFiles> {
    // Most of any revision is the same as in the one read last.
    const near = this.#newest
    const revision = near ? await this.#differing(near, commit) : await this.#all(commit)
    this.#newest = revision
    const { files, listing } = revision
    await renderCharts(this, files)
    const manifests = [...this.parseAll(files), ...chartManifests(this, files)]
    const source = await this.#sources.read(listing, manifests, files.get(workspacePath))
    if (source) sources.set(files, source)
    return files
  }

  async #all(commit: ObjectId): Promise<Revision> {
    const files = new Map<string, TextFile>()
    const all = await this.#workspace.repository.files(commit)
    for (const file of all) {
      const text = isCandidate(file) && (await this.#text(file))
      if (text) files.set(file.path, text)
    }
    await this.#follow(all, files)
    return { commit, files, listing: sourceListing(all) }
  }

  async #differing(near: Revision, commit: ObjectId): Promise<Revision> {
    const texts = new Map<string, TextFile | null>()
    const changes = await this.#workspace.repository.changes(near.commit, commit)
    if (changes.some(({ before, after }) => before?.mode === '120000' || after?.mode === '120000'))
      return this.#all(commit)
    for (const { path, after } of changes) {
      if (candidate.test(path)) texts.set(path, after && isCandidate(after) ? await this.#text(after) : null)
    }
    const files = replaced(this, near.files, atLinks(this, near.files, texts))
    return { commit, files, listing: movedListing(near.listing, changes) }
  }

  /** Puts what links lead to where they stand. */
  async #follow(all: readonly GitFile[], files: Map<string, TextFile>): Promise<void> {
    const targets = new Map<string, string>()
    for (const { path, mode, oid } of all) {
      const text = mode === '120000' ? decodeText(await this.#workspace.repository.blob(oid)) : null
      const target = text === null ? null : targetOf(path, text)
      if (target !== null) targets.set(path, target)
    }
    const followed = linksOfBuilds(targets, files.keys())
    if (followed.size === 0) return
    links.set(files, followed)
    for (const [path, text] of atLinks(this, files, new Map(files))) if (text && !files.has(path)) files.set(path, text)
  }

  async #text(file: GitFile): Promise<TextFile | null> {
    const key = `${file.oid} ${file.path}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const bytes = await this.#workspace.repository.blob(file.oid)
    const text =
      bytes.length > largest ? null : file.path.endsWith('.tgz') ? await unpackedText(bytes) : decodeText(bytes)
    // JSON is mostly not manifests; a large one that names no kind cannot be one, and is no patch without operations.
    const isOther =
      /(?<!values\.schema)\.json$/i.test(file.path) &&
      (text?.length ?? 0) > largestOtherJson &&
      !/"(kind|op)"/.test(text!)
    const kept = text === null || isOther ? null : { path: file.path, text }
    this.#texts.set(key, kept)
    if (this.#texts.size > 60_000) this.#texts.delete(this.#texts.keys().next().value!)
    return kept
  }

  /**
   * A text that no commit holds. A draft is computed from its first edit on each time; the files that the last edit did
   * not touch are the same objects as before, and are neither parsed again nor is their part of the graph made again.
   */
  drafted(path: string, text: string): TextFile {
    const known = this.#drafted.get(path)
    if (known?.text === text) return known
    const file = { path, text }
    this.#drafted.delete(path)
    this.#drafted.set(path, file)
    if (this.#drafted.size > 1000) this.#drafted.delete(this.#drafted.keys().next().value!)
    return file
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

/** A person waits for it: a repository of many charts is shown by the built-in renderer rather than late. */
const patience = 60_000

/** Has Helm asked for the charts of these files, so that environments are built with its answers. */
export async function renderCharts(reader: WorkspaceReader, files: WorkspaceFiles): Promise<void> {
  if (!holdsChart(files) || !(await reader.charts.isInstalled())) return
  const kept = chartReader(reader, files)
  for (const { id } of findBuiltEnvironments(kept)) environmentPart(kept, id)
  try {
    await reader.charts.answer(AbortSignal.timeout(patience))
  } catch (error) {
    // What was not answered in time is shown as it can be rendered here.
    if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error
  }
}

const charted = new WeakMap<WorkspaceFiles, boolean>()
function holdsChart(files: WorkspaceFiles): boolean {
  let holds = charted.get(files)
  if (holds === undefined) {
    holds = [...files.keys()].some(path => /(^|\/)Chart\.yaml$/.test(path))
    charted.set(files, holds)
  }
  return holds
}

const chartReader = (reader: WorkspaceReader, files: WorkspaceFiles) =>
  kustomizeReader(
    { get: (path: string) => files.get(path)?.text, keys: () => files.keys() },
    undefined,
    undefined,
    reader.charts.ask,
  )

/** What charts declare: templates name no workload and no image before they are filled in. */
function chartManifests(reader: WorkspaceReader, files: WorkspaceFiles): readonly ManifestFile[] {
  if (!holdsChart(files)) return []
  const kept = kustomizeReaderOf(reader, files)
  return findBuiltEnvironments(kept).flatMap(({ id, part }) => manifestsOfPart(part, id, kept.manifests))
}

/** The files of a packed chart as one text, a map in JSON; null for what is no such archive, or too large. */
async function unpackedText(bytes: Uint8Array): Promise<string | null> {
  const unpacked: Uint8Array[] = []
  let size = 0
  try {
    const packed = new Blob([new Uint8Array(bytes)]).stream()
    for await (const chunk of packed.pipeThrough(new DecompressionStream('gzip'))) {
      size += chunk.length
      if (size > largest * 4) return null
      unpacked.push(chunk)
    }
  } catch (error) {
    // Broken, or no archive at all: the chart it stands for is missing, and is said to be.
    if (error instanceof TypeError) return null
    throw error
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of unpacked) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return JSON.stringify(Object.fromEntries(readTar(whole)))
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
export function withTexts(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  texts: ReadonlyMap<string, string | null>,
): WorkspaceFiles {
  const changed = new Map<string, TextFile | null>()
  for (const [path, text] of texts)
    if (candidate.test(path) && files.get(path)?.text !== text)
      changed.set(path, text === null ? null : reader.drafted(path, text))
  return replaced(reader, files, atLinks(reader, files, changed))
}

/** Changed texts, and the same at the links that lead to them. */
function atLinks(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  texts: ReadonlyMap<string, TextFile | null>,
): ReadonlyMap<string, TextFile | null> {
  const followed = links.get(files)
  if (!followed) return texts
  const all = new Map(texts)
  for (const [path, file] of texts)
    for (const other of linkedPaths(followed, path))
      if (candidate.test(other)) all.set(other, file && reader.drafted(other, file.text))
  return all
}

function replaced(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  texts: ReadonlyMap<string, TextFile | null>,
): WorkspaceFiles {
  const changed = new Map(files)
  let same = true
  for (const [path, text] of texts) {
    const old = files.get(path)
    if (old === (text ?? undefined)) continue
    same &&= samePlace(old && reader.parse(old), text ? reader.parse(text) : undefined)
    if (text === null) changed.delete(path)
    else changed.set(path, text)
  }
  if (same) noteSameEnvironments(files, changed)
  const source = sources.get(files)
  if (source) sources.set(changed, source)
  const followed = links.get(files)
  if (followed) links.set(changed, followed)
  return changed
}
