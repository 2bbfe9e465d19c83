import { assignServices, type OwnedSet, type ServiceFolder } from '../../../shared/dependencies/assign-services.ts'
import { formatNamed } from '../../../shared/dependencies/detect-format.ts'
import type { Ecosystem } from '../../../shared/dependencies/ecosystem.ts'
import { imageSet } from '../../../shared/dependencies/image-set.ts'
import { ecosystemOfProgram } from '../../../shared/dependencies/languages.ts'
import type { PackageSet, PlacedSet } from '../../../shared/dependencies/package-set.ts'
import type { DependencyFile } from '../../../shared/dependencies/read-data.ts'
import { type Find, isVendored, readUnit, type Unit, unitsOf } from '../../../shared/dependencies/read-package-sets.ts'
import { pickDefaultEnvironment } from '../../../shared/environments/pick-default-environment.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import { type SourceSeeker, sourceSeekers } from '../../../shared/topology/source/find-sources.ts'
import type { Topology, TopologyNode } from '../../../shared/topology/topology.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import {
  environmentNamed,
  environmentsOf,
  manifestsIn,
  readerOf,
  sourcesOf,
  topologyOf,
  withTexts,
} from '../topology/index.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

/** What a workspace is made of at one revision. */
export type WorkspaceSets = {
  readonly sets: readonly OwnedSet[]
  readonly services: readonly ServiceFolder[]
  readonly topology: Topology | null
  readonly problems: readonly Message[]
}

/** Locks of the largest projects are a tenth of this. */
const largest = 64 * 1024 * 1024
const kept = 600

/** Documents that programs write about programs have names of all sorts; these are the usual ones. */
const document = /(^|[./_-])(s?bom|cdx|spdx|cyclonedx|syft)([._-][^/]*)?\.(json|xml|spdx)$|\.spdx$/i
/** Records of decisions hold graphs of their time. */
const isRecord = (path: string): boolean => /(^|\/)decisions\//.test(path)

export const tellsDependencies = (path: string): boolean =>
  (formatNamed(path) !== null || document.test(path)) && !isVendored(path) && !isRecord(path)

const wanted = ({ path, mode }: GitFile): boolean => (mode === '100644' || mode === '100755') && tellsDependencies(path)

type Texts = ReadonlyMap<string, string | null>
const none: Texts = new Map()

type Read = { readonly sets: readonly PlacedSet[]; readonly problem: Message | null }

/** Reads the sets of any revision from the object database. What the same blobs said once is not read again. */
export class SetReader {
  readonly #workspace: Workspace
  readonly #moduleGraph: ReadModuleGraph
  readonly #texts = new Map<ObjectId, string | null>()
  #last: { readonly commit: ObjectId; readonly files: readonly GitFile[] } | null = null
  readonly #units = new Map<string, Promise<Read>>()

  constructor(workspace: Workspace, moduleGraph: ReadModuleGraph) {
    this.#workspace = workspace
    this.#moduleGraph = moduleGraph
  }

  /**
   * `environment` says whose images count; without it the one a person would open first. `texts` are laid over the
   * revision's files (null: removed), as a draft does.
   */
  async at(
    commit: ObjectId | null,
    environment: string | undefined,
    signal: AbortSignal,
    texts: Texts = none,
  ): Promise<WorkspaceSets> {
    if (commit === null) return { sets: [], services: [], topology: null, problems: [] }
    const listed = await this.#listed(commit, signal)
    const { sets, problems } = await this.#read(listed, texts, signal)
    const { topology, seekers } = await this.#topology(commit, environment, texts)
    const { services, images } = await this.#services(commit, topology, seekers)
    return { sets: assignServices([...sets, ...images], services, spokenIn(listed)), services, topology, problems }
  }

