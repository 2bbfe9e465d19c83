import {
  fileAt,
  isObject,
  type Json,
  listAt,
  type Manifest,
  type Path,
  textAt,
  textsAt,
} from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import { factsOfFile, referencesOfFile } from './file-references.ts'
import { type Reference, referencesOfPair } from './find-references.ts'
import { type Objects, sameNamespace, type Workload } from './index-objects.ts'
import { madeBy } from './made-services.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import { redact } from './redact.ts'
import { resolveHost } from './resolve-host.ts'
import type { EdgeClass } from './topology.ts'

/** What custom resources are read against. */
export type CustomScope = {
  readonly objects: Objects
  readonly book: NodeBook
  /** The one Prometheus that scrapes here, where there is one. */
  readonly prometheus: () => DraftNode | undefined
}

/** True for a custom resource that {@link customCalls} reads. */
export const isCustom = (manifest: Manifest): boolean =>
  readerOf(manifest) !== undefined || madeBy(manifest)?.technology !== undefined

/**
 * Calls that custom resources tell of: what an operator runs for one and whom its fields name (a Keycloak's database, a
 * collector's exporters, a KafkaConnect's brokers), what a KEDA trigger measures is what the scaled workload works
 * off, what a ServiceMonitor selects is scraped, what a Knative Trigger subscribes is sent to.
 */
export function customCalls(scope: CustomScope, manifest: Manifest): readonly Call[] {
  const reader = readerOf(manifest)
  if (reader) return reader(scope, manifest)
  const from = scope.book.operated(manifest)
  return [...named(scope, manifest, from, ['spec']), ...refs(scope, manifest, from)]
}

type Reader = (scope: CustomScope, manifest: Manifest) => readonly Call[]

const readers: { readonly [groupAndKind: string]: Reader } = {
  'keda.sh ScaledObject': scaled,
  'keda.sh ScaledJob': scaled,
  'kafka.strimzi.io KafkaConnector': connector,
  'monitoring.coreos.com ServiceMonitor': scraped,
  'monitoring.coreos.com PodMonitor': scraped,
  'monitoring.coreos.com Probe': (scope, manifest) => {
    const from = scope.prometheus()
    const at: Path = ['spec', 'targets', 'staticConfig', 'static']
    return from ? [...named(scope, manifest, from, at, 'health')] : []
  },
  'sources.knative.dev SinkBinding': bound,
  'eventing.knative.dev Trigger': (scope, manifest) =>
    sends(scope, manifest, textAt(manifest.value, 'spec', 'broker') ?? 'default', ['spec', 'subscriber', 'ref']),
}

function readerOf({ group, kind }: Manifest): Reader | undefined {
  const key = `${group} ${kind}`
  return Object.hasOwn(readers, key) ? readers[key] : undefined
}

/** Every address below a path, as far as a Service of this environment answers to it. */
function* named(
  scope: CustomScope,
  manifest: Manifest,
  from: DraftNode,
  at: Path,
  edgeClass?: EdgeClass,
): Generator<Call> {
  for (const leaf of leaves(manifest.value, at)) {
    const key = String(leaf.at.findLast(step => typeof step === 'string') ?? '')
    const references = leaf.text.includes('\n')
      ? referencesOfFile(key, leaf.text, factsOfFile(`${key}.yaml`, leaf.text), new Map())
      : referencesOfPair(key, leaf.text)
    for (const reference of references)
      if (reference.form !== 'named') yield* call(scope, manifest, from, reference, leaf.at, key, edgeClass)
  }
}

function* call(
  { objects, book }: CustomScope,
  manifest: Manifest,
  from: DraftNode,
  reference: Pick<Reference, 'host' | 'port' | 'scheme'>,
  at: Path,
  key: string,
  edgeClass?: EdgeClass,
): Generator<Call> {
  const resolution = resolveHost(objects, reference.host, manifest.namespace ?? '')
  if (resolution.kind !== 'service') return
  const { service } = resolution
  const speaking = {
    ...(reference.scheme !== undefined && { scheme: reference.scheme }),
    ...(reference.port !== undefined && { port: reference.port }),
    key,
  }
  for (const to of book.ofService(service))
    if (to !== from)
      yield {
        from,
        to,
        confidence: ALONE.custom,
        protocol: protocolOf(to, { ...speaking, service }),
        evidence: [
          {
            kind: 'config',
            file: fileAt(manifest, at),
            line: manifest.lineOf(at),
            detail: `${manifest.kind} ${manifest.name}: ${redact(`${key}: ${reference.host}${reference.port === undefined ? '' : `:${reference.port}`}`)}`,
          },
        ],
        class: edgeClass ?? classOf(from, to, speaking),
      }
}

/** Elastic's resources name one another by the name of the resource, not of its Service. */
function* refs(scope: CustomScope, manifest: Manifest, from: DraftNode): Generator<Call> {
  const places: [Path, string][] = [
    [['spec', 'elasticsearchRef', 'name'], '-es-http'],
    [['spec', 'kibanaRef', 'name'], '-kb-http'],
    ...listAt(manifest.value, 'spec', 'elasticsearchRefs').map((_, index): [Path, string] => [
      ['spec', 'elasticsearchRefs', index, 'name'],
      '-es-http',
    ]),
  ]
  for (const [at, ending] of places) {
    const name = textAt(manifest.value, ...at)
    if (name !== undefined) yield* call(scope, manifest, from, { host: `${name}${ending}` }, at, String(at[1]))
  }
}

/** Triggers that measure what the workload itself works off; the others (cron, prometheus, cpu) watch it. */
const worksOff =
  /kafka|rabbitmq|redis|nats|stan|pulsar|activemq|artemis|mongodb|postgresql|mysql|mssql|liiklus|beanstalkd/

