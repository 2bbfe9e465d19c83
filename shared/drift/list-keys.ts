import { isObject, type Json, type JsonObject } from '../manifests/manifest.ts'

/**
 * What tells the items of a list apart, as the API's own merge keys do (`x-kubernetes-list-map-keys`, patchMergeKey of
 * core/v1, apps/v1, networking, gateway.networking.k8s.io).
 */
const keysOfLists: { readonly [list: string]: readonly (readonly string[])[] } = {
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  conditions: [['type']],
  items: [['key']],
  backendRefs: [['name', 'port'], ['name']],
  parentRefs: [['name', 'namespace', 'sectionName'], ['name']],
  subjects: [['kind', 'namespace', 'name']],
}
/** Lists whose order says nothing. */
const unordered = new Set(['policyTypes', 'accessModes', 'finalizers', 'ipFamilies', 'hostnames'])

export const isUnordered = (list: string): boolean => unordered.has(list)

/** Fields that tell every item of both lists apart; null where nothing does, and order has to. */
export function keysOfItems(list: string, left: readonly Json[], right: readonly Json[]): readonly string[] | null {
  const named: readonly (readonly string[])[] = [...(keysOfLists[list] ?? []), ['name']]
  return named.find(keys => isUnique(left, keys) && isUnique(right, keys)) ?? null
}

function isUnique(items: readonly Json[], keys: readonly string[]): boolean {
  const seen = new Set<string>()
  for (const item of items) {
    if (!isObject(item) || item[keys[0]!] === undefined) return false
    const key = itemKey(item, keys)
    if (seen.has(key)) return false
    seen.add(key)
  }
  return true
}

/** What an item is known by; a protocol nobody named is TCP. */
export const itemKey = (item: JsonObject, keys: readonly string[]): string =>
  keys.map(key => String(item[key] ?? (key === 'protocol' ? 'TCP' : ''))).join(' ')
