import type { FieldSpec } from './field-specs.ts'
import { isSelectedType, typeOf } from './object-type.ts'
import { type How, type Origin, putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import {
  currentId,
  idKey,
  isClusterScopedId,
  metadataMap,
  originalId,
  type Resource,
  rememberId,
  setMetadata,
  spokenId,
} from './resource.ts'
import { isMapping, isNull, itemsIn, type Mapping, type Tree, textIn, textScalar } from './tree.ts'
import { visitField } from './visit-field.ts'

/** Types whose names are what they are about, and are never changed. */
const keepsName = [
  { kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  { kind: 'Namespace' },
]

/** `namePrefix` and `nameSuffix`. */
export function addToNames(
  resources: readonly Resource[],
  part: 'prefix' | 'suffix',
  said: Tree,
  specs: readonly FieldSpec[],
): void {
  const text = textIn(said) ?? ''
  if (text === '') return
  for (const resource of resources) {
    const { root } = resource
    if (!root) continue
    const id = originalId(resource)
    if (keepsName.some(type => isSelectedType(id, type))) continue
    for (const spec of specs) {
      if (!isSelectedType(id, spec)) continue
      if (spec.path === 'metadata/name') {
        resource[part === 'prefix' ? 'prefixes' : 'suffixes'].push(text)
        rememberId(resource)
      }
      visitField(root, spec, (field, replace) => {
        if (field.type !== 'scalar' || isNull(field)) return
        const name = part === 'prefix' ? text + field.text : field.text + text
        replace(textScalar(name, putBy(said.origin, 'name', field.origin)))
      })
    }
  }
}

export type NamespaceOptions = {
  /** Only where no namespace is said yet. */
  readonly unsetOnly?: boolean
  /** Which subjects of role bindings follow: those named `default`, all service accounts, or none. */
  readonly subjects?: 'defaultOnly' | 'allServiceAccounts' | 'none'
}

/** `namespace`: of every object that has one, and of what belongs to it. */
export function setNamespaces(
  resources: readonly Resource[],
  said: Tree,
  specs: readonly FieldSpec[],
  problems: Problems,
  options: NamespaceOptions = {},
): void {
  const text = textIn(said) ?? ''
  if (text === '') return
  const put = (before?: Tree): Tree => textScalar(text, putBy(said.origin, 'namespace', before?.origin))
  const isSet = (tree: Tree | undefined): boolean => tree?.type === 'scalar' && tree.text !== ''
  const set = (map: Mapping, key: string): void => {
    const before = map.entries.get(key)
    if (!(options.unsetOnly && isSet(before))) map.entries.set(key, put(before))
  }
  for (const resource of resources) {
    const { root } = resource
    if (!root) continue
    rememberId(resource)
    if (!isClusterScopedId(currentId(resource))) set(metadataMap(root, '', said.origin), 'namespace')
    const { kind } = typeOf(root)
    const isBinding = kind === 'RoleBinding' || kind === 'ClusterRoleBinding'
    if (isBinding && options.subjects !== 'none')
      for (const subject of itemsIn(root, 'subjects')) {
        if (!isMapping(subject)) continue
        const follows =
          options.subjects === 'allServiceAccounts'
            ? textIn(subject, 'kind') === 'ServiceAccount'
            : textIn(subject, 'name') === 'default'
        if (follows) set(subject, 'namespace')
      }
    for (const spec of specs) {
      if (spec.path === 'metadata/namespace' || (isBinding && spec.path === 'subjects/namespace')) continue
      if (spec.path === 'metadata/name' && textIn(root, 'apiVersion') !== 'v1') continue
      visitField(
        root,
        spec,
        (field, replace) => {
          if (field.type === 'scalar' && !(options.unsetOnly && isSet(field))) replace(put(field))
        },
        { as: 'scalar', origin: said.origin },
      )
    }
  }
  const seen = new Set<string>()
  for (const resource of resources) {
    if (!resource.root) continue
    const id = currentId(resource)
    if (seen.has(idKey(id))) problems.add('duplicate', said.origin, spokenId(id))
    seen.add(idKey(id))
  }
}

/** Gives an object another name; where it came from is told by `origin`. */
export function rename(resource: Resource, name: string, origin: Origin, how: How): void {
  if (!resource.root) return
  rememberId(resource)
  const before = resource.root.entries.get('metadata')
  const old = isMapping(before) ? before.entries.get('name')?.origin : undefined
  setMetadata(resource.root, 'name', name, putBy(origin, how, old))
}
