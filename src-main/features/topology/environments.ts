import { builtManifests } from '../../../shared/environments/built-manifests.ts'
import {
  builtEnvironmentAt,
  environmentCalled,
  environmentOfPath,
  findEnvironments,
} from '../../../shared/environments/find-environments.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Manifest, ManifestFile } from '../../../shared/manifests/manifest.ts'
import { buildTopology } from '../../../shared/topology/build-topology.ts'
import { Parts } from '../../../shared/topology/parts.ts'
import type { WorkloadSources } from '../../../shared/topology/source/source-calls.ts'
import type { Environment, Topology } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { kustomizeReaderOf, textsIn, withSameEnvironments } from './kustomize-reader-of.ts'
import { sourcesOf, type TextFile, type WorkspaceFiles, type WorkspaceReader } from './read-workspace-files.ts'

const found = new WeakMap<WorkspaceFiles, readonly Environment[]>()

/** What is asked of an environment again and again while its files are the same. */
type Members = {
  readonly files: readonly TextFile[]
  /** What they declare as they are; undefined until it is asked for. */
  plain?: readonly ManifestFile[]
}
const members = new WeakMap<WorkspaceFiles, WeakMap<Environment, Members>>()

function membersOf(files: WorkspaceFiles, environment: Environment): Members {
  const known = members.get(files) ?? new WeakMap<Environment, Members>()
  members.set(files, known)
  let found = known.get(environment)
  if (!found) {
    found = { files: environment.files.flatMap(path => files.get(path) ?? []) }
    known.set(environment, found)
  }
  return found
}

/** What an environment declares: its files as they are, or what its kustomization makes of them. */
export function manifestsIn(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  environment: Environment,
): readonly ManifestFile[] {
  const found = membersOf(files, environment)
  if (environment.kind === 'folder') {
    found.plain ??= found.files.map(file => reader.parse(file))
    return found.plain
  }
  const built = builtManifests(kustomizeReaderOf(reader, files), environment)
  const beside = found.files.filter(file => !built.files.includes(file.path))
  return [...built.manifests, ...beside.map(file => reader.parse(file))]
}

/** The environments of a set of files, biggest part of the answer cached with the set. */
export function environmentsOf(reader: WorkspaceReader, files: WorkspaceFiles): readonly Environment[] {
  const alike = withSameEnvironments(files)
  let environments = found.get(alike)
  if (!environments) {
    environments = findEnvironments(reader.parseAll(alike), textsIn(alike), kustomizeReaderOf(reader, alike))
    found.set(alike, environments)
  }
  return environments
}

/**
 * An environment by id; or any folder or file, looked at alone. A workspace that declares nothing is still a place: its
 * root, empty. Rejects `not-found` with what there is.
 */
