import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import { callHook, type Gates, hooksOf } from '../load-tester.ts'
import type { Controller, World } from '../simulation.ts'
import { type AskMetrics, duration } from './analysis-runs.ts'
import { ensureAround, manager, route, routedWeight, scale, targetOf, templateOf } from './canary-around.ts'
import { checkMetrics } from './canary-checks.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { templateHash, updatedConditions } from './owning.ts'

/** What Flagger says at each phase, as the condition `Promoted`. */
const said: { readonly [phase: string]: readonly [status: string, message: string] } = {
  Initializing: ['Unknown', 'New Deployment detected, starting initialization.'],
  Initialized: ['True', 'Deployment initialization completed.'],
  Waiting: ['Unknown', 'Waiting for approval.'],
  WaitingPromotion: ['Unknown', 'Waiting for approval.'],
  Progressing: ['Unknown', 'New revision detected, progressing canary analysis.'],
  Promoting: ['Unknown', 'Canary analysis completed, starting primary rolling update.'],
  Finalising: ['Unknown', 'Canary analysis completed, routing all traffic to primary.'],
  Succeeded: ['True', 'Canary analysis completed successfully, promotion finished.'],
  Failed: ['False', 'Canary analysis failed, Deployment scaled to zero.'],
}

const isRunning = (phase: string): boolean =>
  /^(Progressing|Waiting|WaitingPromotion|Promoting|Finalising)$/.test(phase)

/** Everything one look at a Canary needs. */
type Look = {
  readonly world: World
  readonly canary: LiveObject
  readonly target: LiveObject
  readonly primary: LiveObject
  readonly hash: string
  readonly phase: string
}

/**
 * Flagger's canary: a primary beside the Deployment it is named by, weights that go up at each interval while the
 * checks hold and the gates are open, and a promotion or a rollback at the end. Its order of questions is that of
 * Flagger's scheduler. https://docs.flagger.app/usage/how-it-works
 */