function scaled(scope: CustomScope, manifest: Manifest): readonly Call[] {
  const { objects, book } = scope
  const target = textAt(manifest.value, 'spec', 'scaleTargetRef', 'name')
  const kind = textAt(manifest.value, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment'
  const workload = objects.workloads.find(
    (other: Workload) =>
      (other.manifest === manifest || (other.name === target && other.manifest.kind === kind)) &&
      sameNamespace(other.namespace, manifest.namespace ?? ''),
  )
  if (!workload) return []
  const from = book.ofWorkload(workload)
  return listAt(manifest.value, 'spec', 'triggers').flatMap((trigger, index) =>
    worksOff.test(textAt(trigger, 'type') ?? '')
      ? [...named(scope, manifest, from, ['spec', 'triggers', index, 'metadata'])]
      : [],
  )
}

/** A connector runs in the KafkaConnect its label names. */
function connector(scope: CustomScope, manifest: Manifest): readonly Call[] {
  const cluster = textAt(manifest.value, 'metadata', 'labels', 'strimzi.io/cluster')
  const connect = scope.objects.operated.find(
    other =>
      other.kind === 'KafkaConnect' &&
      other.name === cluster &&
      sameNamespace(other.namespace ?? '', manifest.namespace ?? ''),
  )
  return connect ? [...named(scope, manifest, scope.book.operated(connect), ['spec', 'config'])] : []
}

function scraped({ objects, book, prometheus }: CustomScope, manifest: Manifest): readonly Call[] {
  const from = prometheus()
  const at: Path = ['spec', 'selector', 'matchLabels']
  const labels = Object.entries(textsAt(manifest.value, ...at))
  if (!from || labels.length === 0) return []
  const namespaces = listAt(manifest.value, 'spec', 'namespaceSelector', 'matchNames')
  const there = (namespace: string) =>
    namespaces.length === 0 ? sameNamespace(namespace, manifest.namespace ?? '') : namespaces.includes(namespace)
  const nodes =
    manifest.kind === 'PodMonitor'
      ? objects.workloads
          .filter(
            workload => there(workload.namespace) && labels.every(([key, value]) => workload.labels[key] === value),
          )
          .map(book.ofWorkload)
      : objects.services
          .filter(
            service =>
              there(service.namespace) &&
              labels.every(([key, value]) => textAt(service.manifest.value, 'metadata', 'labels', key) === value),
          )
          .flatMap(book.ofService)
  return [...new Set(nodes)].flatMap((to): Call[] =>
    to === from
      ? []
      : [
          {
            from,
            to,
            confidence: ALONE.custom,
            protocol: 'http',
            evidence: [
              {
                kind: 'config',
                file: fileAt(manifest, at),
                line: manifest.lineOf(at),
                detail: `${manifest.kind} ${manifest.name} selects ${to.id}`,
              },
            ],
            class: 'telemetry',
          },
        ],
  )
}

function sends(scope: CustomScope, manifest: Manifest, broker: string, at: Path): readonly Call[] {
  const name = textAt(manifest.value, ...at, 'name')
  const object = scope.objects.all.find(other => other.kind === 'Broker' && other.name === broker)
  if (name === undefined || !object || (textAt(manifest.value, ...at, 'kind') ?? 'Service') !== 'Service') return []
  const from = scope.book.middleman(object)
  return [...call(scope, manifest, from, { host: name }, [...at, 'name'], 'subscriber', 'app')]
}

/** What a SinkBinding gives `K_SINK` to sends there: to a broker, or to a Service. */
function bound(scope: CustomScope, manifest: Manifest): readonly Call[] {
  const { objects, book } = scope
  const namespace = manifest.namespace ?? ''
  const subject = ['spec', 'subject'] as const
  const labels = Object.entries(textsAt(manifest.value, ...subject, 'selector', 'matchLabels'))
  const isSubject = (workload: Workload): boolean =>
    sameNamespace(workload.namespace, namespace) &&
    workload.manifest.kind === textAt(manifest.value, ...subject, 'kind') &&
    (labels.length > 0
      ? labels.every(([key, value]) => workload.labels[key] === value)
      : workload.name === textAt(manifest.value, ...subject, 'name'))
  const at: Path = ['spec', 'sink', 'ref', 'name']
  const name = textAt(manifest.value, ...at)
  if (name === undefined) return []
  const broker =
    textAt(manifest.value, 'spec', 'sink', 'ref', 'kind') === 'Broker'
      ? objects.all.find(other => other.kind === 'Broker' && other.name === name)
      : undefined
  return objects.workloads.filter(isSubject).flatMap(workload => {
    const from = book.ofWorkload(workload)
    if (!broker) return [...call(scope, manifest, from, { host: name }, at, 'sink', 'app')]
    const evidence = {
      kind: 'config',
      file: fileAt(manifest, at),
      line: manifest.lineOf(at),
      detail: `SinkBinding ${manifest.name}: sink ${name}`,
    } as const
    const to = book.middleman(broker)
    return [{ from, to, confidence: ALONE.custom, protocol: 'http', evidence: [evidence], class: 'app' } as const]
  })
}

/** Texts below a path with where they stand. */
function* leaves(value: Json, at: Path, under: Json | undefined = undefined): Generator<{ at: Path; text: string }> {
  let found = under
  if (found === undefined) {
    found = value
    for (const step of at)
      found = isObject(found) ? found[step] : Array.isArray(found) ? (found as Json[])[Number(step)] : undefined
  }
  if (typeof found === 'string') yield { at, text: found }
  else if (Array.isArray(found))
    for (const [index, item] of (found as readonly Json[]).entries()) yield* leaves(value, [...at, index], item)
  else if (isObject(found)) for (const [key, item] of Object.entries(found)) yield* leaves(value, [...at, key], item)
}
