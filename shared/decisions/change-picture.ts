import { mermaidText } from '../topology/mermaid-text.ts'
import type { Topology, TopologyDiff } from '../topology/topology.ts'

/**
 * A Mermaid graph of what a decision changed, with the neighbours that give it a place; null when nothing on the graph
 * changed. Added and changed things carry a word as well as a class, since colour alone says nothing to some readers.
 */
export function changePicture(before: Topology, after: Topology, diff: TopologyDiff): string | null {
  const changed = new Map(diff.nodes.filter(node => node.change !== 'same').map(node => [node.id, node]))
  const edgeKey = (edge: { from: string; to: string; protocol: string }): string =>
    `${edge.from}\n${edge.to}\n${edge.protocol}`
  const changedEdges = new Map(diff.edges.filter(edge => edge.change !== 'same').map(edge => [edgeKey(edge), edge]))
  if (changed.size === 0 && changedEdges.size === 0) return null

  const edges = new Map([...before.edges, ...after.edges].map(edge => [edgeKey(edge), edge]))
  const shown = [...edges].filter(
    ([key, edge]) => changedEdges.has(key) || changed.has(edge.from) || changed.has(edge.to),
  )
  const ids = [...new Set([...changed.keys(), ...shown.flatMap(([, edge]) => [edge.from, edge.to])])].sort()
  const name = new Map(ids.map((id, index) => [id, `n${index}`]))

  const lines = ['graph LR']
  for (const id of ids) {
    const change = changed.get(id)
    const facts =
      change?.fields.slice(0, 3).map(field => `${field.field}: ${field.before ?? '∅'} → ${field.after ?? '∅'}`) ?? []
    const label = [id, ...(change ? [change.change] : []), ...facts].map(mermaidText).join('<br/>')
    lines.push(`  ${name.get(id)}["${label}"]${change ? `:::${change.change}` : ''}`)
  }
  for (const [key, edge] of shown.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const change = changedEdges.get(key)?.change
    const label = mermaidText(change ? `${edge.protocol} ${change}` : edge.protocol)
    lines.push(`  ${name.get(edge.from)} ${change === 'removed' ? '-.-x' : '-->'}|"${label}"| ${name.get(edge.to)}`)
  }
  lines.push(
    '  classDef added stroke:#2a7d46,stroke-width:2px',
    '  classDef removed stroke:#b3372f,stroke-width:2px,stroke-dasharray:4',
    '  classDef changed stroke:#2f66b3,stroke-width:2px',
  )
  return lines.join('\n')
}
