import {
  fileAt,
  type Json,
  type JsonObject,
  listAt,
  type Manifest,
  numberAt,
  objectAt,
  type Path,
  textAt,
  textsAt,
} from '../manifests/manifest.ts'
import { type Program, type Scene, together } from './scene.ts'

export type Direction = 'ingress' | 'egress'
const sideOf = { ingress: 'from', egress: 'to' } as const

/** The NetworkPolicies that hold for a program in one direction; where there is none, all is allowed. */
export const policiesFor = (scene: Scene, program: Program, direction: Direction): readonly Manifest[] =>
  scene.manifests.filter(
    policy =>
      policy.kind === 'NetworkPolicy' &&
      policy.group === 'networking.k8s.io' &&
      together(policy.namespace ?? '', program.namespace) &&
      holdsFor(policy, direction) &&
      selects(objectAt(policy.value, 'spec', 'podSelector'), program.labels),
  )

/** `policyTypes` where given; else ingress always, and egress where it has such rules (networking.k8s.io/v1). */
function holdsFor({ value }: Manifest, direction: Direction): boolean {
  const types = listAt(value, 'spec', 'policyTypes')
  if (types.length > 0) return types.some(type => String(type).toLowerCase() === direction)
  return direction === 'ingress' || Object.hasOwn(objectAt(value, 'spec'), 'egress')
}

/** A label selector: an empty one selects all (meta/v1 LabelSelector). */
export function selects(selector: JsonObject, labels: { readonly [key: string]: string }): boolean {
  const wanted = Object.entries(textsAt(selector, 'matchLabels'))
  if (!wanted.every(([key, value]) => labels[key] === value)) return false
  return listAt(selector, 'matchExpressions').every(expression => {
    const key = textAt(expression, 'key') ?? ''
    const values = listAt(expression, 'values').map(String)
    const own = labels[key]
    switch (textAt(expression, 'operator')) {
      case 'In':
        return own !== undefined && values.includes(own)
      case 'NotIn':
        return own === undefined || !values.includes(own)
      case 'Exists':
        return own !== undefined
      case 'DoesNotExist':
        return own === undefined
      default:
        return false
    }
  })
}

/** True where one of the policies lets the other program through on a port (a Pod's, by number or name). */
export const isAllowed = (
  scene: Scene,
  policies: readonly Manifest[],
  direction: Direction,
  other: Program,
  port: number | string | undefined,
): boolean =>
  policies.some(policy =>
    listAt(policy.value, 'spec', direction).some(
      rule => coversPort(rule, port, other) && coversPeer(scene, policy, rule, direction, other),
    ),
  )

function coversPeer(scene: Scene, policy: Manifest, rule: Json, direction: Direction, other: Program): boolean {
  const peers = listAt(rule, sideOf[direction])
  if (peers.length === 0) return true
  return peers.some(peer => {
    const block = textAt(peer, 'ipBlock', 'cidr')
    if (block !== undefined) return block === '0.0.0.0/0' || block === '::/0'
    const spaces = objectAt(peer, 'namespaceSelector')
    const isOwn = !Object.hasOwn(peer as JsonObject, 'namespaceSelector')
    const space = other.namespace || 'default'
    const there = isOwn
      ? together(policy.namespace ?? '', other.namespace)
      : other.namespace === '' || selects(spaces, labelsOfNamespace(scene, space))
    return there && selects(objectAt(peer, 'podSelector'), other.labels)
  })
}

const labelsOfNamespace = (scene: Scene, name: string): { readonly [key: string]: string } => {
  const declared = scene.manifests.find(manifest => manifest.kind === 'Namespace' && manifest.name === name)
  const labels = declared ? textsAt(declared.value, 'metadata', 'labels') : {}
  return { 'kubernetes.io/metadata.name': name, ...labels }
}

function coversPort(rule: Json, port: number | string | undefined, other: Program | null): boolean {
  const ports = listAt(rule, 'ports')
  if (ports.length === 0 || port === undefined) return true
  const named = typeof port === 'string' ? port : undefined
  return ports.some(item => {
    if (['UDP', 'SCTP'].includes(textAt(item, 'protocol') ?? 'TCP') && other) return false
    const first = textAt(item, 'port')
    if (first === undefined) return true
    if (!/^\d+$/.test(first)) return first === named || named === undefined
    const last = numberAt(item, 'endPort') ?? Number(first)
    return typeof port === 'number' && port >= Number(first) && port <= last
  })
}

/** True where names can be looked up: some rule lets port 53 out. */
export const allowsNames = (policies: readonly Manifest[]): boolean =>
  policies.some(policy =>
    listAt(policy.value, 'spec', 'egress').some(rule => coversPort(rule, 53, null) && mayReachNames(rule)),
  )

