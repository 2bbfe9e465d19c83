import type { EditOf } from '../edits/edit.ts'
import type { Message } from '../messages/index.ts'
import { nearestName } from '../topology/nearest-name.ts'
import { protocolOfPortName, protocolOfScheme } from '../topology/recognise-technology.ts'
import type { Topology } from '../topology/topology.ts'
import { readFlowchart } from './mermaid-flowchart.ts'

/** A sketch held against a graph: what it declares, and what of it is not understood. */
export type SketchReading = {
  readonly edits: readonly EditOf<'declare-edge'>[]
  /** Edges the graph has already, by their ends. */
  readonly known: readonly { readonly from: string; readonly to: string }[]
  /** Names that are nobody's here, with the one that may be meant; edges of theirs are not declared. */
  readonly unmatched: readonly { readonly name: string; readonly nearest?: string; readonly line: number }[]
  readonly problems: readonly { readonly line: number; readonly message: Message }[]
}

/** Reads a Mermaid flowchart as edges people declare. `names` says who is meant by a name that is nobody's. */
export function readSketch(
  text: string,
  topology: Pick<Topology, 'nodes' | 'edges'>,
  names: { readonly [name: string]: string } = {},
): SketchReading {
  const { labels, edges, problems } = readFlowchart(text)
  const ids = topology.nodes.map(node => node.id)
  // `pay` is nearer to `team/pay` than the whole id says.
  const plain = new Map(ids.map(id => [id.slice(id.lastIndexOf('/') + 1), id]))
  const find = finder(topology)
  const known = new Set(
    topology.edges.filter(edge => edge.state !== 'rejected').map(edge => `${edge.from}\n${edge.to}`),
  )
  const declared = new Map<string, EditOf<'declare-edge'>>()
  const there = new Map<string, { from: string; to: string }>()
  const unmatched = new Map<string, { name: string; nearest?: string; line: number }>()
  for (const edge of edges) {
    const [from, to] = [edge.from, edge.to].map(id => {
      const name = labels.get(id) ?? id
      const chosen = names[name]
      const found = (chosen !== undefined && ids.includes(chosen) ? chosen : undefined) ?? find(name) ?? find(id)
      if (found === undefined && !unmatched.has(name)) {
        const near = nearestName(slug(name), plain.keys()) ?? nearestName(slug(id), plain.keys())
        const nearest = near === undefined ? undefined : plain.get(near)
        unmatched.set(name, { name, line: edge.line, ...(nearest !== undefined && { nearest }) })
      }
      return found
    })
    if (from === undefined || to === undefined || from === to) continue
    const key = `${from}\n${to}`
    if (known.has(key)) there.set(key, { from, to })
    else if (!declared.has(key)) declared.set(key, { kind: 'declare-edge', from, to, ...saying(edge.label) })
  }
  return { edits: [...declared.values()], known: [...there.values()], unmatched: [...unmatched.values()], problems }
}

/** `grpc`, `HTTP · 12/s`: the protocol; anything else a person wrote is the reason. */
function saying(label: string): { protocol?: string; why?: string } {
  const first = /^[a-z][a-z0-9+]*/i.exec(label)?.[0].toLowerCase()
  const protocol = first === undefined ? undefined : (protocolOfScheme(first) ?? protocolOfPortName(first))
  if (protocol === undefined) return label === '' ? {} : { why: label }
  const rest = label
    .slice(first!.length)
    .replace(/^\s*[·:,/-]?\s*[\d.,]+\s*(k|m)?\s*(\/s|rps|req\/s)?\s*$/i, '')
    .trim()
  return { protocol, ...(rest !== '' && { why: label }) }
}

const slug = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')

/** A node by what a sketch calls it: its id, its workload or Service, in any case, with spaces for dashes. */
function finder({ nodes }: Pick<Topology, 'nodes'>): (name: string) => string | undefined {
  const byName = new Map<string, string | null>()
  const ids = new Set(nodes.map(node => node.id))
  const add = (name: string, id: string) => {
    const known = byName.get(slug(name))
    byName.set(slug(name), known === undefined || known === id ? id : null)
  }
  for (const node of nodes) add(node.id, node.id)
  for (const node of nodes)
    for (const name of [node.workload?.name, ...node.services.map(service => service.resource.name)])
      if (name !== undefined && !ids.has(name)) add(name, node.id)
  return name => (ids.has(name) ? name : (byName.get(slug(name)) ?? undefined))
}
