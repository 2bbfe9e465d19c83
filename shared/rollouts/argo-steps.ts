import { countAt } from '../health/health.ts'
import { isObject, type Json, listAt, textAt } from '../manifests/manifest.ts'
import type { RolloutStep, StepKind } from './rollout.ts'

/**
 * The steps of an Argo canary. `at` is how many are done, from the status. The last `setWeight` counts on; what is
 * never set is the first weight's business, so it is 0 until then. `most` is what all of the traffic counts as.
 */
export function readArgoSteps(steps: readonly Json[], at: number, failed: boolean, most = 100): readonly RolloutStep[] {
  let weight = 0
  return steps.map((step, index) => {
    const what = stepOf(step, most)
    if (what.kind === 'weight') weight = what.weight
    return { what, weight, state: stateAt(index, at, failed) }
  })
}

export const stateAt = (index: number, at: number, failed: boolean): RolloutStep['state'] =>
  index < at ? 'done' : index === at ? (failed ? 'failed' : 'current') : index === at + 1 && !failed ? 'next' : 'later'

/** A weight as percent of `most`, two digits behind the point. */
export const percentOf = (weight: number, most: number): number =>
  Math.max(0, Math.min(100, most <= 0 ? weight : Math.round((weight * 10_000) / most) / 100))

/** What a Rollout's router counts all of the traffic as: 100, but where it says another sum. */
export const mostOf = (rollout: Json): number =>
  countAt(rollout, ['spec', 'strategy', 'canary', 'trafficRouting', 'maxTrafficWeight'], 100)

function stepOf(step: Json, most: number): StepKind {
  if (!isObject(step)) return { kind: 'other', name: '' }
  if ('setWeight' in step) return { kind: 'weight', weight: percentOf(countAt(step, ['setWeight'], 0), most) }
  if ('pause' in step) return { kind: 'pause', seconds: readDuration(textAt(step, 'pause', 'duration')) }
  if ('analysis' in step)
    return {
      kind: 'analysis',
      templates: listAt(step, 'analysis', 'templates').flatMap(item => textAt(item, 'templateName') ?? []),
    }
  if ('experiment' in step)
    return {
      kind: 'experiment',
      templates: listAt(step, 'experiment', 'templates').flatMap(item => textAt(item, 'name') ?? []),
    }
  if ('setCanaryScale' in step) {
    const scale = step['setCanaryScale']
    const replicas = textAt(scale, 'replicas')
    const share = textAt(scale, 'weight')
    return { kind: 'scale', pods: replicas ?? (share === undefined ? '=' : `${share}%`) }
  }
  const plugin = textAt(step, 'plugin', 'name')
  return { kind: 'other', name: plugin ?? Object.keys(step)[0] ?? '' }
}

const units: { readonly [unit: string]: number } = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** Seconds of a duration as Go writes it (`1h30m`), or of a plain number; null where there is none. */
export function readDuration(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null
  if (/^\d+$/.test(text)) return Number(text)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0)
}
