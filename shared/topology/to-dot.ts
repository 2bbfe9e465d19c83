import { edgeLabel } from './edge-label.ts'
import type { EdgeClass, NodeKind, Topology } from './topology.ts'

const shapes: { readonly [kind in NodeKind]: string } = {
  service: 'box',
  datastore: 'cylinder',
  queue: 'cds',
  gateway: 'hexagon',
  external: 'ellipse',
  edge: 'house',
}
/** Edges that are not the system's work are drawn lighter. */
const dashed: ReadonlySet<EdgeClass> = new Set(['load', 'telemetry', 'infra', 'health', 'backing'])

/** The graph for Graphviz, with circles of calls as clusters. All ids and labels are quoted strings, so any name is valid. */
export function toDot(
  topology: Pick<Topology, 'environment' | 'nodes' | 'edges'> & Partial<Pick<Topology, 'components'>>,
): string {
  const lines = [
    `digraph ${quoted(topology.environment)} {`,
    '  rankdir=LR;',
    '  node [fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
  ]
  for (const node of topology.nodes) lines.push(`  ${quoted(node.id)} [shape=${shapes[node.kind]}];`)
  const circles = (topology.components ?? []).filter(component => component.nodes.length > 1)
  for (const [index, { id, nodes }] of circles.entries())
    lines.push(
      `  subgraph cluster_${index} { label=${quoted(`${id} ↻`)}; style=dashed; ${nodes.map(node => `${quoted(node)};`).join(' ')} }`,
    )
  for (const edge of topology.edges)
    if (edge.state !== 'rejected')
      lines.push(
        `  ${quoted(edge.from)} -> ${quoted(edge.to)} [label=${quoted(edgeLabel(edge))}${dashed.has(edge.class) ? ', style=dashed' : ''}];`,
      )
  lines.push('}')
  return `${lines.join('\n')}\n`
}

/** In a quoted string only the quote and a backslash before it mean anything; both are escaped. */
const quoted = (text: string): string => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`
