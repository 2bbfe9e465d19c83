import { fileAt, listAt, type Manifest, textAt, textsAt } from '../manifests/manifest.ts'
import { type Call, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import type { Place } from './find-fix.ts'
import { type Objects, type ServiceObject, sameNamespace } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import { Parts } from './parts.ts'
import { type Resolution, resolveHost } from './resolve-host.ts'
import {
  type Backend,
  gatewayApiBackends,
  hostsOfRoute,
  ingressBackends,
  ownGatewayReader,
  virtualServiceBackends,
} from './route-backends.ts'
import type { Evidence } from './topology.ts'

/** A backend that a route names and nothing defines, or a port its Service does not offer. */
export type RouteProblem = {
  readonly from: DraftNode
  readonly resolution: Resolution
  readonly port?: number
  readonly service?: ServiceObject
  readonly evidence: Evidence
  /** Where the backend's name stands, and its port's number. */
  readonly place: Place
  readonly portPlace?: Place
}

/**
 * Gateways and what they lead to: Ingress, Gateway API (Gateway with HTTPRoute, GRPCRoute, TCPRoute, TLSRoute),
 * Istio (Gateway with VirtualService), the kinds of `route-backends.ts` that are both at once, and Services of type
 * LoadBalancer that stand apart from the Service used inside. A route that hangs on no gateway (a
 * VirtualService of the mesh, an HTTPRoute on a Service) names the callee alone, so it is no call.
 */
export function routeCalls(objects: Objects, book: NodeBook, parts: Parts = new Parts()): Routes & Routing {
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

  const led = new Map<DraftNode, Set<DraftNode>>()
  for (const route of found) for (const { from, to } of route.calls) led.set(from, (led.get(from) ?? new Set()).add(to))
  const hosts = new Map<string, DraftNode>()
  for (const route of found)
    for (const { host, node } of route.serves) if (!hosts.has(host)) hosts.set(host.toLowerCase(), node)
  const domains = new Set([...hosts.keys()].flatMap(domainsOf))
  return {
    calls: found.flatMap(route => route.calls),
    problems: found.flatMap(route => route.problems),
    serves: found.flatMap(route => route.serves),
    routedHost: parts.watch(
      'routed host',
      (host: string) => hosts.get(host) ?? hosts.get(`*.${host.split('.').slice(1).join('.')}`),
    ),
    isOwnName: parts.watch('own name', (host: string) => suffixesOf(host).some(suffix => domains.has(suffix))),
    leadsTo: parts.watch('leads to', (gateway: DraftNode, to: DraftNode) => led.get(gateway)?.has(to) ?? false),
  }
}

/** What answers to a host from outside, and whom that leads to. */
export type Routing = {
  readonly routedHost: (host: string) => DraftNode | undefined
  readonly leadsTo: (gateway: DraftNode, to: DraftNode) => boolean
  /** True for a name in a domain that is answered for here: `img.acme.com` where `www.acme.com` is routed. */
  readonly isOwnName: (host: string) => boolean
}

/** A routed host and the domain around it: `www.acme.com` stands for `acme.com`, not for `com`. */
function domainsOf(host: string): string[] {
  const labels = host.replace(/^\*\./, '').split('.')
  const around = labels.slice(1)
  const shared = around.length < 2 || (around.length === 2 && /^(com?|org|net|gov|edu|ac)$/.test(around[0]!))
  return shared ? [labels.join('.')] : [labels.join('.'), around.join('.')]
}

const suffixesOf = (host: string): string[] => host.split('.').map((_, index, labels) => labels.slice(index).join('.'))

type Routes = {
  readonly calls: readonly Call[]
  readonly problems: readonly RouteProblem[]
  readonly serves: readonly { readonly host: string; readonly node: DraftNode }[]
}

const isGateway = ({ kind, group }: Manifest): boolean =>
  kind === 'Gateway' && (group === 'gateway.networking.k8s.io' || group === 'networking.istio.io')

const isRoute = (manifest: Manifest): boolean =>
  manifest.kind === 'Ingress' ||
  (manifest.group === 'gateway.networking.k8s.io' && manifest.kind.endsWith('Route')) ||
  isVirtualService(manifest) ||
  ownGatewayReader(manifest) !== undefined

const isVirtualService = ({ kind, group }: Manifest): boolean =>
  group === 'networking.istio.io' && kind === 'VirtualService'

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
  } else if (kind === 'Ingress') {
    const node = book.gateway(manifest)
    for (const rule of listAt(value, 'spec', 'rules')) serves(textAt(rule, 'host'), node)
    lead(node, manifest, ingressBackends(manifest))
    asksFirst(node)
  } else if (group === 'gateway.networking.k8s.io') {
    for (const parent of listAt(value, 'spec', 'parentRefs')) {
      if ((textAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') continue
      const name = textAt(parent, 'name')
      if (name === undefined) continue
      const node = book.gatewayNamed(group, textAt(parent, 'namespace') ?? manifest.namespace ?? '', name)
      for (const host of listAt(value, 'spec', 'hostnames')) serves(typeof host === 'string' ? host : undefined, node)
      lead(node, manifest, gatewayApiBackends(manifest))
    }
  } else if (isVirtualService(manifest)) {
    for (const name of listAt(value, 'spec', 'gateways')) {
      if (typeof name !== 'string' || name === 'mesh') continue
      const [namespace, plain] = name.includes('/')
        ? (name.split('/') as [string, string])
        : [manifest.namespace ?? '', name]
      const node = book.gatewayNamed(group, namespace, plain)
      for (const host of listAt(value, 'spec', 'hosts')) serves(typeof host === 'string' ? host : undefined, node)
      for (const one of [manifest, ...delegates(manifest)]) lead(node, one, virtualServiceBackends(one))
    }
  } else if (!isIncluded(manifest)) {
    const node = book.gateway(manifest)
    for (const host of hostsOfRoute(manifest)) serves(host, node)
    for (const one of [manifest, ...includes(manifest)]) lead(node, one, ownGatewayReader(one)!(one))
  }
  return { calls, problems, serves: hosts }

  function serves(host: string | undefined, node: DraftNode): void {
    if (host !== undefined && host !== '*' && host.includes('.')) hosts.push({ host, node })
  }

  /** The VirtualServices that one hands a part of its paths to. */
  function delegates(root: Manifest): readonly Manifest[] {
    return listAt(root.value, 'spec', 'http').flatMap(rule =>
      named(
        'VirtualService',
        textAt(rule, 'delegate', 'name'),
        textAt(rule, 'delegate', 'namespace') ?? root.namespace,
      ),
    )
  }

  /** The HTTPProxies that one includes, and TraefikServices that one names, however deep. */
  function includes(root: Manifest, depth = 0): readonly Manifest[] {
    if (depth > 5) return []
    const next =
      root.kind === 'HTTPProxy'
        ? listAt(root.value, 'spec', 'includes').flatMap(item =>
            named('HTTPProxy', textAt(item, 'name'), textAt(item, 'namespace') ?? root.namespace),
          )
        : listAt(root.value, 'spec', 'routes').flatMap(route =>
            listAt(route, 'services').flatMap(item =>
              textAt(item, 'kind') === 'TraefikService'
                ? named('TraefikService', textAt(item, 'name'), textAt(item, 'namespace') ?? root.namespace)
                : [],
            ),
          )
    return next.flatMap(one => [one, ...includes(one, depth + 1)])
  }

  /** It is no gateway of its own, but a part of one. */
  function isIncluded(part: Manifest): boolean {
    return (
      part.kind === 'TraefikService' ||
      (part.kind === 'HTTPProxy' && textAt(part.value, 'spec', 'virtualhost', 'fqdn') === undefined)
    )
  }

  function named(kindOfPart: string, name: string | undefined, namespace: string | undefined): readonly Manifest[] {
    if (name === undefined) return []
    return objects.all.filter(
      other =>
        other.kind === kindOfPart && other.name === name && sameNamespace(other.namespace ?? '', namespace ?? ''),
    )
  }

  /** An Ingress may ask someone whether a call may go on. */
  function asksFirst(node: DraftNode): void {
    for (const [key, text] of Object.entries(textsAt(value, 'metadata', 'annotations'))) {
      const host = /auth-url$/.test(key) ? /^https?:\/\/([a-z0-9.-]+)(?::(\d+))?/.exec(text) : null
      if (!host || resolveHost(objects, host[1]!, manifest.namespace ?? '').kind !== 'service') continue
      const port = host[2] === undefined ? {} : { port: Number(host[2]) }
      lead(node, manifest, [
        { host: host[1]!, namespace: '', ...port, at: ['metadata', 'annotations', key], protocol: 'http' },
      ])
    }
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
      const place = { object: manifest, at: backend.at }
      if (resolution.kind === 'service') {
        const { service } = resolution
        if (
          backend.port !== undefined &&
          service.ports.length > 0 &&
          !service.ports.some(port => port.port === backend.port)
        )
          problems.push({
            from: node,
            resolution,
            port: backend.port,
            service,
            evidence,
            place,
            ...(backend.portAt && { portPlace: { object: manifest, at: backend.portAt } }),
          })
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
            protocol: protocol === 'tcp' || backend.protocol === 'grpc' ? backend.protocol : protocol,
            evidence: [evidence],
            class: 'ingress',
          })
        }
      } else if (resolution.kind === 'dangling') problems.push({ from: node, resolution, evidence, place })
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
