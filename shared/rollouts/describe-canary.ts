import { assessHealth } from '../health/assess-health.ts'
import { conditionsOf, countAt, type LiveObject, nameOf } from '../health/health.ts'
import { listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import type { Breach } from '../results/result.ts'
import { stateAt } from './argo-steps.ts'
import { type Around, imagesOf, namespaceOf, noSide, podsOf } from './around.ts'
import { readDeeds } from './deeds.ts'
import { nextWeightOf } from './describe-argo-rollout.ts'
import { ownedRoutes } from './owned-routes.ts'
import { readCanary, stepWeights } from './read-canary.ts'
import { analysisOf, flaggerBreach, readFlaggerMetrics } from './read-flagger-checks.ts'
import { readRollout } from './read-rollout.ts'
import type { Rollout, RolloutEvent, RolloutStep } from './rollout.ts'
import type { RolloutStatus } from './rollout-status.ts'

/** Standing of each phase of Flagger; one that is not known moves. */
const standings: { readonly [phase: string]: Rollout['standing'] } = {
  Failed: 'failed',
  Waiting: 'waiting',
  WaitingPromotion: 'waiting',
  Succeeded: 'done',
  Initialized: 'done',
  Terminated: 'done',
}

/**
 * Flagger takes the weight out of its status once all steps are done, while its route still carries it: until the
 * primary has taken over, the route is believed.
 */
function withRoutedWeight(object: LiveObject, around: Around): RolloutStatus {
  const status = readCanary(object)
  if (!/^(WaitingPromotion|Promoting)$/.test(status.phase) || status.weight !== 0) return status
  for (const { kind, name } of ownedRoutes(object)) {
    const route = around.named(kind, namespaceOf(object), name)
    const weight = route && readRollout(route)?.weight
    if (weight !== null && weight !== undefined) return { ...status, weight, desiredWeight: weight }
  }
  return status
}

/** A Flagger Canary with its two Deployments and the events that tell what its checks measured. */
export function describeCanary(object: LiveObject, around: Around): Rollout {
  const status = withRoutedWeight(object, around)
  const namespace = namespaceOf(object)
  const name = nameOf(object)
  const target = objectAt(object, 'spec', 'targetRef')
  const targetName = textAt(target, 'name') ?? name
  const targetKind = textAt(target, 'kind') ?? 'Deployment'
  const events = around.events(object)
  const running = eventsOfThisRun(events)
  const suspended = valueAt(object, ['spec', 'suspend']) === true
  const standing = suspended && status.phase !== 'Failed' ? 'waiting' : (standings[status.phase] ?? 'moving')
  const failed = standing === 'failed'
  const steps = stepsOf(object, status.step, failed, status.phase)
  const breach = failed ? flaggerBreach(object, running) : null
  const over = standing === 'done' || failed
  // Rounds of checks change no weight.
  const nextWeight =
    over || steps[0]?.what.kind === 'check'
      ? null
      : (nextWeightOf(steps, stepInForce(status.step, steps.length), status.weight) ?? null)
  const primary = around.named(targetKind, namespace, `${targetName}-primary`)
  const fresh = around.named(targetKind, namespace, targetName)
  const service = textAt(object, 'spec', 'service', 'name') ?? targetName
  const metrics = readFlaggerMetrics(object, running)
  return {
    id: `Canary/${namespace}/${name}`,
    object: { apiVersion: textAt(object, 'apiVersion') ?? '', kind: 'Canary', namespace, name },
    status,
    health: assessHealth(object).health,
    standing,
    why: whyOf(object, standing, suspended, breach, running, nextWeight),
    since: textAt(object, 'status', 'lastTransitionTime') ?? null,
    workload: { kind: targetKind, name: targetName },
    stable: { ...noSide, id: status.stable, images: imagesOf(primary), pods: podsOf(primary) },
    // Between two releases the target is scaled to none and differs in nothing.
    canary:
      status.canary === null ? noSide : { ...noSide, id: status.canary, images: imagesOf(fresh), pods: podsOf(fresh) },
    steps,
    nextWeight,
    pause:
      standing === 'waiting' ? { since: textAt(object, 'status', 'lastTransitionTime') ?? null, until: null } : null,
    analyses:
      metrics.length === 0
        ? []
        : [
            {
              name,
              phase: failed ? 'Failed' : standing === 'done' ? 'Successful' : 'Running',
              message: '',
              startedAt: null,
              step: null,
              metrics: metrics.map(metric => ({
                ...metric,
                phase: metric.phase === 'Running' && standing === 'done' ? 'Successful' : metric.phase,
                failureLimit: countAt(analysisOf(object), ['threshold'], 0),
              })),
            },
          ],
    breach,
    deeds: readDeeds(object),
    events,
    routes: ownedRoutes(object),
    services: { stable: `${service}-primary`, canary: `${service}-canary` },
  }
}

const stepInForce = (done: number | null, steps: number): number | null =>
  done === null || steps === 0 ? null : Math.max(0, done - 1)

function stepsOf(object: LiveObject, done: number | null, failed: boolean, phase: string): readonly RolloutStep[] {
  const analysis = analysisOf(object)
  const weights = stepWeights(objectAt(analysis))
  const over = phase === 'Succeeded' || phase === 'Promoting' || phase === 'Finalising'
  // A weight that is set is the step at work: its checks run until the next one.
  const at = over ? Number.POSITIVE_INFINITY : Math.max(0, (done ?? 0) - 1)
  const idle = phase === '' || phase === 'Initialized' || phase === 'Initializing'
  const state = (index: number): RolloutStep['state'] => (idle ? 'later' : stateAt(index, at, failed))
  const rounds = countAt(analysis, ['iterations'], 0)
  if (rounds <= 0)
    return weights.map((weight, index) => ({ what: { kind: 'weight', weight }, weight, state: state(index) }))
  return Array.from({ length: Math.min(rounds, 1000) }, (_, index) => ({
    what: { kind: 'check' },
    weight: 0,
    state: state(index),
  }))
}

/** Events since the revision at work was seen: what failed for the one before says nothing of it. */
function eventsOfThisRun(events: readonly RolloutEvent[]): readonly RolloutEvent[] {
  const start = events.findIndex(({ message }) => /^New revision detected!/.test(message))
  return start < 0 ? events : events.slice(0, start)
}

function whyOf(
  object: LiveObject,
  standing: Rollout['standing'],
  suspended: boolean,
  breach: Breach | null,
  events: readonly RolloutEvent[],
  nextWeight: number | null,
): Message {
  const phase = textAt(object, 'status', 'phase') ?? ''
  if (standing === 'failed') {
    if (breach) return { key: 'rollout.whyAbortedMetric', params: { metric: breach.metric } }
    const cause = events.find(({ message }) => /^(Rolling back|Halt) /.test(message))?.message
    const said = cause ?? conditionsOf(object).find(({ type }) => type === 'Promoted')?.message
    return said ? { key: 'rollout.whyAbortedSaid', params: { said } } : { key: 'rollout.whyAborted' }
  }
  if (suspended) return { key: 'rollout.whySuspended' }
  if (standing === 'waiting')
    return { key: phase === 'WaitingPromotion' ? 'rollout.whyWaitingPromotion' : 'rollout.whyWaitingGate' }
  if (standing === 'done')
    return {
      key:
        phase === 'Initialized'
          ? 'rollout.whyInitialized'
          : phase === 'Terminated'
            ? 'rollout.whyTerminated'
            : 'rollout.whyDone',
    }
  const failing = countAt(object, ['status', 'failedChecks'], 0)
  const allowed = countAt(analysisOf(object), ['threshold'], 0)
  if (failing > 0) {
    const [last] = events.filter(({ message }) => message.startsWith('Halt '))
    return last
      ? { key: 'rollout.whyHaltedSaid', params: { failed: failing, allowed, said: last.message } }
      : { key: 'rollout.whyHalted', params: { failed: failing, allowed } }
  }
  if (phase === 'Promoting' || phase === 'Finalising') return { key: 'rollout.whyPromoting' }
  if (phase === 'Initializing') return { key: 'rollout.whyInitializing' }
  return nextWeight === null
    ? { key: 'rollout.whyMoving' }
    : { key: 'rollout.whyMovingNext', params: { next: nextWeight } }
}

/** Webhooks a person opens and closes by hand, by what they hold up. */
export type Gate = { readonly type: string; readonly url: string }

export const gatesOf = (object: LiveObject): readonly Gate[] =>
  listAt(analysisOf(object), 'webhooks').flatMap(item => {
    const [type, url] = [textAt(item, 'type') ?? 'rollout', textAt(item, 'url') ?? '']
    return url === '' ? [] : [{ type, url }]
  })
