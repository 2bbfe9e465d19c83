import { buildApplication } from './argo-cd/build-application.ts'
import { expandApplicationSet } from './argo-cd/expand-application-set.ts'
import { nameApplication } from './argo-cd/name-application.ts'
import { environmentInPath } from './environment-word.ts'
import { buildHelmRelease } from './flux/build-helm-release.ts'
import { buildFluxKustomization } from './flux/build-kustomization.ts'
import type { Named } from './flux/find-source.ts'
import type { KustomizeReader } from './kustomize/kustomization-files.ts'
import { typeOf } from './kustomize/object-type.ts'
import { folderOfPath, joinPath } from './kustomize/paths.ts'
import { nameIn, namespaceIn } from './kustomize/resource.ts'
import { itemsIn, type Mapping, textIn, treeAt } from './kustomize/tree.ts'
import { namedIn } from './named-objects.ts'
import { type BuiltObject, joinParts, noPart, type Part, writtenObject } from './part.ts'

/** What a GitOps tool deploys to one place, as people call it. */
export type Deployment = {
  readonly kind: 'argo-cd' | 'flux'
  readonly id: string
  readonly name: string
  readonly cluster?: string
  readonly namespace?: string
  /** The folder it is said in, or the folders that it deploys lie in. */
  readonly path: string
  /** Names of the Applications, Kustomizations and HelmReleases it is made of. */
  readonly members: readonly string[]
  readonly part: Part
}

/**
 * Deployments that Argo CD and Flux objects describe. Applications of one environment are one deployment, also those
 * that others make (app of apps, ApplicationSets); so is everything that a cluster's Flux Kustomizations lead to.
 * `written` are the objects of the files, `built` those that kustomizations make of them, which count instead.
 */
export function findDeployments(
  reader: KustomizeReader,
  written: readonly Mapping[],
  built: readonly BuiltObject[],
): readonly Deployment[] {
  const replaced = new Set(built.map(object => keyOf(object.tree)))
  const seeds = [...built, ...written.filter(tree => !replaced.has(keyOf(tree))).map(writtenObject)]
  return [...argoDeployments(reader, seeds), ...fluxDeployments(reader, seeds, written)]
}

export type DeploymentKind = 'Application' | 'ApplicationSet' | 'Kustomization' | 'HelmRelease'

/** The kind of an object by which something is deployed. */
export function deploymentKind(tree: Mapping): DeploymentKind | null {
  const { group, kind } = typeOf(tree)
  if (group === 'argoproj.io') return kind === 'Application' || kind === 'ApplicationSet' ? kind : null
  if (group === 'kustomize.toolkit.fluxcd.io') return kind === 'Kustomization' ? kind : null
  return group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease' ? kind : null
}

/** The file of what nothing else applies belongs to what it starts. */
const startedIn = ({ tree }: BuiltObject): Part => ({ ...noPart, own: [tree.origin.source.file] })

/** The same for one object, whoever has changed it since it was written. */
const keyOf = (tree: Mapping): string =>
  `${tree.origin.source.file}:${tree.origin.at}:${textIn(tree, 'kind') ?? ''}/${nameIn(tree)}`

type Application = { readonly object: BuiltObject; readonly part: Part; readonly environment: string | undefined }

