import {
  isObject,
  type Json,
  listAt,
  type Manifest,
  numberAt,
  objectAt,
  type Path,
  textAt,
} from '../manifests/manifest.ts'

/** What a route leads to. */
export type Backend = {
  readonly host: string
  readonly namespace: string
  readonly port?: number
  /** Where the name stands. */
  readonly at: Path
  /** Where the port's number stands, if by itself. */
  readonly portAt?: Path
  readonly protocol: string
}

/** A reader's choice of fields in a backend: names of the service and of its port's number. */
type Fields = { readonly name: Path; readonly port?: Path; readonly protocol?: string }

/** The backend an item of a route is, by the fields of its kind; nothing where it names no Service. */
function backendAt(manifest: Manifest, at: Path, { name, port, protocol = 'http' }: Fields): Backend[] {
  const item = objectAt(manifest.value, ...at)
  const host = textAt(item, ...name)
  if (host === undefined || (textAt(item, 'kind') ?? 'Service') !== 'Service') return []
  const number = port && numberAt(item, ...port)
  return [
    {
      host,
      namespace: textAt(item, 'namespace') ?? manifest.namespace ?? '',
      ...(number !== undefined && { port: number, portAt: [...at, ...port!] }),
      at: [...at, ...name],
      protocol,
    },
  ]
}

/** The backends at every item of a list. */
const each = (manifest: Manifest, list: Path, read: (at: Path) => readonly Backend[]): Backend[] =>
  listAt(manifest.value, ...list).flatMap((_, index) => read([...list, index]))

/** `networking.k8s.io/v1`, and `v1beta1` with `serviceName`; `spec` is elsewhere in a MultiClusterIngress. */
export function ingressBackends(manifest: Manifest, spec: Path = ['spec']): Backend[] {
  const one = (at: Path): Backend[] => {
    const backend = objectAt(manifest.value, ...at)
    if (isObject(backend['service'])) {
      // The AWS controller reads such a backend from an annotation.
      if (textAt(backend, 'service', 'port', 'name') === 'use-annotation') return actionBackends(manifest, at)
      return backendAt(manifest, at, { name: ['service', 'name'], port: ['service', 'port', 'number'] })
    }
    return textAt(backend, 'servicePort') === 'use-annotation'
      ? actionBackends(manifest, at)
      : backendAt(manifest, at, { name: ['serviceName'], port: ['servicePort'] })
  }
  return [
    ...['defaultBackend', 'backend'].flatMap(field => one([...spec, field])),
    ...each(manifest, [...spec, 'rules'], rule => [
      ...one([...rule, 'backend']),
      ...each(manifest, [...rule, 'http', 'paths'], path => one([...path, 'backend'])),
    ]),
  ]
}

function actionBackends(manifest: Manifest, at: Path): Backend[] {
  const backend = objectAt(manifest.value, ...at)
  const action = textAt(backend, 'service', 'name') ?? textAt(backend, 'serviceName')
  const key = `alb.ingress.kubernetes.io/actions.${action}`
  const text = textAt(manifest.value, 'metadata', 'annotations', key) ?? ''
  return [...text.matchAll(/"serviceName"\s*:\s*"([a-z0-9-]+)"/g)].map(match => ({
    host: match[1]!,
    namespace: manifest.namespace ?? '',
    at: ['metadata', 'annotations', key],
    protocol: 'http',
  }))
}

/** HTTPRoute, GRPCRoute, TCPRoute, TLSRoute, UDPRoute; mirrors are calls, too. */
export function gatewayApiBackends(manifest: Manifest): Backend[] {
  const protocol = manifest.kind === 'GRPCRoute' ? 'grpc' : manifest.kind === 'HTTPRoute' ? 'http' : 'tcp'
  const fields = { name: ['name'], port: ['port'], protocol }
  return each(manifest, ['spec', 'rules'], rule => [
    ...each(manifest, [...rule, 'backendRefs'], at => backendAt(manifest, at, fields)),
    ...each(manifest, [...rule, 'filters'], filter =>
      backendAt(manifest, [...filter, 'requestMirror', 'backendRef'], fields),
    ),
  ])
}

