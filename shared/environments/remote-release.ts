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
import type { BuiltObject } from './part.ts'

export type RemoteChart = {
  readonly chart: string
  readonly version: string | undefined
  readonly values: readonly Tree[]
  /** Where the chart is named. */
  readonly origin: Origin
}

const mostFacts = 200

/**
 * What is known of a release whose chart is somewhere else: that it runs, of which version, and what its values say,
 * each as a variable with its line. Where values name an image and a number of replicas by the usual keys these are it.
 */
export function remoteRelease(owner: BuiltObject, { chart, version, values, origin }: RemoteChart): BuiltObject {
  const { tree } = owner
  const read = { ...origin, how: 'template' as const }
  const map = (entries: readonly (readonly [string, Tree])[]): Mapping => ({
    ...emptyMap(read),
    entries: new Map(entries),
  })
  const list = (items: readonly Tree[]): List => ({ type: 'list', items: [...items], origin: read })
  const scalar = (...path: string[]): Scalar | undefined => {
    const found = values.map(one => treeAt(one, path)).findLast(one => one?.type === 'scalar')
    return found?.type === 'scalar' ? found : undefined
  }
  const repository = scalar('image', 'repository')
  const tag = scalar('image', 'tag')
  const image: Scalar = repository
    ? {
        ...textScalar(tag ? `${repository.text}:${tag.text}` : repository.text, repository.origin),
        parts: [repository, ...(tag ? [tag] : [])].map(part => ({ text: part.text, origin: part.origin })),
      }
    : textScalar(version ? `${chart}:${version}` : chart, read)
  const replicas = scalar('replicaCount') ?? scalar('replicas')
  const facts = values.flatMap(one => factsIn(one, '')).slice(0, mostFacts)
  const container = map([
    ['name', textScalar('chart', read)],
    ['image', image],
    [
      'env',
      list(
        facts.map(([name, value]) =>
          map([
            ['name', textScalar(name, value.origin)],
            ['value', value],
          ]),
        ),
      ),
    ],
  ])
  const name = textIn(tree, 'metadata', 'name') ?? ''
  const label = map([['app.kubernetes.io/instance', textScalar(name, read)]])
  const spec = map([
    ...(replicas && /^\d+$/.test(replicas.text)
      ? [['replicas', plainScalar(replicas.text, replicas.origin)] as const]
      : []),
    [
      'template',
      map([
        ['metadata', map([['labels', label]])],
        ['spec', map([['containers', list([container])]])],
      ]),
    ],
  ])
  const entries = new Map(tree.entries)
  entries.set('spec', spec)
  return { tree: { ...tree, entries }, names: owner.names, sites: owner.sites }
}

/** Texts of values by their path. */
function factsIn(tree: Tree, at: string): [string, Scalar][] {
  if (tree.type === 'scalar')
    return tree.str && tree.text !== '' && !tree.text.includes('\n') ? [[at, { ...tree, str: true }]] : []
  const entries: Iterable<readonly [string, Tree]> =
    tree.type === 'map' ? tree.entries : tree.items.map((item, index) => [String(index), item] as const)
  return [...entries].flatMap(([key, value]) => factsIn(value, at === '' ? key : `${at}.${key}`))
}
