import { rolloutHealth } from '../health/argo-health.ts'
import { countAt, type LiveObject } from '../health/health.ts'
import { isObject, type Json, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import { mostOf, percentOf } from './argo-steps.ts'
import type { RolloutStatus } from './rollout-status.ts'

/**
 * An Argo Rollout as `kubectl argo rollouts get rollout` tells it: the step's weight is the last `setWeight` at or
 * before the present step (100 after the last, 0 once aborted); the actual weight is the traffic router's, or the share
 * of the available Pods that are new.
 */
export function readArgoRollout(object: LiveObject, around: readonly LiveObject[]): RolloutStatus {
  const strategy = objectAt(object, 'spec', 'strategy')
  const hash = textAt(object, 'status', 'currentPodHash') ?? null
  const stable = textAt(object, 'status', 'stableRS') ?? textAt(object, 'status', 'canary', 'stableRS') ?? null
  const common = {
    engine: 'argo-rollouts',
    phase: phaseOf(object),
    stable: stable || null,
    canary: hash !== stable ? hash : null,
  } as const
  if (isObject(strategy['blueGreen'])) {
    const active =
      textAt(object, 'status', 'blueGreen', 'activeSelector') ?? textAt(object, 'status', 'activeSelector') ?? null
    const weight = hash !== null && active === hash ? 100 : 0
    return { ...common, strategy: 'BlueGreen', step: null, steps: null, weight, desiredWeight: weight }
  }
  const steps = listAt(strategy, 'canary', 'steps')
  const aborted = valueAt(object, ['status', 'abort']) === true
  // Without a stable revision to share with, or with nothing new, everything goes to what there is.
  const rested = hash !== null && (hash === stable || !stable)
  const at = countAt(object, ['status', 'currentStepIndex'], rested ? steps.length : 0)
  const step = Math.max(0, Math.min(at, steps.length))
  const whole = step >= steps.length || valueAt(object, ['status', 'promoteFull']) === true
  const percent = (weight: number) => percentOf(weight, mostOf(object))
  const desiredWeight = aborted ? 0 : whole ? 100 : percent(weightAt(steps, step) ?? 0)
  return {
    ...common,
    strategy: 'Canary',
    step: steps.length === 0 ? null : step,
    steps: steps.length === 0 ? null : steps.length,
    weight: !isObject(object['status'])
      ? null
      : !aborted && step >= steps.length
        ? 100
        : (routedWeight(object, percent, desiredWeight) ?? servedWeight(object, around, hash)),
    desiredWeight,
  }
}

/** The weight in force at a step: the nearest `setWeight` at or before it. */
function weightAt(steps: readonly Json[], step: number): number | undefined {
  for (let at = step; at >= 0; at--) {
    const weight = countAt(steps[at], ['setWeight'], Number.NaN)
    if (!Number.isNaN(weight)) return weight
  }
  return undefined
}

/** What the traffic router was given; null where there is none, and Pods alone share the traffic. */
function routedWeight(object: LiveObject, percent: (weight: number) => number, desired: number): number | null {
  const routed = countAt(object, ['status', 'canary', 'weights', 'canary', 'weight'], Number.NaN)
  if (!Number.isNaN(routed)) return percent(routed)
  // It has not said yet what it was given: what was asked for, once somebody is there to serve it.
  const router = objectAt(object, 'spec', 'strategy', 'canary', 'trafficRouting')
  return Object.keys(router).length === 0 ? null : countAt(object, ['status', 'availableReplicas'], 0) > 0 ? desired : 0
}

/** The share of the available Pods that are new. */
function servedWeight(object: LiveObject, around: readonly LiveObject[], hash: string | null): number {
  const available = countAt(object, ['status', 'availableReplicas'], 0)
  if (available <= 0 || hash === null) return 0
  const sets = around.filter(item => isReplicaSetOf(item, object) && hashOf(item) === hash)
  // Without its ReplicaSets: what must be new at least, if every old Pod is available.
  const ready =
    sets.length > 0
      ? sets.reduce((sum, item) => sum + countAt(item, ['status', 'availableReplicas'], 0), 0)
      : available -
        (countAt(object, ['status', 'replicas'], available) - countAt(object, ['status', 'updatedReplicas'], 0))
  return Math.floor((Math.max(0, Math.min(ready, available)) * 100) / available)
}

const hashOf = (item: LiveObject) => textAt(item, 'metadata', 'labels', 'rollouts-pod-template-hash')

function isReplicaSetOf(item: LiveObject, rollout: LiveObject): boolean {
  if (textAt(item, 'kind') !== 'ReplicaSet') return false
  const uid = textAt(rollout, 'metadata', 'uid')
  return listAt(item, 'metadata', 'ownerReferences').some(owner =>
    uid === undefined
      ? textAt(owner, 'kind') === 'Rollout' && textAt(owner, 'name') === textAt(rollout, 'metadata', 'name')
      : textAt(owner, 'uid') === uid,
  )
}

/** Argo Rollouts says `Paused` for what Argo CD calls suspended; what it says of an older generation does not count. */
function phaseOf(object: LiveObject): string {
  const health = rolloutHealth(object).health
  return health === 'Suspended' ? 'Paused' : health
}
