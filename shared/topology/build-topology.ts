import { hasLabels } from '../fleet/place.ts'
import { listAt, type Manifest, objectAt, textAt, textsAt, valueAt } from '../manifests/manifest.ts'
import type { ManifestFile } from '../manifests/read-manifests.ts'
import { emptyWorkspaceFile, type WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { workspacePath } from '../workspace-file/workspace-schema.ts'
import type { Call } from './call.ts'
import { ALONE, LEAST_CONFIDENCE } from './confidence.ts'
import { credentialCalls } from './credential-calls.ts'
import { type CustomScope, customCalls, isCustom } from './custom-calls.ts'
import { daprCalls, isDapr } from './dapr-calls.ts'
import { findProblems } from './find-problems.ts'
import { indexObjects, type Workload } from './index-objects.ts'
import { joinCalls } from './join-calls.ts'
import { nameCalls } from './name-calls.ts'
import { type DraftNode, NodeBook, objectLabels } from './name-nodes.ts'
import { Parts } from './parts.ts'
import { isPolicy, policyCalls } from './policy-calls.ts'
import { kindOfProtocol } from './recognise-technology.ts'
import { routeCalls } from './route-calls.ts'
import { sourceCalls, type WorkloadSources } from './source/source-calls.ts'
import { strongComponents } from './strong-components.ts'
import type { NodeKind, Topology, TopologyEdge, TopologyNode } from './topology.ts'
import { declaredNode } from './topology-node.ts'
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
 * The graph of one environment from its files as read. Nodes and edges are sorted by id, findings by file and line.
 * With `parts` that follow those of an earlier build of the same environment, only what changed is made again; what did not change
 * is the same object as before, so that whoever compares, prints or sends a graph can do so by identity. The result
 * is the same with them and without.
 */
export function buildTopology(
  files: readonly ManifestFile[],
  options: BuildOptions,
  parts: Parts = new Parts(),
): Topology {
  const ordered = inOrder(files, (a, b) => compare(a.path, b.path))
  const manifests: Manifest[] = []
  for (const file of ordered) for (const manifest of file.manifests) manifests.push(manifest)
  const objects = indexObjects(manifests, parts)
  const book = new NodeBook(objects, parts)
  // Most objects are of Kubernetes' own kinds, and said all they have to say as workloads, Services and data.
  const others = objects.all.filter(({ group }) => !plainGroups.has(group))
  for (const manifest of others)
    if (manifest.kind === 'EdgeNode' && manifest.group === 'pilothouse.dev') book.edgeNode(manifest)

  for (const manifest of objects.operated) book.operated(manifest)
  const routes = routeCalls(objects, book, parts)
  const workloads = workloadCalls(objects, book, routes, parts, options.sources)
  const policies = others
    .filter(isPolicy)
    .map(manifest => parts.part('calls of policies', manifest, () => policyCalls(objects, book, manifest)))
  const scope: CustomScope = {
    objects,
    book,
    prometheus: parts.watch('prometheus', () =>
      onlyOne(book.nodes.filter(node => node.technology?.name === 'prometheus')),
    ),
  }
  const customs = others.flatMap(manifest =>
    isDapr(manifest)
      ? parts.part('calls through Dapr', manifest, () => daprCalls(objects, book, manifest))
      : isCustom(manifest)
        ? parts.part('calls of custom resources', manifest, () => customCalls(scope, manifest))
        : [],
  )
  const source = options.sources && sourceCalls(objects, book, options.sources, routes, parts)
  const written = source?.calls ?? []
  for (const call of workloads.calls) recogniseByCallers(book, call)
  for (const call of written) recogniseByCallers(book, call)

  const said = options.workspace ?? emptyWorkspaceFile(workspacePath)
  const seen = [
    ...routes.calls,
    ...workloads.calls,
    ...credentialCalls(objects, book, parts),
    ...policies.flatMap(policy => policy.calls),
    ...customs,
    ...written,
  ]
  const inferred = joinCalls([...seen, ...nameCalls(book, seen, parts)], parts)
  const judged = applyVerdicts(inferred, book, said, options.environment)
  const edges = parts.list('graph', 'edges', drawn(inferred, judged.edges, options.leastConfidence))
  const noted = notesOfNodes(book, said)
  const operated = new Set(objects.operated)
  // An outside system that only a doubtful edge named is not drawn.
  const { touched, calling, watching } = parts.of('graph', 'ends', [edges], () => endsOf(edges))
  const kept = book.nodes.filter(
    node =>
      node.workloads.length > 0 ||
      node.kind === 'gateway' ||
      node.kind === 'edge' ||
      touched.has(node.id) ||
      (node.object && operated.has(node.object)),
  )
  const sites = book.nodes.flatMap(({ kind, id, object }) => (kind === 'edge' && object ? [{ id, object }] : []))
  const runsOn = ({ manifest }: Workload): string | undefined =>
    manifest.kind === 'EdgeService' ? sitesOf(manifest, sites) : undefined
  const unsorted = kept.map(node => {
    const declared = parts.part('nodes as declared', node, () => declaredNode(objects, node))
    const [first] = node.workloads
    const kind = book.kindOf(node)
    const placed = first && runsOn(first)
    const { owner, tier } = noted.notes.get(node) ?? {}
    const program = source?.sources.get(node)
    const callsKnown = howKnown(node, kind, node.technology?.telemetry ? watching : calling, program !== undefined)
    return parts.of('nodes of the graph', node, [declared, kind, placed, owner, tier, program, callsKnown], () => ({
      ...declared,
      kind,
      ...(callsKnown && { callsKnown }),
      ...(placed !== undefined && { runsOn: placed }),
      ...(owner !== undefined && { owner }),
      ...(tier !== undefined && { tier }),
      ...(program && { source: program.source }),
      ...(program && program.endpoints.length > 0 && { endpoints: program.endpoints }),
    }))
  })
  const nodes = inOrder(unsorted, (a, b) => compare(a.id, b.id))
  const ids = nodes.map(node => node.id)
  const believed = parts.of('graph', 'believed', [edges], () => edges.filter(edge => edge.state !== 'rejected'))
  return {
    environment: options.environment,
    revision: options.revision,
    nodes: parts.list('graph', 'nodes', nodes),
    edges,
    components: parts.of('graph', 'components', [believed, ...ids], () => strongComponents(ids, believed)),
    findings: findProblems({
      environment: options.environment,
      files: ordered,
      objects,
      book,
      parts,
      nodes,
      edges: believed,
      routes: routes.problems,
      references: workloads.problems,
      selectors: policies.flatMap(policy => policy.empty),
      workspace: [...said.findings, ...judged.findings, ...noted.findings],
    }),
  }
}

/** Ids of the edge nodes that a service chooses, by name or by labels; see `shared/fleet/place.ts`. */
function sitesOf({ value }: Manifest, sites: readonly { readonly id: string; readonly object: Manifest }[]) {
  const node = textAt(value, 'spec', 'node')
  const selector = objectAt(value, 'spec', 'selector')
  const names = listAt(selector, 'names')
  if (node === undefined && valueAt(value, ['spec', 'selector']) === undefined) return undefined
  const labels = textsAt(selector, 'matchLabels')
  const chosen = sites.filter(({ object }) =>
    node === undefined
      ? hasLabels({ labels: objectLabels(object) }, labels) && (names.length === 0 || names.includes(object.name))
      : object.name === node,
  )
  return chosen.length === 0
    ? undefined
    : chosen
        .map(({ id }) => id)
        .sort()
        .join(', ')
}

const onlyOne = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined)

