import type { Edit } from '../edits/edit.ts'
import type { Message } from '../messages/index.ts'
import type { Container, Finding, Topology, TopologyEdge, TopologyNode } from '../topology/topology.ts'
import { withoutSame } from '../topology/without-same.ts'
import type { Gate, GateItem, GateVerdict } from './gate.ts'

/**
 * Judges a draft: the topology as committed against the topology with the draft's edits. Only what the draft brings
 * about is judged; what was already so is not its doing. The verdict is the worst of the items; rules that pass say
 * nothing. Items are sorted by rule and service.
 */
export function evaluateGate(before: Topology, after: Topology, edits: readonly Edit[]): Gate {
  const removals = removalsWhileCalled(before, after)
  const items = [
    ...removals.items,
    ...brokenFiles(before, after, edits),
    ...danglingReferences(before, after, removals.said),
    ...scaledToZero(before, after),
    ...looseImages(before, after),
  ].sort((a, b) => compare(a.rule, b.rule) || compare(a.services.join(), b.services.join()))
  return { verdict: items.reduce<GateVerdict>((worst, item) => worse(worst, item.verdict), 'pass'), items }
}

const order: readonly GateVerdict[] = ['pass', 'warn', 'block']
const worse = (a: GateVerdict, b: GateVerdict): GateVerdict => (order.indexOf(a) >= order.indexOf(b) ? a : b)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * `no-removal-while-called`: a workload goes away and somebody's manifest still names it. Also when its Service stays
 * behind with nothing to lead to.
 */
function removalsWhileCalled(before: Topology, after: Topology): { items: GateItem[]; said: ReadonlySet<Finding> } {
  const items: GateItem[] = []
  const said = new Set<Finding>()
  // What is as it was has gone nowhere, which is nearly all of most graphs.
  const changed = withoutSame(before.nodes, after.nodes)
  if (changed.length === 0) return { items, said }
  const still = new Map(after.nodes.map(node => [node.id, node]))
  for (const node of changed) {
    if (!isRunning(node) || hasWorkload(still.get(node.id))) continue
    const names = namesOf(node)
    // Renamed: the same object lives on under another id.
    if (
      after.nodes.some(
        other => isRunning(other) && !before.nodes.some(old => old.id === other.id) && namesOf(other).has(node.id),
      )
    )
      continue
    const callers = new Set<string>()
    for (const edge of after.edges)
      if (names.has(edge.to) && !hasWorkload(still.get(edge.to)) && isReference(edge)) callers.add(edge.from)
    for (const finding of after.findings) {
      if (finding.kind !== 'dangling-reference' || finding.node === undefined) continue
      const host = String(finding.message.params?.['host'] ?? '').split('.')
      if (!names.has(host[0]!) && !names.has(host[1] ?? '')) continue
      said.add(finding)
      if (still.has(finding.node)) callers.add(finding.node)
    }
    if (callers.size === 0) continue
    items.push({
      rule: 'no-removal-while-called',
      verdict: 'block',
      message: {
        key: 'topology.gateRemovalWhileCalled',
        params: { service: node.id, callers: [...callers].sort().join(', ') },
      },
      services: [node.id, ...[...callers].sort()],
      waivable: true,
    })
  }
  return { items, said }
}

const isRunning = (node: TopologyNode): boolean => node.containers !== undefined
const hasWorkload = (node: TopologyNode | undefined): boolean => node !== undefined && isRunning(node)

/** Under what names others may know it. */
const namesOf = (node: TopologyNode): ReadonlySet<string> =>
  new Set([
    node.id,
    ...(node.workload ? [node.workload.name] : []),
    ...node.services.map(service => service.resource.name),
    ...(node.versions ?? []).map(version => version.workload.name),
  ])

/** Something names it; not only a policy that would allow it. */
const isReference = (edge: TopologyEdge): boolean =>
  edge.state !== 'rejected' && edge.evidence.some(item => item.kind !== 'policy')

