import { assessHealth } from '../../../shared/health/assess-health.ts'
import type { HealthStatus, LiveObject } from '../../../shared/health/health.ts'
import { type JsonObject, textAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'
import { setAt } from './fields/json.ts'
import type { Kind } from './kinds.ts'
import type { ClusterState } from './state.ts'

export type Owned = { readonly kind: Kind; readonly object: LiveObject }

/** What the simulated engines do to the cluster: find, apply, and look through what they made. */
export type Applying = {
  kindOf(manifest: JsonObject): Kind | undefined
  find(kind: Kind, manifest: JsonObject): LiveObject | undefined
  /** Server-side apply, with force. Throws `ApiError`; a dry run that is refused gives the manifest back. */
  write(kind: Kind, manifest: JsonObject, dryRun: boolean): LiveObject
  /** Everything live that an engine made, by its mark. */
  owned(isOwned: (object: LiveObject) => boolean): readonly Owned[]
}

export function applyingTo(state: ClusterState, manager: string): Applying {
  const placeOf = (manifest: JsonObject) => ({
    namespace: textAt(manifest, 'metadata', 'namespace') ?? '',
    name: textAt(manifest, 'metadata', 'name') ?? '',
  })
  return {
    kindOf(manifest) {
      const version = textAt(manifest, 'apiVersion') ?? ''
      const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : ''
      return state.findKind(group, textAt(manifest, 'kind') ?? '')
    },
    find(kind, manifest) {
      const { namespace, name } = placeOf(manifest)
      return state.store.get(kind, namespace, name)
    },
    write(kind, manifest, dryRun) {
      try {
        return state.writer.patch(kind, placeOf(manifest), 'apply', manifest, { manager, force: true, dryRun })
      } catch (error) {
        if (dryRun && error instanceof ApiError) return manifest
        throw error
      }
    },
    owned: isOwned =>
      state.kinds().flatMap(kind =>
        kind.verbs.includes('list')
          ? state.store
              .list(kind)
              .filter(object => isOwned(object) && textAt(object, 'metadata', 'deletionTimestamp') === undefined)
              .map(object => ({ kind, object }))
          : [],
      ),
  }
}

const order = [
  'Namespace',
  'CustomResourceDefinition',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Service',
]
const rank = (manifest: JsonObject): number => {
  const at = order.indexOf(textAt(manifest, 'kind') ?? '')
  return at < 0 ? order.length : at
}
export const inOrder = (manifests: readonly JsonObject[]): readonly JsonObject[] =>
  [...manifests].sort((a, b) => rank(a) - rank(b))

/** A manifest in its namespace: its own, or the usual one of its engine. */
export function located(manifest: JsonObject, kind: Kind | undefined, usual: string): JsonObject {
  if (kind?.namespaced === false) return manifest
  return setAt(manifest, ['metadata', 'namespace'], textAt(manifest, 'metadata', 'namespace') ?? usual)
}

export const isSame = (manifest: JsonObject, { kind, object }: Owned): boolean =>
  textAt(manifest, 'kind') === kind.kind &&
  textAt(manifest, 'metadata', 'name') === textAt(object, 'metadata', 'name') &&
  (textAt(manifest, 'metadata', 'namespace') ?? '') === (textAt(object, 'metadata', 'namespace') ?? '')

const judged =
  /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|Pod|Service|Ingress|HorizontalPodAutoscaler|PersistentVolumeClaim|Rollout|Canary)$/

/** How a live object does, where its kind tells. */
export function healthOf(object: LiveObject): { readonly status: HealthStatus; readonly message?: string } | undefined {
  if (!judged.test(textAt(object, 'kind') ?? '')) return undefined
  const { health, message } = assessHealth(object)
  return { status: health, ...(message !== '' && { message }) }
}
