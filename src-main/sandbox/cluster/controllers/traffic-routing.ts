import type { LiveObject } from '../../../../shared/health/health.ts'
import { isObject, type Json, listAt, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import { sameValue } from '../../../../shared/yaml/yaml-value.ts'
import { setAt } from '../fields/json.ts'
import type { World } from '../simulation.ts'

/** A route with its weights set by the name of the Service (or the host) they go to. */
export function setRouteWeights(
  world: World,
  kind: 'gateway.networking.k8s.io/HTTPRoute' | 'networking.istio.io/VirtualService',
  namespace: string,
  name: string,
  weights: { readonly [service: string]: number },
  manager: string,
): void {
  const route = world.get(kind, namespace, name)
  if (!route) return
  const list = kind.endsWith('HTTPRoute') ? 'rules' : 'http'
  const inner = kind.endsWith('HTTPRoute') ? 'backendRefs' : 'route'
  const nameOf = (target: Json) =>
    kind.endsWith('HTTPRoute') ? textAt(target, 'name') : textAt(target, 'destination', 'host')?.split('.')[0]
  const rules = listAt(route, 'spec', list).map(rule => {
    const targets = listAt(rule, inner)
    if (!isObject(rule) || !targets.some(target => (nameOf(target) ?? '') in weights)) return rule
    return {
      ...rule,
      [inner]: targets.map(target => {
        const weight = weights[nameOf(target) ?? '']
        return isObject(target) && weight !== undefined ? { ...target, weight } : target
      }),
    }
  })
  if (!sameValue(rules, listAt(route, 'spec', list))) world.replace(kind, setAt(route, ['spec', list], rules), manager)
}

/** True where a Rollout has its traffic split by routes, and not by the number of its Pods. */
export const isRouted = (rollout: LiveObject): boolean =>
  Object.keys(objectAt(rollout, 'spec', 'strategy', 'canary', 'trafficRouting')).length > 0

/** Sets the weights on all the routes that a Rollout names. */
export function routeTraffic(world: World, rollout: LiveObject, weight: number): void {
  const canary = objectAt(rollout, 'spec', 'strategy', 'canary')
  const stableService = textAt(canary, 'stableService')
  const canaryService = textAt(canary, 'canaryService')
  if (stableService === undefined || canaryService === undefined) return
  const namespace = textAt(rollout, 'metadata', 'namespace')!
  const weights = { [stableService]: 100 - weight, [canaryService]: weight }
  const routing = objectAt(canary, 'trafficRouting')
  const plugin = objectAt(routing, 'plugins', 'argoproj-labs/gatewayAPI')
  const httpRoutes = [
    textAt(plugin, 'httpRoute'),
    ...listAt(plugin, 'httpRoutes').map(each => textAt(each, 'name')),
  ].filter(name => name !== undefined)
  for (const name of httpRoutes)
    setRouteWeights(
      world,
      'gateway.networking.k8s.io/HTTPRoute',
      textAt(plugin, 'namespace') ?? namespace,
      name,
      weights,
      'rollouts-controller',
    )
  const virtualServices = [
    textAt(routing, 'istio', 'virtualService', 'name'),
    ...listAt(routing, 'istio', 'virtualServices').map(each => textAt(each, 'name')),
  ].filter(name => name !== undefined)
  for (const name of virtualServices)
    setRouteWeights(world, 'networking.istio.io/VirtualService', namespace, name, weights, 'rollouts-controller')
}

/** Points a Service at the Pods of one revision. */
export function selectRevision(world: World, namespace: string, name: string | undefined, hash: string): void {
  const service = name === undefined ? undefined : world.get('/Service', namespace, name)
  if (!service || textAt(service, 'spec', 'selector', 'rollouts-pod-template-hash') === hash) return
  world.replace(
    '/Service',
    setAt(service, ['spec', 'selector', 'rollouts-pod-template-hash'], hash),
    'rollouts-controller',
  )
}
