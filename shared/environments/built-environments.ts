import type { Environment } from '../topology/topology.ts'
import { environmentInPath } from './environment-word.ts'
import { type Deployment, deploymentKind, findDeployments } from './find-deployments.ts'
import { partOfChart } from './helm/chart-folders.ts'
import { type ChartEnvironment, chartAt, findChartEnvironments } from './helm/find-charts.ts'
import { type Release, renderRelease } from './helm/render-release.ts'
import { buildHelmfile, findHelmfileEnvironments, type HelmfileEnvironment } from './helmfile/read-helmfile.ts'
import type { KustomizeReader } from './kustomize/kustomization-files.ts'
import { kustomizationGraph } from './kustomize/kustomization-graph.ts'
import { folderOfPath } from './kustomize/paths.ts'
import { nameIn, namespaceIn } from './kustomize/resource.ts'
import { type Mapping, textIn } from './kustomize/tree.ts'
import { kustomizePart } from './kustomize-part.ts'
import { writtenObjects } from './named-objects.ts'
import { type BuiltObject, joinParts, type Part } from './part.ts'

/** An environment that a tool makes, before it is known whether there is anything to draw in it. */
export type BuiltEnvironment = Omit<Environment, 'workloads' | 'files'> & { readonly part: Part }

/** Everything tools make of one set of files; found when it is first asked for. */
type Builds = {
  deployments?: readonly Deployment[]
  charts?: readonly ChartEnvironment[]
  helmfiles?: readonly HelmfileEnvironment[]
  parts: Map<string, Part | null>
}
const known = new WeakMap<KustomizeReader, Builds>()

function buildsOf(reader: KustomizeReader): Builds {
  const builds = known.get(reader) ?? { parts: new Map() }
  known.set(reader, builds)
  return builds
}

function deploymentsOf(reader: KustomizeReader): readonly Deployment[] {
  const builds = buildsOf(reader)
  if (!builds.deployments) {
    const graph = kustomizationGraph(reader)
    const isTemplate = partOfChart(
      reader
        .paths()
        .filter(path => /(^|\/)Chart\.yaml$/.test(path))
        .map(folderOfPath),
    )
    const written = writtenObjects(
      reader,
      path => !graph.patches.has(path) && !isTemplate(path) && !path.split('/').some(step => step.startsWith('.')),
    )
    const described = new Set(written.filter(tree => deploymentKind(tree)).map(tree => tree.origin.source.file))
    const built: BuiltObject[] = []
    if (described.size > 0)
      for (const folder of graph.tops) {
        const reach = graph.reach(folder)
        if (![...described].some(file => reach.has(file))) continue
        const part = environmentPart(reader, folder)
        built.push(...(part?.objects.filter(({ tree }) => deploymentKind(tree)) ?? []))
      }
    builds.deployments = findDeployments(reader, written, built)
  }
  return builds.deployments
}

const chartsOf = (reader: KustomizeReader): readonly ChartEnvironment[] => {
  const builds = buildsOf(reader)
  builds.charts ??= findChartEnvironments(reader, releases => agree(reader, releases))
  return builds.charts
}

const identityOfTree = (tree: Mapping): string =>
  [textIn(tree, 'apiVersion'), textIn(tree, 'kind'), namespaceIn(tree), nameIn(tree)].join(' ')

/** So many charts beside each other are published together, not run together. */
const mostTogether = 60

/** No two charts declare the same object. */
function agree(reader: KustomizeReader, releases: readonly Release[]): boolean {
  if (releases.length > mostTogether) return false
  const taken = new Set<string>()
  return releases.every(release => {
    const ids = new Set(releasePart(reader, release).objects.map(({ tree }) => identityOfTree(tree)))
    const isFree = [...ids].every(id => !taken.has(id))
    for (const id of ids) taken.add(id)
    return isFree
  })
}

const helmfilesOf = (reader: KustomizeReader): readonly HelmfileEnvironment[] => {
  const builds = buildsOf(reader)
  builds.helmfiles ??= findHelmfileEnvironments(reader)
  return builds.helmfiles
}