export function createCanaryController(ask: AskMetrics, gates: Gates): Controller {
  /** When each Canary was looked at last. */
  const looked = new Map<string, number>()

  function reconcile(world: World, canary: LiveObject): number | undefined {
    if (valueAt(canary, ['spec', 'suspend']) === true) return undefined
    const namespace = textAt(canary, 'metadata', 'namespace')!
    const target = world.get('apps/Deployment', namespace, targetOf(canary))
    if (!target) return world.now() + 5000
    const look: Look = {
      ...{ world, canary, target },
      primary: ensureAround(world, canary, target),
      hash: templateHash(objectAt(target, 'spec', 'template')),
      phase: textAt(canary, 'status', 'phase') ?? '',
    }
    if (look.phase === '') {
      report(world, canary, 'Initializing', { canaryWeight: 0, failedChecks: 0, iterations: 0 })
      return undefined
    }
    if (look.phase === 'Initializing') {
      if (!isUp(look.primary)) return undefined
      scale(world, target, 0)
      report(world, canary, 'Initialized', { lastAppliedSpec: look.hash, lastPromotedSpec: look.hash })
      return undefined
    }
    const changed = hasChanged(canary, look.hash)
    if (!isRunning(look.phase) && !changed) return undefined
    const uid = textAt(canary, 'metadata', 'uid')!
    const interval = duration(valueAt(canary, ['spec', 'analysis', 'interval'])) ?? 60_000
    const next = (looked.get(uid) ?? Number.NEGATIVE_INFINITY) + interval
    // What is new is begun with at once; everything else has its interval.
    if (isRunning(look.phase) && world.now() < next) return next
    looked.set(uid, world.now())
    advance(look)
    return world.now() + interval
  }

  function advance(look: Look): undefined {
    const { world, canary, target, primary, hash, phase } = look
    const skips = valueAt(canary, ['spec', 'skipAnalysis']) === true
    if (!skips && !isUp(primary))
      return warn(look, `${targetOf(canary)}-primary.${namespaceOf(canary)} not ready: waiting for rollout to finish`)
    if (!/^(Progressing|WaitingPromotion|Promoting|Finalising)$/.test(phase)) return begin(look)
    if (/^(Progressing|WaitingPromotion)$/.test(phase) && hasChanged(canary, hash)) {
      route(world, canary, 0)
      report(world, canary, 'Progressing', { lastAppliedSpec: hash, canaryWeight: 0, failedChecks: 0, iterations: 0 })
      return tell(look, `New revision detected! Restarting analysis for ${full(canary)}`)
    }
    if (!isUp(target)) {
      const since = Date.parse(textAt(canary, 'status', 'lastTransitionTime') ?? world.time())
      const deadline = numberAt(canary, 'spec', 'progressDeadlineSeconds') ?? 600
      const message = `canary deployment ${full(canary)} not ready: waiting for rollout to finish: ${statusCount(target, 'availableReplicas')} of ${replicasOf(target)} (readyThreshold 100%) updated replicas are available`
      warn(look, message)
      if (world.now() < since + deadline * 1000) return
      warn(look, `Rolling back ${full(canary)} progress deadline exceeded ${message}`)
      return rollBack(look)
    }
    if (skips) return skip(look)
    if (phase === 'Progressing' || phase === 'WaitingPromotion')
      for (const hook of hooksOf(canary, 'rollback'))
        if (callHook(world, gates, canary, hook) === null) {
          warn(look, `Rollback check ${hook.name} passed`)
          warn(look, `Rolling back ${full(canary)} manual webhook invoked`)
          return rollBack(look)
        }
    if (phase === 'Promoting') return giveBack(look)
    if (phase === 'Finalising') {
      scale(world, target, 0)
      setPhase(look, 'Succeeded')
      return tell(look, `Promotion completed! Scaling down ${full(canary)}`)
    }
    const failed = numberAt(canary, 'status', 'failedChecks') ?? 0
    if (failed >= (numberAt(canary, 'spec', 'analysis', 'threshold') || 1)) {
      warn(look, `Rolling back ${full(canary)} failed checks threshold reached ${failed}`)
      return rollBack(look)
    }
    const weight = routedWeight(world, canary)
    const isBegun = weight > 0 || (numberAt(canary, 'status', 'iterations') ?? 0) !== 0
    if (!isBegun) tell(look, `Starting canary analysis for ${full(canary)}`)
    const problem = isBegun ? failingCheck(look) : failingHook(look, 'pre-rollout', 'pre-rollout check')
    if (problem !== null) {
      warn(look, problem)
      return report(world, canary, phase, { failedChecks: failed + 1 })
    }
    const rounds = numberAt(canary, 'spec', 'analysis', 'iterations') ?? 0
    if (rounds > 0) iterate(look, rounds)
    else moveUp(look, weight)
  }

  /** A new revision: it waits for its gate, or is brought up. */
  function begin(look: Look): undefined {
    const { world, canary, target, primary, hash, phase } = look
    for (const hook of hooksOf(canary, 'confirm-rollout')) {
      if (callHook(world, gates, canary, hook) !== null) {
        if (phase !== 'Waiting') warn(look, `Halt ${full(canary)} advancement waiting for approval ${hook.name}`)
        return report(world, canary, 'Waiting', {
          lastAppliedSpec: hash,
          canaryWeight: 0,
          failedChecks: 0,
          iterations: 0,
        })
      }
      tell(look, `Confirm-rollout check ${hook.name} passed`)
    }
    tell(look, `New revision detected! Scaling up ${full(canary)}`)
    scale(world, target, replicasOf(primary))
    route(world, canary, 0)
    report(world, canary, 'Progressing', { lastAppliedSpec: hash, canaryWeight: 0, failedChecks: 0, iterations: 0 })
  }

  function failingHook({ world, canary }: Look, type: string, words: string): string | null {
    for (const hook of hooksOf(canary, type)) {
      const why = callHook(world, gates, canary, hook)
      if (why !== null) return `Halt ${full(canary)} advancement ${words} ${hook.name} failed ${why}`
    }
    return null
  }

  function failingCheck(look: Look): string | null {
    const hook = failingHook(look, 'rollout', 'external check')
    if (hook !== null) return hook
    const problem = checkMetrics(look.world, look.canary, ask)
    if (problem === null) return null
    return problem.startsWith('no values')
      ? `Halt advancement ${problem}`
      : `Halt ${full(look.canary)} advancement ${problem}`
  }

  /** The next weight, or the promotion after the last. */
  function moveUp(look: Look, weight: number): undefined {
    const { world, canary, phase } = look
    const next = weightsOf(objectAt(canary, 'spec', 'analysis')).find(each => each > weight)
    if (phase !== 'WaitingPromotion')
      for (const hook of hooksOf(canary, 'confirm-traffic-increase'))
        if (callHook(world, gates, canary, hook) !== null)
          return warn(look, `Halt ${full(canary)} advancement waiting for traffic increase approval ${hook.name}`)
    if (next === undefined) return promote(look)
    route(world, canary, next)
    report(world, canary, phase, { canaryWeight: next })
    tell(look, `Advance ${full(canary)} canary weight ${next}`)
  }

  /** Rounds of checks: an A/B test has all that match from the first one on, blue-green everybody after the last. */
  function iterate(look: Look, rounds: number): undefined {
    const { world, canary, phase } = look
    const done = numberAt(canary, 'status', 'iterations') ?? 0
    const isAB = listAt(canary, 'spec', 'analysis', 'match').length > 0
    if (done < rounds) {
      if (isAB) route(world, canary, 100)
      report(world, canary, phase, { iterations: done + 1 })
      return tell(look, `Advance ${full(canary)} canary iteration ${done + 1}/${rounds}`)
    }
    if (isAB || done > rounds) return promote(look)
    if (!mayPromote(look)) return
    route(world, canary, 100)
    report(world, canary, phase, { iterations: done + 1 })
    tell(look, 'Routing all traffic to canary')
  }

  function mayPromote(look: Look): boolean {
    const { world, canary, phase } = look
    for (const hook of hooksOf(canary, 'confirm-promotion')) {
      if (callHook(world, gates, canary, hook) !== null) {
        if (phase !== 'WaitingPromotion') {
          setPhase(look, 'WaitingPromotion')
          warn(look, `Halt ${full(canary)} advancement waiting for promotion approval ${hook.name}`)
        } else report(world, canary, phase, { iterations: roundsBefore(canary) })
        return false
      }
      tell(look, `Confirm-promotion check ${hook.name} passed`)
    }
    return true
  }

  function promote(look: Look): undefined {
    if (!mayPromote(look)) return
    copyToPrimary(look)
    setPhase(look, 'Promoting')
  }

  return {
    kinds: ['flagger.app/Canary'],
    follows: {
      'apps/Deployment': (world, changed) =>
        world
          .list('flagger.app/Canary', textAt(changed, 'metadata', 'namespace') ?? '')
          .filter(canary => targetOf(canary) === textAt(changed, 'metadata', 'name')?.replace(/-primary$/, '')),
    },
    reconcile,
  }
}

