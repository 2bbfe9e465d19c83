import { listAt, type Manifest, type ManifestFile, objectAt, textsAt } from '../manifests/manifest.ts'
import type { Environment } from '../topology/topology.ts'
import { identityOf, isWorkload, podTemplatePath } from '../topology/workload.ts'
import { attachSatellites } from './attach-satellites.ts'
import { environmentPart, findBuiltEnvironments } from './built-environments.ts'
import { findKustomizeEnvironments } from './find-kustomize-environments.ts'
import { partOfChart } from './helm/chart-folders.ts'
import { chartAt } from './helm/find-charts.ts'
import { type KustomizeFiles, type KustomizeReader, kustomizeReader } from './kustomize/kustomization-files.ts'
import { manifestsOfPart } from './rendered-manifests.ts'

/**
 * Environments of a repository that nobody configured: what kustomizations make, where `texts` are given to render
 * them from, and plain folders of everything else.
 *
 * Bottom-up: a folder is one environment of all manifests below it, unless two of them declare the same object. Then
 * its children stand alone: subfolders, and the files that lie in it. Where at most a quarter of the children, with
 * at most a quarter of the workloads, are in the way (`old/` beside ten services), only those stand apart. Siblings that repeat each other's workloads in other
 * namespaces are variants (`staging/`, `production/`) and stand alone too. An environment is named by the deepest
 * folder that holds all of it; folders with nothing to draw are left out. What only says something about others'
 * Pods (a folder of NetworkPolicies or autoscalers) joins each sibling whose Pods it names; so do routes into what
 * nothing else opens, and what only calls it.
 *
 * A folder with a kustomization stands alone too, unless the one above includes it; components are parts, not
 * environments. Left out: templates of Helm charts, kustomizations and the patches they name. Edge documents
 * (`.pilothouse/edge/`) belong to every environment. Sorted by path.
 */
