import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  isObject,
  type Json,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import { omit } from '../fields/json.ts'
import type { Controller, World } from '../simulation.ts'
import { duration } from './analysis-runs.ts'
import { advanceBlueGreen } from './blue-green.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { templateHash } from './owning.ts'
import { currentSet, hashLabel, hashOf, manager, revisionOf, scale, startAnalysis } from './rollout-sets.ts'
import { type Draft, reportRollout } from './rollout-status.ts'
import { isRouted, routeTraffic, selectRevision } from './traffic-routing.ts'

/**
 * Argo Rollouts' canary, by the protocol of its controller: steps of weights, pauses and analyses; `spec.paused`,
 * `status.pauseConditions`, `status.abort` and `status.promoteFull` steer it as its kubectl plugin does.
 */
export const rollouts: Controller = {
  kinds: ['argoproj.io/Rollout'],
  reconcile(world, rollout) {
    if (textAt(rollout, 'metadata', 'deletionTimestamp') !== undefined) return undefined
    if (listAt(rollout, 'spec', 'template', 'spec', 'containers').length === 0) return undefined
    const current = currentSet(world, rollout)
    const live = world.get('argoproj.io/Rollout', textAt(rollout, 'metadata', 'namespace')!, nameOf(rollout))
    if (!live) return undefined
    return isObject(valueAt(live, ['spec', 'strategy', 'blueGreen']))
      ? advanceBlueGreen(world, live, current)
      : advance(world, live, current)
  },
}

const nameOf = (object: LiveObject) => textAt(object, 'metadata', 'name')!

function advance(world: World, rollout: LiveObject, current: LiveObject): number | undefined {
  const hash = hashOf(current)
  const sets = world.owned('apps/ReplicaSet', rollout)
  const steps = listAt(rollout, 'spec', 'strategy', 'canary', 'steps')
  const stepHash = templateHash(steps as Json)
  const status: Draft = { ...objectAt(rollout, 'status') }
  const desired = replicasOf(rollout)
  const stableHash = typeof status['stableRS'] === 'string' ? status['stableRS'] : ''
  const stable = sets.find(set => hashOf(set) === stableHash)

  // Another template, or other steps: from the beginning; back at what is stable: nothing to be done.
  if (status['currentPodHash'] !== hash || status['currentStepHash'] !== stepHash) {
    for (const key of ['abort', 'abortedAt', 'promoteFull', 'pauseConditions', 'controllerPause', 'message'])
      delete status[key]
    endAnalyses(world, rollout)
    status['currentStepIndex'] = stableHash === '' || stableHash === hash ? steps.length : 0
    status['canary'] = {}
    status['currentPodHash'] = hash
    status['currentStepHash'] = stepHash
    if (stableHash !== '' && stableHash !== hash)
      world.event(rollout, 'Normal', 'RolloutUpdated', `Rollout updated to revision ${revisionOf(current)}`, manager)
  }
  const full = status['promoteFull'] === true
  if (full) {
    for (const key of ['abort', 'abortedAt', 'pauseConditions', 'controllerPause']) delete status[key]
    endAnalyses(world, rollout)
    status['currentStepIndex'] = steps.length
  }
  // Tried again after an abort: earlier analyses say nothing about this attempt.
  if (status['abort'] !== true && status['abortedAt'] !== undefined) {
    delete status['abortedAt']
    delete status['message']
    status['canary'] = omit(isObject(status['canary']) ? status['canary'] : {}, analysisFields)
  }
  let at: number | undefined
  const rests = stableHash === '' || stableHash === hash
  if (!rests && status['abort'] !== true) at = takeSteps(world, rollout, current, status, steps)
  const aborted = !rests && status['abort'] === true
  if (aborted) {
    status['currentStepIndex'] = 0
    delete status['pauseConditions']
    delete status['controllerPause']
    status['abortedAt'] ??= world.time()
    endAnalyses(world, rollout)
  }

  const index = typeof status['currentStepIndex'] === 'number' ? status['currentStepIndex'] : steps.length
  const weight = aborted ? 0 : rests || index >= steps.length ? 100 : weightAt(steps, index)
  scaleSets(world, rollout, current, stable, sets, weight, rests)
  const available = statusCount(current, 'availableReplicas')
  const isPromoted = !rests && !aborted && index >= steps.length && available >= desired
  if (stableHash === '' ? available >= desired : isPromoted) {
    status['stableRS'] = hash
    delete status['promoteFull']
    status['currentStepIndex'] = steps.length
    if (stableHash !== '')
      world.event(
        rollout,
        'Normal',
        'RolloutCompleted',
        `Rollout completed update to revision ${revisionOf(current)} (${hash}): Completed all ${steps.length} canary steps`,
        manager,
      )
    world.look('argoproj.io/Rollout', rollout)
  }
  route(world, rollout, status, hash, stableHash, weight, rests, available)
  reportRollout(world, rollout, status, current, sets, aborted)
  return at
}