/** Destinations of an Istio VirtualService, mirrors among them. Hosts there are resolved as DNS would. */
export function virtualServiceBackends(manifest: Manifest): Backend[] {
  const one = (at: Path, protocol: string): Backend[] =>
    backendAt(manifest, at, { name: ['host'], port: ['port', 'number'], protocol }).map(backend => ({
      ...backend,
      host: backend.host.toLowerCase(),
      namespace: '',
    }))
  return ['http', 'tls', 'tcp'].flatMap(section => {
    const protocol = section === 'http' ? 'http' : 'tcp'
    return each(manifest, ['spec', section], rule => [
      ...each(manifest, [...rule, 'route'], route => one([...route, 'destination'], protocol)),
      ...one([...rule, 'mirror'], protocol),
      ...each(manifest, [...rule, 'mirrors'], mirror => one([...mirror, 'destination'], protocol)),
    ])
  })
}

/** Kinds that route and are the gateway as well, by `group kind`; a group stands for all its versions. */
const readers: { readonly [groupAndKind: string]: (manifest: Manifest) => Backend[] } = {
  'route.openshift.io Route': manifest => [
    ...backendAt(manifest, ['spec', 'to'], { name: ['name'] }),
    ...each(manifest, ['spec', 'alternateBackends'], at => backendAt(manifest, at, { name: ['name'] })),
  ],
  'projectcontour.io HTTPProxy': manifest => [
    ...routesOf(manifest, 'http'),
    ...each(manifest, ['spec', 'tcpproxy', 'services'], at =>
      backendAt(manifest, at, { name: ['name'], port: ['port'], protocol: 'tcp' }),
    ),
  ],
  'traefik IngressRoute': manifest => routesOf(manifest, 'http'),
  'traefik IngressRouteTCP': manifest => routesOf(manifest, 'tcp'),
  'traefik IngressRouteUDP': manifest => routesOf(manifest, 'udp'),
  'traefik TraefikService': manifest =>
    ['weighted', 'mirroring'].flatMap(field => [
      ...backendAt(manifest, ['spec', field], { name: ['name'], port: ['port'] }),
      ...['services', 'mirrors'].flatMap(list =>
        each(manifest, ['spec', field, list], at => backendAt(manifest, at, { name: ['name'], port: ['port'] })),
      ),
    ]),
  'getambassador.io Mapping': manifest => mapping(manifest, 'http'),
  'getambassador.io TCPMapping': manifest => mapping(manifest, 'tcp'),
  'apisix.apache.org ApisixRoute': manifest => [
    ...each(manifest, ['spec', 'http'], rule => [
      ...each(manifest, [...rule, 'backends'], at =>
        backendAt(manifest, at, { name: ['serviceName'], port: ['servicePort'] }),
      ),
      ...backendAt(manifest, [...rule, 'backend'], { name: ['serviceName'], port: ['servicePort'] }),
    ]),
    ...each(manifest, ['spec', 'stream'], rule =>
      backendAt(manifest, [...rule, 'backend'], { name: ['serviceName'], port: ['servicePort'], protocol: 'tcp' }),
    ),
  ],
  'k8s.nginx.org VirtualServer': nginxUpstreams,
  'k8s.nginx.org VirtualServerRoute': nginxUpstreams,
  'configuration.konghq.com TCPIngress': manifest => konghq(manifest, 'tcp'),
  'configuration.konghq.com UDPIngress': manifest => konghq(manifest, 'udp'),
  'elbv2.k8s.aws TargetGroupBinding': manifest =>
    backendAt(manifest, ['spec', 'serviceRef'], { name: ['name'], port: ['port'] }),
  'networking.gke.io MultiClusterIngress': manifest => ingressBackends(manifest, ['spec', 'template', 'spec']),
  'serving.knative.dev DomainMapping': manifest => backendAt({ ...manifest }, ['spec', 'ref'], { name: ['name'] }),
  'gateway.solo.io VirtualService': manifest => glooRoutes(manifest, ['spec', 'virtualHost', 'routes']),
  'gateway.solo.io RouteTable': manifest => glooRoutes(manifest, ['spec', 'routes']),
}

