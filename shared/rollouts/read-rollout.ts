import { kindOf } from '../health/assess-health.ts'
import type { LiveObject } from '../health/health.ts'
import { readArgoRollout } from './read-argo-rollout.ts'
import { readCanary } from './read-canary.ts'
import { readRoute } from './read-route.ts'
import type { RolloutStatus } from './rollout-status.ts'

/**
 * How far a progressive delivery is, from its object and, where they are at hand, the objects around it (an Argo
 * Rollout's ReplicaSets tell how many of its Pods serve). Null for what is no progressive delivery, such as a route
 * with one destination.
 */
export function readRollout(object: LiveObject, around: readonly LiveObject[] = []): RolloutStatus | null {
  const { group, kind } = kindOf(object)
  if (group === 'argoproj.io' && kind === 'Rollout') return readArgoRollout(object, around)
  if (group === 'flagger.app' && kind === 'Canary') return readCanary(object)
  return readRoute(group, kind, object)
}
