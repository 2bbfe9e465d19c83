import { isDerivedKind, isOwned, setLabel } from '../../../shared/delivery/owned-set.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'
import { nameOf, problemOf } from './read-live.ts'

export type OwnedObject = { readonly kind: ObjectKind; readonly object: LiveObject }

/**
 * Everything in a cluster that carries a set's label, whatever its kind. Kinds that may not be listed across the cluster
 * are listed in the namespaces given.
 */
export async function ownedObjects(
  cluster: Cluster,
  set: string,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly OwnedObject[]> {
  const labelSelector = `${setLabel}=${set}`
  const kinds = (await cluster.kinds(signal)).filter(
    kind => kind.verbs.includes('list') && kind.verbs.includes('delete') && !isDerivedKind(kind),
  )
  const list = async (kind: ObjectKind, namespace?: string): Promise<readonly LiveObject[] | null> => {
    try {
      const scope = { kind: nameOf(kind), labelSelector, ...(namespace !== undefined && { namespace }) }
      return await cluster.list(scope, signal)
    } catch (error) {
      problemOf(error)
      return null
    }
  }
  const found = await Promise.all(
    kinds.map(async kind => {
      const all = await list(kind)
      if (all || !kind.namespaced) return (all ?? []).map(object => ({ kind, object }))
      const each = await Promise.all(namespaces.map(namespace => list(kind, namespace)))
      return each.flatMap(objects => (objects ?? []).map(object => ({ kind, object })))
    }),
  )
  return found.flat().filter(({ object }) => isOwned(object, set))
}