/** The weight in force at a step. */
function weightAt(steps: readonly Json[], index: number): number {
  for (let at = Math.min(index, steps.length - 1); at >= 0; at--) {
    const weight = numberAt(steps[at], 'setWeight')
    if (weight !== undefined) return weight
  }
  return 0
}

/** Completes as many steps as can be; returns when the one it stands at is to be looked at again. */
function takeSteps(
  world: World,
  rollout: LiveObject,
  current: LiveObject,
  status: Draft,
  steps: readonly Json[],
): number | undefined {
  if (valueAt(rollout, ['spec', 'paused']) === true) return undefined
  const name = nameOf(rollout)
  const hash = hashOf(current)
  const values = { stable: String(status['stableRS'] ?? ''), canary: hash }
  const labels = { [hashLabel]: hash }
  for (;;) {
    const index = typeof status['currentStepIndex'] === 'number' ? status['currentStepIndex'] : 0
    if (!background(world, rollout, status, index, revisionOf(current), values)) return undefined
    const step = steps[index]
    if (step === undefined) return undefined
    const done = () => {
      const canary = isObject(status['canary']) ? status['canary'] : {}
      status['canary'] = omit(canary, ['currentStepAnalysisRunStatus'])
      status['currentStepIndex'] = index + 1
      delete status['pauseConditions']
      delete status['controllerPause']
      const message = `Rollout step ${index + 1}/${steps.length} completed`
      world.event(rollout, 'Normal', 'RolloutStepCompleted', message, manager)
    }
    if (isObject(step) && isObject(step['pause'])) {
      const conditions = Array.isArray(status['pauseConditions']) ? (status['pauseConditions'] as readonly Json[]) : []
      if (conditions.length === 0) {
        // The pause was there and is gone: somebody has promoted.
        if (status['controllerPause'] === true) {
          done()
          continue
        }
        status['pauseConditions'] = [{ reason: 'CanaryPauseStep', startTime: world.time() }]
        status['controllerPause'] = true
        world.event(rollout, 'Normal', 'RolloutPaused', 'Rollout is paused (CanaryPauseStep)', manager)
      }
      const length = duration(valueAt(step, ['pause', 'duration']))
      if (length === undefined) return undefined
      const since = Date.parse(textAt(conditions[0], 'startTime') ?? world.time())
      if (world.now() < since + length) return since + length
      done()
      continue
    }
    if (isObject(step) && isObject(step['analysis'])) {
      const runName = `${name}-${hash}-${revisionOf(current)}-${index}`
      const runLabels = { ...labels, 'rollout-type': 'Step', 'step-index': String(index) }
      const run =
        runOf(world, rollout, status, 'currentStepAnalysisRunStatus') ??
        startAnalysis(world, rollout, step['analysis'], runName, runLabels, values)
      if (!run) {
        status['message'] = `InvalidSpec: AnalysisTemplate of step ${index + 1} not found`
        return world.now() + 5000
      }
      const outcome = judge(run, status, 'currentStepAnalysisRunStatus')
      if (outcome === 'Successful') {
        done()
        continue
      }
      if (outcome === 'Failed' || outcome === 'Error') abort(status, 'Step-based', run)
      return undefined
    }
    if (numberAt(step, 'setWeight') !== undefined) {
      const wanted = replicasAt(rollout, numberAt(step, 'setWeight')!)
      if (statusCount(current, 'availableReplicas') < wanted || replicasOf(current) < wanted) return undefined
    }
    done()
  }
}

/** Runs the analysis that goes on beside the steps; false once it has ended the rollout. */
function background(
  world: World,
  rollout: LiveObject,
  status: Draft,
  index: number,
  revision: number,
  values: { readonly stable: string; readonly canary: string },
): boolean {
  const asked = objectAt(rollout, 'spec', 'strategy', 'canary', 'analysis')
  if (listAt(asked, 'templates').length === 0 || index < (numberAt(asked, 'startingStep') ?? 0)) return true
  const name = `${nameOf(rollout)}-${values.canary}-${revision}`
  const labels = { [hashLabel]: values.canary, 'rollout-type': 'Background' }
  const run =
    runOf(world, rollout, status, 'currentBackgroundAnalysisRunStatus') ??
    startAnalysis(world, rollout, asked, name, labels, values)
  if (!run) return true
  const outcome = judge(run, status, 'currentBackgroundAnalysisRunStatus')
  if (outcome !== 'Failed' && outcome !== 'Error') return true
  abort(status, 'Background', run)
  return false
}