function argoDeployments(reader: KustomizeReader, seeds: readonly BuiltObject[]): Deployment[] {
  const made = new Set<string>()
  const findings = new Map<string, Part>()
  const walk = (
    object: BuiltObject,
    parent: string | undefined,
    home: string | null,
    chain: ReadonlySet<string>,
  ): Application[] => {
    const key = keyOf(object.tree)
    if (chain.has(key)) return []
    const below = new Set([...chain, key])
    if (deploymentKind(object.tree) === 'ApplicationSet') {
      const set = expandApplicationSet(reader, object)
      const file = object.tree.origin.source.file
      if (set.findings.length > 0) findings.set(key, { ...noPart, findings: set.findings, files: [file], own: [file] })
      return set.applications.flatMap(application =>
        walk(application, parent, home, chain.size === 0 ? new Set() : below),
      )
    }
    const part = reader.parts.part(`applications ${home}`, object.tree, () => buildApplication(reader, object, home))
    const environment = nameApplication(object.tree) ?? parent
    const inner = part.objects.filter(({ tree }) =>
      ['Application', 'ApplicationSet'].includes(deploymentKind(tree) ?? ''),
    )
    for (const { tree } of inner) made.add(keyOf(tree))
    const started = parent === undefined && chain.size === 0 ? joinParts([part, startedIn(object)]) : part
    return [
      { object, part: started, environment },
      ...inner.flatMap(child => walk(child, environment, repositoryOf(object.tree) ?? home, below)),
    ]
  }
  const walked = seeds
    .filter(({ tree }) => ['Application', 'ApplicationSet'].includes(deploymentKind(tree) ?? ''))
    .map(seed => ({ key: keyOf(seed.tree), applications: walk(seed, undefined, null, new Set()) }))
  const applications = distinctBy(
    walked.filter(({ key }) => !made.has(key)).flatMap(one => one.applications),
    ({ object }) => `${namespaceIn(object.tree)}/${nameIn(object.tree)}`,
  )
  const about = joinParts([...findings.values()])
  const groups = [...Map.groupBy(applications, one => (one.environment ?? '').toLowerCase()).values()]
    .flatMap(group => apart(group, one => clusterOf(one.object.tree) ?? ''))
    .flatMap(group => apart(group, one => nameIn(one.object.tree)))
  return named(
    'argo-cd',
    groups.map(group => {
      const cluster = only(group.map(one => clusterOf(one.object.tree)))
      const alone = group.length === 1 ? nameIn(group[0]!.object.tree) : undefined
      const shared = only(group.map(one => one.environment))
      return {
        names: [shared, shared && cluster ? `${shared}-${cluster}` : cluster, alone ?? 'applications'],
        ...(cluster !== undefined && { cluster }),
        namespace: only(group.map(one => textIn(one.object.tree, 'spec', 'destination', 'namespace'))),
        path: commonFolder(group.flatMap(one => pathsOf(one.object.tree))),
        members: group.map(one => nameIn(one.object.tree)),
        part: joinParts([...group.map(one => one.part), about]),
      }
    }),
  )
}

/** Two files that make an Application of one name are samples of each other: the first one counts. */
const distinctBy = <T>(items: readonly T[], by: (item: T) => string): readonly T[] =>
  [...new Map(items.toReversed().map(item => [by(item), item])).values()].reverse()

/** The address of the one repository an Application takes its objects from: it is this one, as they are here. */
function repositoryOf(tree: Mapping): string | undefined {
  const sources = [treeAt(tree, ['spec', 'source']), ...itemsIn(tree, 'spec', 'sources')]
  return only(sources.flatMap(source => textIn(source, 'repoURL') ?? []))
}

