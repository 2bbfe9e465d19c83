import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import type { EditOf } from './edit.ts'

/** The labels by which people tell applications apart. */
const nameLabels = new Set([
  'app',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'k8s-app',
  'name',
  'service',
  'component',
])

/** What the neighbour is called, in its name, its Services and its labels: each becomes the new name. */
export type Names = { readonly known: ReadonlySet<string>; readonly to: string }

/** What of a Pod is a house rule and not the neighbour's own business. */
const carriedOfPod = new Set([
  'containers',
  'securityContext',
  'imagePullSecrets',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
  'terminationGracePeriodSeconds',
  'automountServiceAccountToken',
  'enableServiceLinks',
  'restartPolicy',
  'runtimeClassName',
  'dnsPolicy',
  'schedulerName',
])
const probes = new Set(['livenessProbe', 'readinessProbe', 'startupProbe'])
const carriedOfContainer = new Set([
  'name',
  'image',
  'imagePullPolicy',
  'ports',
  'env',
  'resources',
  'securityContext',
  ...probes,
])
/** Kinds a new service may be of; what else the neighbour is (a set with volumes, a node agent) is its own matter. */
const carriedKinds = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'Rollout'])

/**
 * A new workload in the manner of a neighbour: the same keys in the same order, its label keys, resources, security
 * settings and those probes that only need a port. Its command, arguments, volumes, account and sidecars stay its own.
 */
export function newWorkload(like: YamlMap, edit: EditOf<'add-service'>, names: Names): YamlMap {
  const template = podTemplatePath(like) ?? ['spec', 'template']
  const pod = valueAt(like, template)
  const labels = podLabelsOf(like, template, names)
  const isKept = carriedKinds.has(String(like['kind'])) && !hasReferences(like)
  const kind = isKept ? like['kind']! : 'Deployment'
  const likeSpec: YamlMap = isYamlMap(like['spec']) ? like['spec'] : {}
  const spec: { [key: string]: YamlValue } = {}
  const keys = isKept ? Object.keys(likeSpec) : ['replicas', 'selector', 'template']
  for (const key of keys) {
    if (key === 'replicas' && (edit.replicas !== undefined || likeSpec['replicas'] !== undefined))
      spec['replicas'] = edit.replicas ?? 1
    else if (key === 'selector' && kind !== 'ReplicationController')
      spec['selector'] = { matchLabels: selectorOf(likeSpec, labels) }
    else if (key === 'selector') spec['selector'] = labels
    else if (key === 'template') spec['template'] = templateLike(isYamlMap(pod) ? pod : {}, labels, edit, names)
    else if (
      ['strategy', 'revisionHistoryLimit', 'minReadySeconds', 'progressDeadlineSeconds', 'updateStrategy'].includes(key)
    )
      spec[key] = likeSpec[key]!
  }
  if (edit.replicas !== undefined && spec['replicas'] === undefined && kind !== 'DaemonSet')
    return workload(like, kind, { replicas: edit.replicas, ...spec }, edit, names)
  return workload(like, kind, spec, edit, names)
}

const workload = (
  like: YamlMap,
  kind: YamlValue,
  spec: YamlMap,
  edit: EditOf<'add-service'>,
  names: Names,
): YamlMap => ({
  apiVersion: kind === like['kind'] ? like['apiVersion']! : 'apps/v1',
  kind,
  metadata: metadataLike(like['metadata'], edit.name, names),
  spec,
})

/** A rollout that names Services or routes of the neighbour cannot be carried over. */
const hasReferences = (like: YamlMap): boolean =>
  like['kind'] === 'Rollout' &&
  JSON.stringify(like['spec'], (_, value) => (typeof value === 'bigint' ? String(value) : value)).includes('Service"')

function podLabelsOf(like: YamlMap, template: YamlPath, names: Names): { readonly [key: string]: string } {
  const labels = renamed(textMap(valueAt(like, [...template, 'metadata', 'labels'])), names)
  return Object.keys(labels).length > 0 ? labels : { app: names.to }
}

/** The same selector keys as the neighbour's; all labels where it has none. */
function selectorOf(spec: YamlMap, labels: { readonly [key: string]: string }): YamlMap {
  const keys = Object.keys(textMap(valueAt(spec, ['selector', 'matchLabels'])))
  const own = keys.filter(key => labels[key] !== undefined)
  return Object.fromEntries((own.length > 0 ? own : Object.keys(labels)).map(key => [key, labels[key]!]))
}

export function renamed(
  labels: { readonly [key: string]: string },
  { known, to }: Names,
): { readonly [key: string]: string } {
  const next = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, known.has(value) ? to : value]))
  // Two services whose Pods carry the same labels would be one.
  const told = Object.values(next).includes(to)
  const key = Object.keys(next).find(one => nameLabels.has(one)) ?? Object.keys(next)[0]
  return told || key === undefined ? next : { ...next, [key]: to }
}

function metadataLike(metadata: YamlValue | undefined, name: string, names: Names): YamlMap {
  const like: YamlMap = isYamlMap(metadata) ? metadata : {}
  const next: { [key: string]: YamlValue } = {}
  for (const key of Object.keys(like)) {
    if (key === 'name' || key === 'generateName') next['name'] = name
    if (key === 'namespace') next['namespace'] = like['namespace']!
    if (key === 'labels') next['labels'] = renamed(textMap(like['labels']), names)
  }
  return next
}