const namespaceOf = (canary: LiveObject): string => textAt(canary, 'metadata', 'namespace') ?? ''
const full = (canary: LiveObject): string => `${targetOf(canary)}.${namespaceOf(canary)}`
const say =
  (type: 'Normal' | 'Warning') =>
  ({ world, canary }: Look, message: string): undefined => {
    world.event(canary, type, 'Synced', message, manager)
  }
const tell = say('Normal')
const warn = say('Warning')

const isUp = (deployment: LiveObject): boolean =>
  statusCount(deployment, 'observedGeneration') === numberAt(deployment, 'metadata', 'generation') &&
  statusCount(deployment, 'updatedReplicas') === replicasOf(deployment) &&
  statusCount(deployment, 'availableReplicas') >= replicasOf(deployment)

/** A target that goes back to what the primary runs is nothing new. */
const hasChanged = (canary: LiveObject, hash: string): boolean =>
  hash !== textAt(canary, 'status', 'lastAppliedSpec') && hash !== textAt(canary, 'status', 'lastPromotedSpec')

/** The weights it goes through. */
function weightsOf(analysis: JsonObject): readonly number[] {
  const listed = listAt(analysis, 'stepWeights').filter(each => typeof each === 'number')
  if (listed.length > 0) return listed
  const step = numberAt(analysis, 'stepWeight') ?? 0
  const most = numberAt(analysis, 'maxWeight') || 100
  return step <= 0
    ? []
    : Array.from({ length: Math.ceil(most / step) }, (_, index) => Math.min(100, (index + 1) * step))
}

