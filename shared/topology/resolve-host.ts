import { isInClusterName } from './find-references.ts'
import { type Objects, type ServiceObject, sameNamespace } from './index-objects.ts'

export type Resolution =
  | { readonly kind: 'service'; readonly service: ServiceObject }
  /** A name outside the cluster. */
  | { readonly kind: 'external'; readonly host: string }
  /** Only cluster DNS could answer, and nothing here does. */
  | {
      readonly kind: 'dangling'
      readonly host: string
      readonly nearest?: string
      /** It exists, and would be found under this name. */
      readonly elsewhere?: string
    }
  /** Not an address that means anything here. */
  | { readonly kind: 'none' }

/**
 * Resolves a host as a Pod of a namespace would (Kubernetes, "DNS for Services and Pods"): `name`, `name.ns`,
 * `name.ns.svc`, `name.ns.svc.<cluster domain>`, and `pod.name.ns.svc…` of a headless Service. Manifests that do not
 * say their namespace may be in any, so they answer where nothing else does. ExternalName Services are followed.
 */
export function resolveHost(objects: Objects, host: string, namespace: string): Resolution {
  let at = host
  for (let depth = 0; depth < 8; depth += 1) {
    const found = resolveOnce(objects, at, namespace)
    // What a mesh is told of by hand is there, whatever its name looks like.
    if (found.kind === 'dangling' && objects.hosts.has(at)) return { kind: 'external', host: at }
    if (found.kind !== 'service' || found.service.externalName === undefined) return found
    at = found.service.externalName
  }
  return { kind: 'none' }
}

function resolveOnce(objects: Objects, host: string, namespace: string): Resolution {
  const labels = host.split('.')
  const svc = labels.indexOf('svc', 1)
  if (svc > 0) {
    const [name, ns, pod] = svc >= 3 ? [labels[svc - 2]!, labels[svc - 1]!, labels[0]] : [labels[0]!, labels[1]!]
    if (svc === 1) return short(objects, name, namespace, host)
    const service = inNamespace(objects, name, ns) ?? (pod === undefined ? undefined : inNamespace(objects, name, ns))
    return service ? { kind: 'service', service } : dangling(objects, host, name, ns)
  }
  if (labels.length === 1) return short(objects, host, namespace, host)
  if (/^\d+(\.\d+){3}$/.test(host)) return { kind: 'external', host }
  if (labels.length <= 3) {
    const [first, second, third] = labels as [string, string, string?]
    if (third === undefined) {
      const service =
        exactly(objects, first, second) ?? (isTopLevel(second) ? undefined : inNamespace(objects, first, second))
      if (service) return { kind: 'service', service }
      const headless = podOf(objects, first, second, namespace)
      if (headless) return { kind: 'service', service: headless }
    } else {
      const headless = podOf(objects, first, second, third)
      if (headless) return { kind: 'service', service: headless }
    }
  }
  const last = labels.at(-1)!
  if (labels.length === 2 && (objects.namespaces.has(last) || !isTopLevel(last)))
    return dangling(objects, host, labels[0]!, last)
  return isInClusterName(host) ? dangling(objects, host, labels[0]!, labels[1]!) : { kind: 'external', host }
}

function short(objects: Objects, name: string, namespace: string, host: string): Resolution {
  const named = objects.servicesByName.get(name) ?? []
  const here = named.find(service => sameNamespace(service.namespace, namespace))
  if (here) return { kind: 'service', service: here }
  const open = named.filter(service => service.namespace === '' || namespace === '')
  if (open.length === 1) return { kind: 'service', service: open[0]! }
  const other = named[0]
  if (other && open.length === 0) return { kind: 'dangling', host, elsewhere: `${name}.${other.namespace}` }
  return dangling(objects, host, name, namespace)
}

const exactly = (objects: Objects, name: string, namespace: string): ServiceObject | undefined =>
  objects.servicesByName
    .get(name)
    ?.find(
      service => sameNamespace(service.namespace, namespace) && (service.namespace !== '' || namespace === 'default'),
    )

/** In that namespace; else one that does not say where it is, unless that namespace has objects of its own. */
function inNamespace(objects: Objects, name: string, namespace: string): ServiceObject | undefined {
  return (
    exactly(objects, name, namespace) ?? objects.servicesByName.get(name)?.find(service => service.namespace === '')
  )
}

/** `mysql-0.mysql`: a Pod of the StatefulSet behind a Service. */
function podOf(objects: Objects, pod: string, name: string, namespace: string): ServiceObject | undefined {
  if (!/-\d+$/.test(pod)) return undefined
  const set = pod.replace(/-\d+$/, '')
  const resolved = short(objects, name, namespace, name)
  if (resolved.kind !== 'service') return undefined
  return resolved.service.workloads.some(workload => workload.name === set || workload.name === pod)
    ? resolved.service
    : undefined
}

const dangling = (objects: Objects, host: string, name: string, namespace: string): Resolution => {
  const nearest = objects.nearestService.get(name)
  const suffix = host.slice(name.length)
  const kept =
    nearest === undefined ? undefined : host.startsWith(name) ? `${nearest}${suffix}` : `${nearest}.${namespace}`
  return { kind: 'dangling', host, ...(kept !== undefined && { nearest: kept }) }
}

const topLevel = new Set(
  'com net org io dev app cloud ai co gov edu mil int info biz eu uk de fr nl be ch at it es pt se no dk fi pl cz ru ua cn jp kr in au nz br mx ca us za sg hk tw me tv cc tech xyz online site store shop page run sh gg ly to so is im fm am one pro aws internal corp lan intranet home example'.split(
    ' ',
  ),
)
/** The last label of a public name, or of a private zone; not the name of a namespace. */
const isTopLevel = (label: string): boolean => topLevel.has(label)
