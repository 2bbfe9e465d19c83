import { type Manifest, numberAt, textsAt } from '../manifests/manifest.ts'
import { type Objects, type ServiceObject, sameNamespace, type Workload } from './index-objects.ts'
import { madeBy } from './made-services.ts'
import { Parts } from './parts.ts'
import { containersOf } from './read-containers.ts'
import {
  kindOfProtocol,
  protocolOfPort,
  type Technology,
  technologyOf,
  technologyOfPort,
} from './recognise-technology.ts'
import type { Container, NodeKind } from './topology.ts'

/** A node while the graph is being built. The same object from one build to the next where it is the same in all. */
export type DraftNode = {
  readonly id: string
  /** The name without what most names here begin with (a Helm release), so that it can be judged by its words. */
  readonly plainName: string
  /** As far as it tells itself; how others speak to it may tell more, see `NodeBook.kindOf`. */
  readonly kind: NodeKind
  readonly technology?: Technology
  /** Versions of one service, the plainest name first; empty for what is no workload. */
  readonly workloads: readonly Workload[]
  readonly services: readonly ServiceObject[]
  /** The object that stands for it, where there is no workload: an Ingress, a Gateway, a Service. */
  readonly object?: Manifest
  readonly containers: readonly Container[]
}

/** Endings that tell versions of one service apart. */
const versionEnding = /-(v?\d+([.-]\d+)*|canary|stable|primary|baseline|blue|green|preview|active|latest)$/

/** Name without its version: its own `version` label, or a customary ending. */
function baseName(workload: Workload): string {
  const version = workload.labels['version'] ?? workload.labels['app.kubernetes.io/version']
  if (version !== undefined && version !== '' && workload.name.endsWith(`-${version}`))
    return workload.name.slice(0, -version.length - 1)
  return workload.name.replace(versionEnding, '')
}

/**
 * One node per workload; workloads behind one Service whose names differ only by a version are one node. The id is
 * the workload's name where that is unique, else `namespace/name` (and `kind/name` where even that is taken); of
 * several versions it is the name they share.
 */
function workloadNodes(objects: Objects, parts: Parts): Naming[] {
  const groupOf = new Map<Workload, Workload[]>()
  for (const workload of objects.workloads) groupOf.set(workload, [workload])
  for (const service of objects.services) {
    const candidates = service.workloads.filter(workload => !workload.finite)
    if (candidates.length < 2) continue
    const byBase = new Map<string, Workload[]>()
    for (const workload of candidates) {
      const base = baseName(workload)
      byBase.set(base, [...(byBase.get(base) ?? []), workload])
    }
    for (const versions of byBase.values()) {
      if (versions.length < 2) continue
      const joined = [...new Set(versions.flatMap(workload => groupOf.get(workload)!))]
      for (const workload of joined) groupOf.set(workload, joined)
    }
  }
  const servicesOf = new Map<Workload, ServiceObject[]>()
  for (const service of objects.services)
    for (const workload of service.workloads) {
      const known = servicesOf.get(workload)
      if (known) known.push(service)
      else servicesOf.set(workload, [service])
    }
  const nodes: Naming[] = []
  for (const group of new Set(groupOf.values())) {
    const workloads =
      group.length === 1
        ? group
        : [...group].sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    const first = workloads[0]!
    const containers = parts.part('containers', first, () => containersOf(objects, first))
    const services =
      workloads.length === 1
        ? (servicesOf.get(first) ?? [])
        : [...new Set(workloads.flatMap(workload => servicesOf.get(workload) ?? []))]
    const name = workloads.length === 1 ? first.name : baseName(first)
    const rest = parts.of('nodes of workloads', first, [name, containers, ...workloads, ...services], () => ({
      ...recognise(name, first, containers, services),
      workloads,
      services,
      containers,
    }))
    nodes.push({ id: name, plainName: name, rest })
  }
  const names = nodes.map(node => node.id)
  const prefix = parts.of('names', 'prefix', names, () => commonPrefix(names))
  for (const node of nodes) if (node.id.startsWith(prefix)) node.plainName = node.id.slice(prefix.length)
  return distinct(nodes)
}

/** A node of workloads before it is known what others are called. */
type Naming = { id: string; plainName: string; readonly rest: Omit<DraftNode, 'id' | 'plainName'> }

function recognise(
  name: string,
  first: Workload,
  containers: readonly Container[],
  services: readonly ServiceObject[],
): Pick<DraftNode, 'kind' | 'technology'> {
  if (first.manifest.kind === 'EdgeService' || first.finite) return { kind: 'service' }
  const running = containers.filter(container => !container.init)
  const ports = running.slice(0, 1).flatMap(container => container.ports.map(port => port.port))
  if (ports.length === 0)
    for (const service of services) ports.push(...service.ports.map(port => Number(port.targetPort ?? port.port)))
  return technologyOf(
    name,
    running.map(container => container.image),
    ports,
  )
}

