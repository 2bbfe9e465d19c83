import { mermaidText } from './mermaid-text.ts'
import type { NodeKind, Topology, TopologyNode } from './topology.ts'

const shapes: { readonly [kind in NodeKind]: readonly [open: string, close: string] } = {
  service: ['[', ']'],
  datastore: ['[(', ')]'],
  queue: ['[[', ']]'],
  gateway: ['{{', '}}'],
  external: ['([', '])'],
  edge: ['[/', '/]'],
}

/**
 * The graph as Mermaid draws it on any forge. Ids are numbered, as names may hold words Mermaid keeps for itself
 * (`end`, `graph`) or signs it does not take; labels are quoted and escaped.
 */
export function toMermaid(topology: Pick<Topology, 'nodes' | 'edges'>): string {
  const ids = new Map(topology.nodes.map((node, index) => [node.id, `n${index}`]))
  const lines = ['graph TD']
  for (const node of topology.nodes) lines.push(`  ${ids.get(node.id)}${shape(node)}`)
  for (const edge of topology.edges) {
    if (edge.state === 'rejected') continue
    const from = ids.get(edge.from)
    const to = ids.get(edge.to)
    if (from !== undefined && to !== undefined) lines.push(`  ${from} -->|"${mermaidText(edge.protocol)}"| ${to}`)
  }
  return `${lines.join('\n')}\n`
}

const shape = (node: TopologyNode): string => {
  const [open, close] = shapes[node.kind]
  return `${open}"${mermaidText(node.id)}"${close}`
}