const helmfileId = ({ file, name }: HelmfileEnvironment): string => (name === 'default' ? file : `${file}@${name}`)

/** What an environment is built from these files; null for one that is not built, or is not there. */
export function environmentPart(reader: KustomizeReader, id: string): Part | null {
  const { parts } = buildsOf(reader)
  const before = parts.get(id)
  if (before !== undefined) return before
  const part = findPart(reader, id)
  parts.set(id, part)
  return part
}

function findPart(reader: KustomizeReader, id: string): Part | null {
  if (reader.kustomizations(id).length > 0)
    return reader.parts.part('kustomizations', id, () => kustomizePart(reader, id))
  const chart = chartsOf(reader).find(environment => environment.id === id)
  if (chart) return joinParts(chart.releases.map(release => releasePart(reader, release)))
  const deployment = deploymentsOf(reader).find(one => one.id === id)
  if (deployment) return deployment.part
  const helmfile = helmfilesOf(reader).find(environment => helmfileId(environment) === id)
  if (helmfile) return buildHelmfile(reader, helmfile)
  const alone = chartAt(reader, id)
  return alone && releasePart(reader, alone)
}

const releasePart = (reader: KustomizeReader, release: Release): Part =>
  reader.parts.part('releases', JSON.stringify([release.chart, release.files, release.sites]), () =>
    renderRelease(reader, release),
  )

/** Environments that Argo CD, Flux and charts make. What a deployment is built from is not one again by itself. */
export function findBuiltEnvironments(reader: KustomizeReader): readonly BuiltEnvironment[] {
  const deployments = deploymentsOf(reader)
  const helmfiles = helmfilesOf(reader).map(environment => {
    const id = helmfileId(environment)
    const path = folderOfPath(environment.file)
    const name = environment.name === 'default' ? environment.file : environment.name
    return { id, kind: 'helm' as const, name, path, part: environmentPart(reader, id)! }
  })
  const used = new Set([...deployments, ...helmfiles].flatMap(({ part }) => part.files))
  const charts = chartsOf(reader).filter(({ releases }) =>
    releases.some(({ chart, files }) => {
      const own = files[0] ?? (chart === '.' ? 'Chart.yaml' : `${chart}/Chart.yaml`)
      return !used.has(own)
    }),
  )
  return [
    ...deployments.map(({ id, kind, name, cluster, namespace, members, path, part }) => ({
      id,
      kind,
      name,
      path,
      ...(cluster !== undefined && { cluster }),
      ...(namespace !== undefined && { namespace }),
      members,
      part,
    })),
    ...helmfiles,
    ...charts.map(({ id, name, path }) => ({
      id,
      kind: 'helm' as const,
      name,
      path,
      part: environmentPart(reader, id)!,
    })),
  ]
}

/**
 * What other environments are built from these files: deployments, charts and kustomizations that are none's part. To a
 * chart's default values its other values are none unless asked for: they are meant to follow.
 */
export function otherParts(
  reader: KustomizeReader,
  environment: string,
  withFollowers = false,
): readonly { readonly id: string; readonly part: Part }[] {
  const isDefault =
    !withFollowers &&
    chartsOf(reader).some(({ id, releases }) => id === environment && releases.every(one => one.files.length === 0))
  const built = findBuiltEnvironments(reader).filter(({ kind }) => kind !== 'helm' || !isDefault)
  const used = new Set(deploymentsOf(reader).flatMap(deployment => deployment.part.files))
  const tops = kustomizationGraph(reader).tops.flatMap(folder => {
    const part = environmentPart(reader, folder)
    return part && !reader.kustomizations(folder).some(file => used.has(file)) ? [{ id: folder, part }] : []
  })
  return [...built, ...tops].filter(other => other.id !== environment)
}

/** The name of the environment a kustomization is for, where its folder says one. */
export const nameOfFolder = (folder: string): string | undefined => environmentInPath(folder)