export function findEnvironments(
  files: readonly ManifestFile[],
  texts?: KustomizeFiles,
  reader?: KustomizeReader,
): readonly Environment[] {
  const edge = files.filter(isEdgeFile).map(file => file.path)
  const from = texts && (reader ?? kustomizeReader(texts))
  const deployed = from ? findDeployed(from) : []
  const used = new Set(deployed.flatMap(environment => environment.files))
  const built =
    texts && from
      ? findKustomizeEnvironments(files, texts, manifests => manifests.some(isDrawn), from, used)
      : { environments: [], used: new Set<string>() }
  const root = folderTree(
    plainFiles(files).filter(file => !isEdgeFile(file) && !built.used.has(file.path) && !used.has(file.path)),
  )
  const kustomizations: Kustomizations = new Map(
    files.flatMap(file => (file.kustomization ? [[folderOf(file.path), file.kustomization]] : [])),
  )
  const groups = attachSatellites(solve(root, kustomizations))
  // A chart that a kustomization inflates is a part of that.
  const isInflated = ({ kind, files: own }: Environment): boolean =>
    kind === 'helm' && own.some(path => path.endsWith('Chart.yaml') && built.used.has(path))
  const rendered = [...deployed.filter(environment => !isInflated(environment)), ...built.environments].map(
    environment => ({
      ...environment,
      files: [...environment.files, ...edge].sort(),
    }),
  )
  // What lies beside a kustomization and is not taken in by it is left over, not an environment of the same name.
  const plain = groups.filter(draws).filter(group => !rendered.some(environment => environment.path === group.path))
  const environments: Environment[] = [...rendered, ...plain.map(group => toEnvironment(group, edge))]
  if (environments.length === 0 && edge.length > 0)
    environments.push({ id: '.pilothouse/edge', kind: 'folder', path: '.pilothouse/edge', files: edge, workloads: 0 })
  return environments.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What Argo CD, Flux and charts make, where there is something to draw in it. */
function findDeployed(reader: KustomizeReader): Environment[] {
  return findBuiltEnvironments(reader).flatMap(({ part, ...environment }): Environment[] => {
    const manifests = manifestsOfPart(part, environment.id, reader.manifests).flatMap(file => file.manifests)
    // A deployment of which nothing lies here is listed, for what is said about it.
    if (!manifests.some(isDrawn) && !(environment.members && part.findings.length > 0)) return []
    const workloads = manifests.filter(isWorkload).length
    return [{ ...environment, files: part.files, workloads, ...(part.approximate.length > 0 && { approximate: true }) }]
  })
}

/** An environment by its id; by its name or that of one of its members, where one alone is called so. */
export function environmentCalled(environments: readonly Environment[], name: string): Environment | undefined {
  const exact = environments.find(environment => environment.id === name)
  if (exact) return exact
  const named = environments.filter(environment => environment.name === name)
  const members = environments.filter(environment => environment.members?.includes(name))
  for (const found of [named, members]) if (found.length > 0) return found.length === 1 ? found[0] : undefined
  return undefined
}

/** What a kustomization or a chart makes that is no environment by itself, such as a base; null for other folders. */
export function builtEnvironmentAt(
  files: readonly ManifestFile[],
  reader: KustomizeReader,
  path: string,
): Environment | null {
  const isKustomization = reader.kustomizations(path).length > 0
  const part = isKustomization || chartAt(reader, path) ? environmentPart(reader, path) : null
  if (!part) return null
  const manifests = manifestsOfPart(part, path, reader.manifests).flatMap(file => file.manifests)
  return {
    id: path,
    kind: isKustomization ? 'kustomize' : 'helm',
    path,
    files: [...part.files, ...files.filter(isEdgeFile).map(file => file.path)].sort(),
    workloads: manifests.filter(isWorkload).length,
    ...(part.approximate.length > 0 && { approximate: true }),
  }
}

/**
 * Any folder or file looked at alone (`--path`), however the repository is divided; several are joined, which
 * `a + b` says in one text. Null when nothing to draw is there. Templates count here, so that what they are can be said.
 */
export function environmentOfPath(
  files: readonly ManifestFile[],
  path: string | readonly string[],
): Environment | null {
  const paths = (typeof path === 'string' ? path.split(' + ') : path).map(part => normal(part.trim()))
  const patches = patchFiles(files)
  const members = files.filter(
    file =>
      paths.some(at => at === '.' || file.path === at || file.path.startsWith(`${at}/`)) &&
      (file.role === 'manifests' || file.findings.length > 0) &&
      !(patches.has(file.path) && !paths.includes(file.path)),
  )
  if (members.length === 0) return null
  const id = paths.join(' + ')
  return {
    id,
    kind: 'folder',
    path: paths[0] ?? '.',
    files: members.map(file => file.path).sort(),
    workloads: workloadsIn(members),
  }
}

const normal = (path: string): string =>
  path
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/') || '.'

type Folder = { readonly path: string; readonly files: ManifestFile[]; readonly folders: Map<string, Folder> }
type Kustomization = NonNullable<ManifestFile['kustomization']>
/** Kustomizations by their folder. */
type Kustomizations = ReadonlyMap<string, Kustomization>
/** Files that belong together. */
type Group = { readonly path: string; readonly files: ManifestFile[] }

const isEdgeFile = (file: ManifestFile): boolean => file.path.startsWith('.pilothouse/')

/** Without charts' templates, kustomizations and patches; with the files that could not be read. */
function plainFiles(files: readonly ManifestFile[]): ManifestFile[] {
  const charts = files.filter(file => file.role === 'chart').map(file => folderOf(file.path))
  const patches = patchFiles(files)
  const inChart = partOfChart(charts)
  return files.filter(
    file => (file.role === 'manifests' || file.findings.length > 0) && !patches.has(file.path) && !inChart(file.path),
  )
}

const patchFiles = (files: readonly ManifestFile[]): ReadonlySet<string> =>
  new Set(files.flatMap(file => file.kustomization?.patches ?? []))

const folderOf = (path: string): string => {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash)
}

function folderTree(files: readonly ManifestFile[]): Folder {
  const root: Folder = { path: '.', files: [], folders: new Map() }
  for (const file of files) {
    let at = root
    for (const part of file.path.split('/').slice(0, -1)) {
      let next = at.folders.get(part)
      if (!next) {
        next = { path: at.path === '.' ? part : `${at.path}/${part}`, files: [], folders: new Map() }
        at.folders.set(part, next)
      }
      at = next
    }
    at.files.push(file)
  }
  return root
}