function routesOf(manifest: Manifest, protocol: string): Backend[] {
  return each(manifest, ['spec', 'routes'], route =>
    each(manifest, [...route, 'services'], at => backendAt(manifest, at, { name: ['name'], port: ['port'], protocol })),
  )
}

function nginxUpstreams(manifest: Manifest): Backend[] {
  return each(manifest, ['spec', 'upstreams'], at => backendAt(manifest, at, { name: ['service'], port: ['port'] }))
}

const konghq = (manifest: Manifest, protocol: string): Backend[] =>
  each(manifest, ['spec', 'rules'], rule =>
    backendAt(manifest, [...rule, 'backend'], { name: ['serviceName'], port: ['servicePort'], protocol }),
  )

const glooRoutes = (manifest: Manifest, routes: Path): Backend[] =>
  each(manifest, routes, route => [
    ...backendAt(manifest, [...route, 'routeAction', 'single', 'kube'], { name: ['ref', 'name'], port: ['port'] }),
    ...each(manifest, [...route, 'routeAction', 'multi', 'destinations'], item =>
      backendAt(manifest, [...item, 'destination', 'kube'], { name: ['ref', 'name'], port: ['port'] }),
    ),
  ])

/** `spec.service` is an address of Emissary's own: `cart`, `cart.shop:8080`, `https://cart.shop`. */
function mapping(manifest: Manifest, protocol: string): Backend[] {
  const parts = /^(?:([a-z]+):\/\/)?([A-Za-z0-9.-]+)(?::(\d+))?/.exec(textAt(manifest.value, 'spec', 'service') ?? '')
  if (!parts) return []
  return [
    {
      host: parts[2]!.toLowerCase(),
      namespace: manifest.namespace ?? '',
      ...(parts[3] !== undefined && { port: Number(parts[3]) }),
      at: ['spec', 'service'],
      protocol: manifest.value && textAt(manifest.value, 'spec', 'grpc') === 'true' ? 'grpc' : protocol,
    },
  ]
}

const familyOf = (group: string): string => (/^traefik\./.test(group) ? 'traefik' : group)

/** How a kind that is route and gateway at once is read; undefined for any other. */
export const ownGatewayReader = ({ group, kind }: Manifest): ((manifest: Manifest) => Backend[]) | undefined => {
  const key = `${familyOf(group)} ${kind}`
  return Object.hasOwn(readers, key) ? readers[key] : undefined
}

/** Names outside that such an object answers to. */
export function hostsOfRoute(manifest: Manifest): string[] {
  const { value } = manifest
  const texts = [
    textAt(value, 'spec', 'host'),
    textAt(value, 'spec', 'hostname'),
    textAt(value, 'spec', 'virtualhost', 'fqdn'),
    ...listAt(value, 'spec', 'virtualHost', 'domains').map(textOf),
    ...listAt(value, 'spec', 'http').flatMap(rule => listAt(rule, 'match', 'hosts').map(textOf)),
    // Host(`a.acme.com`) || Host(`b.acme.com`)
    ...listAt(value, 'spec', 'routes').flatMap(route =>
      [...(textAt(route, 'match') ?? '').matchAll(/Host(?:SNI)?\(\s*([^)]*)\)/g)].flatMap(match =>
        [...match[1]!.matchAll(/[`"']([^`"']+)[`"']/g)].map(host => host[1]),
      ),
    ),
  ]
  return texts.filter(text => text !== undefined)
}

const textOf = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined)
