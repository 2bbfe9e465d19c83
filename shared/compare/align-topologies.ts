import type { Topology, TopologyNode } from '../topology/topology.ts'

/**
 * The graph of one environment with its nodes called as another environment calls the same: by id, by the workload's own
 * kind and name (which namespaces do not change), by where it is declared (which a prefix does not change). `names` are
 * those that are others now, old to new; none where all are the same.
 */
export function alignTopology(
  topology: Topology,
  like: Topology,
): { readonly topology: Topology; readonly names: ReadonlyMap<string, string> } {
  const names = new Map<string, string>()
  let [olds, news] = [topology.nodes, like.nodes]
  const match = (nameOf: (node: TopologyNode) => string | null): void => {
    const byName = uniqueBy(news, nameOf)
    const mine = uniqueBy(olds, nameOf)
    for (const [name, node] of mine) {
      const other = node && byName.get(name)
      if (node && other) names.set(node.id, other.id)
    }
    const used = new Set(names.values())
    olds = olds.filter(({ id }) => !names.has(id))
    news = news.filter(({ id }) => !used.has(id))
  }
  match(({ id }) => id)
  match(({ workload }) => (workload ? `${workload.kind}/${workload.name}` : null))
  match(({ workload, file, line }) => (workload && file !== undefined ? `${workload.kind} ${file}:${line}` : null))
  if ([...names].every(([from, to]) => from === to)) return { topology, names: new Map() }
  const name = (id: string): string => names.get(id) ?? id
  const others = new Map(like.nodes.map(node => [node.id, node]))
  const aligned = {
    ...topology,
    nodes: topology.nodes.map(node => calledAs(node, name(node.id), others.get(name(node.id)))),
    edges: topology.edges.map(edge => ({ ...edge, from: name(edge.from), to: name(edge.to) })),
  }
  return { topology: aligned, names }
}

/** A node with its own names put as the other's: its workload's, and its Services' where there are as many. */
function calledAs(node: TopologyNode, id: string, other: TopologyNode | undefined): TopologyNode {
  if (node.id === id || !other) return node
  const { workload, services } = node
  const alike = services.length === other.services.length
  return {
    ...node,
    id,
    ...(workload && { workload: { ...workload, name: other.workload?.name ?? workload.name } }),
    services: alike
      ? services.map((service, index) => ({
          ...service,
          resource: { ...service.resource, name: other.services[index]!.resource.name },
        }))
      : services,
  }
}

/** Null where two have the same. */
function uniqueBy<Item>(items: readonly Item[], nameOf: (item: Item) => string | null): Map<string, Item | null> {
  const found = new Map<string, Item | null>()
  for (const item of items) {
    const name = nameOf(item)
    if (name !== null) found.set(name, found.has(name) ? null : item)
  }
  return found
}
