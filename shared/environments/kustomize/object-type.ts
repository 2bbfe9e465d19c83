import { isNull, type Tree } from './tree.ts'

/** Group, version and kind; an empty one, or none, means any where it selects. */
export type ObjectType = { readonly group?: string; readonly version?: string; readonly kind?: string }

export function typeOf(root: Tree | null): { group: string; version: string; kind: string } {
  const apiVersion = fieldOf(root, 'apiVersion')
  const slash = apiVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: slash < 0 ? apiVersion : apiVersion.slice(slash + 1),
    kind: fieldOf(root, 'kind'),
  }
}

function fieldOf(root: Tree | null, field: string): string {
  const found = root?.type === 'map' ? root.entries.get(field) : undefined
  return found?.type === 'scalar' && !isNull(found) ? found.text : ''
}

/** True where every part that the selector says is the same. */
export const isSelectedType = (type: ObjectType, selector: ObjectType): boolean =>
  (!selector.group || selector.group === type.group) &&
  (!selector.version || selector.version === type.version) &&
  (!selector.kind || selector.kind === type.kind)

const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
]
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

/** Kinds by when they come: negative ones before all that are not named, positive ones after. */
export type Ranks = ReadonlyMap<string, number>

export function rankOf(before: readonly string[], after: readonly string[]): Ranks {
  const ranks = new Map<string, number>()
  for (const [index, kind] of before.entries()) ranks.set(kind, index - before.length)
  for (const [index, kind] of after.entries()) ranks.set(kind, index + 1)
  return ranks
}
export const defaultRanks: Ranks = rankOf(first, last)

/** By what others need first, then by name; a type that says less comes after one that says more. */
export function compareTypes(a: ObjectType, b: ObjectType, ranks: Ranks = defaultRanks): number {
  const byRank = (ranks.get(a.kind ?? '') ?? 0) - (ranks.get(b.kind ?? '') ?? 0)
  if (byRank !== 0) return byRank
  const [one, other] = [sortText(a), sortText(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

const sortText = ({ group, version, kind }: ObjectType): string => `${group || '~G'}_${version || '~V'}_${kind || '~K'}`