function solve(folder: Folder, kustomizations: Kustomizations): Group[] {
  const units: Group[] = []
  const apart: Group[] = []
  let divided = 0
  for (const child of folder.folders.values()) {
    const groups = solve(child, kustomizations)
    const own = kustomizations.get(child.path)
    // What a kustomization builds stands for itself, unless the one above takes it in. A component is only a part.
    if (own && !kustomizations.get(folder.path)?.includes.includes(child.path)) {
      if (!own.component) apart.push(...groups)
    } else if (groups.length === 1) units.push(groups[0]!)
    else if (groups.length > 1) {
      divided += 1
      apart.push(...groups)
    }
  }
  for (const file of folder.files) units.push({ path: file.path, files: [file] })
  // Something below declares the same as its neighbours: there is more than one version of this here.
  if (apart.some(group => !agree([...units, group]) && agree(units))) divided += 1
  const joined = join(units, divided, folder.path)
  return attachQualifiers([...joined, ...apart], folder.path)
}

/** One group where nothing conflicts, or little does; else every unit by itself. */
function join(units: readonly Group[], divided: number, path: string): Group[] {
  if (units.length === 0) return []
  if (units.length === 1 && divided === 0) {
    const [only] = units
    // A lone file is known by its folder.
    return [only!.path === only!.files[0]?.path ? { path: folderOf(only!.path), files: only!.files } : only!]
  }
  // The largest first: what it declares is the rule, and what repeats it is the exception.
  const bySize = [...units].sort((a, b) => workloadsIn(b.files) - workloadsIn(a.files) || compare(a.path, b.path))
  const kept: Group[] = []
  const conflicting: Group[] = []
  const seen = new Declared()
  for (const unit of bySize) {
    if (seen.conflictsWith(unit)) conflicting.push(unit)
    else {
      seen.add(unit)
      kept.push(unit)
    }
  }
  const exceptions = workloadsIn(conflicting.flatMap(unit => unit.files))
  const all = workloadsIn(units.flatMap(unit => unit.files))
  const few = divided === 0 && conflicting.length * 4 <= units.length && exceptions * 4 <= all
  if (conflicting.length + divided === 0 || few)
    return [{ path, files: kept.flatMap(unit => unit.files) }, ...conflicting]
  // Files that lie in the folder itself and agree with each other stay together.
  const loose = units.filter(unit => unit.files.length === 1 && folderOf(unit.files[0]!.path) === path)
  const folders = units.filter(unit => !loose.includes(unit))
  if (loose.length < 2 || folders.length === 0 || !agree(loose)) return [...units]
  return [...folders, { path, files: loose.flatMap(unit => unit.files) }]
}

function agree(units: readonly Group[]): boolean {
  const seen = new Declared()
  return units.every(unit => {
    const fine = !seen.conflictsWith(unit)
    seen.add(unit)
    return fine
  })
}

/** Kinds that many folders repeat without meaning a second thing by it. */
const repeatable = new Set(['Namespace', 'ServiceAccount'])
/** Kinds that stand beside each of their users, word for word the same, and are still one object. */
const shareable = /^(ConfigMap|Secret|(Cluster)?Role(Binding)?|CustomResourceDefinition|PriorityClass|StorageClass)$/

/** What a set of groups declares so far. */
class Declared {
  readonly #objects = new Map<string, string>()
  readonly #workloads: Set<string>[] = []

  conflictsWith(group: Group): boolean {
    for (const manifest of group.files.flatMap(file => file.manifests)) {
      if (repeatable.has(manifest.kind)) continue
      const known = this.#objects.get(identityOf(manifest))
      if (known !== undefined && known !== textOf(manifest)) return true
      if (known === '') return true
    }
    const names = workloadNames(group)
    return names.size > 1 && this.#workloads.some(other => isVariant(names, other))
  }

