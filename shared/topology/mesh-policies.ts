import {
  type Json,
  listAt,
  type Manifest,
  numberAt,
  objectAt,
  type Path,
  textAt,
  textsAt,
} from '../manifests/manifest.ts'
import { sameNamespace } from './index-objects.ts'
import type { Labels, Picked, PolicyScope } from './policy-calls.ts'
import { resolveHost } from './resolve-host.ts'

type Reader = (scope: PolicyScope) => void

/** Policies of networks and meshes beyond Kubernetes' own, by `group kind`. */
const readers: { readonly [groupAndKind: string]: Reader } = {
  'cilium.io CiliumNetworkPolicy': cilium,
  'cilium.io CiliumClusterwideNetworkPolicy': cilium,
  'projectcalico.org NetworkPolicy': calico,
  'projectcalico.org GlobalNetworkPolicy': calico,
  'crd.projectcalico.org NetworkPolicy': calico,
  'crd.projectcalico.org GlobalNetworkPolicy': calico,
  'networking.istio.io Sidecar': sidecar,
  'policy.linkerd.io AuthorizationPolicy': linkerd,
  'policy.linkerd.io ServerAuthorization': linkerdOld,
  'access.smi-spec.io TrafficTarget': trafficTarget,
  'consul.hashicorp.com ServiceIntentions': intentions,
}

/** How a policy of a mesh is read; undefined for any other object. */
export function meshPolicyReader({ group, kind }: Manifest): Reader | undefined {
  const key = `${group} ${kind}`
  return Object.hasOwn(readers, key) ? readers[key] : undefined
}

const namespaceLabels =
  /^(k8s:)?(io\.kubernetes\.pod\.namespace|io\.cilium\.k8s\.namespace\.labels\..*|projectcalico\.org\/.*)$/

/** Labels as Cilium writes them: a source may stand before the key, and the namespace is one of them. */
function ciliumPick({ manifest, pick }: PolicyScope, selector: Path): Picked | null {
  const written = Object.entries(textsAt(manifest.value, ...selector, 'matchLabels'))
  const namespace =
    written.find(([key]) => /io\.kubernetes\.pod\.namespace$/.test(key))?.[1] ?? manifest.namespace ?? ''
  const labels: Record<string, string> = {}
  for (const [key, value] of written) if (!namespaceLabels.test(key)) labels[key.replace(/^(k8s|any):/, '')] = value
  return listAt(manifest.value, ...selector, 'matchExpressions').length > 0 ? null : pick(labels, selector, namespace)
}

function cilium(scope: PolicyScope): void {
  const { manifest, objects, allow } = scope
  const specs: Path[] = [['spec'], ...listAt(manifest.value, 'specs').map((_, index): Path => ['specs', index])]
  for (const spec of specs) {
    const own = ciliumPick(scope, [...spec, 'endpointSelector'])
    if (!own) continue
    for (const [direction, side] of [
      ['ingress', 'fromEndpoints'],
      ['egress', 'toEndpoints'],
    ] as const)
      for (const [index, rule] of listAt(manifest.value, ...spec, direction).entries()) {
        const port = Number(textAt(listAt(listAt(rule, 'toPorts')[0], 'ports')[0], 'port'))
        const given = Number.isInteger(port) ? port : undefined
        for (const part of listAt(rule, side).keys()) {
          const at: Path = [...spec, direction, index, side, part]
          const other = ciliumPick(scope, at)
          if (!other) continue
          if (direction === 'ingress') allow(at, other, own, given)
          else allow(at, own, other, given)
        }
        for (const [part, item] of listAt(rule, 'toServices').entries()) {
          const name = textAt(item, 'k8sService', 'serviceName')
          const namespace = textAt(item, 'k8sService', 'namespace') ?? manifest.namespace ?? ''
          const service =
            name === undefined
              ? undefined
              : objects.servicesByName.get(name)?.find(each => sameNamespace(each.namespace, namespace))
          if (service)
            allow(
              [...spec, direction, index, 'toServices', part],
              own,
              { workloads: service.workloads, guessed: false },
              given,
            )
        }
      }
  }
}

/** `app == 'cart' && tier == 'back'`; null for anything that says more. */
function calicoLabels(selector: string | undefined): Labels | null {
  if (selector === undefined) return null
  const labels: Record<string, string> = {}
  for (const term of selector.split('&&')) {
    const pair = /^\s*\(?\s*([\w./-]+)\s*==\s*["']([^"']*)["']\s*\)?\s*$/.exec(term)
    if (!pair) return null
    if (!namespaceLabels.test(pair[1]!)) labels[pair[1]!] = pair[2]!
  }
  return labels
}

function calico({ manifest, pick, allow }: PolicyScope): void {
  const { value } = manifest
  const namespace = manifest.namespace ?? ''
  const at: Path = ['spec', 'selector']
  const own = pick(calicoLabels(textAt(value, ...at)), at, namespace)
  if (!own) return
  for (const [direction, side] of [
    ['ingress', 'source'],
    ['egress', 'destination'],
  ] as const)
    for (const [index, rule] of listAt(value, 'spec', direction).entries()) {
      if ((textAt(rule, 'action') ?? 'Allow') !== 'Allow') continue
      const where: Path = ['spec', direction, index, side, 'selector']
      const other = pick(
        calicoLabels(textAt(value, ...where)),
        where,
        calicoNamespace(objectAt(rule, side)) ?? namespace,
      )
      if (!other) continue
      const port = listAt(rule, 'destination', 'ports').find(number => typeof number === 'number')
      if (direction === 'ingress') allow(where, other, own, port)
      else allow(where, own, other, port)
    }
}

const calicoNamespace = (side: Json): string | undefined =>
  /projectcalico\.org\/name\s*==\s*["']([^"']+)["']/.exec(textAt(side, 'namespaceSelector') ?? '')?.[1]

