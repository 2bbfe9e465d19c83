import { currentId, type Resource, type ResourceId } from './resource.ts'
import { itemsIn, type Tree, textIn, treeAt } from './tree.ts'

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

/** In the order `kubectl kustomize` prints them: as `sortOptions` says, else what others need first. */
export function sortResources(resources: readonly Resource[], options: Tree | undefined): Resource[] {
  if (textIn(options, 'order') === 'fifo') return [...resources]
  const legacy = treeAt(options, ['legacySortOptions'])
  const listed = (field: string): string[] => itemsIn(legacy, field).map(item => textIn(item) ?? '')
  const ranks = rankOf(legacy ? listed('orderFirst') : first, legacy ? listed('orderLast') : last)
  return resources
    .map(resource => ({ resource, id: currentId(resource) }))
    .sort((a, b) => compare(a.id, b.id, ranks))
    .map(({ resource }) => resource)
}

function rankOf(before: readonly string[], after: readonly string[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>()
  for (const [index, kind] of before.entries()) ranks.set(kind, index - before.length)
  for (const [index, kind] of after.entries()) ranks.set(kind, index + 1)
  return ranks
}

function compare(a: ResourceId, b: ResourceId, ranks: ReadonlyMap<string, number>): number {
  if (a.group !== b.group || a.version !== b.version || a.kind !== b.kind) {
    const byRank = (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0)
    return byRank === 0 ? order(typeText(a), typeText(b)) : byRank
  }
  return order(idText(a), idText(b))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const typeText = ({ group, version, kind }: ResourceId): string => `${group || '~G'}_${version || '~V'}_${kind || '~K'}`
const idText = ({ namespace, name }: ResourceId): string => `${namespace || '~X'}|${name || '~N'}`