const analysisFields = ['currentStepAnalysisRunStatus', 'currentBackgroundAnalysisRunStatus']

/** The run that the status speaks of. */
function runOf(world: World, rollout: LiveObject, status: Draft, field: string): LiveObject | undefined {
  const name = textAt(status['canary'], field, 'name')
  return name === undefined
    ? undefined
    : world.get('argoproj.io/AnalysisRun', textAt(rollout, 'metadata', 'namespace')!, name)
}

function judge(run: LiveObject, status: Draft, field: string): string {
  const outcome = textAt(run, 'status', 'phase') ?? 'Pending'
  const message = textAt(run, 'status', 'message')
  const canary = isObject(status['canary']) ? status['canary'] : {}
  status['canary'] = {
    ...canary,
    [field]: { name: nameOf(run), status: outcome, ...(message !== undefined && { message }) },
  }
  return outcome
}

function abort(status: Draft, kind: string, run: LiveObject): void {
  status['abort'] = true
  status['message'] = `${kind} analysis phase error/failed: ${textAt(run, 'status', 'message') ?? ''}`
}

/** Analyses of a revision that is over are ended, not failed. */
function endAnalyses(world: World, rollout: LiveObject): void {
  for (const run of world.owned('argoproj.io/AnalysisRun', rollout))
    if (
      /^(Pending|Running)?$/.test(textAt(run, 'status', 'phase') ?? '') &&
      valueAt(run, ['spec', 'terminate']) !== true
    )
      world.replace('argoproj.io/AnalysisRun', { ...run, spec: { ...objectAt(run, 'spec'), terminate: true } }, manager)
}

const replicasAt = (rollout: LiveObject, weight: number): number => Math.ceil((replicasOf(rollout) * weight) / 100)

function scaleSets(
  world: World,
  rollout: LiveObject,
  current: LiveObject,
  stable: LiveObject | undefined,
  sets: readonly LiveObject[],
  weight: number,
  rests: boolean,
): void {
  const desired = replicasOf(rollout)
  if (rests || !stable) {
    scale(world, rollout, current, desired)
    for (const set of sets)
      if (hashOf(set) !== hashOf(current) && statusCount(current, 'availableReplicas') >= desired)
        scale(world, rollout, set, 0)
    return
  }
  if (valueAt(rollout, ['spec', 'paused']) === true) return
  const canary = replicasAt(rollout, weight)
  scale(world, rollout, current, canary)
  // With routes the stable side stays whole until the end; without, Pods are the traffic.
  const serving = Math.min(canary, statusCount(current, 'availableReplicas'))
  scale(world, rollout, stable, isRouted(rollout) ? desired : Math.max(0, desired - serving))
  for (const set of sets)
    if (hashOf(set) !== hashOf(current) && hashOf(set) !== hashOf(stable)) scale(world, rollout, set, 0)
}

/** Services and routes follow; the status says what goes where. */
function route(
  world: World,
  rollout: LiveObject,
  status: Draft,
  hash: string,
  stableHash: string,
  weight: number,
  rests: boolean,
  available: number,
): void {
  const canary = objectAt(rollout, 'spec', 'strategy', 'canary')
  const namespace = textAt(rollout, 'metadata', 'namespace')!
  const stableName = textAt(canary, 'stableService')
  const canaryName = textAt(canary, 'canaryService')
  const serving = status['stableRS'] === hash ? hash : stableHash || hash
  selectRevision(world, namespace, stableName, serving)
  selectRevision(world, namespace, canaryName, hash)
  if (!isRouted(rollout)) return
  const wanted = rests || status['stableRS'] === hash ? 0 : weight
  const before = numberAt(objectAt(rollout, 'status'), 'canary', 'weights', 'canary', 'weight') ?? 0
  // Nothing is sent to Pods that are not there yet.
  const actual = wanted > before && available < replicasAt(rollout, wanted) ? before : wanted
  routeTraffic(world, rollout, actual)
  status['canary'] = {
    ...(isObject(status['canary']) ? status['canary'] : {}),
    weights: {
      canary: { podTemplateHash: hash, weight: actual, ...(canaryName !== undefined && { serviceName: canaryName }) },
      stable: {
        podTemplateHash: serving,
        weight: 100 - actual,
        ...(stableName !== undefined && { serviceName: stableName }),
      },
    },
  }
}
