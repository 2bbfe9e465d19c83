import { compareTypes, defaultRanks, type Ranks, rankOf } from './object-type.ts'
import { currentId, type Resource, type ResourceId } from './resource.ts'
import { itemsIn, type Tree, textIn, treeAt } from './tree.ts'

/** In the order `kubectl kustomize` prints them: as `sortOptions` says, else what others need first. */
export function sortResources(resources: readonly Resource[], options: Tree | undefined): Resource[] {
  if (textIn(options, 'order') === 'fifo') return [...resources]
  const legacy = treeAt(options, ['legacySortOptions'])
  const listed = (field: string): string[] => itemsIn(legacy, field).map(item => textIn(item) ?? '')
  const ranks = legacy ? rankOf(listed('orderFirst'), listed('orderLast')) : defaultRanks
  return resources
    .map(resource => ({ resource, id: currentId(resource) }))
    .sort((a, b) => compare(a.id, b.id, ranks))
    .map(({ resource }) => resource)
}

function compare(a: ResourceId, b: ResourceId, ranks: Ranks): number {
  if (a.group === b.group && a.version === b.version && a.kind === b.kind) return order(idText(a), idText(b))
  return compareTypes(a, b, ranks)
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const idText = ({ namespace, name }: ResourceId): string => `${namespace || '~X'}|${name || '~N'}`
