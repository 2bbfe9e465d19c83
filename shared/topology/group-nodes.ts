import type { Topology, TopologyNode } from './topology.ts'

/**
 * What services can be gathered by: where they run (`namespace`, `site`: the edge node), who owns them, what they are part of
 * (the label `app.kubernetes.io/part-of`), the folder they are declared in, or the circle of calls they are on
 * (`component`: strongly connected).
 */
export const groupings = ['namespace', 'owner', 'system', 'component', 'site', 'folder'] as const
export type Grouping = (typeof groupings)[number]

type Grouped = Pick<TopologyNode, 'id' | 'workload' | 'owner' | 'labels' | 'runsOn' | 'file'>

/**
 * The group of each node by its key; `''` gathers the nodes that nothing is known of, such as external systems. A node
 * that is absent stands for itself: one on no circle, when grouped by circles.
 */
export function groupKeys(
  nodes: readonly Grouped[],
  components: Topology['components'],
  by: Grouping,
): ReadonlyMap<string, string> {
  if (by === 'component') {
    const here = new Set(nodes.map(node => node.id))
    return new Map(
      components.flatMap(({ id, nodes: members }) =>
        members.length > 1 ? members.filter(member => here.has(member)).map(member => [member, id] as const) : [],
      ),
    )
  }
  const key: (node: Grouped) => string | undefined =
    by === 'folder'
      ? folderKey(nodes)
      : by === 'namespace'
        ? node => node.workload?.namespace
        : by === 'owner'
          ? node => node.owner
          : by === 'site'
            ? node => node.runsOn
            : node => node.labels?.['app.kubernetes.io/part-of']
  return new Map(nodes.map(node => [node.id, key(node) ?? '']))
}

/** Folders at the first depth below what all have in common at which they tell the nodes apart. */
function folderKey(nodes: readonly Grouped[]): (node: Grouped) => string | undefined {
  const folders = nodes.flatMap(({ file }) => (file === undefined ? [] : [file.split('/').slice(0, -1)]))
  const first = folders[0] ?? []
  let common = 0
  while (common < first.length && folders.every(folder => folder[common] === first[common])) common++
  const at = (folder: readonly string[], depth: number) => folder.slice(common, common + depth).join('/')
  let depth = 1
  while (depth < 4) {
    const counts = Map.groupBy(folders, folder => at(folder, depth))
    if (counts.size >= 4 && Math.max(...[...counts.values()].map(each => each.length)) <= folders.length * 0.6) break
    depth++
  }
  return ({ file }) => (file === undefined ? undefined : at(file.split('/').slice(0, -1), depth))
}

export type GroupingChoice = { readonly by: Grouping; readonly groups: number; readonly useful: boolean }

/**
 * What a grouping makes of these nodes; null when it says nothing of any. It is useful when it makes an overview: a
 * handful of groups up to a few hundred, none of them nearly everything, few nodes without one.
 */
export function groupingChoice(
  nodes: readonly Grouped[],
  components: Topology['components'],
  by: Grouping,
): GroupingChoice | null {
  const sizes = new Map<string, number>()
  for (const key of groupKeys(nodes, components, by).values()) sizes.set(key, (sizes.get(key) ?? 0) + 1)
  const unknown = sizes.get('') ?? 0
  sizes.delete('')
  if (sizes.size === 0) return null
  const largest = Math.max(...sizes.values())
  const useful =
    by !== 'component' &&
    sizes.size >= 4 &&
    sizes.size <= 400 &&
    largest <= nodes.length * 0.6 &&
    unknown <= nodes.length * 0.4
  return { by, groups: sizes.size, useful }
}

/** The useful grouping whose groups are about as many as each holds: both can be looked over. Null when none is useful. */
export function bestGrouping(choices: readonly GroupingChoice[], nodes: number): Grouping | null {
  const offBy = ({ groups }: GroupingChoice) => Math.abs(Math.log(groups / Math.sqrt(nodes)))
  return choices.filter(choice => choice.useful).sort((a, b) => offBy(a) - offBy(b))[0]?.by ?? null
}