/** Anyone, addresses, or a namespace that may be where the cluster's DNS runs. */
function mayReachNames(rule: Json): boolean {
  const peers = listAt(rule, 'to')
  return (
    peers.length === 0 ||
    peers.some(peer => {
      if (Object.hasOwn(peer as JsonObject, 'ipBlock')) return true
      if (!Object.hasOwn(peer as JsonObject, 'namespaceSelector')) return false
      const named = textAt(peer, 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name')
      return named === undefined || /^(kube-system|openshift-dns|.*dns.*)$/.test(named)
    })
  )
}

/** Labels that tell versions apart, or that a tool puts on. */
const passing =
  /^(version|pod-template-hash|app\.kubernetes\.io\/(version|managed-by)|helm\.sh\/chart|tags?\.|.*\/inject$)/

/** The labels by which a policy should name a program: those the policies here use, where they mean it alone. */
export function namingLabels(scene: Scene, program: Program): { readonly [key: string]: string } {
  const pick = (keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap(key => (program.labels[key] === undefined ? [] : [[key, program.labels[key]]])))
  const used = scene.manifests.flatMap(policy =>
    policy.kind === 'NetworkPolicy' ? Object.keys(objectAt(policy.value, 'spec', 'podSelector', 'matchLabels')) : [],
  )
  const others = scene.topology.nodes.flatMap(({ id }) =>
    scene
      .programs(id)
      .filter(other => together(other.namespace, program.namespace) && other.manifest !== program.manifest),
  )
  const own = Object.keys(textsAt(program.manifest.value, 'spec', 'selector', 'matchLabels'))
  const lasting = Object.keys(program.labels).filter(key => !passing.test(key))
  const isAlone = (labels: object) =>
    Object.keys(labels).length > 0 && !others.some(other => selects({ matchLabels: { ...labels } }, other.labels))
  const choices = [...new Set(used)]
    .map(key => pick([key]))
    .concat([pick(own.filter(key => !passing.test(key))), pick(lasting)])
  return choices.find(isAlone) ?? pick(lasting)
}

/** The peer of a rule of `policy` that means a program. */
export const peerFor = (
  scene: Scene,
  policy: { readonly namespace?: string | undefined },
  program: Program,
): JsonObject => ({
  ...(!together(policy.namespace ?? '', program.namespace) && {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': program.namespace } },
  }),
  podSelector: { matchLabels: namingLabels(scene, program) },
})

/** A policy of one program's own: one that says nothing of others, so that a rule more in it lets nobody else through. */
export const ownPolicy = (scene: Scene, policies: readonly Manifest[], id: string): Manifest | undefined =>
  policies.find(policy => {
    const selector = objectAt(policy.value, 'spec', 'podSelector')
    return scene.topology.nodes.every(
      node =>
        node.id === id ||
        !scene
          .programs(node.id)
          .some(other => together(policy.namespace ?? '', other.namespace) && selects(selector, other.labels)),
    )
  })

export type Permission = {
  readonly policy: Manifest
  /** The list, and what of it lets just this pair through. */
  readonly list: Path
  readonly item: Json
  readonly file: string
  readonly line: number
}

/** What of the policies lets one node through to another and nobody else: it has no use when the call is gone. */
export function permissionsOf(scene: Scene, from: string, to: string): readonly Permission[] {
  const found: Permission[] = []
  for (const [direction, own, other] of [
    ['ingress', to, from],
    ['egress', from, to],
  ] as const)
    for (const program of scene.programs(own))
      for (const policy of policiesFor(scene, program, direction)) {
        if (!ownPolicy(scene, [policy], own)) continue
        for (const [index, rule] of listAt(policy.value, 'spec', direction).entries()) {
          const list: Path = ['spec', direction, index, sideOf[direction]]
          const peers = listAt(rule, sideOf[direction])
          for (const [part, peer] of peers.entries()) {
            const selector = objectAt(peer, 'podSelector')
            if (Object.keys(selector).length === 0) continue
            const meant = scene.topology.nodes.filter(node =>
              scene.programs(node.id).some(one => selects(selector, one.labels)),
            )
            if (meant.length !== 1 || meant[0]!.id !== other) continue
            const at: Path = [...list, part]
            const whole = peers.length === 1
            found.push({
              policy,
              list: whole ? ['spec', direction] : list,
              item: whole ? rule : peer,
              file: fileAt(policy, at),
              line: policy.lineOf(at),
            })
          }
        }
      }
  const unique = new Map(found.map(one => [JSON.stringify([one.policy.ref, one.list, one.item]), one]))
  return [...unique.values()]
}
