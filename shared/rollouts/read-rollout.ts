import { kindOf } from '../health/assess-health.ts'
import { countAt, type LiveObject } from '../health/health.ts'
import { isObject, type Json, listAt, textAt } from '../manifests/manifest.ts'
import { readArgoRollout } from './read-argo-rollout.ts'
import { readCanary } from './read-canary.ts'
import type { RolloutEngine, RolloutStatus } from './rollout-status.ts'

/**
 * How far a progressive delivery is, from its object and, where they are at hand, the objects around it (an Argo
 * Rollout's ReplicaSets tell how many of its Pods serve). Null for what is no progressive delivery, such as a route
 * with one destination.
 */
export function readRollout(object: LiveObject, around: readonly LiveObject[] = []): RolloutStatus | null {
  const { group, kind } = kindOf(object)
  if (group === 'argoproj.io' && kind === 'Rollout') return readArgoRollout(object, around)
  if (group === 'flagger.app' && kind === 'Canary') return readCanary(object)
  if (group === 'networking.istio.io' && kind === 'VirtualService')
    return split('istio', routes(object, ['http', 'tls', 'tcp'], 'route'), destination)
  if (group === 'gateway.networking.k8s.io' && /^(HTTP|GRPC|TLS|TCP)Route$/.test(kind))
    return split('gateway-api', routes(object, ['rules'], 'backendRefs'), item => textAt(item, 'name'))
  if (group === 'policy.linkerd.io' && /^(HTTP|GRPC)Route$/.test(kind))
    return split('linkerd', routes(object, ['rules'], 'backendRefs'), item => textAt(item, 'name'))
  if (group === 'split.smi-spec.io' && kind === 'TrafficSplit')
    return split('smi', [listAt(object, 'spec', 'backends')], item => textAt(item, 'service'))
  if (/^traefik\.(io|containo\.us)$/.test(group) && kind === 'TraefikService')
    return split('traefik', [listAt(object, 'spec', 'weighted', 'services')], item => textAt(item, 'name'))
  return null
}

const routes = (object: LiveObject, lists: readonly string[], targets: string): (readonly Json[])[] =>
  lists.flatMap(list => listAt(object, 'spec', list).map(rule => listAt(rule, targets)))

function destination(item: Json): string | undefined {
  const host = textAt(item, 'destination', 'host')
  const subset = textAt(item, 'destination', 'subset')
  return subset === undefined ? host : `${host ?? ''} ${subset}`
}

/** What two-way splits name the new side; where none does, it is the one that gets less. */
const fresh = /(^|[-_ .])(canary|preview|candidate|next|green|new)([-_ .]|$)/i

function split(
  engine: RolloutEngine,
  rules: readonly (readonly Json[])[],
  nameOf: (item: Json) => string | undefined,
): RolloutStatus | null {
  for (const rule of rules) {
    const targets = rule.flatMap(item => {
      const name = nameOf(item)
      if (!isObject(item) || name === undefined) return []
      // Where nothing is said, the Gateway API counts 1 for each, and Istio nothing beside one that says 100.
      return [{ name, weight: countAt(item, ['weight'], engine === 'gateway-api' || engine === 'linkerd' ? 1 : 0) }]
    })
    const sum = targets.reduce((total, { weight }) => total + weight, 0)
    if (targets.length !== 2 || sum <= 0) continue
    const named = targets.findIndex(({ name }) => fresh.test(name))
    const at = named >= 0 ? named : targets[1]!.weight <= targets[0]!.weight ? 1 : 0
    const weight = Math.round((targets[at]!.weight * 100) / sum)
    return {
      engine,
      strategy: 'Weights',
      phase: weight === 0 ? 'Stable' : weight === 100 ? 'Promoted' : 'Progressing',
      step: null,
      steps: null,
      weight,
      desiredWeight: weight,
      stable: targets[1 - at]!.name,
      canary: targets[at]!.name,
    }
  }
  return null
}