  add(group: Group): void {
    for (const manifest of group.files.flatMap(file => file.manifests)) {
      const key = identityOf(manifest)
      if (!repeatable.has(manifest.kind) && !this.#objects.has(key)) this.#objects.set(key, textOf(manifest))
    }
    this.#workloads.push(workloadNames(group))
  }
}

/** To compare what may be repeated; empty for what may not. */
function textOf(manifest: Manifest): string {
  if (!shareable.test(manifest.kind)) return ''
  const text = texts.get(manifest) ?? JSON.stringify(manifest.value)
  texts.set(manifest, text)
  return text
}
/** Definitions are long, and compared with everything around them. */
const texts = new WeakMap<Manifest, string>()

const workloadNames = (group: Group): Set<string> =>
  new Set(
    group.files.flatMap(file => file.manifests.filter(isWorkload).map(manifest => `${manifest.kind}/${manifest.name}`)),
  )

/** At least two workloads, and half of the smaller set, have the same kind and name. */
function isVariant(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const smaller = Math.min(a.size, b.size)
  if (smaller < 2) return false
  let shared = 0
  for (const name of a) if (b.has(name)) shared += 1
  return shared >= 2 && shared * 2 >= smaller
}

const qualifiers = new Set([
  'NetworkPolicy',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'DestinationRule',
  'VerticalPodAutoscaler',
  'ServiceMonitor',
  'PodMonitor',
])

/** Gives a folder of nothing but policies to each group beside it whose Pods it names. */
function attachQualifiers(groups: readonly Group[], path: string): Group[] {
  if (groups.length < 2) return [...groups]
  const isQualifier = (group: Group): boolean => {
    const manifests = group.files.flatMap(file => file.manifests)
    return (
      manifests.some(manifest => qualifiers.has(manifest.kind)) &&
      manifests.every(manifest => qualifiers.has(manifest.kind) || repeatable.has(manifest.kind))
    )
  }
  const about = groups.filter(group => isQualifier(group) && folderOf(group.path) === path)
  if (about.length === 0) return [...groups]
  const others = groups.filter(group => !about.includes(group))
  const attached = others.map(group => {
    const pods = new Set(
      group.files.flatMap(file =>
        file.manifests.flatMap(manifest => {
          const template = podTemplatePath(manifest)
          if (!template) return []
          return Object.entries(textsAt(manifest.value, ...template, 'metadata', 'labels')).map(pairOf)
        }),
      ),
    )
    const names = new Set(group.files.flatMap(file => file.manifests.filter(isWorkload).map(workload => workload.name)))
    const more = about.filter(unit => {
      const selected = unit.files.flatMap(file => file.manifests.flatMap(namedBy))
      const known = selected.filter(name => pods.has(name) || names.has(name))
      return selected.length > 0 && known.length * 2 >= selected.length
    })
    return more.length === 0
      ? group
      : { path: group.path, files: [...group.files, ...more.flatMap(unit => unit.files)] }
  })
  const used = attached.some((group, index) => group !== others[index])
  return used ? attached : [...groups]
}

const pairOf = ([key, value]: readonly [string, string]): string => `${key}=${value}`

/** Label pairs a policy selects, or the workload an autoscaler scales. */
function namedBy(manifest: Manifest): string[] {
  const spec = objectAt(manifest.value, 'spec')
  const target = objectAt(spec, 'scaleTargetRef')['name']
  if (typeof target === 'string') return [target]
  const selectors = [objectAt(spec, 'podSelector'), objectAt(spec, 'selector')]
  for (const rule of listAt(spec, 'ingress'))
    for (const peer of listAt(rule, 'from')) selectors.push(objectAt(peer, 'podSelector'))
  return selectors.flatMap(selector => Object.entries(textsAt(selector, 'matchLabels')).map(pairOf))
}

/** Something a graph can show: what runs, what routes, what answers to a name. */
const draws = (group: Group): boolean => group.files.some(file => file.manifests.some(isDrawn))
const isDrawn = (manifest: Manifest): boolean =>
  isWorkload(manifest) || isRouteOwner(manifest) || manifest.group === 'pilothouse.dev'
const isRouteOwner = (manifest: Manifest): boolean =>
  manifest.kind === 'Ingress' || (manifest.kind === 'Gateway' && manifest.group !== '')

const workloadsIn = (files: readonly ManifestFile[]): number => {
  let count = 0
  for (const file of files) for (const manifest of file.manifests) if (isWorkload(manifest)) count += 1
  return count
}

const toEnvironment = (group: Group, edge: readonly string[]): Environment => ({
  id: group.path,
  kind: 'folder',
  path: group.path,
  files: [...group.files.map(file => file.path), ...edge].sort(),
  workloads: workloadsIn(group.files),
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
