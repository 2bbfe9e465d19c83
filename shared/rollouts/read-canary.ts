import { canaryPhase } from '../health/flagger-health.ts'
import { countAt, type LiveObject } from '../health/health.ts'
import { isObject, listAt, objectAt, textAt } from '../manifests/manifest.ts'
import type { RolloutStatus } from './rollout-status.ts'

/**
 * A Flagger Canary. Its steps are those of `analysis` (`canaryAnalysis` in old versions): a number of iterations for A/B
 * tests and blue-green, or the weights it lists, or `stepWeight` up to `maxWeight`. Flagger sets a weight and has
 * it at once, so what it asked for is what there is.
 */
export function readCanary(object: LiveObject): RolloutStatus {
  const spec = objectAt(object, 'spec')
  const analysis = isObject(spec['analysis']) ? spec['analysis'] : objectAt(spec, 'canaryAnalysis')
  const status = isObject(object['status'])
  const phase = canaryPhase(object)
  const weight = status ? countAt(object, ['status', 'canaryWeight'], 0) : null
  const iterations = countAt(analysis, ['iterations'], 0)
  const weights = stepWeights(analysis)
  // The weight goes back to none while the primary takes over: all steps are behind it.
  const over = /^(Succeeded|Promoting|Finalising|WaitingPromotion)$/.test(phase)
  const progress =
    iterations > 0
      ? {
          steps: iterations,
          step: over ? iterations : Math.min(countAt(object, ['status', 'iterations'], 0), iterations),
        }
      : weights.length > 0
        ? { steps: weights.length, step: over ? weights.length : weights.filter(step => step <= (weight ?? 0)).length }
        : { steps: null, step: null }
  const applied = textAt(object, 'status', 'lastAppliedSpec') ?? null
  const promoted = textAt(object, 'status', 'lastPromotedSpec') ?? null
  return {
    engine: 'flagger',
    strategy: iterations === 0 ? 'Canary' : listAt(analysis, 'match').length > 0 ? 'ABTest' : 'BlueGreen',
    phase,
    ...progress,
    weight,
    desiredWeight: weight,
    stable: promoted,
    canary: applied !== promoted ? applied : null,
  }
}

/** Percent after each step, as `analysis` says it. */
export function stepWeights(analysis: LiveObject): readonly number[] {
  const listed = listAt(analysis, 'stepWeights').filter(item => typeof item === 'number')
  if (listed.length > 0) return listed
  const step = countAt(analysis, ['stepWeight'], 0)
  const most = Math.min(100, countAt(analysis, ['maxWeight'], 0) || 100)
  if (step <= 0) return []
  // It goes on until the most is reached, and may pass it with the last step.
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) }, (_, k) => Math.min(100, (k + 1) * step))
}
