import { edgeLabel } from './edge-label.ts'
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
 * The graph as Mermaid draws it on any forge: rates stand on the edges, and services that call each other in a circle
 * in a subgraph. Ids are numbered, as names may hold words Mermaid keeps for itself (`end`, `graph`) or signs it does
 * not take; labels are quoted and escaped. It can be read in again as declared edges.
 */
export function toMermaid(topology: Pick<Topology, 'nodes' | 'edges'> & Partial<Pick<Topology, 'components'>>): string {
  const ids = new Map(topology.nodes.map((node, index) => [node.id, `n${index}`]))
  const byId = new Map(topology.nodes.map(node => [node.id, node]))
  const lines = ['graph TD']
  const circles = (topology.components ?? []).filter(component => component.nodes.length > 1)
  const inCircle = new Set(circles.flatMap(component => component.nodes))
  for (const node of topology.nodes) if (!inCircle.has(node.id)) lines.push(`  ${ids.get(node.id)}${shape(node)}`)
  for (const [index, { id, nodes }] of circles.entries()) {
    lines.push(`  subgraph c${index}["${mermaidText(id)} ↻"]`)
    for (const name of nodes) {
      const node = byId.get(name)
      if (node) lines.push(`    ${ids.get(name)}${shape(node)}`)
    }
    lines.push('  end')
  }
  for (const edge of topology.edges) {
    if (edge.state === 'rejected') continue
    const from = ids.get(edge.from)
    const to = ids.get(edge.to)
    if (from !== undefined && to !== undefined) lines.push(`  ${from} -->|"${mermaidText(edgeLabel(edge))}"| ${to}`)
  }
  return `${lines.join('\n')}\n`
}

const shape = (node: TopologyNode): string => {
  const [open, close] = shapes[node.kind]
  return `${open}"${mermaidText(node.id)}"${close}`
}
