import type { FieldPath } from '../edits/field-path.ts'
import { listAt, type Manifest, type ManifestFile, type Path, textAt, textsAt } from '../manifests/manifest.ts'
import type { Topology, TopologyNode } from '../topology/topology.ts'
import { isCoreService, podTemplatePath } from '../topology/workload.ts'

/** A workload of a node, with what policies and addresses know it by. */
export type Program = {
  readonly manifest: Manifest
  readonly namespace: string
  /** Of its Pod template. */
  readonly template: Path
  readonly labels: { readonly [key: string]: string }
}
export type ScenePort = { readonly name?: string; readonly port: number; readonly target: number | string }
export type SceneService = {
  readonly manifest: Manifest
  readonly name: string
  readonly namespace: string
  readonly ports: readonly ScenePort[]
  readonly externalName?: string
  /** Ids of the nodes it leads to. */
  readonly nodes: readonly string[]
}

/** The objects of one environment beside the graph that was made of them: what wiring is planned on. */
export type Scene = {
  readonly topology: Topology
  readonly manifests: readonly Manifest[]
  node(id: string): TopologyNode | undefined
  /** The workloads of a node: one, or several versions; none for a gateway or a system outside. */
  programs(id: string): readonly Program[]
  services(id: string): readonly SceneService[]
  /** The Service a host names, as a Pod of a namespace would find it (Kubernetes, "DNS for Services and Pods"). */
  serviceAt(host: string, namespace: string): SceneService | undefined
  /** A ConfigMap or Secret as a Pod of a namespace would find it. */
  data(kind: 'ConfigMap' | 'Secret', namespace: string, name: string): Manifest | undefined
}

/** Reads the objects of an environment once for all that is asked of its wiring. */
export function readScene(files: readonly ManifestFile[], topology: Topology): Scene {
  const byIdentity = new Map<string, Manifest>()
  for (const { manifests } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    for (const manifest of manifests) {
      const key = keyOf(manifest.kind, manifest.namespace, manifest.name)
      if (!byIdentity.has(key)) byIdentity.set(key, manifest)
    }
  const manifests = [...byIdentity.values()]
  const find = (kind: string, namespace: string | undefined, name: string) =>
    byIdentity.get(keyOf(kind, namespace, name))
  const nodes = new Map(topology.nodes.map(node => [node.id, node]))
  const leads = new Map<string, string[]>()
  for (const node of topology.nodes)
    for (const { resource } of node.services) {
      const key = keyOf('Service', resource.namespace, resource.name)
      leads.set(key, [...(leads.get(key) ?? []), node.id])
    }
  const services = manifests.flatMap(manifest => {
    const key = keyOf('Service', manifest.namespace, manifest.name)
    return isCoreService(manifest) ? [toService(manifest, leads.get(key) ?? [])] : []
  })
  const byName = Map.groupBy(services, service => service.name)

  function serviceAt(host: string, namespace: string, depth = 0): SceneService | undefined {
    const labels = host.toLowerCase().replace(/\.$/, '').split('.')
    const svc = labels.indexOf('svc', 1)
    // `db-0.db.shop.svc`: a Pod behind a headless Service.
    const own = svc > 2 ? labels.slice(svc - 2) : labels
    const [name = '', wanted] = own
    const isLocal = svc > 0 || labels.length <= 2
    const named = isLocal ? (byName.get(name) ?? []) : []
    const at = wanted === undefined || wanted === 'svc' ? namespace : wanted
    const found =
      named.find(service => same(service.namespace, at)) ??
      named.find(service => service.namespace === '' || at === '') ??
      // Pods of a headless Service by their short name.
      (labels.length === 2 && /-\d+$/.test(name) ? byName.get(labels[1]!)?.[0] : undefined)
    if (found?.externalName !== undefined && depth < 8)
      return serviceAt(found.externalName, found.namespace, depth + 1) ?? found
    return found
  }

  return {
    topology,
    manifests,
    node: id => nodes.get(id),
    programs(id) {
      const node = nodes.get(id)
      const all = node ? [node.workload, ...(node.versions ?? []).map(({ workload }) => workload)] : []
      return all.flatMap(workload => {
        const manifest = workload && find(workload.kind, workload.namespace, workload.name)
        const template = manifest && podTemplatePath(manifest)
        if (!manifest || !template) return []
        const labels = textsAt(manifest.value, ...template, 'metadata', 'labels')
        return [{ manifest, namespace: manifest.namespace ?? '', template, labels }]
      })
    },
    services: id => services.filter(service => service.nodes.includes(id)),
    serviceAt: (host, namespace) => serviceAt(host, namespace),
    data: (kind, namespace, name) =>
      find(kind, namespace, name) ??
      find(kind, '', name) ??
      (namespace === '' ? find(kind, 'default', name) : undefined),
  }
}

const keyOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind}/${namespace ?? ''}/${name}`

/** Not to name a namespace and to name `default` come to the same. */
const same = (a: string, b: string): boolean => (a || 'default') === (b || 'default')
/** Whether two objects may be in one namespace: what does not say its own is applied to any. */
export const together = (a: string, b: string): boolean => a === '' || b === '' || same(a, b)

function toService(manifest: Manifest, nodes: readonly string[]): SceneService {
  const externalName = textAt(manifest.value, 'spec', 'externalName')
  const isExternal = textAt(manifest.value, 'spec', 'type') === 'ExternalName'
  return {
    manifest,
    name: manifest.name,
    namespace: manifest.namespace ?? '',
    nodes,
    ...(isExternal && externalName !== undefined && { externalName }),
    ports: listAt(manifest.value, 'spec', 'ports').flatMap(item => {
      const port = Number(textAt(item, 'port'))
      const name = textAt(item, 'name')
      const target = textAt(item, 'targetPort')
      if (!Number.isInteger(port)) return []
      const own = target === undefined || target === '0' ? port : /^\d+$/.test(target) ? Number(target) : target
      return [{ port, target: own, ...(name !== undefined && { name }) }]
    }),
  }
}

/** Whether an address, as a Pod of a namespace would resolve it, is that of a node; or of a name nothing answers to. */
export function leadsTo(scene: Scene, host: string, namespace: string, id: string): boolean {
  const service = scene.serviceAt(host, namespace)
  return service && service.nodes.length > 0 ? service.nodes.includes(id) : host === id || service?.name === id
}

export function* containersOf({ manifest, template }: Program): Generator<{ path: Path; name: string; init: boolean }> {
  for (const field of ['containers', 'initContainers'])
    for (const [index, container] of listAt(manifest.value, ...template, 'spec', field).entries()) {
      const name = textAt(container, 'name')
      if (name !== undefined)
        yield { path: [...template, 'spec', field, index], name, init: field === 'initContainers' }
    }
}

/** A path as edits name it: containers and variables by their names, so that others before them may come and go. */
export function namedPath(manifest: Manifest, path: Path): FieldPath {
  return path.map((step, depth) => {
    const hasNames = ['containers', 'initContainers', 'env'].includes(String(path[depth - 1]))
    const name = hasNames ? textAt(manifest.value, ...path.slice(0, depth + 1), 'name') : undefined
    return typeof step === 'number' && name !== undefined ? name : step
  })
}
