import {
  fileAt,
  type Json,
  listAt,
  type Manifest,
  numberAt,
  objectAt,
  type Path,
  textAt,
} from '../manifests/manifest.ts'
import { type Call, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import type { Objects, ServiceObject } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import { Parts } from './parts.ts'
import { type Resolution, resolveHost } from './resolve-host.ts'
import type { Evidence } from './topology.ts'

/** A backend that a route names and nothing defines, or a port its Service does not offer. */
export type RouteProblem = {
  readonly from: DraftNode
  readonly resolution: Resolution
  readonly port?: number
  readonly service?: ServiceObject
  readonly evidence: Evidence
}

type Backend = {
  readonly host: string
  readonly namespace: string
  readonly port?: number
  readonly at: Path
  readonly protocol: string
}

/**
 * Gateways and what they lead to: Ingress, Gateway API (Gateway with HTTPRoute, GRPCRoute, TCPRoute, TLSRoute),
 * Istio (Gateway with VirtualService), Traefik's IngressRoute, Contour's HTTPProxy, OpenShift's Route, and Services
 * of type LoadBalancer that stand apart from the Service used inside. A route that hangs on no gateway (a
 * VirtualService of the mesh, an HTTPRoute on a Service) names the callee alone, so it is no call.
 */
export function routeCalls(
  objects: Objects,
  book: NodeBook,
  parts: Parts = new Parts(),
): Routes & { routedHost: RoutedHost } {
  const found: Routes[] = []
  const every = (manifests: Iterable<Manifest>) => {
    for (const manifest of manifests)
      found.push(parts.part('routes', manifest, () => routesOf(objects, book, manifest)))
  }
  // Gateways are known before what hangs on them.
  every(objects.all.filter(isGateway))
  every(objects.all.filter(manifest => isRoute(manifest)))
  for (const service of objects.services)
    if (service.type === 'LoadBalancer' && service.workloads.length > 0)
      found.push(parts.part('load balancer', service, () => loadBalancer(book, service)))

  const hosts = new Map<string, DraftNode>()
  for (const route of found)
    for (const { host, node } of route.serves) if (!hosts.has(host)) hosts.set(host.toLowerCase(), node)
  return {
    calls: found.flatMap(route => route.calls),
    problems: found.flatMap(route => route.problems),
    serves: found.flatMap(route => route.serves),
    routedHost: parts.watch(
      'routed host',
      (host: string) => hosts.get(host) ?? hosts.get(`*.${host.split('.').slice(1).join('.')}`),
    ),
  }
}

/** What answers to a host from outside. */
export type RoutedHost = (host: string) => DraftNode | undefined

type Routes = {
  readonly calls: readonly Call[]
  readonly problems: readonly RouteProblem[]
  readonly serves: readonly { readonly host: string; readonly node: DraftNode }[]
}

const isGateway = ({ kind, group }: Manifest): boolean =>
  kind === 'Gateway' && (group === 'gateway.networking.k8s.io' || group === 'networking.istio.io')

const isRoute = ({ kind, group }: Manifest): boolean =>
  kind === 'Ingress' ||
  (group === 'gateway.networking.k8s.io' && kind.endsWith('Route')) ||
  (group === 'networking.istio.io' && kind === 'VirtualService') ||
  isOwnGateway(kind, group)

/** It routes and is the gateway as well. */
const isOwnGateway = (kind: string, group: string): boolean =>
  kind === 'IngressRoute' ||
  kind === 'IngressRouteTCP' ||
  kind === 'HTTPProxy' ||
  (kind === 'Route' && group === 'route.openshift.io')

/** Where one object leads, and the hosts it answers to. */
function routesOf(objects: Objects, book: NodeBook, manifest: Manifest): Routes {
  const calls: Call[] = []
  const problems: RouteProblem[] = []
  const hosts: Routes['serves'][number][] = []
  const { kind, group, value } = manifest
  if (isGateway(manifest)) {
    const node = book.gateway(manifest)
    for (const listener of listAt(value, 'spec', 'listeners')) serves(textAt(listener, 'hostname'), node)
    for (const server of listAt(value, 'spec', 'servers'))
      for (const host of listAt(server, 'hosts'))
        serves(typeof host === 'string' ? host.split('/').pop() : undefined, node)
  } else if (kind === 'Ingress') ingress(manifest)
  else if (group === 'gateway.networking.k8s.io') {
    for (const parent of listAt(value, 'spec', 'parentRefs')) {
      if ((textAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') continue
      const name = textAt(parent, 'name')
      if (name === undefined) continue
      const node = book.gatewayNamed(group, textAt(parent, 'namespace') ?? manifest.namespace ?? '', name)
      for (const host of listAt(value, 'spec', 'hostnames')) serves(typeof host === 'string' ? host : undefined, node)
      lead(node, manifest, gatewayApiBackends(manifest))
    }
  } else if (kind === 'VirtualService') {
    for (const name of listAt(value, 'spec', 'gateways')) {
      if (typeof name !== 'string' || name === 'mesh') continue
      const [namespace, plain] = name.includes('/')
        ? (name.split('/') as [string, string])
        : [manifest.namespace ?? '', name]
      const node = book.gatewayNamed(group, namespace, plain)
      for (const host of listAt(value, 'spec', 'hosts')) serves(typeof host === 'string' ? host : undefined, node)
      lead(node, manifest, virtualServiceBackends(manifest))
    }
  } else {
    const node = book.gateway(manifest)
    serves(textAt(value, 'spec', 'host') ?? textAt(value, 'spec', 'virtualhost', 'fqdn'), node)
    lead(node, manifest, otherBackends(manifest))
  }
  return { calls, problems, serves: hosts }

  function serves(host: string | undefined, node: DraftNode): void {
    if (host !== undefined && host !== '*' && host.includes('.')) hosts.push({ host, node })
  }

  function ingress(manifest: Manifest): void {
    const node = book.gateway(manifest)
    const found: Backend[] = []
    const add = (backend: Json | undefined, at: Path) => {
      const name = textAt(backend, 'service', 'name') ?? textAt(backend, 'serviceName')
      if (name === undefined) return
      const port = numberAt(backend, 'service', 'port', 'number') ?? numberAt(backend, 'servicePort')
      const field = textAt(backend, 'service', 'name') === undefined ? ['serviceName'] : ['service', 'name']
      found.push({
        host: name,
        namespace: manifest.namespace ?? '',
        ...(port !== undefined && { port }),
        at: [...at, ...field],
        protocol: 'http',
      })
    }
    for (const field of ['defaultBackend', 'backend']) add(objectAt(manifest.value, 'spec', field), ['spec', field])
    for (const [index, rule] of listAt(manifest.value, 'spec', 'rules').entries()) {
      serves(textAt(rule, 'host'), node)
      for (const [part, path] of listAt(rule, 'http', 'paths').entries())
        add(objectAt(path, 'backend'), ['spec', 'rules', index, 'http', 'paths', part, 'backend'])
    }
    lead(node, manifest, found)
  }

  function lead(node: DraftNode, manifest: Manifest, backends: readonly Backend[]): void {
    for (const backend of backends) {
      const resolution = resolveHost(
        objects,
        backend.namespace !== '' && !backend.host.includes('.')
          ? `${backend.host}.${backend.namespace}.svc`
          : backend.host,
        manifest.namespace ?? '',
      )
      const evidence: Evidence = {
        kind: 'route',
        file: fileAt(manifest, backend.at),
        line: manifest.lineOf(backend.at),
        detail: `${manifest.kind} ${manifest.name} → ${backend.host}${backend.port === undefined ? '' : `:${backend.port}`}`,
      }
      if (resolution.kind === 'service') {
        const { service } = resolution
        if (
          backend.port !== undefined &&
          service.ports.length > 0 &&
          !service.ports.some(port => port.port === backend.port)
        )
          problems.push({ from: node, resolution, port: backend.port, service, evidence })
        for (const to of book.ofService(service)) {
          if (to === node) continue
          const protocol = protocolOf(to, {
            service,
            ...(backend.port !== undefined && { port: backend.port }),
            default: backend.protocol,
          })
          calls.push({
            from: node,
            to,
            confidence: ALONE.route,
            protocol: protocol === 'tcp' ? backend.protocol : protocol,
            evidence: [evidence],
            class: 'ingress',
          })
        }
      } else if (resolution.kind === 'dangling') problems.push({ from: node, resolution, evidence })
      else if (resolution.kind === 'external') {
        const to = book.external(resolution.host, backend.protocol, backend.port)
        calls.push({
          from: node,
          to,
          confidence: ALONE.route,
          protocol: backend.protocol,
          evidence: [evidence],
          class: 'external',
        })
      }
    }
  }
}

/** A Service of type LoadBalancer that stands apart from the one used inside is a gateway. */
function loadBalancer(book: NodeBook, service: ServiceObject): Routes {
  const calls: Call[] = []
  for (const to of book.ofService(service)) {
    const own = to.id === service.name || to.workloads.some(workload => workload.name === service.name)
    const inside = to.services.some(other => other !== service && other.type !== 'LoadBalancer')
    if (own || !inside || to.kind === 'gateway') continue
    const { manifest } = service
    const evidence: Evidence = {
      kind: 'route',
      file: fileAt(manifest, ['spec', 'selector']),
      line: manifest.lineOf(['spec', 'selector']),
      detail: `LoadBalancer ${service.name} selects ${to.id}`,
    }
    calls.push({
      from: book.gateway(manifest),
      to,
      confidence: ALONE.route,
      protocol: protocolOf(to, { service, default: 'http' }),
      evidence: [evidence],
      class: 'ingress',
    })
  }
  return { calls, problems: [], serves: [] }
}

function gatewayApiBackends(manifest: Manifest): Backend[] {
  const protocol = manifest.kind === 'GRPCRoute' ? 'grpc' : manifest.kind === 'HTTPRoute' ? 'http' : 'tcp'
  return listAt(manifest.value, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'backendRefs').flatMap((ref, part) => {
      const name = textAt(ref, 'name')
      if (name === undefined || (textAt(ref, 'kind') ?? 'Service') !== 'Service') return []
      const port = numberAt(ref, 'port')
      return [
        {
          host: name,
          namespace: textAt(ref, 'namespace') ?? manifest.namespace ?? '',
          ...(port !== undefined && { port }),
          at: ['spec', 'rules', index, 'backendRefs', part, 'name'],
          protocol,
        },
      ]
    }),
  )
}

function virtualServiceBackends(manifest: Manifest): Backend[] {
  return ['http', 'tls', 'tcp'].flatMap(section =>
    listAt(manifest.value, 'spec', section).flatMap((rule, index) =>
      listAt(rule, 'route').flatMap((route, part) => {
        const host = textAt(route, 'destination', 'host')
        if (host === undefined) return []
        const port = numberAt(route, 'destination', 'port', 'number')
        return [
          {
            host: host.toLowerCase(),
            namespace: '',
            ...(port !== undefined && { port }),
            at: ['spec', section, index, 'route', part, 'destination', 'host'],
            protocol: section === 'http' ? 'http' : 'tcp',
          },
        ]
      }),
    ),
  )
}

function otherBackends(manifest: Manifest): Backend[] {
  const namespace = manifest.namespace ?? ''
  const target = textAt(manifest.value, 'spec', 'to', 'name')
  const found: Backend[] =
    target === undefined ? [] : [{ host: target, namespace, at: ['spec', 'to', 'name'], protocol: 'http' }]
  for (const [index, route] of listAt(manifest.value, 'spec', 'routes').entries())
    for (const [part, service] of listAt(route, 'services').entries()) {
      const name = textAt(service, 'name')
      const port = numberAt(service, 'port')
      if (name !== undefined && (textAt(service, 'kind') ?? 'Service') === 'Service')
        found.push({
          host: name,
          namespace: textAt(service, 'namespace') ?? namespace,
          ...(port !== undefined && { port }),
          at: ['spec', 'routes', index, 'services', part, 'name'],
          protocol: manifest.kind === 'IngressRouteTCP' ? 'tcp' : 'http',
        })
    }
  return found
}
