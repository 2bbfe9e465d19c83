import { alignTopology } from '../../../shared/compare/align-topologies.ts'
import { compareManifests, type ManifestSubject } from '../../../shared/compare/compare-manifests.ts'
import { compareRules } from '../../../shared/compare/compare-rules.ts'
import {
  type ComparedTopologies,
  compareTopology,
  type TopologySide,
  type TopologySubject,
} from '../../../shared/compare/compare-topology.ts'
import type { Part } from '../../../shared/compare/contract.ts'
import { type Change, fieldKey, type Subject } from '../../../shared/compare/difference.ts'
import { routeWeights } from '../../../shared/compare/route-weights.ts'
import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import type { Manifest } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Slo } from '../../../shared/slo/call-graph.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import { diffSets, setReaderOf } from '../dependencies/index.ts'
import { manifestsIn, readerOf, type TextFile, topologyOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { Side } from './find-sides.ts'

/** What comparing needs beside the two sides. */
export type Ground = { readonly workspace: Workspace; readonly moduleGraph: ReadModuleGraph }

export const topologyOfSide = ({ workspace }: Ground, { files, environment, commit }: Side): Topology =>
  environment
    ? topologyOf(readerOf(workspace), files, environment, commit)
    : { environment: '', revision: commit ?? '', nodes: [], edges: [], components: [], findings: [] }

export const manifestsOfSide = ({ workspace }: Ground, { files, environment }: Side): readonly Manifest[] =>
  environment ? manifestsIn(readerOf(workspace), files, environment).flatMap(({ manifests }) => manifests) : []

const promises = new WeakMap<TextFile, ReadonlyMap<string, Slo>>()
function promisesOf({ files }: Side): ReadonlyMap<string, Slo> {
  const file = files.get(workspacePath)
  if (!file) return new Map()
  let found = promises.get(file)
  if (!found) {
    const { services } = readWorkspaceFile(file.path, file.text)
    found = new Map([...services].flatMap(([name, { slo }]) => (slo ? [[name, slo as Slo]] : [])))
    promises.set(file, found)
  }
  return found
}

const graphSide = (ground: Ground, side: Side, topology: Topology): TopologySide => ({
  topology,
  promises: side.environment ? promisesOf(side) : new Map(),
  weights: routeWeights(manifestsOfSide(ground, side)),
})

/** The graphs of two sides; those given in their place may hold rates. */
export function compareGraphs(
  ground: Ground,
  a: Side,
  b: Side,
  across: boolean,
  topologies: { readonly a: Topology; readonly b: Topology } = {
    a: topologyOfSide(ground, a),
    b: topologyOfSide(ground, b),
  },
): ComparedTopologies & { readonly before: Topology } {
  const aligned = across ? alignTopology(topologies.a, topologies.b) : { topology: topologies.a, names: new Map() }
  const compared = compareTopology(graphSide(ground, a, aligned.topology), graphSide(ground, b, topologies.b), across)
  if (aligned.names.size === 0) return { ...compared, before: aligned.topology }
  const back = new Map([...aligned.names].map(([old, now]) => [now, old]))
  const subjects = compared.subjects.map(subject => withOwnName(subject, back))
  return { ...compared, subjects, before: aligned.topology }
}

/** What a thing is called at A, for who looks for it there. */
function withOwnName(subject: TopologySubject, back: ReadonlyMap<string, string>): TopologySubject {
  const name = (id: string): string => back.get(id) ?? id
  if (subject.kind === 'node') return { ...subject, keyA: `node ${name(subject.id)}` }
  return subject.kind === 'edge' ? { ...subject, keyA: `edge ${name(subject.from)} ${name(subject.to)}` } : subject
}

export const compareObjects = (ground: Ground, a: Side, b: Side, across: boolean): ManifestSubject[] =>
  compareManifests(manifestsOfSide(ground, a), manifestsOfSide(ground, b), across)

/** What services are made of on both sides; images of an environment that a side does not hold are left out. */
export async function compareDependencies(
  ground: Ground,
  a: Side,
  b: Side,
  across: boolean,
  edges: number | undefined,
  signal: AbortSignal,
): Promise<{ sets: DiffedSet[]; problems: Message[] }> {
  const reader = setReaderOf(ground.workspace, ground.moduleGraph)
  const read = async ({ commit, environment, texts }: Side) => {
    const all = await reader.at(commit, environment?.id, signal, texts)
    return environment ? all : { ...all, sets: all.sets.filter(({ of }) => of === undefined) }
  }
  const [before, after] = [await read(a), await read(b)]
  const problems = new Map([...before.problems, ...after.problems].map(problem => [JSON.stringify(problem), problem]))
  const names = across
    ? alignTopology(topologyOfSide(ground, a), topologyOfSide(ground, b)).names
    : new Map<string, string>()
  // A service of the one environment may be called otherwise in the other.
  const olds = before.sets.map(set => (set.of === undefined ? set : { ...set, of: names.get(set.of) ?? set.of }))
  return { sets: diffSets(olds, after.sets, edges), problems: [...problems.values()] }
}

/** Names a set among all of its part. */
export const keyOfSet = ({ folder, ecosystem, of }: DiffedSet): string =>
  `set ${of === undefined ? folder : ''} ${ecosystem} ${of ?? ''}`

/** A set as a thing with packages for fields. */
export function subjectOfSet(set: DiffedSet): Subject<Change> {
  const key = keyOfSet(set)
  const field = (name: string, before: string | null, after: string | null) => ({
    key: fieldKey(key, name),
    field: name,
    before,
    after,
  })
  const { added, removed, changed } = set.diff
  return {
    key,
    change: set.only === 'after' ? 'added' : set.only === 'before' ? 'removed' : 'changed',
    fields: [
      ...changed.map(({ name, from, to }) => field(name, from, to)),
      ...added.map(({ name, version }) => field(name, null, version)),
      ...removed.map(({ name, version }) => field(name, version, null)),
    ],
  }
}

/** Everything in which two sides differ in one part, as things with fields. */
export async function subjectsOf(
  part: Part,
  ground: Ground,
  a: Side,
  b: Side,
  across: boolean,
  signal: AbortSignal,
): Promise<readonly Subject<Change>[]> {
  if (part === 'topology') return compareGraphs(ground, a, b, across).subjects
  if (part === 'manifests') return compareObjects(ground, a, b, across)
  if (part === 'rules') return compareRules(a.files, b.files)
  return (await compareDependencies(ground, a, b, across, 0, signal)).sets.map(subjectOfSet)
}
