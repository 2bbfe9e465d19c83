import { isObject, type Json, listAt, type Manifest, objectAt, textAt, textsAt } from '../manifests/manifest.ts'
import type { Topology } from '../topology/topology.ts'
import { isCoreService, podTemplatePath } from '../topology/workload.ts'

/**
 * Which service each object is for: the workload it is, selects, scales, routes to, or is read by. Null for what serves
 * several or none. Answers by the id of the topology's node.
 */
export function serviceOfObjects(
  manifests: readonly Manifest[],
  topology: Topology,
): (manifest: Manifest) => string | null {
  const nodes = nodesByWorkload(topology)
  const owners = new Map<Manifest, Set<string>>()
  const workloads = manifests.filter(manifest => podTemplatePath(manifest) !== null)
  const give = (manifest: Manifest, service: string | undefined): void => {
    if (service === undefined) return
    const known = owners.get(manifest)
    if (known) known.add(service)
    else owners.set(manifest, new Set([service]))
  }
  const nodeOf = (manifest: Manifest): string =>
    nodes.get(nameOf(manifest)) ?? nodes.get(manifest.name) ?? manifest.name
  const known = new Map<string, Manifest>()
  for (const manifest of manifests) known.set(nameOf(manifest), manifest)

  for (const workload of workloads) {
    const service = nodeOf(workload)
    give(workload, service)
    for (const [kind, name] of readBy(workload)) {
      const read = known.get(`${kind} ${workload.namespace ?? ''}/${name}`)
      if (read) give(read, service)
    }
  }
  const selecting = workloads.map(workload => ({
    workload,
    labels: textsAt(workload.value, ...podTemplatePath(workload)!, 'metadata', 'labels'),
  }))
  for (const manifest of manifests) {
    const selector = selectorOf(manifest)
    const pairs = Object.entries(selector)
    if (pairs.length > 0)
      for (const { workload, labels } of selecting)
        if (isSamePlace(workload, manifest) && pairs.every(([key, value]) => labels[key] === value))
          give(manifest, nodeOf(workload))
    const scaled =
      textAt(manifest.value, 'spec', 'scaleTargetRef', 'name') ?? textAt(manifest.value, 'spec', 'targetRef', 'name')
    const target = scaled && workloads.find(workload => workload.name === scaled && isSamePlace(workload, manifest))
    if (target) give(manifest, nodeOf(target))
  }
  // Routes name Services, which are known by now.
  const services = new Map(manifests.filter(isCoreService).map(manifest => [manifest.name, manifest]))
  for (const manifest of manifests)
    if (
      !owners.has(manifest) &&
      /Route$|^(Ingress|VirtualService|DestinationRule|TrafficSplit|TraefikService|Canary)$/.test(manifest.kind)
    )
      for (const name of namesIn(manifest.value)) {
        const service = services.get(name.split('.', 1)[0]!)
        for (const owner of (service && owners.get(service)) ?? []) give(manifest, owner)
      }
  const ids = new Set(topology.nodes.map(({ id }) => id))
  return manifest => {
    const [only, ...more] = owners.get(manifest) ?? []
    if (only !== undefined) return more.length === 0 ? only : null
    const label =
      textAt(manifest.value, 'metadata', 'labels', 'app.kubernetes.io/name') ??
      textAt(manifest.value, 'metadata', 'labels', 'app')
    return [label, manifest.name].find(name => name !== undefined && ids.has(name)) ?? null
  }
}

const nameOf = ({ kind, namespace, name }: Manifest): string => `${kind} ${namespace ?? ''}/${name}`
const isSamePlace = (a: Manifest, b: Manifest): boolean => (a.namespace ?? '') === (b.namespace ?? '')

function nodesByWorkload({ nodes }: Topology): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { id, workload, versions } of nodes)
    for (const each of [workload, ...(versions ?? []).map(version => version.workload)])
      if (each) found.set(`${each.kind} ${each.namespace ?? ''}/${each.name}`, id)
  return found
}

function selectorOf({ kind, value }: Manifest): { readonly [key: string]: string } {
  if (kind === 'Service') return textsAt(value, 'spec', 'selector')
  const selector =
    kind === 'NetworkPolicy' ? objectAt(value, 'spec', 'podSelector') : objectAt(value, 'spec', 'selector')
  return kind === 'ServiceMonitor' || podKinds.has(kind) ? {} : textsAt(selector, 'matchLabels')
}
const podKinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'])

/** Objects of its namespace that a workload reads, by kind and name. */
function readBy(workload: Manifest): [kind: string, name: string][] {
  const spec = objectAt(workload.value, ...podTemplatePath(workload)!, 'spec')
  const found: [string, string][] = []
  const put = (kind: string, name: string | undefined): void => {
    if (name !== undefined) found.push([kind, name])
  }
  put('ServiceAccount', textAt(spec, 'serviceAccountName'))
  for (const volume of listAt(spec, 'volumes')) {
    put('ConfigMap', textAt(volume, 'configMap', 'name'))
    put('Secret', textAt(volume, 'secret', 'secretName'))
    put('PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName'))
    for (const source of listAt(volume, 'projected', 'sources')) {
      put('ConfigMap', textAt(source, 'configMap', 'name'))
      put('Secret', textAt(source, 'secret', 'name'))
    }
  }
  for (const container of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
    for (const from of listAt(container, 'envFrom')) {
      put('ConfigMap', textAt(from, 'configMapRef', 'name'))
      put('Secret', textAt(from, 'secretRef', 'name'))
    }
    for (const variable of listAt(container, 'env')) {
      put('ConfigMap', textAt(variable, 'valueFrom', 'configMapKeyRef', 'name'))
      put('Secret', textAt(variable, 'valueFrom', 'secretKeyRef', 'name'))
    }
  }
  return found
}

/** What stands under `name`, `host` or `service` anywhere in a route. */
function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(namesIn)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? (/^(name|host|service|serviceName)$/.test(key) ? [item] : []) : namesIn(item),
  )
}