/** Groups of no object but workloads, Services, data and what no one reads. */
const plainGroups: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'autoscaling', 'policy'])

/** Files and names mostly come in order; asking costs less than sorting them again. */
function inOrder<Item>(items: readonly Item[], by: (a: Item, b: Item) => number): readonly Item[] {
  for (let index = 1; index < items.length; index++)
    if (by(items[index - 1]!, items[index]!) > 0) return [...items].sort(by)
  return items
}

/** Who is at an end of an edge, who calls another for its work, and who speaks to another at all. */
function endsOf(edges: readonly TopologyEdge[]) {
  const [touched, calling, watching] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const edge of edges) {
    touched.add(edge.from).add(edge.to)
    watching.add(edge.from)
    if (isWork(edge)) calling.add(edge.from)
  }
  return { touched, calling, watching }
}

/** That a node sends its traces somewhere says nothing of whom it works with; to what collects them, it is the work. */
const isWork = (edge: TopologyEdge): boolean =>
  edge.state !== 'rejected' && edge.class !== 'telemetry' && edge.class !== 'health'

/** Nothing seen is not nothing there: only where the program was read, or is known not to ask, it is said to call no one. */
function howKnown(
  node: DraftNode,
  kind: NodeKind,
  calling: ReadonlySet<string>,
  read: boolean,
): TopologyNode['callsKnown'] {
  if (node.workloads.length === 0) return undefined
  if (calling.has(node.id)) return 'found'
  return read || kind === 'datastore' || kind === 'queue' ? 'none-found' : 'unknown'
}

/** What people said stays; what was only inferred has to be likely enough, and only that can be rejected. */
function drawn(
  inferred: readonly TopologyEdge[],
  judged: readonly TopologyEdge[],
  least: number = LEAST_CONFIDENCE,
): readonly TopologyEdge[] {
  if (judged === inferred) return inferred.filter(edge => edge.confidence >= least)
  const doubted = new Set(inferred.filter(edge => edge.confidence < least).map(pairOf))
  return judged
    .filter(edge => edge.state === 'confirmed' || edge.state === 'declared' || !doubted.has(pairOf(edge)))
    .sort(byEnds)
}

/** What is spoken to as a store or a queue is one, although its image has a name of its own. */
function recogniseByCallers(book: NodeBook, { to, protocol, confidence }: Call): void {
  const kind = kindOfProtocol(protocol)
  if (!kind || to.technology || to.workloads.length === 0 || confidence < ALONE.argument) return
  if (book.kindOf(to) === 'service') book.isSpokenToAs(to, kind)
}

const byEnds = (a: TopologyEdge, b: TopologyEdge): number =>
  compare(a.from, b.from) || compare(a.to, b.to) || compare(a.protocol, b.protocol)

const pairOf = ({ from, to }: TopologyEdge): string => `${from}\n${to}`

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
