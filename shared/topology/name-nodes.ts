import { type Manifest, numberAt, textsAt } from '../manifests/manifest.ts'
import type { Objects, ServiceObject, Workload } from './index-objects.ts'
import { containersOf } from './read-containers.ts'
import {
  kindOfProtocol,
  protocolOfPort,
  type Technology,
  technologyOf,
  technologyOfPort,
} from './recognise-technology.ts'
import type { Container, NodeKind } from './topology.ts'

/** A node while the graph is being built. */
export type DraftNode = {
  id: string
  /** The name without what most names here begin with (a Helm release), so that it can be judged by its words. */
  plainName: string
  kind: NodeKind
  technology?: Technology
  /** Versions of one service, the plainest name first; empty for what is no workload. */
  readonly workloads: readonly Workload[]
  readonly services: ServiceObject[]
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
export function workloadNodes(objects: Objects): DraftNode[] {
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
    for (const workload of service.workloads) servicesOf.set(workload, [...(servicesOf.get(workload) ?? []), service])
  const nodes: DraftNode[] = []
  for (const group of new Set(groupOf.values())) {
    const workloads = [...group].sort(
      (a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    )
    const [first] = workloads
    const containers = containersOf(objects, first!)
    const running = containers.filter(container => !container.init)
    const services = [...new Set(workloads.flatMap(workload => servicesOf.get(workload) ?? []))]
    const name = workloads.length === 1 ? first!.name : baseName(first!)
    const ports = running.slice(0, 1).flatMap(container => container.ports.map(port => port.port))
    if (ports.length === 0)
      for (const service of services) ports.push(...service.ports.map(port => Number(port.targetPort ?? port.port)))
    const recognised =
      first!.manifest.kind === 'EdgeService' || first!.finite
        ? { kind: 'service' as const }
        : technologyOf(
            name,
            running.map(container => container.image),
            ports,
          )
    nodes.push({ id: name, plainName: name, ...recognised, workloads, services, containers })
  }
  const prefix = commonPrefix(nodes.map(node => node.id))
  for (const node of nodes) if (node.id.startsWith(prefix)) node.plainName = node.id.slice(prefix.length)
  return distinct(nodes)
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
function distinct(nodes: DraftNode[]): DraftNode[] {
  const byName = new Map<string, DraftNode[]>()
  for (const node of nodes) byName.set(node.id, [...(byName.get(node.id) ?? []), node])
  const taken = new Set<string>()
  for (const [name, same] of byName) {
    if (same.length === 1) {
      taken.add(name)
      continue
    }
    const spaces = new Set(same.map(node => node.workloads[0]!.namespace))
    for (const node of same) {
      const { namespace, manifest } = node.workloads[0]!
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

/** Nodes by what leads to them; nodes that are no workload are made when something first names them. */
export class NodeBook {
  readonly nodes: DraftNode[]
  readonly #byWorkload = new Map<Workload, DraftNode>()
  readonly #byService = new Map<ServiceObject, readonly DraftNode[]>()
  readonly #byHost = new Map<string, DraftNode>()
  readonly #ids = new Map<string, DraftNode>()

  constructor(nodes: readonly DraftNode[]) {
    this.nodes = [...nodes]
    for (const node of nodes) {
      this.#ids.set(node.id, node)
      for (const workload of node.workloads) this.#byWorkload.set(workload, node)
    }
  }

  ofWorkload(workload: Workload): DraftNode {
    return this.#byWorkload.get(workload)!
  }

  /** The nodes a Service leads to; one that stands for the Service itself where no workload is behind it. */
  ofService(service: ServiceObject): readonly DraftNode[] {
    const known = this.#byService.get(service)
    if (known) return known
    const behind = [...new Set(service.workloads.map(workload => this.ofWorkload(workload)))]
    const long = behind.filter(node => node.workloads.some(workload => !workload.finite))
    let nodes: readonly DraftNode[] = long.length > 0 ? long : behind
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

  /** A system outside the cluster, named by its host. */
  external(host: string, protocol: string | undefined, port: number | undefined): DraftNode {
    const known = this.#byHost.get(host)
    const technology = technologyOfPort(port)
    const kind = kindOfProtocol(protocol ?? protocolOfPort(port)) ?? kindOfProtocol(technology?.protocol) ?? 'external'
    if (known) {
      if (known.kind === 'external' && kind !== 'external') known.kind = kind
      return known
    }
    const node = this.#add(host, undefined, { kind, ...(technology && { technology }), services: [] })
    this.#byHost.set(host, node)
    return node
  }

  /** A gateway: the object that routes, or only its name where another repository declares it. */
  gateway(name: string, object?: Manifest): DraftNode {
    return this.#add(name, object, { kind: 'gateway', services: [], ...(object && { object }) })
  }

  /** A machine at the edge. */
  edgeNode(object: Manifest): DraftNode {
    return this.#add(object.name, object, { kind: 'edge', services: [], object })
  }

  #add(
    name: string,
    object: Manifest | undefined,
    rest: Pick<DraftNode, 'kind' | 'services'> & Partial<Omit<DraftNode, 'plainName'>>,
  ): DraftNode {
    let id = name
    if (this.#ids.has(id) && object) id = `${object.kind.toLowerCase()}/${name}`
    if (this.#ids.has(id) && object?.namespace) id = `${object.namespace}/${object.kind.toLowerCase()}/${name}`
    if (this.#ids.has(id)) id = firstFree(id, new Set(this.#ids.keys()))
    const node: DraftNode = { plainName: id, workloads: [], containers: [], ...rest, id }
    this.#ids.set(id, node)
    this.nodes.push(node)
    return node
  }
}

export const replicasOf = (workload: Workload): number | undefined =>
  numberAt(workload.manifest.value, 'spec', 'replicas')
export const objectLabels = (manifest: Manifest) => textsAt(manifest.value, 'metadata', 'labels')