function copyToPrimary(look: Look): undefined {
  const { world, canary, target, primary } = look
  tell(look, `Copying ${full(canary)} template spec to ${targetOf(canary)}-primary.${namespaceOf(canary)}`)
  world.replace('apps/Deployment', setAt(primary, ['spec', 'template'], templateOf(target)), manager)
}

/** The primary has the new revision: its traffic comes back to it, at once or in steps. */
function giveBack(look: Look): undefined {
  const { world, canary } = look
  const step = numberAt(canary, 'spec', 'analysis', 'stepWeightPromotion') ?? 0
  const weight = step > 0 ? Math.max(0, routedWeight(world, canary) - step) : 0
  route(world, canary, weight)
  tell(look, step > 0 ? `Advance ${full(canary)} primary weight ${100 - weight}` : 'Routing all traffic to primary')
  if (weight === 0) setPhase(look, 'Finalising')
  else report(world, canary, 'Promoting', { canaryWeight: weight })
}

/** `skipAnalysis`: promoted without a question, gates included. */
function skip(look: Look): undefined {
  const { world, canary, target } = look
  route(world, canary, 0)
  copyToPrimary(look)
  scale(world, target, 0)
  setPhase(look, 'Succeeded')
  tell(look, `Promotion completed! Canary analysis was skipped for ${full(canary)}`)
}

function rollBack(look: Look): undefined {
  const { world, canary, target, hash } = look
  route(world, canary, 0)
  warn(look, `Canary failed! Scaling down ${full(canary)}`)
  scale(world, target, 0)
  report(world, canary, 'Failed', { lastAppliedSpec: hash, canaryWeight: 0, failedChecks: 0, iterations: 0 })
}

const roundsBefore = (canary: LiveObject): number => (numberAt(canary, 'spec', 'analysis', 'iterations') ?? 0) - 1

/** Flagger takes weight and rounds out of the status with each phase but the first two, whatever the route says. */
function setPhase(
  { world, canary }: Look,
  phase: 'WaitingPromotion' | 'Promoting' | 'Finalising' | 'Succeeded',
): undefined {
  const iterations = phase === 'WaitingPromotion' ? roundsBefore(canary) : 0
  const promoted = phase === 'Succeeded' && { lastPromotedSpec: textAt(canary, 'status', 'lastAppliedSpec') ?? '' }
  report(world, canary, phase, { canaryWeight: 0, iterations, ...promoted })
}

function report(world: World, canary: LiveObject, phase: string, more: JsonObject): undefined {
  const status = objectAt(canary, 'status')
  const [state, message] = said[phase]!
  const condition = { type: 'Promoted', status: state, reason: phase, message }
  const changed = { ...status, ...more, phase }
  world.report(
    'flagger.app/Canary',
    canary,
    {
      ...changed,
      trackedConfigs: isObject(status['trackedConfigs']) ? status['trackedConfigs'] : {},
      lastTransitionTime: world.time(),
      conditions: updatedConditions(canary, [condition], world.time()),
    },
    manager,
  )
}
