import { strongComponents } from './strong-components.ts'
import type { Finding, TopologyEdge, TopologyNode } from './topology.ts'

type Graph = { readonly nodes: readonly TopologyNode[]; readonly edges: readonly TopologyEdge[] }

/** What is watched, checked and configured through a call does not make a system depend on itself. */
const atWork = ({ class: edgeClass }: TopologyEdge): boolean =>
  edgeClass !== 'telemetry' && edgeClass !== 'health' && edgeClass !== 'load' && edgeClass !== 'infra'

/** Services that call one another in a circle: one finding for each strongly connected component, with a shortest circle. */
export function* findCycles({ nodes, edges }: Graph): Generator<Finding> {
  const working = edges.filter(atWork)
  const next = new Map<string, TopologyEdge[]>()
  for (const edge of working) next.set(edge.from, [...(next.get(edge.from) ?? []), edge])
  const components = strongComponents(
    nodes.map(node => node.id),
    working,
  )
  for (const component of components) {
    if (component.nodes.length < 2) continue
    const circle = shortestCircle(component.id, new Set(component.nodes), next)
    const [first] = circle
    if (!first) continue
    const path = [...circle.map(edge => edge.from), first.from].join(' → ')
    const evidence = first.evidence.find(item => item.file !== undefined)
    yield {
      kind: 'cycle',
      severity: 'info',
      message:
        component.nodes.length > circle.length
          ? { key: 'finding.cycleOfMore', params: { path, all: few(component.nodes) } }
          : { key: 'finding.cycle', params: { path } },
      node: first.from,
      ...(evidence?.file !== undefined && { file: evidence.file }),
      ...(evidence?.line !== undefined && { line: evidence.line }),
    }
  }
}

/** Edges of a shortest way from a node back to itself, within these nodes. */
function shortestCircle(
  start: string,
  within: ReadonlySet<string>,
  next: ReadonlyMap<string, readonly TopologyEdge[]>,
): TopologyEdge[] {
  const cameBy = new Map<string, TopologyEdge>()
  for (const queue = [start]; queue.length > 0; ) {
    const at = queue.shift()!
    for (const edge of next.get(at) ?? []) {
      if (!within.has(edge.to) || cameBy.has(edge.to)) continue
      cameBy.set(edge.to, edge)
      if (edge.to !== start) {
        queue.push(edge.to)
        continue
      }
      const circle = [edge]
      while (circle[0]!.from !== start) circle.unshift(cameBy.get(circle[0]!.from)!)
      return circle
    }
  }
  return []
}

/** How many single points are told, the weightiest first: a list of everything tells nothing. */
const mostTold = 10
const weightOfTier = { critical: 3, standard: 1, 'best-effort': 0.5 } as const

type Shape = { readonly callers: ReadonlyMap<string, ReadonlySet<string>>; readonly cuts: ReadonlySet<string> }

/** A graph whose edges are the same falls apart at the same points. */
const knownShapes = new WeakMap<readonly TopologyEdge[], Shape>()

function shapeOf({ nodes, edges }: Graph): Shape {
  let shape = knownShapes.get(edges)
  if (!shape) {
    const working = edges.filter(atWork)
    const callers = new Map<string, Set<string>>()
    for (const { from, to } of working) {
      const known = callers.get(to)
      if (known) known.add(from)
      else callers.set(to, new Set([from]))
    }
    const ids = nodes.map(node => node.id)
    shape = { callers, cuts: articulationPoints(ids, working) }
    knownShapes.set(edges, shape)
  }
  return shape
}

/**
 * Workloads of one replica that two others reach the rest of the system only through (articulation points of the graph
 * of calls; one caller is enough for a critical one), or that three or more call: weighted by tier and by who calls.
 */
export function* findSinglePoints({ nodes, edges }: Graph): Generator<Finding> {
  const { callers, cuts } = shapeOf({ nodes, edges })
  const single = nodes
    .flatMap(node => {
      const calling = callers.get(node.id)?.size ?? 0
      // With one caller it is a link of a chain, as every service is.
      const matters =
        calling >= 3 || (cuts.has(node.id) && (calling === 2 || (calling === 1 && node.tier === 'critical')))
      if (!matters || !runsOnce(node)) return []
      return [{ node, weight: calling * weightOfTier[node.tier ?? 'standard'] }]
    })
    .sort((a, b) => b.weight - a.weight || (a.node.id < b.node.id ? -1 : 1))
  for (const { node } of single.slice(0, mostTold)) {
    const stateless = node.kind === 'service' && ['Deployment', 'Rollout'].includes(node.workload?.kind ?? '')
    yield {
      kind: 'single-point-of-failure',
      severity: node.tier === 'critical' ? 'warning' : 'info',
      message: {
        key: node.kind === 'datastore' || node.kind === 'queue' ? 'finding.singleStore' : 'finding.singlePoint',
        params: { node: node.id, callers: few([...callers.get(node.id)!].sort()) },
      },
      node: node.id,
      ...(node.file !== undefined && { file: node.file }),
      ...(node.line !== undefined && { line: node.line }),
      // What keeps data is not made two by a number.
      ...(stateless && node.resource && { fix: [{ kind: 'set-replicas', resource: node.resource, replicas: 2 }] }),
    }
  }
}

/** One Pod, whatever happens; what says nothing of replicas runs one. */
const runsOnce = (node: TopologyNode): boolean =>
  ['Deployment', 'StatefulSet', 'Rollout', 'ReplicaSet', 'DeploymentConfig', 'Pod'].includes(
    node.workload?.kind ?? '',
  ) &&
  (node.replicas ?? 1) === 1 &&
  (node.autoscaler?.min ?? 1) < 2 &&
  node.versions === undefined

/** Nodes without which the graph, its direction left aside, falls apart. Hopcroft and Tarjan's algorithm, without recursion. */
export function articulationPoints(
  nodes: readonly string[],
  edges: readonly Pick<TopologyEdge, 'from' | 'to'>[],
): ReadonlySet<string> {
  const beside = new Map<string, Set<string>>(nodes.map(node => [node, new Set()]))
  for (const { from, to } of edges) {
    if (from === to || !beside.has(from) || !beside.has(to)) continue
    beside.get(from)!.add(to)
    beside.get(to)!.add(from)
  }
  const points = new Set<string>()
  const depth = new Map<string, number>()
  const low = new Map<string, number>()
  for (const root of nodes) {
    if (depth.has(root)) continue
    let children = 0
    const path = [{ node: root, parent: '', rest: [...beside.get(root)!] }]
    depth.set(root, 0)
    low.set(root, 0)
    while (path.length > 0) {
      const step = path.at(-1)!
      const target = step.rest.pop()
      if (target === undefined) {
        path.pop()
        const above = path.at(-1)
        if (!above) continue
        low.set(above.node, Math.min(low.get(above.node)!, low.get(step.node)!))
        if (above.node === root) children += 1
        else if (low.get(step.node)! >= depth.get(above.node)!) points.add(above.node)
      } else if (target === step.parent) continue
      else if (depth.has(target)) low.set(step.node, Math.min(low.get(step.node)!, depth.get(target)!))
      else {
        depth.set(target, path.length)
        low.set(target, path.length)
        path.push({ node: target, parent: step.node, rest: [...beside.get(target)!] })
      }
    }
    if (children > 1) points.add(root)
  }
  return points
}

const few = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ')