export function environmentNamed(reader: WorkspaceReader, files: WorkspaceFiles, name: string): Environment {
  const environment = findEnvironment(reader, files, name)
  if (environment) return environment
  const known = environmentsOf(reader, files).map(({ id }) => `\`${id}\``)
  if (known.length === 0) {
    if (/^(\.\/*)?$/.test(name)) return { id: '.', kind: 'folder', path: '.', files: [], workloads: 0 }
    throw new AppError('not-found', 'workspace.noEnvironments', { environment: name })
  }
  throw new AppError('not-found', 'workspace.noEnvironment', { environment: name, known: known.join(', ') })
}

/**
 * An environment as these files have it; where they have none, as `others` do, the same files at another time. A change
 * may make the first file of an environment or take its last.
 */
export function environmentInEither(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  others: WorkspaceFiles,
  name: string,
): Environment {
  return findEnvironment(reader, files, name) ?? environmentNamed(reader, others, name)
}

/** The same; null where these files have none. */
export function findEnvironment(reader: WorkspaceReader, files: WorkspaceFiles, name: string): Environment | null {
  const path = name.replace(/\/+$/, '').replace(/^\.\//, '') || '.'
  const known = environmentCalled(environmentsOf(reader, files), path)
  if (known) return known
  const parsed = reader.parseAll(files)
  const alone = builtEnvironmentAt(parsed, kustomizeReaderOf(reader, files), path) ?? environmentOfPath(parsed, path)
  const isDelivered = alone && manifestsIn(reader, files, alone).some(file => file.manifests.some(delivers))
  return (isDelivered ? deliveredFrom(environmentsOf(reader, files), path) : null) ?? alone
}

/** What is asked for declares how something else is delivered, and is nothing to look at without it. */
const delivers = ({ group, kind }: Manifest): boolean =>
  (group === 'argoproj.io' && /^Application(Set)?$/.test(kind)) ||
  (group.endsWith('.toolkit.fluxcd.io') && /^(Kustomization|HelmRelease)$/.test(kind))

/** The one environment that Argo CD or Flux makes of the files in a folder; null where none or several do. */
function deliveredFrom(environments: readonly Environment[], path: string): Environment | null {
  const inside = (file: string): boolean => path === '.' || file === path || file.startsWith(`${path}/`)
  const made = environments.filter(({ kind, files }) => (kind === 'argo-cd' || kind === 'flux') && files.some(inside))
  const [only, other] = made.length > 1 ? made.filter(environment => environment.path === path) : made
  return only && !other ? only : null
}

type Built = {
  readonly sources: WorkloadSources | undefined
  readonly inputs: readonly TextFile[]
  readonly topology: Topology
}

/** What a reader has made graphs of. */
class Graphs {
  /** Those built last of each environment: a draft's is that of the commit it becomes. */
  readonly built = new Map<string, readonly Built[]>()
  /** What the last one of each environment was made of. Bounded: the environment asked for longest ago goes first. */
  readonly #parts = new Map<string, Parts>()

  /** For the next graph of an environment. */
  partsOf(environment: string): Parts {
    const parts = new Parts(this.#parts.get(environment))
    this.#parts.delete(environment)
    this.#parts.set(environment, parts)
    if (this.#parts.size > 8) this.#parts.delete(this.#parts.keys().next().value!)
    return parts
  }
}
const graphs = new WeakMap<WorkspaceReader, Graphs>()
const kept = 6

/** The topology of one environment. Texts that were built before are not built again, whatever revision they are of. */
export function topologyOf(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  environment: Environment,
  revision: ObjectId | null,
  sources: WorkloadSources | undefined = sourcesOf(files),
): Topology {
  const ofReader = graphs.get(reader) ?? new Graphs()
  graphs.set(reader, ofReader)
  const { files: members } = membersOf(files, environment)
  const notes = files.get(workspacePath)
  // What people say of an environment is part of what its graph is built from.
  const inputs = notes && !members.includes(notes) ? [...members, notes] : members
  const before = ofReader.built.get(environment.id) ?? []
  const known = before.find(candidate => candidate.sources === sources && sameTexts(candidate.inputs, inputs))
  const built =
    known?.topology ??
    buildTopology(
      manifestsIn(reader, files, environment),
      {
        environment: environment.id,
        revision: revision ?? '',
        ...(sources && { sources }),
        ...(notes && { workspace: readWorkspaceFile(notes.path, notes.text) }),
      },
      ofReader.partsOf(environment.id),
    )
  // The same object for whoever asks again: what is known of a graph is kept with it.
  const topology = built.revision === (revision ?? '') ? built : { ...built, revision: revision ?? '' }
  ofReader.built.set(
    environment.id,
    [{ inputs, topology, sources }, ...before.filter(other => other !== known)].slice(0, kept),
  )
  return topology
}

const sameTexts = (a: readonly TextFile[], b: readonly TextFile[]): boolean =>
  a.length === b.length &&
  a.every((file, index) => file === b[index] || (file.path === b[index]!.path && file.text === b[index]!.text))

/** Which environments a change of these paths may touch: those that hold one of them, before or after. */
export function environmentsTouched(
  before: readonly Environment[],
  after: readonly Environment[],
  paths: readonly string[],
): readonly string[] {
  const touched = new Set<string>()
  for (const environment of [...before, ...after])
    if (paths.some(path => environment.files.includes(path))) touched.add(environment.id)
  return [...touched].sort()
}
