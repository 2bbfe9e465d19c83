import type { Edit } from '../edits/edit.ts'
import { type Json, listAt, numberAt, textAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import type { Offer } from './offer.ts'
import { allowsNames, type Direction, isAllowed, namingLabels, ownPolicy, peerFor, policiesFor } from './policies.ts'
import { containersOf, type Program, type Scene, type ScenePort } from './scene.ts'

type Ends = { readonly from: string; readonly to: string; readonly port?: ScenePort }

/** What NetworkPolicies would have to let through for a call; nothing where none stands in its way. */
export function permitOffers(scene: Scene, { from, to, port }: Ends): readonly Offer[] {
  const [caller] = scene.programs(from)
  const [callee] = scene.programs(to)
  if (!caller) return []
  const offers: Offer[] = []
  const out = policiesFor(scene, caller, 'egress')
  if (callee) {
    const target = port && podPort(callee, port)
    for (const [direction, own, other, id] of [
      ['ingress', callee, caller, to],
      ['egress', caller, callee, from],
    ] as const) {
      const policies = direction === 'egress' ? out : policiesFor(scene, own, direction)
      if (policies.length === 0 || isAllowed(scene, policies, direction, other, target)) continue
      offers.push(permission(scene, { from, to }, direction, own, other, id, target))
    }
  }
  if (out.length > 0 && !allowsNames(out)) offers.push(names(scene, { from, to }, caller))
  return offers
}

function permission(
  scene: Scene,
  { from, to }: Ends,
  direction: Direction,
  own: Program,
  other: Program,
  id: string,
  port: number | string | undefined,
): Offer {
  const policies = policiesFor(scene, own, direction)
  const policy = ownPolicy(scene, policies, id)
  const rule: Json = {
    [direction === 'ingress' ? 'from' : 'to']: [peerFor(scene, policy ?? own, other)],
    ...(port !== undefined && { ports: [{ protocol: 'TCP', port }] }),
  }
  const services = [from, to]
  const denied = policies.map(({ name }) => name).join(', ')
  const notes: Message[] = [
    {
      key: direction === 'ingress' ? 'wiring.denyIngress' : 'wiring.denyEgress',
      params: { from, to, policies: denied },
    },
  ]
  if (policy) {
    const list = ['spec', direction]
    const edit: Edit = { kind: 'set-item', resource: policy.ref, at: list, item: rule, present: true, services }
    return {
      id: `policy ${direction}`,
      part: 'policy',
      edits: [edit],
      what: { key: 'wiring.letThrough', params: { from, to, policy: policy.name } },
      notes,
      file: policy.fileOf?.(list) ?? policy.file,
      line: policy.lineOf(list),
      chosen: true,
    }
  }
  const name =
    direction === 'ingress'
      ? `${own.manifest.name}-from-${other.manifest.name}`
      : `${own.manifest.name}-to-${other.manifest.name}`
  return {
    id: `policy ${direction}`,
    part: 'policy',
    edits: [
      {
        kind: 'add-object',
        beside: own.manifest.ref,
        object: policyObject(scene, own, name, direction, rule),
        services,
      },
    ],
    what: { key: 'wiring.newPolicy', params: { policy: name, from, to } },
    notes,
    file: own.manifest.file,
    chosen: true,
  }
}

const policyObject = (scene: Scene, own: Program, name: string, direction: Direction, rule: Json) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, ...(own.namespace !== '' && { namespace: own.namespace }) },
  spec: {
    podSelector: { matchLabels: namingLabels(scene, own) },
    policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
    [direction]: [rule],
  },
})

/** A caller that may look up no names finds nobody. */
function names(scene: Scene, { from, to }: Ends, caller: Program): Offer {
  const policies = policiesFor(scene, caller, 'egress')
  const policy = ownPolicy(scene, policies, from)
  const rule: Json = {
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  }
  const services = [from]
  const edit: Edit = policy
    ? { kind: 'set-item', resource: policy.ref, at: ['spec', 'egress'], item: rule, present: true, services }
    : {
        kind: 'add-object',
        beside: caller.manifest.ref,
        object: policyObject(scene, caller, `${caller.manifest.name}-to-dns`, 'egress', rule),
        services,
      }
  return {
    id: 'policy names',
    part: 'policy',
    edits: [edit],
    what: { key: 'wiring.letNames', params: { from } },
    notes: [{ key: 'wiring.denyNames', params: { from, to } }],
    file: (policy ?? caller.manifest).file,
    chosen: true,
  }
}

/** The number of a Pod's port behind a Service's; its name where no container says the number. */
function podPort(program: Program, { target }: ScenePort): number | string {
  if (typeof target === 'number') return target
  for (const { path } of containersOf(program))
    for (const port of listAt(program.manifest.value, ...path, 'ports'))
      if (textAt(port, 'name') === target) return numberAt(port, 'containerPort') ?? target
  return target
}
