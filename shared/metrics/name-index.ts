import type { TopologyNode } from '../topology/topology.ts'
import type { Peer } from './observation.ts'
import { workloadOfPod } from './promql.ts'

/** What a name of a metric means in a topology. */
export type Meaning =
  | { readonly kind: 'node'; readonly id: string }
  /** A host outside, that no node stands for yet. */
  | { readonly kind: 'external'; readonly host: string }
  | { readonly kind: 'unmatched' }

type Entry = { readonly id: string; readonly namespace: string | undefined }
type Names = Map<string, Entry[]>

/**
 * Finds the nodes metrics speak of. Names are tried as they are, most particular first: what Kubernetes calls it, then
 * what its labels and variables call it, then the name without separators and without a trailing "service". A namespace
 * that is known on both sides has to be the same; a name that two nodes have means neither. `knownNamespaces` are those
 * beyond the nodes' own: `cart.shop` may be a host, or a name in one of them.
 */
export function nameIndex(
  nodes: readonly TopologyNode[],
  knownNamespaces: Iterable<string> = [],
): (peer: Peer) => Meaning {
  const given: Names = new Map()
  const hosts = new Map<string, string>()
  const namespaces = new Set(knownNamespaces)
  for (const node of nodes) {
    const namespace = node.workload?.namespace
    if (namespace !== undefined) namespaces.add(namespace)
    const own = [
      ...(node.workload ? [node.workload.name] : []),
      ...(node.versions ?? []).map(version => version.workload.name),
      ...node.services.map(service => service.resource.name),
    ]
    if (node.workload === undefined) hosts.set(node.id.toLowerCase(), node.id)
    const entry = { id: node.id, namespace }
    for (const name of [node.id, ...own]) add(given, name, entry)
  }
  // Mostly the given names are enough; what a large graph says beside them is gathered when one is not.
  const labelled = once((): Names => {
    const names: Names = new Map()
    for (const node of nodes)
      for (const name of namesSaid(node)) add(names, name, { id: node.id, namespace: node.workload?.namespace })
    return names
  })
  const squashed = once((): Names => {
    const names: Names = new Map()
    for (const [name, entries] of [...given, ...labelled()])
      for (const entry of entries) add(names, squash(name), entry)
    return names
  })

  const among = (names: Names, name: string, namespace: string | undefined): string | undefined => {
    const found = names.get(name) ?? []
    const possible =
      namespace === undefined
        ? found
        : found.filter(entry => entry.namespace === undefined || entry.namespace === namespace)
    const here = namespace === undefined ? [] : possible.filter(entry => entry.namespace === namespace)
    const [first, ...others] = here.length > 0 ? here : possible
    return first && others.every(other => other.id === first.id) ? first.id : undefined
  }

  return peer => {
    let outside: string | undefined
    const read = peer.names.map(name => readName(name, peer.namespace, namespaces))
    for (const { host } of read) {
      const node = host === undefined ? undefined : hosts.get(host)
      if (node !== undefined) return { kind: 'node', id: node }
    }
    for (const [names, form] of [
      [() => given, (name: string) => name],
      [labelled, (name: string) => name],
      [() => given, workloadOfPod],
      [squashed, squash],
    ] as const)
      for (const { name, host, namespace } of read) {
        if (host !== undefined) outside ??= host
        if (name === undefined) continue
        const node = among(names(), form(name), namespace)
        if (node !== undefined) return { kind: 'node', id: node }
      }
    return outside === undefined ? { kind: 'unmatched' } : { kind: 'external', host: outside }
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function add(names: Names, name: string, entry: Entry): void {
  const key = name.toLowerCase()
  const known = names.get(key)
  if (!known) names.set(key, [entry])
  else if (!known.some(other => other.id === entry.id)) known.push(entry)
}

const nameLabels = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'name',
  'service.istio.io/canonical-name',
  'app.kubernetes.io/instance',
]
const nameVariables =
  /^(OTEL_SERVICE_NAME|DD_SERVICE|JAEGER_SERVICE_NAME|ELASTIC_APM_SERVICE_NAME|NEW_RELIC_APP_NAME|SPRING_APPLICATION_NAME|APP_ID|DAPR_APP_ID)$/

/** What a workload says its name is: to those who trace it, and to those who look for it. */
function namesSaid(node: TopologyNode): string[] {
  const names = nameLabels.flatMap(label => node.labels?.[label] ?? [])
  for (const container of node.containers ?? []) {
    if (container.init) continue
    for (const { name, value } of container.env) {
      if (value === undefined) continue
      if (nameVariables.test(name)) names.push(value)
      if (name === 'OTEL_RESOURCE_ATTRIBUTES')
        names.push(...(/(?:^|,)service\.name=([^,]+)/.exec(value)?.slice(1) ?? []))
    }
  }
  return names
}

const squash = (name: string): string => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return plain.replace(/(?<=.{2})(service|svc)$/, '')
}

type ReadName = { readonly name?: string; readonly host?: string; readonly namespace: string | undefined }

/** `cart`, `shop/cart`, `cart.shop`, `cart.shop.svc.cluster.local:8080`, `dns:///cart:8080`, `https://api.example.com/v1`. */
function readName(text: string, given: string | undefined, namespaces: ReadonlySet<string>): ReadName {
  const plain = text
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?\/?/, '')
    .replace(/^(dns|xds|passthrough):\/*/, '')
  const pair = plain === text.toLowerCase() ? /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(plain) : null
  if (pair && !/^\d+$/.test(pair[2]!)) return { name: pair[2]!, namespace: pair[1]! }
  const host = plain
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '')
  const labels = host.split('.')
  if (labels.length === 1) return { name: host, namespace: given }
  if (/^[\d.]+$/.test(host)) return { namespace: given }
  const svc = labels.indexOf('svc', 2)
  if (svc >= 2) return { name: labels[svc - 2]!, namespace: labels[svc - 1]! }
  const [first, second] = labels as [string, string]
  if (labels.length === 2 && (namespaces.has(second) || second === given)) return { name: first, namespace: second }
  return /\.[a-z]{2,}$/.test(host) ? { host, namespace: given } : { name: host, namespace: given }
}
