import type { LiveNode } from '../../../../shared/live/live.ts'
import type { ChangeState, EdgeState, NodeKind } from '../../../../shared/topology/topology.ts'
import type { DrawnEdge, DrawnGraph, DrawnNode } from './drawn-graph.ts'
import { type NodeFacts, nodeFacts } from './node-facts.ts'

export type NodeRow = {
  readonly id: string
  readonly kind: NodeKind
  readonly change: ChangeState
  readonly facts: NodeFacts
  readonly technology: string
  readonly file: string
  readonly callers: number
  readonly calls: number
  readonly findings: number
} & Traffic
/** Null where nothing was measured. */
export type Traffic = {
  /** Calls a second. */
  readonly rate: number | null
  /** Share of calls that failed. */
  readonly errors: number | null
  /** Milliseconds. */
  readonly p95: number | null
}
export type EdgeRow = {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly protocol: string
  readonly class: string
  readonly state: EdgeState
  readonly confidence: number
  readonly change: ChangeState
  readonly dangling: boolean
  readonly evidence: number
} & Traffic
export type NodeColumn =
  | 'id'
  | 'kind'
  | 'replicas'
  | 'live'
  | keyof Traffic
  | 'version'
  | 'owner'
  | 'callers'
  | 'calls'
  | 'findings'
  | 'file'
export type EdgeColumn = 'from' | 'to' | 'protocol' | 'class' | 'state' | 'confidence' | keyof Traffic | 'evidence'
export type Sort<C> = { readonly column: C; readonly descending: boolean }

/** The nodes of the picture as rows, changed ones not first: the table keeps the order a person asked for. */
export function nodeRows(
  graph: DrawnGraph,
  filter: string,
  sort: Sort<NodeColumn>,
  live: ReadonlyMap<string, LiveNode> = new Map(),
): readonly NodeRow[] {
  const callers = new Map<string, number>()
  const calls = new Map<string, number>()
  const into = new Map<string, DrawnEdge[]>()
  for (const edge of graph.edges.values()) {
    if (edge.change === 'removed') continue
    calls.set(edge.from, (calls.get(edge.from) ?? 0) + 1)
    callers.set(edge.to, (callers.get(edge.to) ?? 0) + 1)
    if (edge.rate !== null) into.set(edge.to, [...(into.get(edge.to) ?? []), edge])
  }
  const words = wordsOf(filter)
  const rows = [...graph.nodes.values()]
    .filter(node => matches(words, searchText(node)))
    .map(node => ({
      id: node.id,
      kind: node.kind,
      change: node.change,
      facts: nodeFacts(node),
      technology: node.node?.technology ?? '',
      file: node.node?.file ?? '',
      callers: callers.get(node.id) ?? 0,
      calls: calls.get(node.id) ?? 0,
      findings: node.findings.length,
      ...served(into.get(node.id) ?? []),
    }))
  const value: Record<NodeColumn, (row: NodeRow) => string | number> = {
    id: row => row.id,
    kind: row => row.kind,
    replicas: row => Number(row.facts.replicas?.proposed ?? row.facts.replicas?.now ?? -1),
    live: row => needOf(live.get(row.id)),
    rate: row => row.rate ?? -1,
    errors: row => row.errors ?? -1,
    p95: row => row.p95 ?? -1,
    version: row => row.facts.version?.proposed ?? row.facts.version?.now ?? '',
    owner: row => row.facts.owner ?? '',
    callers: row => row.callers,
    calls: row => row.calls,
    findings: row => row.findings,
    file: row => row.file,
  }
  return sorted(rows, value[sort.column], sort.descending)
}

export function edgeRows(graph: DrawnGraph, filter: string, sort: Sort<EdgeColumn>): readonly EdgeRow[] {
  const words = wordsOf(filter)
  const rows = [...graph.edges.values()]
    .filter(edge => matches(words, [edge.from, edge.to, ...edge.protocols, ...edge.classes, edge.state].join(' ')))
    .map(edgeRow)
  const value: Record<EdgeColumn, (row: EdgeRow) => string | number> = {
    from: row => row.from,
    to: row => row.to,
    protocol: row => row.protocol,
    class: row => row.class,
    state: row => row.state,
    confidence: row => row.confidence,
    rate: row => row.rate ?? -1,
    errors: row => row.errors ?? -1,
    p95: row => row.p95 ?? -1,
    evidence: row => row.evidence,
  }
  return sorted(rows, value[sort.column], sort.descending)
}

