import { isObject, type Json, type JsonObject, listAt, objectAt } from '../../../shared/manifests/manifest.ts'
import { setAt } from './fields/json.ts'
import type { Kind } from './kinds.ts'

/** Members that stand where nothing does; objects in both are filled likewise. */
function fill(value: JsonObject, defaults: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...value }
  for (const [key, standard] of Object.entries(defaults)) {
    const inner = result[key]
    if (inner === undefined || inner === null) result[key] = standard
    else if (isObject(inner) && isObject(standard)) result[key] = fill(inner, standard)
  }
  return result
}

const mapList = (value: JsonObject, key: string, change: (item: JsonObject) => JsonObject): JsonObject =>
  Array.isArray(value[key])
    ? { ...value, [key]: (value[key] as readonly Json[]).map(item => (isObject(item) ? change(item) : item)) }
    : value

const probe = (value: JsonObject): JsonObject => {
  const filled = fill(value, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  if (isObject(filled['httpGet'])) return fill(filled, { httpGet: { path: '/', scheme: 'HTTP' } })
  return isObject(filled['grpc']) ? fill(filled, { grpc: { service: '' } }) : filled
}

const container = (value: JsonObject): JsonObject => {
  const image = typeof value['image'] === 'string' ? value['image'] : ''
  const last = image.slice(image.lastIndexOf('/') + 1)
  const moves = !image.includes('@') && (!last.includes(':') || last.endsWith(':latest'))
  let filled = fill(value, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: moves ? 'Always' : 'IfNotPresent',
    resources: {},
  })
  filled = mapList(filled, 'ports', port => fill(port, { protocol: 'TCP' }))
  filled = mapList(filled, 'env', variable => {
    const from = variable['valueFrom']
    if (!isObject(from) || !isObject(from['fieldRef'])) return variable
    return { ...variable, valueFrom: fill(from, { fieldRef: { apiVersion: 'v1' } }) }
  })
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe'])
    if (isObject(filled[key])) filled = { ...filled, [key]: probe(filled[key]) }
  return filled
}

const podSpec = (value: JsonObject): JsonObject => {
  let filled = fill(value, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  })
  for (const key of ['initContainers', 'containers']) filled = mapList(filled, key, container)
  return mapList(filled, 'volumes', volume => {
    for (const key of ['configMap', 'secret', 'projected', 'downwardAPI'])
      if (isObject(volume[key])) return fill(volume, { [key]: { defaultMode: 420 } })
    return volume
  })
}

const template = (object: JsonObject): JsonObject =>
  setAt(object, ['spec', 'template', 'spec'], podSpec(objectAt(object, 'spec', 'template', 'spec')))

const spec = (object: JsonObject, defaults: JsonObject): JsonObject => ({
  ...object,
  spec: fill(objectAt(object, 'spec'), defaults),
})

/** What an API server fills in where a manifest says nothing, for the kinds that a workspace commonly declares. */
export function withDefaults(kind: Kind, object: JsonObject): JsonObject {
  if (kind.custom) return object
  switch (kind.kind) {
    case 'Pod':
      return { ...object, spec: fill(podSpec(objectAt(object, 'spec')), { enableServiceLinks: true }) }
    case 'Deployment': {
      const filled = spec(template(object), {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate' },
      })
      return objectAt(filled, 'spec', 'strategy')['type'] === 'RollingUpdate'
        ? spec(filled, { strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } })
        : filled
    }
    case 'ReplicaSet':
      return spec(template(object), { replicas: 1 })
    case 'StatefulSet':
      return spec(template(object), {
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      })
    case 'DaemonSet':
      return spec(template(object), {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      })
    case 'Job':
      return spec(template(object), {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
      })
    case 'CronJob':
      return spec(object, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      })
    case 'Service':
      return service(object)
    case 'HorizontalPodAutoscaler':
      return spec(object, { minReplicas: 1 })
    case 'Ingress':
      return object
    case 'NetworkPolicy':
      return spec(object, { podSelector: {}, policyTypes: ['Ingress'] })
    case 'Secret':
      return fill(object, { type: 'Opaque' })
    case 'Namespace':
      return spec(object, { finalizers: ['kubernetes'] })
    default:
      return object
  }
}

function service(object: JsonObject): JsonObject {
  const filled = spec(object, {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
  })
  const own = objectAt(filled, 'spec')
  const ip = own['clusterIP'] ?? addressOf(object)
  const ports = listAt(own, 'ports').map(port =>
    isObject(port) ? fill(port, { protocol: 'TCP', targetPort: port['port'] ?? null }) : port,
  )
  return {
    ...filled,
    spec: {
      ...own,
      ...(own['type'] !== 'ExternalName' && { clusterIP: ip, clusterIPs: own['clusterIPs'] ?? [ip] }),
      ...(ports.length > 0 && { ports }),
    },
  }
}

/** An address in the usual range for Services, the same for the same name. */
function addressOf(object: JsonObject): string {
  const { namespace, name } = objectAt(object, 'metadata')
  let hash = 7
  for (const char of `${String(namespace)}/${String(name)}`) hash = (hash * 31 + char.codePointAt(0)!) % 65_000
  return `10.96.${Math.floor(hash / 254)}.${(hash % 254) + 1}`
}