  /** True where some file tells dependencies; a workspace of manifests alone has none. */
  async tellsAny(commit: ObjectId | null, texts: Texts, signal: AbortSignal): Promise<boolean> {
    if ([...texts.keys()].some(tellsDependencies)) return true
    return commit !== null && (await this.#listed(commit, signal)).some(({ path }) => tellsDependencies(path))
  }

  /** The sets whose files are in one folder, at another time: for its history. */
  async inFolder(commit: ObjectId, folder: string, signal: AbortSignal): Promise<readonly PlacedSet[]> {
    const listed = await this.#workspace.repository.files(commit, folder === '' ? undefined : folder, signal)
    const { sets } = await this.#read(listed.filter(wanted), none, signal)
    return sets.filter(placed => placed.folder === folder)
  }

  /** Files of a commit that tell dependencies, and programs that may use them. Most of any revision is the same as in the one listed last. */
  async #listed(commit: ObjectId, signal: AbortSignal): Promise<readonly GitFile[]> {
    const last = this.#last
    if (last?.commit === commit) return last.files
    const { repository } = this.#workspace
    let files: readonly GitFile[]
    if (last) {
      const moved = new Map(last.files.map(file => [file.path, file]))
      for (const { path, after } of await repository.changes(last.commit, commit, signal)) {
        if (after && wanted(after)) moved.set(path, after)
        else moved.delete(path)
      }
      files = [...moved.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
    } else files = (await repository.files(commit, undefined, signal)).filter(wanted)
    this.#last = { commit, files }
    return files
  }

  async #read(
    listed: readonly GitFile[],
    texts: Texts,
    signal: AbortSignal,
  ): Promise<{ sets: PlacedSet[]; problems: Message[] }> {
    const blobs = new Map<string, ObjectId>()
    const files: DependencyFile[] = []
    for (const [path, text] of texts) if (text !== null && tellsDependencies(path)) files.push({ path, text })
    for (const { path, oid } of listed) {
      if (texts.has(path) || !tellsDependencies(path)) continue
      const text = await this.#text(oid)
      if (text === null) continue
      blobs.set(path, oid)
      files.push({ path, text })
    }
    const byPath = new Map(files.map(file => [file.path, file]))
    const poms = [...blobs].filter(([path]) => path.endsWith('pom.xml')).join()
    const find = (path: string): DependencyFile | undefined => byPath.get(path)
    const reads = await Promise.all(
      unitsOf(files).map(unit => {
        const members = [...unit.files.values()].flat().map(({ path }) => `${path} ${blobs.get(path)}`)
        // A pom takes what it leaves out from others.
        const key = [...members, ...(unit.files.has('pom') ? [poms] : [])].join('\n')
        // What is only drafted has no blob to be known by.
        const isDrafted = [...unit.files.values()].flat().some(({ path }) => texts.has(path))
        return isDrafted ? this.#unit(unit, find, signal) : this.#unitOnce(key, unit, find, signal)
      }),
    )
    return { sets: reads.flatMap(({ sets }) => sets), problems: reads.flatMap(({ problem }) => problem ?? []) }
  }

  /** One reading serves all who ask meanwhile; where the first of them leaves, the next begins again. */
  async #unitOnce(key: string, unit: Unit, find: Find, signal: AbortSignal): Promise<Read> {
    const known = this.#units.get(key)
    if (known)
      try {
        return await known
      } catch (error) {
        if (!isCancelled(error) || signal.aborted) throw error
        return this.#unitOnce(key, unit, find, signal)
      }
    const reading = this.#unit(unit, find, signal)
    this.#units.set(key, reading)
    reading.catch(() => {
      if (this.#units.get(key) === reading) this.#units.delete(key)
    })
    if (this.#units.size > kept) this.#units.delete(this.#units.keys().next().value!)
    return reading
  }

  async #unit(unit: Unit, find: Find, signal: AbortSignal): Promise<Read> {
    // A large lock takes a while; others want to be answered between two of them.
    await new Promise(resolve => setTimeout(resolve))
    signal.throwIfAborted()
    const [mod] = unit.files.get('go.mod') ?? []
    if (mod && !unit.files.has('go-graph')) {
      const graph = await this.#moduleGraph({ mod: mod.text, sum: unit.files.get('go.sum')?.[0]?.text ?? null }, signal)
      if (graph !== null) unit.files.set('go-graph', [{ path: `${mod.path} (go mod graph)`, text: graph }])
    }
    try {
      return { sets: readUnit(unit, null, find), problem: null }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // One broken lock leaves the others readable.
      return { sets: [], problem: { key: error.key, params: error.params } }
    }
  }

