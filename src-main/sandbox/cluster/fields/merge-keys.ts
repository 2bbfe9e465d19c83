/**
 * How lists and maps of Kubernetes' own kinds are merged, as its OpenAPI says with `x-kubernetes-list-type`,
 * `x-kubernetes-list-map-keys`, `x-kubernetes-map-type` and `x-kubernetes-patch-merge-key`.
 */
export type Shape =
  | { readonly kind: 'map' }
  | { readonly kind: 'set' }
  | { readonly kind: 'atomic' }
  /** Items are told apart by these members; `strategic` is the one key that a strategic merge patch goes by. */
  | { readonly kind: 'keyed'; readonly keys: readonly string[]; readonly strategic: string }

const map: Shape = { kind: 'map' }
const set: Shape = { kind: 'set' }
const atomic: Shape = { kind: 'atomic' }
const keyed = (...keys: string[]): Shape => ({ kind: 'keyed', keys, strategic: keys[0]! })

const lists: { readonly [field: string]: Shape } = {
  containers: keyed('name'),
  initContainers: keyed('name'),
  ephemeralContainers: keyed('name'),
  env: keyed('name'),
  volumes: keyed('name'),
  volumeMounts: keyed('mountPath'),
  volumeDevices: keyed('devicePath'),
  imagePullSecrets: keyed('name'),
  hostAliases: keyed('ip'),
  topologySpreadConstraints: keyed('topologyKey', 'whenUnsatisfiable'),
  conditions: keyed('type'),
  ownerReferences: keyed('uid'),
  resourceClaims: keyed('name'),
  finalizers: set,
}

/** Objects that are taken or left as a whole. */
const atomicMaps = new Set([
  'selector',
  'labelSelector',
  'podSelector',
  'namespaceSelector',
  'nodeSelector',
  'secretKeyRef',
  'configMapKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'fieldsV1',
])

/** The shape of what stands at a path of field names (list items add nothing to the path). */
export function shapeAt(path: readonly string[], isList: boolean): Shape {
  const field = path.at(-1)
  const parent = path.at(-2)
  if (field === undefined) return map
  // Under labels, annotations and data a key is only a key.
  if (parent === 'labels' || parent === 'annotations' || parent === 'data' || parent === 'matchLabels') return atomic
  if (!isList) return atomicMaps.has(field) ? atomic : map
  if (field === 'ports' && /^(containers|initContainers|ephemeralContainers)$/.test(parent ?? ''))
    return keyed('containerPort', 'protocol')
  if (field === 'ports' && path.length === 2 && parent === 'spec') return keyed('port', 'protocol')
  if (field === 'secrets' && path.length === 1) return keyed('name')
  return Object.hasOwn(lists, field) ? lists[field]! : atomic
}

/** A key that a person may leave out, because the server fills it in. */
export const keyDefaults: { readonly [key: string]: string } = { protocol: 'TCP' }
