import type { Origin } from './kustomize/origin.ts'
import {
  emptyMap,
  type List,
  type Mapping,
  plainScalar,
  type Scalar,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from './kustomize/tree.ts'
import type { BuiltObject, Site } from './part.ts'
import { mappingIn } from './trees.ts'

export type RemoteChart = {
  readonly chart: string
  readonly version: string | undefined
  readonly values: readonly Tree[]
  /** Where the chart is named. */
  readonly origin: Origin
  /** Where its values can be said. */
  readonly sites?: readonly Site[]
}

const mostFacts = 200
const mostContainers = 20

/**
 * What is known of a release whose chart is somewhere else: that it runs, of which version, and what its values say.
 * No template tells what becomes of a value, so the keys do that nearly all charts have in common: a map that names an
 * `image` is a container, with the `env`, `args`, `command` and `resources` beside it, and `replicas` (or
 * `replicaCount`) beside it or above it is how many there are. Every other text is a variable by its path, with its
 * line.
 */
export function remoteRelease(
  owner: BuiltObject,
  { chart, version, values, origin, sites = [] }: RemoteChart,
): BuiltObject {
  const { tree } = owner
  const read = { ...origin, how: 'template' as const }
  const map = (entries: readonly (readonly [string, Tree])[]): Mapping => ({
    ...emptyMap(read),
    entries: new Map(entries),
  })
  const list = (items: readonly Tree[]): List => ({ type: 'list', items: [...items], origin: read })
  const variable = (name: string, rest: readonly (readonly [string, Tree])[]): Tree =>
    map([['name', textScalar(name, rest[0]?.[1].origin ?? read)], ...rest])

  const all = values.reduce<Tree | null>(over, null)
  const homes = all ? [...homesIn(all, [])].slice(0, mostContainers) : []
  const told = new Set(homes.flatMap(({ path }) => partsOf.map(key => [...path, key].join('.'))))
  const facts = (all ? factsIn(all, '', told) : []).slice(0, mostFacts)
  const names = new Set<string>()
  const containers = homes.map(({ home, path, image }) => {
    let name = textIn(home, 'name') ?? path.findLast(step => !/^\d+$/.test(step)) ?? 'chart'
    while (names.has(name)) name = `${name}-${names.size}`
    names.add(name)
    const lists = (['command', 'args', 'envFrom'] as const).flatMap(key => {
      const found = treeAt(home, [key])
      return found?.type === 'list' ? [[key, found] as const] : []
    })
    const resources = mappingIn(home, 'resources')
    const beside = [...lists, ...(resources ? [['resources', resources] as const] : [])]
    return { name, image, env: variablesIn(home, variable), beside, isFirst: path.includes('initContainers') }
  })
  if (containers.every(({ isFirst }) => isFirst)) {
    const image = textScalar(version ? `${chart}:${version}` : chart, read)
    containers.push({ name: 'chart', image, env: [], beside: [], isFirst: false })
  }
  // What is said of no container in particular is the main one's.
  const main = containers.find(({ isFirst }) => !isFirst)
  const containerOf = (each: (typeof containers)[number]): Mapping =>
    map([
      ['name', textScalar(each.name, read)],
      ['image', each.image],
      [
        'env',
        list([...(each === main ? facts.map(([path, value]) => variable(path, [['value', value]])) : []), ...each.env]),
      ],
      ...each.beside,
    ])
  const containersOf = (isFirst: boolean): List =>
    list(containers.filter(each => each.isFirst === isFirst).map(containerOf))
  const replicas = all
    ? replicasIn(all, homes.find(({ path }) => !path.includes('initContainers'))?.path ?? [])
    : undefined
  const name = textIn(tree, 'metadata', 'name') ?? ''
  const label = map([['app.kubernetes.io/instance', textScalar(name, read)]])
  const podSpec = map([
    ...(containers.some(({ isFirst }) => isFirst) ? [['initContainers', containersOf(true)] as const] : []),
    ['containers', containersOf(false)],
  ])
  const spec = map([
    ...(replicas ? [['replicas', plainScalar(replicas.text, replicas.origin)] as const] : []),
    [
      'template',
      map([
        ['metadata', map([['labels', label]])],
        ['spec', podSpec],
      ]),
    ],
  ])
  const entries = new Map(tree.entries)
  entries.set('spec', spec)
  return { tree: { ...tree, entries }, names: owner.names, sites: [...sites, ...owner.sites] }
}

/** What is read as a part of a container, and so is no variable by its path. */
const partsOf = ['image', 'env', 'envFrom', 'command', 'args', 'resources'] as const

/** Values laid over others, as Helm does it: maps key by key, anything else whole. */
function over(below: Tree | null, above: Tree): Tree {
  if (below?.type !== 'map' || above.type !== 'map') return above
  const entries = new Map(below.entries)
  for (const [key, value] of above.entries) entries.set(key, over(entries.get(key) ?? null, value))
  return { ...above, entries }
}

type Home = { readonly home: Mapping; readonly path: readonly string[]; readonly image: Scalar }

/** The maps of values that name an image: `repository` and `tag` (or `digest`) below `image`, or all of it in a text. */
function* homesIn(tree: Tree, path: readonly string[]): Generator<Home> {
  if (tree.type === 'list')
    for (const [index, item] of tree.items.entries()) yield* homesIn(item, [...path, String(index)])
  if (tree.type !== 'map' || textIn(tree, 'enabled') === 'false') return
  const image = imageIn(tree.entries.get('image'))
  if (image) yield { home: tree, path, image }
  for (const [key, value] of tree.entries) if (key !== 'image') yield* homesIn(value, [...path, key])
}

function imageIn(image: Tree | undefined): Scalar | null {
  if (image?.type === 'scalar') return isReference.test(image.text) ? image : null
  const scalar = (key: string): Scalar | undefined => {
    const found = treeAt(image, [key])
    return found?.type === 'scalar' && found.text !== '' ? found : undefined
  }
  const repository = scalar('repository')
  if (!repository) return null
  const registry = scalar('registry')
  const tag = scalar('tag')
  const digest = scalar('digest') ?? scalar('sha')
  const parts = [registry, repository, tag ?? digest].filter(part => part !== undefined)
  const version = tag ? `:${tag.text}` : digest ? `@${digest.text}` : ''
  return {
    ...textScalar(`${registry ? `${registry.text}/` : ''}${repository.text}${version}`, repository.origin),
    parts: parts.map(part => ({ text: part.text, origin: part.origin })),
  }
}
/** `[registry[:port]/]path` with a tag or a digest: a bare word may be anything. */
const isReference = /^[a-z0-9][\w.:/-]*(:[\w.-]+|@sha256:[0-9a-f]{64})$/

/** `env` of a container as charts write it: a list as Kubernetes has it, or a map of names to texts or sources. */
function variablesIn(
  home: Mapping,
  variable: (name: string, rest: readonly (readonly [string, Tree])[]) => Tree,
): Tree[] {
  const env = treeAt(home, ['env'])
  if (env?.type === 'list') return env.items.filter(item => textIn(item, 'name') !== undefined)
  if (env?.type !== 'map') return []
  return [...env.entries].flatMap(([name, value]) => {
    if (value.type === 'scalar')
      return [variable(name, [['value', { ...value, str: true, origin: { ...value.origin, how: 'value' } }]])]
    return value.type === 'map' ? [variable(name, [...value.entries])] : []
  })
}

/** The number nearest to a container: beside it, or above. */
function replicasIn(all: Tree, path: readonly string[]): Scalar | undefined {
  for (let length = path.length; length >= 0; length--)
    for (const key of ['replicas', 'replicaCount']) {
      const found = treeAt(all, [...path.slice(0, length), key])
      if (found?.type === 'scalar' && /^\d+$/.test(found.text)) return found
    }
  return undefined
}

/** Texts of values by their path, without what was told otherwise. */
function factsIn(tree: Tree, at: string, told: ReadonlySet<string>): [string, Scalar][] {
  if (told.has(at)) return []
  if (tree.type === 'scalar')
    return tree.str && tree.text !== '' && !tree.text.includes('\n') ? [[at, { ...tree, str: true }]] : []
  const entries: Iterable<readonly [string, Tree]> =
    tree.type === 'map' ? tree.entries : tree.items.map((item, index) => [String(index), item] as const)
  return [...entries].flatMap(([key, value]) => factsIn(value, at === '' ? key : `${at}.${key}`, told))
}
