import type { TopologyView } from '../../../../shared/topology/contract.ts'
import type {
  ChangeState,
  EdgeClass,
  EdgeState,
  Finding,
  NodeKind,
  Topology,
  TopologyDiff,
  TopologyEdge,
  TopologyNode,
} from '../../../../shared/topology/topology.ts'
import { atOnce, type Steps } from '../in-slices.ts'
import type { DrawnGroup } from './group-graph.ts'

export type FieldDifference = TopologyDiff['nodes'][number]['fields'][number]

/** One node of the picture: what it is after the change, what it was before, and what is wrong with it. */
export type DrawnNode = {
  readonly id: string
  readonly kind: NodeKind
  readonly change: ChangeState
  /** As it will be; for a removed node as it was; null when only its name is known. */
  readonly node: TopologyNode | null
  /** As committed, when the picture shows a draft; null otherwise and for an added node. */
  readonly before: TopologyNode | null
  readonly fields: readonly FieldDifference[]
  readonly findings: readonly Finding[]
  /** True when an edge names it and nothing declares it. */
  readonly missing: boolean
  /** Edges of any class at this node. */
  readonly degree: number
  /** What it stands for, when it stands for several. */
  readonly group?: DrawnGroup
}

export type EdgePart = { readonly edge: TopologyEdge; readonly change: ChangeState }
/** All dependencies from one node to another, drawn as one line. */
export type DrawnEdge = {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly parts: readonly EdgePart[]
  readonly change: ChangeState
  /** The best known of its parts. */
  readonly state: EdgeState
  readonly confidence: number
  /** Sum of its parts, requests a second; null when none is measured. */
  readonly rate: number | null
  readonly classes: readonly EdgeClass[]
  readonly protocols: readonly string[]
  readonly dangling: boolean
  /** How many lines between the nodes of two groups it stands for. */
  readonly rolled?: number
}

export type DrawnGraph = {
  readonly nodes: ReadonlyMap<string, DrawnNode>
  readonly edges: ReadonlyMap<string, DrawnEdge>
  readonly findings: readonly Finding[]
  readonly changes: { readonly added: number; readonly removed: number; readonly changed: number }
}

/** Names the line from one node to another. NUL cannot occur in a Kubernetes name or a host. */
export const edgeId = (from: string, to: string): string => `${from}\u0000${to}`

export const stateRank: Record<EdgeState, number> = { rejected: 0, inferred: 1, declared: 2, observed: 3, confirmed: 4 }

/**
 * Joins what is committed, what the draft makes of it and what differs into one picture. Removed things stay in it as
 * ghosts, so that a change never makes anything jump; rejected edges are left to the table and the inspector.
 */
export const drawnGraph = (view: TopologyView): DrawnGraph => atOnce(drawingSteps(view))

/** The same with pauses, for large graphs. */
export function* drawingSteps(view: TopologyView): Steps<DrawnGraph> {
  const after: Topology = view.draft ?? view.base
  const before: Topology | null = view.draft ? view.base : null
  const findings = after.findings
  const danglingAt = new Set(
    findings.flatMap(finding =>
      finding.kind === 'dangling-reference' && finding.file ? [`${finding.file}:${finding.line ?? 0}`] : [],
    ),
  )
  const differences = new Map(view.diff.nodes.map(item => [item.id, item]))
  yield
  const edges = yield* edgeSteps(before, withDangling(after), view.diff, danglingAt)
  const degree = new Map<string, number>()
  for (const edge of edges.values()) for (const end of [edge.from, edge.to]) degree.set(end, (degree.get(end) ?? 0) + 1)

  yield
  const nodes = new Map<string, DrawnNode>()
  const beforeById = new Map(before?.nodes.map(node => [node.id, node]) ?? [])
  const findingsOf = Map.groupBy(findings, finding => finding.node ?? '')
  const draw = (id: string, node: TopologyNode | null, change: ChangeState, missing: boolean) =>
    nodes.set(id, {
      id,
      kind: node?.kind ?? 'external',
      change,
      node,
      before: change === 'added' ? null : (beforeById.get(id) ?? null),
      fields: differences.get(id)?.fields ?? [],
      findings: findingsOf.get(id) ?? [],
      missing,
      degree: degree.get(id) ?? 0,
    })
  yield
  for (const [i, node] of after.nodes.entries()) {
    if (i % 512 === 0) yield
    draw(node.id, node, differences.get(node.id)?.change ?? 'same', false)
  }
  for (const node of before?.nodes ?? []) if (!nodes.has(node.id)) draw(node.id, node, 'removed', false)
  for (const item of view.diff.nodes)
    if (item.change === 'removed' && !nodes.has(item.id)) draw(item.id, null, 'removed', false)
  for (const edge of edges.values())
    for (const end of [edge.from, edge.to])
      if (!nodes.has(end)) draw(end, null, edge.change === 'removed' ? 'removed' : 'same', edge.change !== 'removed')

  yield
  const changes = { added: 0, removed: 0, changed: 0 }
  for (const items of [nodes.values(), edges.values()])
    for (const { change } of items) if (change !== 'same') changes[change]++
  return { nodes, edges, findings, changes }
}