function templateLike(
  template: YamlMap,
  labels: { readonly [key: string]: string },
  edit: EditOf<'add-service'>,
  names: Names,
): YamlMap {
  const annotations = Object.entries(textMap(valueAt(template, ['metadata', 'annotations']))).filter(([key]) =>
    /(^|[./-])inject$/.test(key),
  )
  const spec: YamlMap = isYamlMap(template['spec']) ? template['spec'] : {}
  const containers = isYamlList(spec['containers']) ? spec['containers'].filter(isYamlMap) : []
  const main = mainContainer(containers, names)
  const next: { [key: string]: YamlValue } = {}
  for (const key of Object.keys(spec)) {
    if (key === 'containers') next['containers'] = [containerLike(main ?? {}, edit, names)]
    else if (carriedOfPod.has(key)) next[key] = spec[key]!
  }
  return {
    metadata: { labels, ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }) },
    spec: next,
  }
}

/** The container that is the service, among its sidecars. */
const mainContainer = (containers: readonly YamlMap[], { known }: Names): YamlMap | undefined =>
  containers.find(container => known.has(String(container['name']))) ??
  containers.find(container => isYamlList(container['ports'])) ??
  containers[0]

function containerLike(like: YamlMap, edit: EditOf<'add-service'>, names: Names): YamlMap {
  const { port } = edit
  const env = edit.env?.map(({ name, value }) => ({ name, value })) ?? []
  const next: { [key: string]: YamlValue } = {}
  const likeName = String(like['name'] ?? '')
  const firstPort = isYamlList(like['ports']) ? like['ports'].find(isYamlMap) : undefined
  for (const key of Object.keys(like).filter(key => carriedOfContainer.has(key))) {
    if (key === 'name') next['name'] = names.known.has(likeName) || likeName === '' ? names.to : likeName
    else if (key === 'image') next['image'] = edit.image
    else if (key === 'ports') {
      if (port !== undefined) next['ports'] = [containerPort(firstPort, port)]
    } else if (key === 'env') {
      if (env.length > 0) next['env'] = env
    } else if (probes.has(key)) {
      const probe = port === undefined ? undefined : probeLike(like[key], port)
      if (probe) next[key] = probe
    } else next[key] = like[key]!
  }
  if (next['image'] === undefined) next['image'] = edit.image
  if (port !== undefined && next['ports'] === undefined) next['ports'] = [{ containerPort: port }]
  if (env.length > 0 && next['env'] === undefined) next['env'] = env
  return next['name'] === undefined ? { name: names.to, ...next } : next
}

function containerPort(like: YamlMap | undefined, port: number): YamlMap {
  const kept = Object.entries(like ?? { containerPort: port }).filter(([key]) =>
    ['name', 'containerPort', 'protocol'].includes(key),
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'containerPort' ? port : value]))
}

/** A probe that asks for nothing but an open port can be asked of any service; paths and commands are its own. */
function probeLike(value: YamlValue | undefined, port: number): YamlMap | undefined {
  if (!isYamlMap(value)) return undefined
  const handler = ['tcpSocket', 'grpc'].find(key => isYamlMap(value[key]))
  if (handler === undefined) return undefined
  const asked = valueAt(value, [handler, 'port'])
  const next = typeof asked === 'string' ? asked : port
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === handler ? { port: next } : item]))
}

/** The Service in front of a new workload, in the manner of the neighbour's; inside the cluster whatever that one is. */
export function newService(
  like: YamlMap | undefined,
  made: YamlMap,
  edit: EditOf<'add-service'>,
  names: Names,
): YamlMap {
  const port = edit.port!
  const template = podTemplatePath(made) ?? ['spec', 'template']
  const labels = textMap(valueAt(made, [...template, 'metadata', 'labels']))
  const likeSpec: YamlMap = like && isYamlMap(like['spec']) ? like['spec'] : {}
  const selected = Object.keys(textMap(likeSpec['selector'])).filter(key => labels[key] !== undefined)
  const workloadKeys = Object.keys(textMap(valueAt(made, ['spec', 'selector', 'matchLabels'])))
  const keys = selected.length > 0 ? selected : workloadKeys.length > 0 ? workloadKeys : Object.keys(labels)
  const selector = Object.fromEntries(keys.map(key => [key, labels[key]!]))
  const firstPort = isYamlList(likeSpec['ports']) ? likeSpec['ports'].find(isYamlMap) : undefined
  const metadata = metadataLike(like?.['metadata'] ?? made['metadata'], edit.name, names)
  const spec: { [key: string]: YamlValue } = {}
  for (const key of Object.keys(like ? likeSpec : { selector: 0, ports: 0 })) {
    if (key === 'type' && likeSpec['type'] === 'ClusterIP') spec['type'] = 'ClusterIP'
    if (key === 'selector') spec['selector'] = selector
    if (key === 'ports') spec['ports'] = [servicePort(firstPort, port, made, template)]
  }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      ...spec,
      ...(spec['selector'] === undefined && { selector }),
      ...(spec['ports'] === undefined && { ports: [{ port }] }),
    },
  }
}

function servicePort(like: YamlMap | undefined, port: number, made: YamlMap, template: YamlPath): YamlMap {
  const own = valueAt(made, [...template, 'spec', 'containers', 0, 'ports', 0, 'name'])
  const next: { [key: string]: YamlValue } = {}
  for (const [key, value] of Object.entries(like ?? { port, targetPort: port })) {
    if (key === 'port') next['port'] = port
    else if (key === 'targetPort') next['targetPort'] = typeof value === 'string' && value === own ? value : port
    else if (['name', 'protocol', 'appProtocol'].includes(key)) next[key] = value
  }
  return next
}
