import { environmentOfPath, findEnvironments } from '../../../shared/environments/find-environments.ts'
import { AppError } from '../../../shared/errors.ts'
import { buildTopology } from '../../../shared/topology/build-topology.ts'
import type { Environment, Topology } from '../../../shared/topology/topology.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import {
  type TextFile,
  type WorkspaceFiles,
  type WorkspaceReader,
  withSameEnvironments,
} from './read-workspace-files.ts'

const found = new WeakMap<WorkspaceFiles, readonly Environment[]>()

/** The environments of a set of files, biggest part of the answer cached with the set. */
export function environmentsOf(reader: WorkspaceReader, files: WorkspaceFiles): readonly Environment[] {
  const alike = withSameEnvironments(files)
  let environments = found.get(alike)
  if (!environments) {
    environments = findEnvironments(reader.parseAll(alike))
    found.set(alike, environments)
  }
  return environments
}

/** An environment by id; or any folder or file, looked at alone. Rejects `not-found` with what there is. */
export function environmentNamed(reader: WorkspaceReader, files: WorkspaceFiles, name: string): Environment {
  const all = environmentsOf(reader, files)
  const path = name.replace(/\/+$/, '').replace(/^\.\//, '') || '.'
  const environment = all.find(candidate => candidate.id === path) ?? environmentOfPath(reader.parseAll(files), path)
  if (environment) return environment
  const known = all.map(candidate => candidate.id).join(', ') || '–'
  throw new AppError('not-found', 'workspace.noEnvironment', { environment: name, known })
}

const built = new WeakMap<WorkspaceFiles, Map<string, Topology>>()

/** The topology of one environment. Computed once for a set of files. */
export function topologyOf(
  reader: WorkspaceReader,
  files: WorkspaceFiles,
  environment: Environment,
  revision: ObjectId | null,
): Topology {
  let ofFiles = built.get(files)
  if (!ofFiles) {
    ofFiles = new Map()
    built.set(files, ofFiles)
  }
  let topology = ofFiles.get(environment.id)
  if (!topology) {
    const members = environment.files
      .map(path => files.get(path))
      .filter((file): file is TextFile => file !== undefined)
    topology = buildTopology(
      members.map(file => reader.parse(file)),
      { environment: environment.id, revision: revision ?? '' },
    )
    ofFiles.set(environment.id, topology)
  }
  return topology
}

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
