import { fileAt, type Json, listAt, type Manifest, numberAt, type Path, textAt } from '../manifests/manifest.ts'
import type { Scene } from './scene.ts'

/** A Service that a route leads to, and what of the route would be taken out with it. */
export type RouteBackend = {
  readonly manifest: Manifest
  readonly name: string
  readonly namespace: string
  readonly nameAt: Path
  readonly portAt?: Path
  readonly port?: number
  /** The list that holds it, and its item there: a backend among others, or the whole rule of the only one. */
  readonly list: Path
  readonly item: Json
  readonly file: string
  readonly line: number
}

/** The objects that say where a gateway leads: itself, or the routes that hang on it. */
export function routesOf(scene: Scene, id: string): readonly Manifest[] {
  const ref = scene.node(id)?.workload
  if (!ref) return []
  const gateway = scene.manifests.find(
    ({ kind, name, namespace }) =>
      kind === ref.kind && name === ref.name && (namespace ?? '') === (ref.namespace ?? ''),
  )
  if (!gateway) return []
  if (gateway.kind !== 'Gateway') return [gateway]
  const isIt = (name: string | undefined, namespace: string | undefined, own: string | undefined) =>
    name === gateway.name && (namespace ?? own ?? '') === (gateway.namespace ?? own ?? '')
  return scene.manifests.filter(route => {
    if (route.group !== gateway.group) return false
    if (route.kind === 'VirtualService')
      return listAt(route.value, 'spec', 'gateways').some(text => {
        const [first = '', second] = String(text).split('/')
        return second === undefined ? isIt(first, undefined, route.namespace) : isIt(second, first, route.namespace)
      })
    return listAt(route.value, 'spec', 'parentRefs').some(parent =>
      isIt(textAt(parent, 'name'), textAt(parent, 'namespace'), route.namespace),
    )
  })
}

/** Every backend of a route, of any of the kinds whose form is known. */
export function backendsOf(manifest: Manifest): readonly RouteBackend[] {
  const { value, kind } = manifest
  const found: RouteBackend[] = []
  const add = (
    nameAt: Path,
    portAt: Path,
    list: Path,
    index: number,
    rule?: { readonly list: Path; readonly index: number },
  ) => {
    const text = textAt(value, ...nameAt)
    if (text === undefined) return
    const [name = '', ...domain] = text.split('.')
    const alone = rule && listAt(value, ...list).length === 1
    const from = alone ? rule : { list, index }
    const port = numberAt(value, ...portAt)
    found.push({
      manifest,
      name,
      namespace: domain[0] ?? textAt(value, ...nameAt.slice(0, -1), 'namespace') ?? manifest.namespace ?? '',
      nameAt,
      ...(port !== undefined && { port, portAt }),
      list: from.list,
      item: listAt(value, ...from.list)[from.index] ?? null,
      file: fileAt(manifest, nameAt),
      line: manifest.lineOf(nameAt),
    })
  }
  if (kind === 'Ingress')
    for (const [index, rule] of listAt(value, 'spec', 'rules').entries())
      for (const part of listAt(rule, 'http', 'paths').keys()) {
        const list: Path = ['spec', 'rules', index, 'http', 'paths']
        const service = [...list, part, 'backend', 'service']
        add([...service, 'name'], [...service, 'port', 'number'], list, part)
      }
  else if (kind === 'VirtualService')
    for (const section of ['http', 'tls', 'tcp'])
      for (const [index, rule] of listAt(value, 'spec', section).entries())
        for (const part of listAt(rule, 'route').keys()) {
          const list: Path = ['spec', section, index, 'route']
          const destination = [...list, part, 'destination']
          const whole = { list: ['spec', section], index }
          add([...destination, 'host'], [...destination, 'port', 'number'], list, part, whole)
        }
  else if (manifest.group === 'gateway.networking.k8s.io')
    for (const [index, rule] of listAt(value, 'spec', 'rules').entries())
      for (const part of listAt(rule, 'backendRefs').keys()) {
        const list: Path = ['spec', 'rules', index, 'backendRefs']
        add([...list, part, 'name'], [...list, part, 'port'], list, part, { list: ['spec', 'rules'], index })
      }
  else
    for (const [index, route] of listAt(value, 'spec', 'routes').entries())
      for (const part of listAt(route, 'services').keys()) {
        const list: Path = ['spec', 'routes', index, 'services']
        add([...list, part, 'name'], [...list, part, 'port'], list, part, { list: ['spec', 'routes'], index })
      }
  return found
}