/** The words, with the dash after them, that more than half of at least four names begin with; empty for none. */
function commonPrefix(names: readonly string[]): string {
  if (names.length < 4) return ''
  const counts = new Map<string, number>()
  for (const name of names)
    for (let at = name.indexOf('-'); at > 0; at = name.indexOf('-', at + 1)) {
      const start = name.slice(0, at + 1)
      counts.set(start, (counts.get(start) ?? 0) + 1)
    }
  let longest = ''
  for (const [start, count] of counts) if (count * 2 > names.length && start.length > longest.length) longest = start
  return longest
}

/** Makes ids unique: `name`, else `namespace/name`, else `kind/name`, else with a number. */
function distinct(nodes: Naming[]): Naming[] {
  const byName = new Map<string, Naming[]>()
  for (const node of nodes) {
    const same = byName.get(node.id)
    if (same) same.push(node)
    else byName.set(node.id, [node])
  }
  const taken = new Set<string>()
  for (const [name, same] of byName) {
    if (same.length === 1) {
      taken.add(name)
      continue
    }
    const spaces = new Set(same.map(node => node.rest.workloads[0]!.namespace))
    for (const node of same) {
      const { namespace, manifest } = node.rest.workloads[0]!
      const choices =
        spaces.size > 1
          ? [`${namespace || 'default'}/${name}`, `${namespace || 'default'}/${manifest.kind.toLowerCase()}/${name}`]
          : [name, `${manifest.kind.toLowerCase()}/${name}`]
      node.id = choices.find(choice => !taken.has(choice)) ?? firstFree(choices.at(-1)!, taken)
      taken.add(node.id)
    }
  }
  return nodes
}

const firstFree = (name: string, taken: ReadonlySet<string>): string => {
  let number = 2
  while (taken.has(`${name}-${number}`)) number += 1
  return `${name}-${number}`
}

/**
 * Nodes by what leads to them; nodes that are no workload are made when something first names them. To ask for one by
 * what leads to it is watched (see `Parts`) and may be done twice; `nodes` is for whoever comes after all parts.
 */
export class NodeBook {
  readonly nodes: DraftNode[] = []
  readonly ofWorkload: (workload: Workload) => DraftNode
  /** The nodes a Service leads to; one that stands for the Service itself where no workload is behind it. */
  readonly ofService: (service: ServiceObject) => readonly DraftNode[]
  /** A system outside the cluster, named by its host. */
  readonly external: (host: string, protocol: string | undefined, port: number | undefined) => DraftNode
  /** The gateway that an object is. */
  readonly gateway: (object: Manifest) => DraftNode
  /** A Gateway by name; another repository may declare it, where there is none here. */
  readonly gatewayNamed: (group: string, namespace: string, name: string) => DraftNode
  /** What an operator runs for a resource that is known to be run for. */
  readonly operated: (object: Manifest) => DraftNode
  /** What stands between others and is no workload: a broker, a Dapr component. */
  readonly middleman: (object: Manifest, kind?: NodeKind) => DraftNode
  /** A machine at the edge. */
  readonly edgeNode: (object: Manifest) => DraftNode

  readonly #parts: Parts
  readonly #byWorkload = new Map<Workload, DraftNode>()
  readonly #byService = new Map<ServiceObject, readonly DraftNode[]>()
  readonly #byHost = new Map<string, DraftNode>()
  readonly #byObject = new Map<Manifest, DraftNode>()
  readonly #gateways = new Map<string, DraftNode>()
  readonly #ids = new Set<string>()
  readonly #kinds = new Map<DraftNode, NodeKind>()