/** Cluster of an Application, where it says another one than that Argo CD runs in. */
function clusterOf(tree: Mapping): string | undefined {
  const destination = treeAt(tree, ['spec', 'destination'])
  const name = textIn(destination, 'name')
  if (name !== undefined && name !== '' && name !== 'in-cluster') return name
  const server = textIn(destination, 'server')
    ?.replace(/^https?:\/\//, '')
    .replace(/[:/].*$/, '')
  return server === undefined || server === 'kubernetes.default.svc' || server === '' ? undefined : server
}

type Member = { readonly part: Part }

/** The group, divided by a property where two of it declare the same object. */
function apart<T extends Member>(group: readonly T[], by: (one: T) => string): readonly (readonly T[])[] {
  const seen = new Set<string>()
  for (const { part } of group)
    for (const { tree } of part.objects) {
      const { group: api, kind } = typeOf(tree)
      if (kind === 'Namespace' || deploymentKind(tree)) continue
      const key = `${api}/${kind}/${namespaceIn(tree)}/${nameIn(tree)}`
      if (seen.has(key)) return [...Map.groupBy(group, by).values()]
      seen.add(key)
    }
  return [group]
}

function fluxDeployments(
  reader: KustomizeReader,
  seeds: readonly BuiltObject[],
  written: readonly Mapping[],
): Deployment[] {
  const made = new Set<string>()
  type Built = { readonly members: string[]; readonly part: Part }
  const walk = (seed: BuiltObject): Built => {
    const members: string[] = []
    const done = new Set<string>()
    const parts: Part[] = []
    const find = namedIn([() => parts.flatMap(part => part.objects.map(object => object.tree)), () => written]).find
    const step = `flux of ${keyOf(seed.tree)}`
    const named: Named = { find: reader.parts.watch(step, find) }
    const queue = [seed]
    for (let object = queue.shift(); object; object = queue.shift()) {
      const { tree } = object
      const key = `${deploymentKind(tree)} ${namespaceIn(tree)}/${nameIn(tree)}`
      if (done.has(key)) continue
      done.add(key)
      members.push(nameIn(tree))
      const part =
        deploymentKind(tree) === 'HelmRelease'
          ? reader.parts.part(step, tree, () => buildHelmRelease(reader, object, named))
          : reader.parts.part(step, tree, () => buildFluxKustomization(reader, object, named))
      parts.push(part)
      const inner = part.objects.filter(one => isFlux(one.tree))
      // The one that starts it all applies itself too.
      for (const child of inner) if (keyOf(child.tree) !== keyOf(seed.tree)) made.add(keyOf(child.tree))
      // What releases take values from is applied before they are.
      queue.push(...inner.filter(one => deploymentKind(one.tree) === 'Kustomization'))
      queue.push(...inner.filter(one => deploymentKind(one.tree) === 'HelmRelease'))
    }
    return { members, part: joinParts([...parts, startedIn(seed)]) }
  }
  const walked = seeds
    .filter(({ tree }) => isFlux(tree))
    .map(seed => ({ key: keyOf(seed.tree), tree: seed.tree, ...walk(seed) }))
  const roots = walked.filter(({ key }) => !made.has(key))
  const groups = [...Map.groupBy(roots, root => clusterInPath(root.tree)).values()].flatMap(group =>
    apart(group, root => nameIn(root.tree)),
  )
  return named(
    'flux',
    groups.map(group => {
      const cluster = clusterInPath(group[0]!.tree)
      return {
        names: [cluster, nameIn(group[0]!.tree)],
        ...(isCluster(group[0]!.tree) && { cluster }),
        namespace: undefined,
        path: commonFolder(group.map(one => folderOfPath(one.tree.origin.source.file).replace(/\/flux-system$/, ''))),
        members: [...new Set(group.flatMap(one => one.members))],
        part: joinParts(group.map(one => one.part)),
      }
    }),
  )
}

const isFlux = (tree: Mapping): boolean => ['Kustomization', 'HelmRelease'].includes(deploymentKind(tree) ?? '')
const clusterStep = /(?:^|\/)clusters?\/([^/]+)/
const isCluster = (tree: Mapping): boolean =>
  clusterStep.test(tree.origin.source.file) || clusterStep.test(textIn(tree, 'spec', 'path') ?? '')

/** The cluster a Flux object stands for: `clusters/<name>/…` in its path or file, else the environment these name. */
function clusterInPath(tree: Mapping): string {
  const path = (textIn(tree, 'spec', 'path') ?? '').replace(/^\.\//, '')
  const { file } = tree.origin.source
  const folder = folderOfPath(file).replace(/\/?flux-system$/, '')
  return (
    clusterStep.exec(file)?.[1] ??
    clusterStep.exec(path)?.[1] ??
    environmentInPath(folder) ??
    environmentInPath(path) ??
    folder.split('/').at(-1)!
  )
}

type Unnamed = Omit<Deployment, 'kind' | 'id' | 'name' | 'namespace'> & {
  /** The first one that no other has is taken. */
  readonly names: readonly (string | undefined)[]
  readonly namespace: string | undefined
}

function named(kind: Deployment['kind'], deployments: readonly Unnamed[]): Deployment[] {
  const taken = new Set<string>()
  return deployments.map(({ names, namespace, ...deployment }) => {
    const wishes = names.filter(name => name !== undefined && name !== '')
    let name = wishes.find(wish => !taken.has(wish!)) ?? `${wishes.at(-1) ?? kind}`
    for (let count = 2; taken.has(name); count += 1) name = `${wishes.at(-1)}-${count}`
    taken.add(name)
    const objects = deployment.part.objects.filter(({ tree }) => isShown(tree))
    return {
      ...deployment,
      part: { ...deployment.part, objects },
      kind,
      id: `${kind}/${name}`,
      name,
      ...(namespace !== undefined && { namespace }),
    }
  })
}

/** Objects that deploy others are no part of what they deploy, unless all that is known of that stands in for it. */
const isShown = (tree: Mapping): boolean => {
  const kind = deploymentKind(tree)
  return kind === null || (kind !== 'ApplicationSet' && treeAt(tree, ['spec', 'template', 'spec']) !== undefined)
}

/** The one text that all have; undefined where they differ. */
function only(texts: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(texts)
  return distinct.size === 1 ? texts[0] : undefined
}

/** Folders an Application deploys, from the root. */
function pathsOf(tree: Mapping): readonly string[] {
  const sources = [treeAt(tree, ['spec', 'source']), ...itemsIn(tree, 'spec', 'sources')]
  return sources.flatMap(source => {
    const path = textIn(source, 'path')
    const folder = path === undefined ? null : joinPath('.', path)
    return folder === null ? [] : [folder]
  })
}

function commonFolder(folders: readonly string[]): string {
  const [first = '.', ...others] = folders
  const shared = first.split('/')
  for (const other of others) {
    const steps = other.split('/')
    while (shared.length > 0 && shared.some((step, index) => step !== steps[index])) shared.pop()
  }
  return shared.join('/') || '.'
}
