import { isObject, textAt, valueAt } from '../manifests/manifest.ts'
import { conditionsOf, countAt, type Health, type HealthStatus, type LiveObject, unknown } from './health.ts'

const phases: { readonly [phase: string]: HealthStatus } = {
  Failed: 'Degraded',
  Terminated: 'Suspended',
  Terminating: 'Progressing',
  Initializing: 'Progressing',
  Waiting: 'Suspended',
  Progressing: 'Progressing',
  WaitingPromotion: 'Suspended',
  Promoting: 'Progressing',
  Finalising: 'Progressing',
  Succeeded: 'Healthy',
  Initialized: 'Healthy',
}

/**
 * Phase of a Flagger Canary. Older ones, and blocks cut out of a status, say it only as the reason of the condition
 * `Promoted`.
 */
export function canaryPhase(object: LiveObject): string {
  return textAt(object, 'status', 'phase') ?? conditionsOf(object).find(({ type }) => type === 'Promoted')?.reason ?? ''
}

/**
 * Health of a Flagger Canary (`flagger.app`): its phase, the weight and what the conditions say, as Argo CD words it.
 * Where Argo CD has no rule (`Waiting`, `WaitingPromotion`, `Initializing`, `Terminated`) the phase's meaning in
 * Flagger's documentation decides.
 */
export function canaryHealth(object: LiveObject): Health {
  if (!isObject(object['status'])) return unknown('No status')
  const phase = canaryPhase(object)
  if (phase === '') return unknown('Its status has no phase')
  const weight = countAt(object, ['status', 'canaryWeight'], 0)
  const parts = [
    phase,
    ...(weight > 0 ? [`Canary Weight: ${weight} %`] : []),
    ...conditionsOf(object).map(({ message }) => message),
  ]
  const judged = Object.hasOwn(phases, phase) ? phases[phase]! : 'Unknown'
  // Flagger does nothing with it until it is resumed.
  const health = valueAt(object, ['spec', 'suspend']) === true && judged !== 'Degraded' ? 'Suspended' : judged
  return { health, message: parts.filter(part => part !== '').join(' --- ') }
}