  constructor(objects: Objects, parts: Parts = new Parts()) {
    this.#parts = parts
    for (const { id, plainName, rest } of workloadNodes(objects, parts)) {
      const node = this.#put(id, plainName, rest)
      for (const workload of node.workloads) this.#byWorkload.set(workload, node)
    }
    this.ofWorkload = parts.watch('node of workload', workload => this.#byWorkload.get(workload)!)
    this.ofService = parts.watch('nodes of service', service => this.#ofService(service))
    this.external = parts.watch('external node', (host, protocol, port) => this.#external(host, protocol, port))
    this.gateway = parts.watch('gateway', object => this.#gateway(object))
    this.gatewayNamed = parts.watch('gateway by name', (group, namespace, name) =>
      this.#gatewayNamed(group, namespace, name),
    )
    this.operated = parts.watch('operated', object => this.#operated(object, madeBy(object)!.technology!))
    this.middleman = parts.watch('middleman', (object, kind = 'queue') => this.#ofObject(object, kind))
    this.edgeNode = parts.watch('edge node', object => this.#ofObject(object, 'edge'))
  }

  /** What a node is, by itself and by how others speak to it. */
  kindOf(node: DraftNode): NodeKind {
    return this.#kinds.get(node) ?? node.kind
  }

  /** Others speak to it as one speaks to this kind. */
  isSpokenToAs(node: DraftNode, kind: NodeKind): void {
    this.#kinds.set(node, kind)
  }

  #ofService(service: ServiceObject): readonly DraftNode[] {
    const known = this.#byService.get(service)
    if (known) return known
    let nodes: readonly DraftNode[] = service.workloads.map(workload => this.#byWorkload.get(workload)!)
    if (nodes.length > 1) {
      const behind = [...new Set(nodes)]
      const long = behind.filter(node => node.workloads.some(workload => !workload.finite))
      nodes = long.length > 0 ? long : behind
    }
    if (nodes.length === 0 && service.made) nodes = [this.#operated(service.manifest, service.made)]
    // Labels drift (which is told of); a workload of the very name is what is meant.
    if (nodes.length === 0 && service.selector) {
      const meant = this.nodes.find(({ workloads }) =>
        workloads.some(({ name, namespace }) => name === service.name && sameNamespace(namespace, service.namespace)),
      )
      if (meant) nodes = [meant]
    }
    if (nodes.length === 0) {
      const port = service.ports[0]?.port
      const technology = technologyOfPort(port)
      nodes = [
        this.#add(service.name, service.manifest, {
          kind: technology?.kind === 'datastore' || technology?.kind === 'queue' ? technology.kind : 'external',
          ...(technology && { technology }),
          services: [service],
          object: service.manifest,
        }),
      ]
    }
    this.#byService.set(service, nodes)
    return nodes
  }

  /** What an operator runs for a resource. */
  #operated(object: Manifest, technology: Technology): DraftNode {
    let node = this.#byObject.get(object)
    if (!node) {
      node = this.#add(object.name, object, { kind: technology.kind, technology, services: [], object })
      this.#byObject.set(object, node)
    }
    return node
  }

  #external(host: string, protocol: string | undefined, port: number | undefined): DraftNode {
    const technology = technologyOfPort(port)
    const kind = kindOfProtocol(protocol ?? protocolOfPort(port)) ?? kindOfProtocol(technology?.protocol)
    let node = this.#byHost.get(host)
    if (!node) {
      node = this.#add(host, undefined, { kind: kind ?? 'external', ...(technology && { technology }), services: [] })
      this.#byHost.set(host, node)
    } else if (kind && this.kindOf(node) === 'external') this.isSpokenToAs(node, kind)
    return node
  }

  #gateway(object: Manifest): DraftNode {
    const node = this.#ofObject(object, 'gateway')
    if (object.kind === 'Gateway')
      this.#gateways.set(gatewayKey(object.group, object.namespace ?? '', object.name), node)
    return node
  }

  #gatewayNamed(group: string, namespace: string, name: string): DraftNode {
    const key = gatewayKey(group, namespace, name)
    let node = this.#gateways.get(key)
    if (!node && namespace !== '') node = this.#gateways.get(gatewayKey(group, '', name))
    if (!node) {
      node = this.#add(name, undefined, { kind: 'gateway', services: [] })
      this.#gateways.set(key, node)
    }
    return node
  }

  #ofObject(object: Manifest, kind: NodeKind): DraftNode {
    let node = this.#byObject.get(object)
    if (!node) {
      node = this.#add(object.name, object, { kind, services: [], object })
      this.#byObject.set(object, node)
    }
    return node
  }

  #add(
    name: string,
    object: Manifest | undefined,
    rest: Pick<DraftNode, 'kind' | 'services'> & Partial<Omit<DraftNode, 'id' | 'plainName'>>,
  ): DraftNode {
    let id = name
    if (this.#ids.has(id) && object) id = `${object.kind.toLowerCase()}/${name}`
    if (this.#ids.has(id) && object?.namespace) id = `${object.namespace}/${object.kind.toLowerCase()}/${name}`
    if (this.#ids.has(id)) id = firstFree(id, this.#ids)
    const { kind, technology, services } = rest
    const inputs = [kind, technology, object, ...services]
    return this.#put(
      id,
      id,
      this.#parts.of('nodes of names', id, inputs, () => ({ workloads: [], containers: [], ...rest })),
    )
  }

  #put(id: string, plainName: string, rest: Naming['rest']): DraftNode {
    const node = this.#parts.of('nodes', id, [plainName, rest], () => ({ id, plainName, ...rest }))
    this.#ids.add(id)
    this.nodes.push(node)
    return node
  }
}

const gatewayKey = (group: string, namespace: string, name: string): string => `${group}/${namespace}/${name}`

export const replicasOf = (workload: Workload): number | undefined =>
  numberAt(workload.manifest.value, 'spec', 'replicas')
export const objectLabels = (manifest: Manifest) => textsAt(manifest.value, 'metadata', 'labels')
