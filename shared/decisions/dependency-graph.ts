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

/**
 * Versions that a record says it moved: rows of its "What Changed" table whose field is a container's image and whose
 * name stayed the same, sorted by name.
 */
export function dependenciesInRecord(markdown: string): readonly { name: string; from: string; to: string }[] {
  const changes = new Map<string, { name: string; from: string; to: string }>()
  for (const row of markdown.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|/gm)) {
    if (!/(^|[\s.])image$/.test(row[1]!)) continue
    const [before, after] = [splitImage(row[2]!), splitImage(row[3]!)]
    if (before.name !== after.name || before.version === after.version) continue
    changes.set(before.name, { name: before.name, from: before.version, to: after.version })
  }
  return [...changes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
