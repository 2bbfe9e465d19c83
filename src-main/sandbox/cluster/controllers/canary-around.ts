import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { World } from '../simulation.ts'
import { replicasOf } from './deployments.ts'
import { ownerReference } from './owning.ts'
import { setRouteWeights } from './traffic-routing.ts'

export const manager = 'flagger'

export const targetOf = (canary: LiveObject): string => textAt(canary, 'spec', 'targetRef', 'name') ?? ''

export function scale(world: World, deployment: LiveObject, replicas: number): void {
  if (replicasOf(deployment) !== replicas)
    world.replace('apps/Deployment', setAt(deployment, ['spec', 'replicas'], replicas), manager)
}

/** Percent that the route sends to the canary. */
export function routedWeight(world: World, canary: LiveObject): number {
  const name = serviceName(canary)
  const namespace = textAt(canary, 'metadata', 'namespace')!
  const targets = [
    ...listAt(world.get('gateway.networking.k8s.io/HTTPRoute', namespace, name), 'spec', 'rules', 0, 'backendRefs').map(
      each => [textAt(each, 'name'), numberAt(each, 'weight')] as const,
    ),
    ...listAt(world.get('networking.istio.io/VirtualService', namespace, name), 'spec', 'http', 0, 'route').map(
      each => [textAt(each, 'destination', 'host'), numberAt(each, 'weight')] as const,
    ),
  ]
  return targets.find(([to]) => to === `${name}-canary`)?.[1] ?? 0
}

const serviceName = (canary: LiveObject) => textAt(canary, 'spec', 'service', 'name') ?? targetOf(canary)

/** Sends so many percent to the canary. */
export function route(world: World, canary: LiveObject, weight: number): void {
  const name = serviceName(canary)
  const weights = { [`${name}-primary`]: 100 - weight, [`${name}-canary`]: weight }
  const namespace = textAt(canary, 'metadata', 'namespace')!
  setRouteWeights(world, 'gateway.networking.k8s.io/HTTPRoute', namespace, name, weights, manager)
  setRouteWeights(world, 'networking.istio.io/VirtualService', namespace, name, weights, manager)
}

/** The primary's template: the same, but of Pods that are told apart. */
export function templateOf(target: LiveObject): JsonObject {
  const template = objectAt(target, 'spec', 'template')
  const name = textAt(target, 'metadata', 'name')!
  const labels = objectAt(template, 'metadata', 'labels')
  return setAt(template, ['metadata', 'labels'], { ...labels, [labelOf(target)]: `${name}-primary` })
}

const labelOf = (target: LiveObject): string =>
  ['app', 'name', 'app.kubernetes.io/name'].find(
    key => objectAt(target, 'spec', 'selector', 'matchLabels')[key] !== undefined,
  ) ?? 'app'

/** Primary, Services and route, made where they are missing. Returns the primary. */
export function ensureAround(world: World, canary: LiveObject, target: LiveObject): LiveObject {
  const namespace = textAt(canary, 'metadata', 'namespace')!
  const name = targetOf(canary)
  const label = labelOf(target)
  const owned = { namespace, ownerReferences: [ownerReference(canary)] }
  const put = (kind: string, object: JsonObject): LiveObject =>
    world.get(kind, namespace, textAt(object, 'metadata', 'name')!) ?? world.create(kind, object, manager)
  const service = serviceName(canary)
  const port = valueAt(canary, ['spec', 'service', 'port']) ?? 80
  const targetPort = valueAt(canary, ['spec', 'service', 'targetPort']) ?? port
  for (const [suffix, pods] of [
    ['', `${name}-primary`],
    ['-primary', `${name}-primary`],
    ['-canary', name],
  ] as const)
    put('/Service', {
      metadata: { name: `${service}${suffix}`, ...owned },
      spec: { selector: { [label]: pods }, ports: [{ name: 'http', port, targetPort }] },
    })
  const isGateway = /^gatewayapi/.test(textAt(canary, 'spec', 'provider') ?? '')
  const weighted = (suffix: string, weight: number): Json =>
    isGateway ? { name: `${service}${suffix}`, port, weight } : { destination: { host: `${service}${suffix}` }, weight }
  const targets = [weighted('-primary', 100), weighted('-canary', 0)]
  if (isGateway)
    put('gateway.networking.k8s.io/HTTPRoute', {
      metadata: { name: service, ...owned },
      spec: { parentRefs: listAt(canary, 'spec', 'service', 'gatewayRefs'), rules: [{ backendRefs: targets }] },
    })
  else
    put('networking.istio.io/VirtualService', {
      metadata: { name: service, ...owned },
      spec: { hosts: [service], http: [{ route: targets }] },
    })
  return put('apps/Deployment', {
    metadata: { name: `${name}-primary`, labels: { [label]: `${name}-primary` }, ...owned },
    spec: {
      replicas: replicasOf(target),
      selector: { matchLabels: { [label]: `${name}-primary` } },
      template: templateOf(target),
    },
  })
}
