import { listAt, type Manifest, type ManifestFile, textAt } from '../manifests/manifest.ts'
import { isCoreService, isWorkload, podTemplatePath } from '../topology/workload.ts'

type Group = { readonly path: string; readonly files: ManifestFile[] }

/**
 * Groups without Services of their own that are about another one belong to it: routes that lead into an application
 * which nothing else lets anybody into, and what does nothing but call it, as a load generator. Each joins the nearest
 * groups it speaks of; of several routes to one Service, the first. What joined is no group of its own any more.
 */
export function attachSatellites(groups: readonly Group[]): Group[] {
  const facts = new Map(groups.map(group => [group, factsOf(group)]))
  const hosts = groups.filter(group => facts.get(group)!.services.size > 1)
  if (hosts.length === 0) return [...groups]
  const joining = new Map<Group, Group[]>()
  const joined = new Set<Group>()
  for (const group of groups) {
    const { services, workloads, routed } = facts.get(group)!
    if (services.size > 0) continue
    const isRoute = workloads.length === 0 && routed.size > 0
    if (!isRoute && workloads.length === 0) continue
    const fitting = hosts.filter(host => {
      const its = facts.get(host)!
      // Files of one folder that were not taken together are each other's alternatives.
      if (folderOf(host.path) === folderOf(group.path) && isFile(host) && isFile(group)) return false
      if (isRoute) return !its.isOpen && [...routed].every(name => its.services.has(name))
      return (
        workloads.length * 4 <= its.workloads.length &&
        workloads.every(workload => calls(workload, its.services)) &&
        workloads.every(workload => !its.workloads.some(other => other.name === workload.name))
      )
    })
    const nearest = Math.max(0, ...fitting.map(host => nearness(host.path, group.path)))
    for (const host of fitting) {
      if (nearness(host.path, group.path) !== nearest) continue
      const others = joining.get(host) ?? []
      const isTaken = isRoute && others.some(other => [...facts.get(other)!.routed].some(name => routed.has(name)))
      if (!isTaken) joining.set(host, [...others, group])
      joined.add(group)
    }
  }
  return groups
    .filter(group => !joined.has(group))
    .map(group => ({ path: group.path, files: [group, ...(joining.get(group) ?? [])].flatMap(one => one.files) }))
}

type Facts = {
  /** Names of Services it declares. */
  readonly services: ReadonlySet<string>
  readonly workloads: readonly Manifest[]
  /** Names of Services its routes lead to. */
  readonly routed: ReadonlySet<string>
  /** Something in it lets people in. */
  readonly isOpen: boolean
}

const entries = /^(Ingress|Gateway|VirtualService|HTTPRoute|GRPCRoute|IngressRoute|HTTPProxy|Route)$/

function factsOf(group: Group): Facts {
  const manifests = group.files.flatMap(file => file.manifests)
  const entering = manifests.filter(manifest => entries.test(manifest.kind) && manifest.group !== '')
  const routed = new Set(entering.flatMap(manifest => [...backendsOf(manifest.value)]))
  return {
    services: new Set(manifests.filter(isCoreService).map(manifest => manifest.name)),
    workloads: manifests.filter(isWorkload),
    routed,
    isOpen:
      entering.length > 0 ||
      manifests.some(
        manifest =>
          isCoreService(manifest) && /^(LoadBalancer|NodePort)$/.test(textAt(manifest.value, 'spec', 'type') ?? ''),
      ),
  }
}

/** Names of the Services a route leads to, by the keys that every kind of route calls them by. */
function* backendsOf(value: unknown, key = ''): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* backendsOf(item, key)
  else if (typeof value === 'object' && value !== null) {
    const name = (value as { readonly name?: unknown }).name
    if (/^(backendRefs|service|services|to)$/.test(key) && typeof name === 'string') yield name
    for (const [inner, item] of Object.entries(value))
      if (/^(host|serviceName)$/.test(inner) && typeof item === 'string' && /^(destination|backend)$/.test(key))
        yield item.split('.')[0]!
      else yield* backendsOf(item, inner)
  }
}

/** One of the names stands as a host in what the workload is started with. */
function calls(workload: Manifest, names: ReadonlySet<string>): boolean {
  const containers = listAt(workload.value, ...(podTemplatePath(workload) ?? []), 'spec', 'containers')
  const words = containers
    .flatMap(container => [
      ...listAt(container, 'command'),
      ...listAt(container, 'args'),
      ...listAt(container, 'env').map(variable => textAt(variable, 'value') ?? ''),
    ])
    .filter(word => typeof word === 'string')
  return words.some(word => [...names].some(name => isHostIn(word, name)))
}

/** `http://cart/`, `cart:80`, `cart.shop.svc` and `cart` alone; not the word in a sentence. */
function isHostIn(text: string, name: string): boolean {
  if (text === name) return true
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at)
    const after = text.slice(at + name.length, at + name.length + 2)
    const begins = before === '' || before === '//' || /[^\w.-]$/.test(before)
    if (begins && (/^(:\d|\.[a-z])/.test(after) || (before === '//' && !/^[\w-]/.test(after)))) return true
  }
  return false
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const isFile = (group: Group): boolean => group.files.length === 1 && group.files[0]!.path === group.path

function nearness(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  let shared = 0
  while (shared < left.length && left[shared] === right[shared]) shared += 1
  return shared + 1
}