/** `broken-file-after-edit`: a file that could be read cannot be read any more. Nothing can be said for it then. */
function* brokenFiles(before: Topology, after: Topology, edits: readonly Edit[]): Generator<GateItem> {
  const old = new Set(before.findings.filter(isBroken).map(finding => finding.file))
  const touched = new Set(edits.flatMap(edit => (edit.kind === 'set-file' ? [edit.file] : [])))
  for (const finding of after.findings) {
    if (!isBroken(finding) || (old.has(finding.file) && !touched.has(finding.file ?? ''))) continue
    yield {
      rule: 'broken-file-after-edit',
      verdict: 'block',
      // What is wrong with a file that can be read as YAML is said by the finding itself.
      message:
        finding.message.params?.['reason'] === undefined
          ? finding.message
          : { key: 'topology.gateBrokenFile', params: finding.message.params },
      services: [],
      waivable: false,
    }
  }
}

const isBroken = (finding: Finding): boolean => finding.kind === 'broken-file' && finding.severity !== 'info'

/** `no-new-dangling-reference`: a name that nothing answers to, which was not there before. */
function* danglingReferences(before: Topology, after: Topology, said: ReadonlySet<Finding>): Generator<GateItem> {
  const key = (finding: Finding): string => `${finding.node} ${finding.message.params?.['host']}`
  const old = new Set(before.findings.filter(finding => finding.kind === 'dangling-reference').map(key))
  for (const finding of after.findings) {
    if (finding.kind !== 'dangling-reference' || old.has(key(finding)) || said.has(finding)) continue
    yield {
      rule: 'no-new-dangling-reference',
      verdict: 'warn',
      message: finding.message,
      services: finding.node === undefined ? [] : [finding.node],
      waivable: true,
    }
  }
}

/** `no-scale-to-zero-while-called`: nothing would answer, and others call. */
function* scaledToZero(before: Topology, after: Topology): Generator<GateItem> {
  const changed = withoutSame(after.nodes, before.nodes)
  const old = nodesById(before, changed)
  for (const node of changed) {
    if (node.replicas !== 0 || old.get(node.id)?.replicas === 0) continue
    if ((node.versions ?? []).some(version => version.replicas !== 0)) continue
    const callers = after.edges.filter(edge => edge.to === node.id && isReference(edge)).map(edge => edge.from)
    if (callers.length === 0) continue
    const message: Message = {
      key: 'topology.gateScaleToZeroWhileCalled',
      params: { service: node.id, callers: callers.sort().join(', ') },
    }
    yield {
      rule: 'no-scale-to-zero-while-called',
      verdict: 'warn',
      message,
      services: [node.id, ...callers],
      waivable: true,
    }
  }
}

/** The nodes that were there under the ids of these. */
function nodesById({ nodes }: Topology, wanted: readonly TopologyNode[]): ReadonlyMap<string, TopologyNode> {
  const ids = new Set(wanted.map(({ id }) => id))
  return new Map(nodes.flatMap(node => (ids.has(node.id) ? [[node.id, node] as const] : [])))
}

/** `image-without-tag-or-latest`: nobody can say later what ran. A digest is as good as a tag. */
function* looseImages(before: Topology, after: Topology): Generator<GateItem> {
  const changed = withoutSame(after.nodes, before.nodes)
  const old = nodesById(before, changed)
  for (const node of changed) {
    const was = old.get(node.id)
    const known = was && imagesOf(was)
    for (const [container, image] of imagesOf(node)) {
      if (known?.get(container) === image || !isLoose(image)) continue
      yield {
        rule: 'image-without-tag-or-latest',
        verdict: 'warn',
        message: { key: 'topology.gateLooseImage', params: { service: node.id, image } },
        services: [node.id],
        waivable: true,
      }
    }
  }
}

const imagesOf = (node: TopologyNode): ReadonlyMap<string, string> => {
  const name = (workload: string, container: Container): string => `${workload} ${container.name}`
  return new Map([
    ...(node.containers ?? []).map(container => [name('', container), container.image] as const),
    ...(node.versions ?? []).flatMap(version =>
      version.containers.map(container => [name(version.workload.name, container), container.image] as const),
    ),
  ])
}

/** No digest, and no tag but `latest`. A registry's port is no tag. */
function isLoose(image: string): boolean {
  if (image.includes('@')) return false
  const tag = /:([^/]+)$/.exec(image)?.[1]
  return tag === undefined || tag === 'latest'
}
