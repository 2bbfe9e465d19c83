import type { Topology } from '../topology/topology.ts'
import { splitImage } from './image-reference.ts'

/**
 * What a service is made of, as lines of `go mod graph`: `service image@version`, one for each container, sorted.
 * Empty for a node that declares no container.
 */
export function dependencyGraph(topology: Topology, service: string): string {
  const node = topology.nodes.find(candidate => candidate.id === service)
  const lines = new Set((node?.containers ?? []).map(container => `${service} ${imageAt(container.image)}`))
  return [...lines]
    .sort()
    .map(line => `${line}\n`)
    .join('')
}

const imageAt = (image: string): string => {
  const { name, version } = splitImage(image)
  return `${name}@${version}`
}

/** Images of one name whose version differs between two topologies, by name. */
export function dependencyChanges(
  before: Topology,
  after: Topology,
  services: readonly string[],
): readonly { name: string; from: string; to: string }[] {
  const versions = (topology: Topology, service: string): Map<string, string> =>
    new Map(
      (topology.nodes.find(node => node.id === service)?.containers ?? []).map(container => {
        const { name, version } = splitImage(container.image)
        return [name, version]
      }),
    )
  const changes = new Map<string, { name: string; from: string; to: string }>()
  for (const service of services) {
    const old = versions(before, service)
    for (const [name, to] of versions(after, service)) {
      const from = old.get(name)
      if (from !== undefined && from !== to) changes.set(name, { name, from, to })
    }
  }
  return [...changes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