/** Backends of a gateway's routes that lead to a node, or to a Service of that name which is not there. */
export const backendsTo = (scene: Scene, gateway: string, id: string): readonly RouteBackend[] =>
  routesOf(scene, gateway)
    .flatMap(backendsOf)
    .filter(({ name, namespace }) => {
      const service = scene.serviceAt(namespace === '' ? name : `${name}.${namespace}.svc`, namespace)
      return service ? service.nodes.includes(id) : name === id
    })

export type NewRule = { readonly list: Path; readonly item: Json; readonly first: boolean }

/** The rule that would lead requests below a path to a Service, in the form of a route; null for a kind without one. */
export function ruleFor(
  route: Manifest,
  path: string,
  service: { name: string; namespace: string },
  port: number,
): NewRule | null {
  const { kind, value } = route
  const other = service.namespace !== '' && service.namespace !== (route.namespace ?? service.namespace)
  const backend = { name: service.name, ...(other && { namespace: service.namespace }), port }
  if (kind === 'Ingress') {
    if (other || listAt(value, 'spec', 'rules').length === 0) return null
    const item = { path, pathType: 'Prefix', backend: { service: { name: service.name, port: { number: port } } } }
    return { list: ['spec', 'rules', 0, 'http', 'paths'], item, first: false }
  }
  if (kind === 'VirtualService') {
    const host = other ? `${service.name}.${service.namespace}.svc.cluster.local` : service.name
    const item = {
      match: [{ uri: { prefix: path } }],
      route: [{ destination: { host, port: { number: port } } }],
    }
    // The first that fits is taken.
    return { list: ['spec', 'http'], item, first: true }
  }
  if (kind === 'HTTPRoute')
    return {
      list: ['spec', 'rules'],
      item: { matches: [{ path: { type: 'PathPrefix', value: path } }], backendRefs: [backend] },
      first: false,
    }
  if (kind === 'GRPCRoute') return { list: ['spec', 'rules'], item: { backendRefs: [backend] }, first: false }
  if (kind === 'IngressRoute')
    return {
      list: ['spec', 'routes'],
      item: { match: `PathPrefix(\`${path}\`)`, kind: 'Rule', services: [backend] },
      first: false,
    }
  if (kind === 'HTTPProxy')
    return { list: ['spec', 'routes'], item: { conditions: [{ prefix: path }], services: [backend] }, first: false }
  return null
}

/** A route of its own, for a gateway on which none hangs yet; null where the gateway is no such thing. */
export function newRoute(
  gateway: Manifest,
  path: string,
  service: { name: string; namespace: string },
  port: number,
): { readonly [key: string]: Json } | null {
  const namespace = service.namespace || gateway.namespace
  const metadata = { name: service.name, ...(namespace !== undefined && namespace !== '' && { namespace }) }
  if (gateway.group === 'gateway.networking.k8s.io')
    return {
      apiVersion: gateway.apiVersion,
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [
          {
            name: gateway.name,
            ...(gateway.namespace !== undefined && gateway.namespace !== namespace && { namespace: gateway.namespace }),
          },
        ],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: path } }],
            backendRefs: [{ name: service.name, port }],
          },
        ],
      },
    }
  if (gateway.group !== 'networking.istio.io') return null
  const own = gateway.namespace !== undefined && gateway.namespace !== namespace
  return {
    apiVersion: gateway.apiVersion,
    kind: 'VirtualService',
    metadata,
    spec: {
      hosts: ['*'],
      gateways: [own ? `${gateway.namespace}/${gateway.name}` : gateway.name],
      http: [
        {
          match: [{ uri: { prefix: path } }],
          route: [{ destination: { host: service.name, port: { number: port } } }],
        },
      ],
    },
  }
}
