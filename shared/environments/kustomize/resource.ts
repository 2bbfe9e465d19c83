import { isClusterScoped } from './merge-keys.ts'
import { isSelectedType, typeOf } from './object-type.ts'
import type { Origin } from './origin.ts'
import { copyTree, emptyMap, isMapping, type Mapping, type Tree, textIn, textScalar, treeAt } from './tree.ts'

/** What an object is called, now or before something renamed it. */
export type ResourceId = {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly name: string
  readonly namespace: string
}

/** What generated or changed an object, and in which file that is said. */
export type Configured = {
  readonly kind: string
  readonly file: string
  /** Of a configuration that stands for itself. */
  readonly name?: string
  readonly namespace?: string
}

/** An object on its way through kustomizations, with what kustomize remembers of it. */
export type Resource = {
  /** Null once a patch has deleted it. */
  root: Mapping | null
  /** What it was called before, the oldest first. */
  readonly before: { readonly kind: string; readonly name: string; readonly namespace: string }[]
  readonly prefixes: string[]
  readonly suffixes: string[]
  /** Gets a hash of its content added to its name. */
  hashed: boolean
  readonly behavior: string
  /** Names of the old-style variables that read from it. */
  readonly variables: string[]
  /** For `originAnnotations`: as kustomize prints it. */
  made: { readonly path: string } | Configured | null
  readonly transformed: Configured[]
}

export const newResource = (root: Mapping, more: Partial<Resource> = {}): Resource => ({
  root,
  before: [],
  prefixes: [],
  suffixes: [],
  hashed: false,
  behavior: '',
  variables: [],
  made: null,
  transformed: [],
  ...more,
})

export const copyResource = (resource: Resource): Resource => ({
  ...resource,
  root: resource.root && copyTree(resource.root),
  before: [...resource.before],
  prefixes: [...resource.prefixes],
  suffixes: [...resource.suffixes],
  variables: [...resource.variables],
  transformed: [...resource.transformed],
})

export const nameIn = (root: Tree | null): string => textIn(root, 'metadata', 'name') ?? ''
export const namespaceIn = (root: Tree | null): string => textIn(root, 'metadata', 'namespace') ?? ''

export const currentId = ({ root }: Resource): ResourceId => ({
  ...typeOf(root),
  name: nameIn(root),
  namespace: namespaceIn(root),
})

export function previousIds(resource: Resource): ResourceId[] {
  const { group, version } = typeOf(resource.root)
  return resource.before.map(({ kind, name, namespace }) => ({ group, version, kind, name, namespace }))
}
export const originalId = (resource: Resource): ResourceId => previousIds(resource)[0] ?? currentId(resource)
/** The oldest first, what it is called now last. */
export const anyIds = (resource: Resource): ResourceId[] => [...previousIds(resource), currentId(resource)]

export function rememberId(resource: Resource): void {
  const id = currentId(resource)
  resource.before.push({ kind: id.kind, name: id.name, namespace: effectiveNamespace(id) })
}

export const isClusterScopedId = (id: ResourceId): boolean =>
  isClusterScoped(id.group ? `${id.group}/${id.version}` : id.version, id.kind)

/** `default` for none; of its own for what lives outside of namespaces. */
export function effectiveNamespace(id: ResourceId): string {
  if (isClusterScopedId(id)) return '_non_namespaceable_'
  return id.namespace === '' ? 'default' : id.namespace
}

export const sameNamespace = (a: ResourceId, b: ResourceId): boolean => effectiveNamespace(a) === effectiveNamespace(b)
export const sameType = (a: ResourceId, b: ResourceId): boolean =>
  a.group === b.group && a.version === b.version && a.kind === b.kind
export const sameId = (a: ResourceId, b: ResourceId): boolean =>
  a.name === b.name && sameType(a, b) && sameNamespace(a, b)
/** The same text for the same object. */
export const idKey = (id: ResourceId): string =>
  `${id.group} ${id.version} ${id.kind} ${effectiveNamespace(id)} ${id.name}`
/** True where every part that the selector says is the same. */
export const isSelectedId = (id: ResourceId, selector: ResourceId): boolean =>
  (selector.name === '' || selector.name === id.name) &&
  (selector.namespace === '' || sameNamespace(selector, id)) &&
  isSelectedType(id, selector)

/** `Deployment cart` or `Deployment shop/cart`, for messages. */
export const spokenId = ({ kind, namespace, name }: ResourceId): string =>
  `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`

/** The map at `metadata.<field>`, made where it is missing. */
export function metadataMap(root: Mapping, field: string, origin: Origin): Mapping {
  let metadata = root.entries.get('metadata')
  if (!isMapping(metadata)) {
    metadata = emptyMap(origin)
    root.entries.set('metadata', metadata)
  }
  if (field === '') return metadata
  let map = metadata.entries.get(field)
  if (!isMapping(map)) {
    map = emptyMap(origin)
    metadata.entries.set(field, map)
  }
  return map
}

export function setMetadata(root: Mapping, field: 'name' | 'namespace', text: string, origin: Origin): void {
  metadataMap(root, '', origin).entries.set(field, textScalar(text, origin))
}

const textsOf = (tree: Tree | undefined): ReadonlyMap<string, string> =>
  new Map(
    isMapping(tree)
      ? [...tree.entries].flatMap(([key, value]) => (value.type === 'scalar' ? [[key, value.text] as const] : []))
      : [],
  )
export const labelsOf = (root: Tree | null): ReadonlyMap<string, string> =>
  textsOf(treeAt(root, ['metadata', 'labels']))
export const annotationsOf = (root: Tree | null): ReadonlyMap<string, string> =>
  textsOf(treeAt(root, ['metadata', 'annotations']))
