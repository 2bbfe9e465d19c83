import type { Edit } from '../edits/edit.ts'
import { fileAt, listAt, type Manifest, type ManifestFile, numberAt, objectAt, textAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import { findCrossings } from './cross-environment.ts'
import { fixAddress, fixField, fixLabel } from './find-fix.ts'
import { findCycles, findSinglePoints } from './find-risks.ts'
import { type Objects, type ServiceObject, sameNamespace } from './index-objects.ts'
import type { NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'
import { type EmptySelector, nearestLabels } from './policy-calls.ts'
import type { RouteProblem } from './route-calls.ts'
import type { Finding, TopologyEdge, TopologyNode } from './topology.ts'
import type { Problem } from './workload-calls.ts'

type Seen = {
  /** Its id, which may say what it is for: `overlays/prod`. */
  readonly environment: string
  readonly files: readonly ManifestFile[]
  readonly objects: Objects
  readonly book: NodeBook
  readonly parts: Parts
  readonly nodes: readonly TopologyNode[]
  readonly edges: readonly TopologyEdge[]
  readonly routes: readonly RouteProblem[]
  readonly references: readonly Problem[]
  readonly selectors: readonly EmptySelector[]
  /** Of `pilothouse.yaml`. */
  readonly workspace: readonly Finding[]
}

/** What a person should look at, sorted by file and line. Everything said here is certain from the files alone. */
export function findProblems(seen: Seen): Finding[] {
  const findings = [
    ...brokenFiles(seen),
    ...repeatedObjects(seen),
    ...emptySelectors(seen),
    ...danglingReferences(seen),
    ...portMismatches(seen),
    ...targetMismatches(seen),
    ...orphans(seen),
    ...seen.parts.of('findings', 'cycles', [seen.edges], () => [...findCycles(seen)]),
    ...findSinglePoints(seen),
    ...findCrossings(seen.environment, seen.nodes, seen.edges),
    ...seen.workspace,
  ]
  const unique = new Map<string, Finding>()
  for (const finding of findings) unique.set(saidBy(finding), finding)
  return [...unique.values()].sort(
    (a, b) => compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || compare(a.kind, b.kind),
  )
}

/** What a finding says, whatever made it; found once for one that stays as it was. */
function saidBy(finding: Finding): string {
  let said = known.get(finding)
  if (said === undefined) {
    said = JSON.stringify([finding.kind, finding.message, finding.node ?? ''])
    known.set(finding, said)
  }
  return said
}
const known = new WeakMap<Finding, string>()

/** A broken file that does not look like Kubernetes matters only among manifests: `kubectl apply -f` would fail on it. */
function* brokenFiles({ files }: Seen): Generator<Finding> {
  const broken = files.filter(file => file.findings.length > 0)
  if (broken.length === 0) return
  const folders = new Set(files.filter(file => file.manifests.length > 0).map(file => folderOf(file.path)))
  for (const file of broken)
    for (const finding of file.findings)
      if (finding.kind !== 'broken-file' || finding.severity !== 'warning' || folders.has(folderOf(file.path)))
        yield finding
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

function* repeatedObjects({ objects }: Seen): Generator<Finding> {
  for (const { manifest, first } of objects.repeated)
    yield {
      kind: 'duplicate-resource',
      severity: 'warning',
      message: {
        key: 'topology.duplicateResource',
        params: { kind: manifest.kind, name: manifest.name, otherFile: first.file, otherLine: first.lineOf() },
      },
      file: manifest.file,
      line: manifest.lineOf(),
    }
}

function* emptySelectors({ objects, selectors }: Seen): Generator<Finding> {
  const alone = objects.services.filter(service => service.selector && service.workloads.length === 0)
  const drifted = alone.map(service => {
    const selector = Object.entries(service.selector!)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')
    const meant = nearestLabels(objects, service.selector!)
    return { manifest: service.manifest, at: ['spec', 'selector'], selector, ...(meant && { nearest: meant.nearest }) }
  })
  for (const { manifest, at, selector, nearest } of [...drifted, ...selectors]) {
    const params = { kind: manifest.kind, name: manifest.name, selector }
    const fix = nearest === undefined ? undefined : fixLabel({ object: manifest, at }, nearest)
    yield {
      kind: 'selector-selects-nothing',
      severity: 'warning',
      message:
        nearest === undefined
          ? { key: 'topology.selectorSelectsNothing', params }
          : { key: 'topology.selectorSelectsNothingNear', params: { ...params, nearest } },
      file: fileAt(manifest, at),
      line: manifest.lineOf(at),
      ...(fix && { fix }),
    }
  }
  const autoscalers = objects.all.filter(manifest => manifest.kind === 'HorizontalPodAutoscaler')
  if (autoscalers.length === 0) return
  const byName = new Map<string, Manifest[]>()
  for (const { manifest } of objects.workloads) {
    const same = byName.get(manifest.name)
    if (same) same.push(manifest)
    else byName.set(manifest.name, [manifest])
  }
  for (const manifest of autoscalers) {
    const targetKind = textAt(manifest.value, 'spec', 'scaleTargetRef', 'kind')
    const target = textAt(manifest.value, 'spec', 'scaleTargetRef', 'name')
    if (targetKind === undefined || target === undefined) continue
    const isThere = (other: Manifest): boolean =>
      other.kind === targetKind &&
      other.name === target &&
      sameNamespace(other.namespace ?? '', manifest.namespace ?? '')
    // Mostly a workload; any other object that can be scaled is as good.
    if (byName.get(target)?.some(isThere) || objects.all.some(isThere)) continue
    yield {
      kind: 'selector-selects-nothing',
      severity: 'warning',
      message: { key: 'topology.autoscalerTargetMissing', params: { name: manifest.name, targetKind, target } },
      file: fileAt(manifest, ['spec', 'scaleTargetRef']),
      line: manifest.lineOf(['spec', 'scaleTargetRef']),
    }
  }
}

type Dangling = Problem & { readonly kind: 'dangling' }

function* danglingReferences({ references, routes, objects, parts }: Seen): Generator<Finding> {
  const same = new Map<string, Dangling[]>()
  for (const problem of references) {
    if (problem.kind !== 'dangling') continue
    const key = `${problem.from.id} ${problem.resolution.host}`
    const known = same.get(key)
    if (known) known.push(problem)
    else same.set(key, [problem])
  }
  for (const problems of same.values()) {
    const { host } = problems[0]!.resolution
    // What another repository puts into its own namespace is not seen from here.
    const [, space] = /\.([a-z0-9-]+)\.svc(?:\.|$)/.exec(host) ?? []
    const unseen = space !== undefined && !objects.namespaces.has(space) ? space : undefined
    yield parts.of('dangling references', problems[0], [unseen, ...problems], () => danglingReference(problems, unseen))
  }
  for (const { from, resolution, evidence, place } of routes) {
    if (resolution.kind !== 'dangling') continue
    const { nearest } = resolution
    const params = { node: from.id, host: resolution.host }
    const text = textAt(place.object.value, ...place.at) ?? ''
    const fix =
      nearest && fixAddress([place], text, { host: text.includes('.') ? nearest : nearest.split('.')[0]! }, [from.id])
    yield {
      kind: 'dangling-reference',
      severity: 'warning',
      message:
        nearest === undefined
          ? { key: 'topology.danglingRoute', params }
          : { key: 'topology.danglingRouteNear', params: { ...params, nearest } },
      node: from.id,
      ...placeOf(evidence),
      ...(fix && { fix }),
    }
  }
}

/** What one node says of one host that is not there; `unseen` is the namespace it names, where nothing is known of that. */
function danglingReference(problems: readonly Dangling[], unseen: string | undefined): Finding {
  const { from, resolution, where, evidence } = problems[0]!
  const { host, nearest, elsewhere } = resolution
  const meant = elsewhere ?? nearest
  const params = { node: from.id, host, where }
  const beyond = meant === undefined && unseen !== undefined
  const message: Message = beyond
    ? { key: 'finding.beyond', params: { ...params, namespace: unseen } }
    : elsewhere !== undefined
      ? { key: 'topology.danglingReferenceOtherNamespace', params: { ...params, nearest: elsewhere } }
      : nearest !== undefined
        ? { key: 'topology.danglingReferenceNear', params: { ...params, nearest } }
        : { key: 'topology.danglingReference', params }
  // Wherever this node says it, it is put right.
  const fix = problems.flatMap(({ places, from }) =>
    meant === undefined ? [] : (fixAddress(places, host, { host: meant }, [from.id]) ?? []),
  )
  return {
    kind: 'dangling-reference',
    severity: beyond ? 'info' : 'warning',
    message,
    node: from.id,
    ...placeOf(evidence),
    ...(fix.length > 0 && { fix: distinct(fix) }),
  }
}

function* portMismatches({ references, routes }: Seen): Generator<Finding> {
  const calls = [
    ...references.flatMap(problem => (problem.kind === 'port' ? [problem] : [])),
    ...routes.flatMap(({ from, service, port, evidence, portPlace }) =>
      service && port !== undefined ? [{ from, service, port, host: service.name, evidence, portPlace }] : [],
    ),
  ]
  for (const problem of calls) {
    const { from, service, host, port, evidence } = problem
    const [only, other] = service.ports
    const fix =
      !only || other
        ? undefined
        : 'portPlace' in problem
          ? problem.portPlace && fixField(problem.portPlace, only.port, [from.id])
          : 'places' in problem && fixAddress(problem.places, host, { host, port: only.port }, [from.id])
    yield {
      kind: 'port-mismatch',
      severity: 'warning',
      message: {
        key: 'topology.portMismatch',
        params: { node: from.id, host, port, service: service.name, offered: offeredBy(service) },
      },
      node: from.id,
      ...placeOf(evidence),
      ...(fix && { fix }),
    }
  }
}

const targetMismatches = ({ objects, book, parts }: Seen): readonly Finding[] =>
  objects.services
    .filter(service => service.selector)
    .flatMap(service => parts.part('target mismatches', service, () => [...targetMismatchesOf(book, service)]))

function* targetMismatchesOf(book: NodeBook, service: ServiceObject): Generator<Finding> {
  for (const [index, { port, targetPort }] of service.ports.entries())
    for (const workload of service.workloads) {
      const ports = ['containers', 'initContainers'].flatMap(field =>
        listAt(objectAt(workload.manifest.value, ...workload.template, 'spec'), field).flatMap(container =>
          listAt(container, 'ports'),
        ),
      )
      // Containers need not declare their ports; where they declare some, a name must be one of them.
      if (ports.length === 0) continue
      const target = targetPort ?? port
      const known = ports.some(item => textAt(item, 'name') === target || numberAt(item, 'containerPort') === target)
      if (known) continue
      const node = book.ofWorkload(workload)
      const declared = ports.map(item =>
        [textAt(item, 'name'), numberAt(item, 'containerPort')].filter(Boolean).join(' '),
      )
      yield {
        kind: 'port-mismatch',
        // A number may be right although no container lists it.
        severity: typeof target === 'string' ? 'warning' : 'info',
        message: {
          key: 'topology.targetPortMismatch',
          params: { service: service.name, port: target, node: node.id, offered: [...new Set(declared)].join(', ') },
        },
        node: node.id,
        file: fileAt(service.manifest, ['spec', 'ports', index, 'targetPort']),
        line: service.manifest.lineOf(['spec', 'ports', index, 'targetPort']),
      }
    }
}

const offeredBy = (service: ServiceObject): string =>
  service.ports.map(port => (port.name === undefined ? String(port.port) : `${port.port} (${port.name})`)).join(', ')

const distinct = (edits: readonly Edit[]): Edit[] => [
  ...new Map(edits.map(edit => [JSON.stringify(edit), edit])).values(),
]

/** Said only where others are connected: in a set of manifests that names nobody, it would be said of everyone. */
function* orphans({ nodes, edges, parts }: Seen): Generator<Finding> {
  if (edges.length === 0) return
  const touched = parts.of('findings', 'touched', [edges], () => {
    const ends = new Set<string>()
    for (const { from, to } of edges) ends.add(from).add(to)
    return ends
  })
  for (const node of nodes) {
    if (touched.has(node.id) || node.kind === 'edge' || !node.workload) continue
    if (['Job', 'CronJob', 'DaemonSet'].includes(node.workload.kind)) continue
    yield {
      kind: 'orphan',
      severity: 'info',
      message: { key: node.callsKnown === 'unknown' ? 'finding.unseen' : 'topology.orphan', params: { node: node.id } },
      node: node.id,
      ...(node.file !== undefined && { file: node.file }),
      ...(node.line !== undefined && { line: node.line }),
    }
  }
}

const placeOf = ({ file, line }: { readonly file?: string; readonly line?: number }) => ({
  ...(file !== undefined && { file }),
  ...(line !== undefined && { line }),
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