  async #text(oid: ObjectId): Promise<string | null> {
    const known = this.#texts.get(oid)
    if (known !== undefined) return known
    const bytes = await this.#workspace.repository.blob(oid)
    const text = bytes.length > largest ? null : decodeText(bytes)
    this.#texts.set(oid, text)
    if (this.#texts.size > kept) this.#texts.delete(this.#texts.keys().next().value!)
    return text
  }

  async #topology(
    commit: ObjectId,
    named: string | undefined,
    texts: Texts,
  ): Promise<{ topology: Topology | null; seekers: readonly SourceSeeker[] }> {
    const reader = readerOf(this.#workspace)
    const committed = await reader.filesAt(commit)
    const files = texts.size === 0 ? committed : withTexts(reader, committed, texts)
    const environments = environmentsOf(reader, files)
    const known = environments.find(({ id }) => id === named)
    // At another revision the environment may have been called otherwise or not be there.
    const environment =
      named === undefined || known || environments.length === 0
        ? (known ?? pickDefaultEnvironment(environments))
        : environmentNamed(reader, files, named)
    if (!environment) return { topology: null, seekers: [] }
    const seekers = sourceSeekers(manifestsIn(reader, files, environment))
    return { topology: topologyOf(reader, files, environment, commit), seekers }
  }

  async #services(commit: ObjectId, topology: Topology | null, seekers: readonly SourceSeeker[]) {
    const files = await readerOf(this.#workspace).filesAt(commit)
    const sources = sourcesOf(files)
    const byName = new Map<string, SourceSeeker[]>()
    for (const seeker of seekers) {
      const known = byName.get(seeker.name)
      if (known) known.push(seeker)
      else byName.set(seeker.name, [seeker])
    }
    const services: ServiceFolder[] = []
    const images: PlacedSet[] = []
    for (const node of topology?.nodes ?? []) {
      const containers = [...(node.containers ?? []), ...(node.versions ?? []).flatMap(version => version.containers)]
      if (containers.length === 0) continue
      const own = [...new Set(containers.map(({ image }) => image))]
      const named = byName.get(node.workload?.name ?? node.id) ?? []
      const seeker = named.find(({ images }) => images.some(image => own.includes(image))) ?? named[0]
      const found = seeker && sources?.find(seeker)
      services.push({ service: node.id, folder: found?.folder ?? null })
      const file = node.file ?? ''
      const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')))
      let set = imageSets.get(node)
      if (!set) {
        set = imageSet(node.id, own, file)
        imageSets.set(node, set)
      }
      images.push({ folder, set, of: node.id })
    }
    return { services, images }
  }
}

/** A node that is the same in two graphs has the same images, which need no comparing. */
const imageSets = new WeakMap<TopologyNode, PackageSet>()

/** Tells whether a folder, or one below it, holds programs of an ecosystem. */
function spokenIn(listed: readonly GitFile[]): (folder: string, ecosystem: Ecosystem) => boolean {
  const spoken = new Set<string>()
  for (const { path } of listed) {
    const ecosystem = ecosystemOfProgram(path)
    if (ecosystem === null) continue
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const key = `${path.slice(0, slash)}\n${ecosystem}`
      if (spoken.has(key)) break
      spoken.add(key)
    }
    spoken.add(`\n${ecosystem}`)
  }
  return (folder, ecosystem) => spoken.has(`${folder}\n${ecosystem}`)
}

const readers = new WeakMap<Workspace, SetReader>()

export function setReaderOf(workspace: Workspace, moduleGraph: ReadModuleGraph): SetReader {
  let reader = readers.get(workspace)
  if (!reader) {
    reader = new SetReader(workspace, moduleGraph)
    readers.set(workspace, reader)
  }
  return reader
}
