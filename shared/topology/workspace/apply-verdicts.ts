import type { EdgeVerdict, ServiceNotes, WorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { classOf, protocolOf } from '../call.ts'
import type { DraftNode, NodeBook } from '../name-nodes.ts'
import { nearestName } from '../nearest-name.ts'
import type { Evidence, Finding, TopologyEdge } from '../topology.ts'
import { nodesByName } from './find-node.ts'

/**
 * What people said of edges, put over what was inferred: a confirmed or declared edge is there for certain, whether or
 * not anything shows it; a rejected one stays, marked, where something showed it, so that it can be taken back.
 */
export function applyVerdicts(
  edges: readonly TopologyEdge[],
  book: NodeBook,
  workspace: WorkspaceFile,
  environment: string,
): { readonly edges: readonly TopologyEdge[]; readonly findings: readonly Finding[] } {
  const verdicts = workspace.edges.filter(verdict => (verdict.environment ?? environment) === environment)
  if (verdicts.length === 0) return { edges, findings: [] }
  const byPair = new Map(edges.map(edge => [`${edge.from}\n${edge.to}`, edge]))
  const findings: Finding[] = []
  const find = nodesByName(book)
  for (const verdict of verdicts) {
    const from = find(verdict.from)
    const to = find(verdict.to) ?? (from && outside(book, verdict))
    if (!from || !to) {
      const unknown = from ? verdict.to : verdict.from
      const nearest = nearestName(
        unknown,
        book.nodes.map(node => node.id),
      )
      // Other environments may well have it.
      if (nearest !== undefined || verdict.environment !== undefined)
        findings.push(unknownName(workspace.file, verdict.line, unknown, nearest))
      continue
    }
    const key = `${from.id}\n${to.id}`
    const known = byPair.get(key)
    if (verdict.state === 'rejected') {
      if (known)
        byPair.set(key, { ...known, state: 'rejected', confidence: 0, evidence: evidenceOf(workspace, verdict, known) })
      continue
    }
    byPair.set(key, {
      from: from.id,
      to: to.id,
      class: known?.class ?? classOf(from, to, {}),
      rate: known?.rate ?? null,
      protocol: verdict.protocol ?? known?.protocol ?? protocolOf(to, {}),
      state: verdict.state,
      confidence: 1,
      evidence: evidenceOf(workspace, verdict, known),
    })
  }
  return { edges: [...byPair.values()], findings }
}

const evidenceOf = ({ file }: WorkspaceFile, verdict: EdgeVerdict, known: TopologyEdge | undefined): Evidence[] => [
  {
    kind: 'declared',
    file,
    line: verdict.line,
    detail: verdict.why === undefined ? verdict.state : `${verdict.state}: ${verdict.why}`,
  },
  ...(known?.evidence ?? []),
]

/** Declared edges may lead out of the workspace, to a host. */
function outside(book: NodeBook, { to, protocol, state }: EdgeVerdict): DraftNode | undefined {
  return state !== 'rejected' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(to)
    ? book.external(to, protocol, undefined)
    : undefined
}

const unknownName = (file: string, line: number, name: string, nearest: string | undefined): Finding => ({
  kind: 'dangling-reference',
  severity: 'warning',
  message:
    nearest === undefined
      ? { key: 'topology.workspaceUnknownName', params: { name, file, line } }
      : { key: 'topology.workspaceUnknownNameNear', params: { name, file, line, nearest } },
  file,
  line,
})

/** Notes of services by node. A name that no node has is told where it looks like a slip. */
export function notesOfNodes(
  book: NodeBook,
  workspace: WorkspaceFile,
): {
  readonly notes: ReadonlyMap<DraftNode, ServiceNotes>
  readonly findings: readonly Finding[]
} {
  if (workspace.services.size === 0) return { notes: new Map(), findings: [] }
  const find = nodesByName(book)
  const notes = new Map<DraftNode, ServiceNotes>()
  const findings: Finding[] = []
  for (const [name, said] of workspace.services) {
    const node = find(name)
    if (node) {
      notes.set(node, said)
      continue
    }
    const nearest = nearestName(
      name,
      book.nodes.map(candidate => candidate.id).filter(id => !workspace.services.has(id)),
    )
    if (nearest !== undefined) findings.push(unknownName(workspace.file, said.line, name, nearest))
  }
  return { notes, findings }
}
