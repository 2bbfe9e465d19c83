import { imageReference } from '../manifests/image-reference.ts'
import type { Topology } from '../topology/topology.ts'

/**
 * What a service is made of, as lines of `go mod graph`, sorted: `service image@version`, one for each container, and
 * the graph of its program where that is known. Empty for a node of which nothing is known.
 */
export function dependencyGraph(topology: Topology, service: string, program: readonly string[] = []): string {
  const node = topology.nodes.find(candidate => candidate.id === service)
  const images = (node?.containers ?? []).map(container => `${service} ${imageAt(container.image)}`)
  const lines = new Set([...images, ...program])
  return [...lines]
    .sort()
    .map(line => `${line}\n`)
    .join('')
}

/** What an image is called and which of them it is, as a graph of dependencies writes it: `latest` is meant by none. */
export function versionedImage(image: string): { readonly name: string; readonly version: string } {
  const { repository, tag, digest } = imageReference(image)
  return { name: repository, version: [tag, digest].filter(Boolean).join('@') || 'latest' }
}

const imageAt = (image: string): string => {
  const { name, version } = versionedImage(image)
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
    const [before, after] = [versionedImage(row[2]!), versionedImage(row[3]!)]
    if (before.name !== after.name || before.version === after.version) continue
    changes.set(before.name, { name: before.name, from: before.version, to: after.version })
  }
  return [...changes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