function* edgeSteps(
  before: Topology | null,
  after: Topology,
  diff: TopologyDiff,
  danglingAt: ReadonlySet<string>,
): Steps<Map<string, DrawnEdge>> {
  const partKey = (edge: { from: string; to: string; protocol: string }) =>
    `${edgeId(edge.from, edge.to)}\u0000${edge.protocol}`
  const differences = new Map(diff.edges.map(item => [partKey(item), item.change]))
  const seen = new Set<string>()
  const parts = new Map<string, EdgePart[]>()
  const add = (edge: TopologyEdge, change: ChangeState) => {
    seen.add(partKey(edge))
    const id = edgeId(edge.from, edge.to)
    const list = parts.get(id)
    if (list) list.push({ edge, change })
    else parts.set(id, [{ edge, change }])
  }
  for (const [i, edge] of after.edges.entries()) {
    if (i % 512 === 0) yield
    if (edge.state !== 'rejected') add(edge, differences.get(partKey(edge)) ?? 'same')
  }
  for (const edge of before?.edges ?? [])
    if (edge.state !== 'rejected' && !seen.has(partKey(edge))) add(edge, 'removed')
  for (const item of diff.edges)
    if (item.change === 'removed' && !seen.has(partKey(item))) add(unknownEdge(item), 'removed')

  const edges = new Map<string, DrawnEdge>()
  for (const [id, list] of parts) {
    if (edges.size % 512 === 0) yield
    const rates = list.flatMap(({ edge }) => (edge.rate === null ? [] : [edge.rate]))
    const first = list[0]!.edge
    edges.set(id, {
      id,
      from: first.from,
      to: first.to,
      parts: list,
      change: changeOf(list),
      state: list.map(part => part.edge.state).reduce((a, b) => (stateRank[b] > stateRank[a] ? b : a)),
      confidence: Math.max(...list.map(part => part.edge.confidence)),
      rate: rates.length > 0 ? rates.reduce((a, b) => a + b, 0) : null,
      classes: [...new Set(list.map(part => part.edge.class))],
      protocols: [...new Set(list.map(part => part.edge.protocol))],
      dangling: list.some(({ edge }) =>
        edge.evidence.some(item => danglingAt.has(`${item.file ?? ''}:${item.line ?? 0}`)),
      ),
    })
  }
  return edges
}

/**
 * A name that nothing answers to is a finding, not an edge: the picture draws it as one, to a node that is missing,
 * because that is where a person looks for it.
 */
function withDangling(topology: Topology): Topology {
  const known = new Set(topology.nodes.map(node => node.id))
  const drawn = new Set(topology.edges.map(edge => edgeId(edge.from, edge.to)))
  const extra: TopologyEdge[] = []
  for (const finding of topology.findings) {
    const { node, file, line, message } = finding
    const host = message.params?.['host']
    if (finding.kind !== 'dangling-reference' || node === undefined || typeof host !== 'string') continue
    // A workload of that name that no Service leads to is no missing node; the finding on the caller says it.
    if (!known.has(node) || known.has(host) || drawn.has(edgeId(node, host))) continue
    drawn.add(edgeId(node, host))
    const where = message.params?.['where']
    extra.push({
      from: node,
      to: host,
      protocol: '',
      class: 'app',
      state: 'inferred',
      confidence: 0,
      rate: null,
      evidence: [
        {
          kind: 'env',
          ...(file === undefined ? {} : { file }),
          ...(line === undefined ? {} : { line }),
          detail: typeof where === 'string' ? `${where} → ${host}` : host,
        },
      ],
    })
  }
  return extra.length > 0 ? { ...topology, edges: [...topology.edges, ...extra] } : topology
}

/** An edge of which only the ends are known, because an older commit removed it. */
const unknownEdge = (item: { from: string; to: string; protocol: string }): TopologyEdge => ({
  ...item,
  class: 'app',
  state: 'inferred',
  confidence: 0,
  rate: null,
  evidence: [],
})

function changeOf(parts: readonly EdgePart[]): ChangeState {
  const first = parts[0]!.change
  return parts.every(part => part.change === first) ? first : 'changed'
}

/**
 * Keeps the objects of the earlier picture wherever nothing about them changed, so that one event renders one node.
 */
export const reconcileGraph = (previous: DrawnGraph | null, next: DrawnGraph): DrawnGraph =>
  atOnce(reconcilingSteps(previous, next))

/** The same with pauses, for large graphs. */
export function* reconcilingSteps(previous: DrawnGraph | null, next: DrawnGraph): Steps<DrawnGraph> {
  if (!previous) return next
  function* keep<T>(old: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>): Steps<Map<string, T>> {
    const kept = new Map<string, T>()
    for (const [id, item] of now) {
      if (kept.size % 64 === 0) yield
      const earlier = old.get(id)
      kept.set(id, earlier !== undefined && sameValue(earlier, item) ? earlier : item)
    }
    return kept
  }
  return {
    ...next,
    nodes: yield* keep(previous.nodes, next.nodes),
    edges: yield* keep(previous.edges, next.edges),
  }
}

/** Deep equality of plain JSON. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(
    key => Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  )
}