/** How much a node needs somebody; of the like, of how much of it there is less than was asked for. */
const needOf = (node: LiveNode | undefined): number =>
  node ? node.rank + (node.desired ? 0.99 * (1 - Math.min(1, node.ready / node.desired)) : 0) : -1

/**
 * What a node is called with: its requests, the share of them that failed, and the slowest of its callers. Flows and
 * connections are something else and are told on their lines.
 */
function served(lines: readonly DrawnEdge[]): Traffic {
  const calls = lines
    .flatMap(({ parts }) => parts)
    .flatMap(({ edge: { rate, measured } }) =>
      rate === null || (measured?.unit ?? 'requests') !== 'requests' ? [] : [{ rate, ...measured }],
    )
  if (calls.length === 0) return { rate: null, errors: null, p95: null }
  const known = calls.filter(({ errors }) => (errors ?? null) !== null)
  const counted = sumOf(known, ({ rate }) => rate)
  const latencies = calls.flatMap(({ p95 }) => p95 ?? [])
  return {
    rate: sumOf(calls, ({ rate }) => rate),
    errors:
      known.length === 0
        ? null
        : counted === 0
          ? Math.max(...known.map(({ errors }) => errors ?? 0))
          : sumOf(known, ({ rate, errors }) => rate * (errors ?? 0)) / counted,
    p95: latencies.length === 0 ? null : Math.max(...latencies),
  }
}
const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)

/** Of a line of several dependencies the worst. */
function worstOf({ parts }: DrawnEdge): Pick<EdgeRow, 'errors' | 'p95'> {
  const largest = (of: 'errors' | 'p95'): number | null => {
    const values = parts.flatMap(({ edge }) => edge.measured?.[of] ?? [])
    return values.length > 0 ? Math.max(...values) : null
  }
  return { errors: largest('errors'), p95: largest('p95') }
}

const edgeRow = (edge: DrawnEdge): EdgeRow => ({
  id: edge.id,
  from: edge.from,
  to: edge.to,
  protocol: edge.protocols.join(', '),
  class: edge.classes.join(', '),
  state: edge.state,
  confidence: edge.confidence,
  rate: edge.rate,
  ...worstOf(edge),
  change: edge.change,
  dangling: edge.dangling,
  evidence: edge.parts.reduce((sum, part) => sum + part.edge.evidence.length, 0),
})

/** Nodes whose name, image, owner, kind or file holds every word, best match first: a name that starts with it, then one that holds it. */
export function findNodes(graph: DrawnGraph, text: string, limit: number): readonly DrawnNode[] {
  const words = wordsOf(text)
  if (words.length === 0) return []
  const rank = (node: DrawnNode) => {
    const id = node.id.toLowerCase()
    return id === words[0] ? 0 : id.startsWith(words[0]!) ? 1 : id.includes(words[0]!) ? 2 : 3
  }
  return [...graph.nodes.values()]
    .filter(node => matches(words, searchText(node)))
    .sort((a, b) => rank(a) - rank(b) || b.degree - a.degree || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

const searchText = ({ id, kind, node }: DrawnNode): string =>
  [
    id,
    kind,
    node?.technology,
    node?.owner,
    node?.tier,
    node?.workload?.kind,
    node?.workload?.namespace,
    node?.file,
    ...(node?.containers ?? []).map(container => container.image),
    ...(node?.services ?? []).map(service => service.resource.name),
  ].join(' ')

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean)
const matches = (words: readonly string[], text: string): boolean => {
  const lower = text.toLowerCase()
  return words.every(word => lower.includes(word))
}

const collator = new Intl.Collator('en', { numeric: true })
function sorted<T extends { readonly id: string }>(
  rows: readonly T[],
  value: (row: T) => string | number,
  descending: boolean,
): readonly T[] {
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const x = value(a)
    const y = value(b)
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y))
    return sign * order || collator.compare(a.id, b.id)
  })
}
