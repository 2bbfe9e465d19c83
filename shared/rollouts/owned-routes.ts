import { kindOf } from '../health/assess-health.ts'
import { type LiveObject, nameOf } from '../health/health.ts'
import { isObject, listAt, objectAt, textAt } from '../manifests/manifest.ts'

export type OwnedRoute = { readonly kind: string; readonly name: string }

/**
 * Routes whose weights a controller sets at run time. To edit them in Git would be undone, or undo it: the strategy of
 * the controller is edited instead.
 */
export function ownedRoutes(object: LiveObject): readonly OwnedRoute[] {
  const { group, kind } = kindOf(object)
  if (group === 'argoproj.io' && kind === 'Rollout') return ofArgo(object)
  if (group === 'flagger.app' && kind === 'Canary') return ofFlagger(object)
  return []
}

function ofArgo(object: LiveObject): readonly OwnedRoute[] {
  const routing = objectAt(object, 'spec', 'strategy', 'canary', 'trafficRouting')
  const routes: OwnedRoute[] = []
  const add = (kind: string, name: string | undefined) => {
    if (name !== undefined) routes.push({ kind, name: name.includes('/') ? name.slice(name.indexOf('/') + 1) : name })
  }
  const { istio } = routing
  if (isObject(istio)) {
    add('VirtualService', textAt(istio, 'virtualService', 'name'))
    for (const item of listAt(istio, 'virtualServices')) add('VirtualService', textAt(item, 'name'))
  }
  if (isObject(routing['smi'])) add('TrafficSplit', textAt(routing, 'smi', 'trafficSplitName') ?? nameOf(object))
  add('TraefikService', textAt(routing, 'traefik', 'weightedTraefikServiceName'))
  add('Ingress', textAt(routing, 'alb', 'ingress'))
  add('Ingress', textAt(routing, 'nginx', 'stableIngress'))
  const gateway = objectAt(routing, 'plugins', 'argoproj-labs/gatewayAPI')
  add('HTTPRoute', textAt(gateway, 'httpRoute'))
  add('GRPCRoute', textAt(gateway, 'grpcRoute'))
  add('TCPRoute', textAt(gateway, 'tcpRoute'))
  for (const item of listAt(gateway, 'httpRoutes')) add('HTTPRoute', textAt(item, 'name'))
  for (const item of listAt(gateway, 'grpcRoutes')) add('GRPCRoute', textAt(item, 'name'))
  return routes
}

/** Flagger makes the route itself, named as the Service it makes; of which kind depends on the provider. */
function ofFlagger(object: LiveObject): readonly OwnedRoute[] {
  const name = textAt(object, 'spec', 'service', 'name') ?? textAt(object, 'spec', 'targetRef', 'name')
  if (name === undefined) return []
  const provider = textAt(object, 'spec', 'provider')
  const kinds =
    provider === undefined
      ? ['VirtualService', 'HTTPRoute', 'TrafficSplit', 'TraefikService']
      : provider.startsWith('istio')
        ? ['VirtualService']
        : provider.startsWith('gatewayapi') || provider === 'linkerd'
          ? ['HTTPRoute', 'TrafficSplit']
          : provider.startsWith('smi')
            ? ['TrafficSplit']
            : provider.startsWith('traefik')
              ? ['TraefikService']
              : []
  return kinds.map(kind => ({ kind, name }))
}