/** What a Sidecar lets its Pods reach, as far as it names Services one by one. */
function sidecar({ manifest, objects, pick, allow }: PolicyScope): void {
  const at: Path = ['spec', 'workloadSelector', 'labels']
  const own = pick(textsAt(manifest.value, ...at), at, manifest.namespace ?? '')
  if (!own) return
  for (const [index, egress] of listAt(manifest.value, 'spec', 'egress').entries())
    for (const [part, host] of listAt(egress, 'hosts').entries()) {
      const [namespace, name] = typeof host === 'string' ? host.split('/') : []
      if (name === undefined || name.includes('*') || namespace === undefined) continue
      const resolution = resolveHost(
        objects,
        name,
        namespace === '.' || namespace === '*' ? (manifest.namespace ?? '') : namespace,
      )
      if (resolution.kind === 'service')
        allow(['spec', 'egress', index, 'hosts', part], own, {
          workloads: resolution.service.workloads,
          guessed: false,
        })
    }
}

/** A policy for a Server (Pods and a port) and the accounts its authentication names. */
function linkerd(scope: PolicyScope): void {
  const { manifest, objects, allow } = scope
  const target = objectAt(manifest.value, 'spec', 'targetRef')
  const to = server(scope, textAt(target, 'kind') === 'Server' ? textAt(target, 'name') : undefined)
  if (!to) return
  for (const [index, ref] of listAt(manifest.value, 'spec', 'requiredAuthenticationRefs').entries()) {
    const at: Path = ['spec', 'requiredAuthenticationRefs', index]
    const name = textAt(ref, 'name')
    if (name === undefined) continue
    if (textAt(ref, 'kind') === 'ServiceAccount') {
      allow(at, scope.ofAccount(name, textAt(ref, 'namespace') ?? manifest.namespace ?? ''), to.picked, to.port)
      continue
    }
    const authentication = objects.all.find(
      other =>
        other.kind === 'MeshTLSAuthentication' &&
        other.name === name &&
        sameNamespace(other.namespace ?? '', manifest.namespace ?? ''),
    )
    for (const from of authentication ? callersOf(scope, authentication.value) : []) allow(at, from, to.picked, to.port)
  }
}

function callersOf({ manifest, ofAccount }: PolicyScope, authentication: Json): Picked[] {
  return [
    ...listAt(authentication, 'spec', 'identityRefs').flatMap(ref =>
      textAt(ref, 'kind') === 'ServiceAccount'
        ? [ofAccount(textAt(ref, 'name') ?? '', textAt(ref, 'namespace') ?? manifest.namespace ?? '')]
        : [],
    ),
    ...listAt(authentication, 'spec', 'identities').flatMap(identity => {
      // `web.shop.serviceaccount.identity.linkerd.cluster.local`
      const parts = typeof identity === 'string' ? /^([^.*]+)\.([^.*]+)\.serviceaccount\./.exec(identity) : null
      return parts ? [ofAccount(parts[1]!, parts[2]!)] : []
    }),
  ]
}

function linkerdOld(scope: PolicyScope): void {
  const { manifest, ofAccount, allow } = scope
  const to = server(scope, textAt(manifest.value, 'spec', 'server', 'name'))
  const at: Path = ['spec', 'client', 'meshTLS', 'serviceAccounts']
  if (!to) return
  for (const [index, account] of listAt(manifest.value, ...at).entries()) {
    const name = textAt(account, 'name')
    if (name !== undefined)
      allow(
        [...at, index],
        ofAccount(name, textAt(account, 'namespace') ?? manifest.namespace ?? ''),
        to.picked,
        to.port,
      )
  }
}

function server(
  { manifest, objects, pick }: PolicyScope,
  name: string | undefined,
): { picked: Picked; port?: number } | null {
  const found = objects.all.find(
    other =>
      other.kind === 'Server' &&
      other.group === 'policy.linkerd.io' &&
      other.name === name &&
      sameNamespace(other.namespace ?? '', manifest.namespace ?? ''),
  )
  if (!found) return null
  const at: Path = ['spec', 'podSelector', 'matchLabels']
  const picked = pick(textsAt(found.value, ...at), at, found.namespace ?? '')
  const port = numberAt(found.value, 'spec', 'port')
  return picked && { picked, ...(port !== undefined && { port }) }
}

function trafficTarget({ manifest, ofAccount, allow }: PolicyScope): void {
  const account = (at: Path): Picked | null => {
    const item = objectAt(manifest.value, ...at)
    const name = textAt(item, 'kind') === 'ServiceAccount' ? textAt(item, 'name') : undefined
    return name === undefined ? null : ofAccount(name, textAt(item, 'namespace') ?? manifest.namespace ?? '')
  }
  const to = account(['spec', 'destination'])
  for (const index of listAt(manifest.value, 'spec', 'sources').keys()) {
    const at: Path = ['spec', 'sources', index]
    const from = account(at)
    if (from && to) allow(at, from, to)
  }
}

/** Intentions name services as Consul knows them: by default as their Kubernetes Services are called. */
function intentions({ manifest, objects, allow }: PolicyScope): void {
  const ofService = (name: string | undefined): Picked | null => {
    const [service] = name === undefined || name === '*' ? [] : (objects.servicesByName.get(name) ?? [])
    return service ? { workloads: service.workloads, guessed: false } : null
  }
  const to = ofService(textAt(manifest.value, 'spec', 'destination', 'name'))
  for (const [index, source] of listAt(manifest.value, 'spec', 'sources').entries()) {
    const from = ofService(textAt(source, 'name'))
    if (from && to && textAt(source, 'action') !== 'deny') allow(['spec', 'sources', index, 'name'], from, to)
  }
}
