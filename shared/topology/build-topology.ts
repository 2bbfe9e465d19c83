import { textAt } from '../manifests/manifest.ts'
import type { ManifestFile } from '../manifests/read-manifests.ts'
import { emptyWorkspaceFile, type WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { workspacePath } from '../workspace-file/workspace-schema.ts'
import type { Call } from './call.ts'
import { ALONE, combined, LEAST_CONFIDENCE } from './confidence.ts'
import { findProblems } from './find-problems.ts'
import { indexObjects } from './index-objects.ts'
import { NodeBook, workloadNodes } from './name-nodes.ts'
import { policyCalls } from './policy-calls.ts'
import { kindOfProtocol } from './recognise-technology.ts'
import { routeCalls } from './route-calls.ts'
import { sourceCalls, type WorkloadSources } from './source/source-calls.ts'
import { strongComponents } from './strong-components.ts'
import type { EdgeClass, Evidence, Topology, TopologyEdge } from './topology.ts'
import { toTopologyNode } from './topology-node.ts'
import { workloadCalls } from './workload-calls.ts'
import { applyVerdicts, notesOfNodes } from './workspace/apply-verdicts.ts'

export type BuildOptions = {
  /** Id of the environment the files belong to. */
  readonly environment: string
  /** Full commit id; empty where nothing was committed. */
  readonly revision: string
  /** Edges below this confidence are left out; {@link LEAST_CONFIDENCE} when not given. */
  readonly leastConfidence?: number
  /** What people say beyond the manifests. */
  readonly workspace?: WorkspaceFile
  /** The source of its workloads, where it is at hand. */
  readonly sources?: WorkloadSources
}

/**
 * The graph of one environment from its files as read. Pure, and one pass over the objects: what was parsed is not
 * parsed again. Nodes and edges are sorted by id, findings by file and line.
 */
export function buildTopology(files: readonly ManifestFile[], options: BuildOptions): Topology {
  const ordered = [...files].sort((a, b) => compare(a.path, b.path))
  const objects = indexObjects(ordered.flatMap(file => file.manifests))
  const book = new NodeBook(workloadNodes(objects))
  for (const manifest of objects.all)
    if (manifest.kind === 'EdgeNode' && manifest.group === 'pilothouse.dev') book.edgeNode(manifest)

  const routes = routeCalls(objects, book)
  const workloads = workloadCalls(objects, book, routes.routedHost)
  const policies = policyCalls(objects, book)
  const source = options.sources ? sourceCalls(objects, book, options.sources, routes.routedHost) : undefined
  const calls = [...routes.calls, ...workloads.calls, ...policies.calls, ...(source?.calls ?? [])]
  for (const call of [...workloads.calls, ...(source?.calls ?? [])]) recogniseByCallers(call)

  const said = options.workspace ?? emptyWorkspaceFile(workspacePath)
  const inferred = joinCalls(calls)
  const least = options.leastConfidence ?? LEAST_CONFIDENCE
  const judged = applyVerdicts(inferred, book, said, options.environment)
  const doubted = new Set(inferred.filter(edge => edge.confidence < least).map(pairOf))
  const edges = judged.edges
    .filter(edge => edge.state === 'confirmed' || edge.state === 'declared' || !doubted.has(pairOf(edge)))
    .sort(byEnds)
  const noted = notesOfNodes(book, said)
  // An outside system that only a doubtful edge named is not drawn.
  const touched = new Set(edges.flatMap(edge => [edge.from, edge.to]))
  const kept = book.nodes.filter(
    node => node.workloads.length > 0 || node.kind === 'gateway' || node.kind === 'edge' || touched.has(node.id),
  )
  const edgeNodeIds = new Map(
    book.nodes.flatMap(node => (node.kind === 'edge' && node.object ? [[node.object.name, node.id]] : [])),
  )
  const believed = edges.filter(edge => edge.state !== 'rejected')
  const nodes = kept
    .map(node => {
      const [first] = node.workloads
      const placed = first?.manifest.kind === 'EdgeService' ? textAt(first.manifest.value, 'spec', 'node') : undefined
      const notes = noted.notes.get(node)
      const written = source?.sources.get(node)
      return {
        ...toTopologyNode(objects, node, placed === undefined ? undefined : edgeNodeIds.get(placed)),
        ...(notes?.owner !== undefined && { owner: notes.owner }),
        ...(notes?.tier !== undefined && { tier: notes.tier }),
        ...(written && { source: written.source }),
        ...(written && written.endpoints.length > 0 && { endpoints: written.endpoints }),
      }
    })
    .sort((a, b) => compare(a.id, b.id))
  return {
    environment: options.environment,
    revision: options.revision,
    nodes,
    edges,
    components: strongComponents(
      nodes.map(node => node.id),
      believed,
    ),
    findings: findProblems({
      files: ordered,
      objects,
      book,
      nodes,
      edges: believed,
      routes: routes.problems,
      references: workloads.problems,
      selectors: policies.empty,
      workspace: [...said.findings, ...judged.findings, ...noted.findings],
    }),
  }
}

/** What is spoken to as a store or a queue is one, although its image has a name of its own. */
function recogniseByCallers({ to, protocol, confidence }: Call): void {
  const kind = kindOfProtocol(protocol)
  if (kind && to.kind === 'service' && !to.technology && to.workloads.length > 0 && confidence >= ALONE.argument)
    to.kind = kind
}

/** One edge for each pair: the strongest reason says protocol and class, all of them are its evidence. */
function joinCalls(calls: readonly Call[]): TopologyEdge[] {
  const byPair = new Map<string, Call[]>()
  for (const call of calls) {
    if (call.from === call.to) continue
    const key = `${call.from.id}\n${call.to.id}`
    const list = byPair.get(key)
    if (list) list.push(call)
    else byPair.set(key, [call])
  }
  const edges: TopologyEdge[] = []
  for (const list of byPair.values()) {
    const strongest = [...list].sort((a, b) => b.confidence - a.confidence)
    const [first] = strongest
    const evidence = new Map<string, Evidence>()
    for (const call of strongest)
      for (const item of call.evidence) evidence.set(`${item.kind} ${item.file}:${item.line} ${item.detail}`, item)
    edges.push({
      from: first!.from.id,
      to: first!.to.id,
      protocol: strongest.find(call => call.protocol !== 'tcp')?.protocol ?? first!.protocol,
      class: strongest.reduce<EdgeClass>(
        (best, call) => (rank(call.class) < rank(best) ? call.class : best),
        first!.class,
      ),
      state: 'inferred',
      confidence: combined(list.map(call => ({ kind: call.evidence[0]!.kind, confidence: call.confidence }))),
      rate: null,
      evidence: [...evidence.values()],
    })
  }
  return edges.sort(byEnds)
}

const byEnds = (a: TopologyEdge, b: TopologyEdge): number =>
  compare(a.from, b.from) || compare(a.to, b.to) || compare(a.protocol, b.protocol)

const pairOf = ({ from, to }: TopologyEdge): string => `${from}\n${to}`

/** A call that is also a health check is a call. */
const rank = (edgeClass: EdgeClass): number => (edgeClass === 'health' ? 1 : 0)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
