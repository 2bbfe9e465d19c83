import type { LiveObject } from '../../../shared/health/health.ts'
import { type Access, createAccess } from './access.ts'
import { customDefinitions } from './custom-kinds.ts'
import { builtInKinds, type Kind, kindOfDefinition } from './kinds.ts'
import { createStore, type Store } from './store.ts'
import { createWriter, type Writer } from './write-objects.ts'

/** The cluster without its server: objects, kinds, rights, time. */
export type ClusterState = {
  readonly store: Store
  readonly writer: Writer
  readonly access: Access
  now(): number
  kinds(): readonly Kind[]
  /** A served kind by its group and kind; throws when there is none, as callers name what they know to be there. */
  kind(group: string, kind: string): Kind
  findKind(group: string, kind: string): Kind | undefined
  /** The kind behind a path; undefined where nothing is served. */
  findResource(group: string, version: string, resource: string): Kind | undefined
}

/**
 * `customKinds`: whether the delivery tools' definitions (Argo Rollouts, Flagger, Istio, Flux …) are installed;
 * `denied`: what nobody may for now.
 */
export function createState(now: () => number, customKinds: boolean, denied: () => readonly string[]): ClusterState {
  const store = createStore()
  const builtIn = new Map(builtInKinds.map(kind => [`${kind.group}/${kind.kind}`, kind]))
  const need = (group: string, kind: string): Kind => {
    const found = findKind(group, kind)
    if (!found) throw new Error(`The sandbox cluster serves no ${kind} of ${group}`)
    return found
  }
  const definitionKind = builtIn.get('apiextensions.k8s.io/CustomResourceDefinition')!
  let served: ReadonlyMap<string, Kind> = builtIn
  store.subscribe(({ kind }) => {
    if (kind !== definitionKind) return
    const custom = store.list(definitionKind).flatMap(definition => kindOfDefinition(definition) ?? [])
    served = new Map([...builtIn, ...custom.map(each => [`${each.group}/${each.kind}`, each] as const)])
  })
  const findKind = (group: string, kind: string) => served.get(`${group}/${kind}`)

  const namespaces = builtIn.get('/Namespace')!
  const writer = createWriter(store, now, namespaces)
  const rbac = 'rbac.authorization.k8s.io'
  const access = createAccess(
    store,
    {
      Role: need(rbac, 'Role'),
      RoleBinding: need(rbac, 'RoleBinding'),
      ClusterRole: need(rbac, 'ClusterRole'),
      ClusterRoleBinding: need(rbac, 'ClusterRoleBinding'),
    },
    denied,
  )
  const how = { manager: 'sandbox' }
  for (const name of ['default', 'kube-system']) writer.create(namespaces, { metadata: { name } }, how)
  if (customKinds) for (const definition of customDefinitions) writer.create(definitionKind, definition, how)

  return {
    store,
    writer,
    access,
    now,
    kinds: () => [...served.values()],
    kind: need,
    findKind,
    findResource: (group, version, resource) => {
      for (const kind of served.values())
        if (kind.group === group && kind.resource === resource && kind.versions.includes(version)) return kind
      return undefined
    },
  }
}

/** JSON texts of objects, written once for each version of an object. */
const texts = new WeakMap<LiveObject, string>()
export function textOf(object: LiveObject): string {
  let text = texts.get(object)
  if (text === undefined) {
    text = JSON.stringify(object)
    texts.set(object, text)
  }
  return text
}
