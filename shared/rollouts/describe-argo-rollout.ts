import { assessHealth } from '../health/assess-health.ts'
import { conditionsOf, countAt, type LiveObject, nameOf } from '../health/health.ts'
import { isObject, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import type { Breach } from '../results/result.ts'
import { mostOf, readArgoSteps } from './argo-steps.ts'
import { type Around, imagesOf, namespaceOf, noSide, podsOf } from './around.ts'
import { readDeeds } from './deeds.ts'
import { ownedRoutes } from './owned-routes.ts'
import { breachOf, readAnalysisRun } from './read-analysis.ts'
import { readArgoRollout } from './read-argo-rollout.ts'
import type { Analysis, RevisionSide, Rollout } from './rollout.ts'

const hashLabel = 'rollouts-pod-template-hash'
const revisionNote = 'rollout.argoproj.io/revision'

/** An Argo Rollout with the ReplicaSets and AnalysisRuns around it. */
export function describeArgoRollout(object: LiveObject, around: Around): Rollout {
  const sets = around.owned(object, 'ReplicaSet')
  const status = readArgoRollout(object, sets)
  const health = assessHealth(object)
  const aborted = valueAt(object, ['status', 'abort']) === true
  const failed = health.health === 'Degraded'
  // An abort puts the index back to the start: the analysis that failed says how far it had come.
  const analyses = analysesOf(object, around, status.canary ?? status.stable)
  const reached = aborted ? (analyses.find(({ phase }) => phase !== 'Successful')?.step ?? null) : null
  const at = reached ?? status.step ?? 0
  const strategy = objectAt(object, 'spec', 'strategy')
  const canary = objectAt(strategy, 'canary')
  const steps = readArgoSteps(listAt(canary, 'steps'), at, failed, mostOf(object))
  // Pods that did not come up in time are no matter of what was measured.
  const late = /^ProgressDeadlineExceeded:|has timed out progressing/.test(health.message)
  const breach = failed && !late ? (breachOf(analyses) ?? toldBreach(object)) : null
  const pause = pauseOf(object, listAt(canary, 'steps')[status.step ?? 0])
  const standing = failed
    ? 'failed'
    : health.health === 'Suspended'
      ? 'waiting'
      : status.canary === null && health.health === 'Healthy'
        ? 'done'
        : 'moving'
  const [stable, fresh] = [sideOf(object, sets, around, status.stable), sideOf(object, sets, around, status.canary)]
  const nextWeight = standing === 'failed' ? null : nextWeightOf(steps, status.step, status.desiredWeight)
  const name = nameOf(object)
  return {
    id: `Rollout/${namespaceOf(object)}/${name}`,
    object: { apiVersion: textAt(object, 'apiVersion') ?? '', kind: 'Rollout', namespace: namespaceOf(object), name },
    status,
    health: health.health,
    standing,
    why: whyOf(object, {
      failed,
      aborted,
      breach,
      message: health.message,
      standing,
      at,
      nextWeight,
      pause,
      steps: steps.length,
    }),
    since: sinceOf(object, pause),
    workload: { kind: 'Rollout', name },
    stable,
    canary: status.canary === null ? noSide : fresh,
    steps,
    nextWeight,
    pause,
    analyses,
    breach,
    deeds: readDeeds(object),
    events: around.events(object),
    routes: ownedRoutes(object),
    services: {
      stable: textAt(canary, 'stableService') ?? textAt(strategy, 'blueGreen', 'activeService') ?? null,
      canary: textAt(canary, 'canaryService') ?? textAt(strategy, 'blueGreen', 'previewService') ?? null,
    },
  }
}

/** Runs of the revision that is rolled out, newest first; what ran for one before it is past. */
function analysesOf(object: LiveObject, around: Around, hash: string | null): readonly Analysis[] {
  const told = toldRuns(object)
  const current = [...told.map(({ name }) => name), textAt(object, 'status', 'canary', 'currentExperiment')]
  const isOf = (item: LiveObject) => {
    const of = textAt(item, 'metadata', 'labels', hashLabel)
    return of === undefined || hash === null ? current.includes(nameOf(item)) : of === hash
  }
  const ofExperiments = around
    .owned(object, 'Experiment')
    .filter(isOf)
    .flatMap(experiment => around.owned(experiment, 'AnalysisRun'))
  const found = [...around.owned(object, 'AnalysisRun').filter(isOf), ...ofExperiments].map(readAnalysisRun)
  // Of those that are not at hand the Rollout still tells how they do.
  const absent = told.filter(({ name }) => !found.some(run => run.name === name))
  return [...found, ...absent].sort((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? 1 : -1))
}

/** The runs at work, as the Rollout itself tells of them. */
const toldRuns = (object: LiveObject): readonly Analysis[] =>
  [
    ['canary', 'currentStepAnalysisRunStatus'],
    ['canary', 'currentBackgroundAnalysisRunStatus'],
    ['blueGreen', 'prePromotionAnalysisRunStatus'],
    ['blueGreen', 'postPromotionAnalysisRunStatus'],
  ].flatMap(path => {
    const run = objectAt(object, 'status', ...path)
    const [name, phase] = [textAt(run, 'name'), textAt(run, 'status')]
    const at = countAt(object, ['status', 'currentStepIndex'], Number.NaN)
    const step = path[1] === 'currentStepAnalysisRunStatus' && !Number.isNaN(at) ? at : null
    if (name === undefined || phase === undefined) return []
    return [{ name, phase, message: textAt(run, 'message') ?? '', startedAt: null, step, metrics: [] }]
  })

/** The metric its message names, where the analysis itself is gone. */
function toldBreach(object: LiveObject): Breach | null {
  const texts = [textAt(object, 'status', 'message') ?? '', ...conditionsOf(object).map(({ message }) => message)]
  for (const text of texts) {
    const metric = /[Mm]etric "([^"]+)" assessed (?:Failed|Error|Inconclusive)/.exec(text)?.[1]
    if (metric !== undefined) return { metric, value: null, unit: '', threshold: null, at: null }
  }
  return null
}

function sideOf(object: LiveObject, sets: readonly LiveObject[], around: Around, hash: string | null): RevisionSide {
  if (hash === null) return noSide
  const set = sets.find(item => textAt(item, 'metadata', 'labels', hashLabel) === hash)
  const target = textAt(object, 'spec', 'workloadRef', 'name')
  const newest = textAt(object, 'status', 'currentPodHash') === hash
  const template =
    target === undefined
      ? object
      : around.named(textAt(object, 'spec', 'workloadRef', 'kind') ?? 'Deployment', namespaceOf(object), target)
  return {
    id: hash,
    number:
      textAt(set, 'metadata', 'annotations', revisionNote) ??
      (newest ? (textAt(object, 'metadata', 'annotations', revisionNote) ?? null) : null),
    images: set ? imagesOf(set) : newest ? imagesOf(template) : [],
    pods: podsOf(set),
  }
}

function pauseOf(object: LiveObject, step: Parameters<typeof isObject>[0]): Rollout['pause'] {
  const condition = listAt(object, 'status', 'pauseConditions')[0]
  if (condition === undefined) return valueAt(object, ['spec', 'paused']) === true ? { since: null, until: null } : null
  const since = textAt(condition, 'startTime') ?? null
  const seconds =
    textAt(condition, 'reason') === 'CanaryPauseStep' && isObject(step)
      ? durationOf(step)
      : textAt(condition, 'reason') === 'BlueGreenPause'
        ? autoPromotion(object)
        : null
  const start = since === null ? Number.NaN : Date.parse(since)
  const until = seconds === null || Number.isNaN(start) ? null : new Date(start + seconds * 1000).toISOString()
  return { since, until }
}

function durationOf(step: LiveObject): number | null {
  const [read] = readArgoSteps([step], 0, false)
  return read?.what.kind === 'pause' ? read.what.seconds : null
}

function autoPromotion(object: LiveObject): number | null {
  const seconds = countAt(object, ['spec', 'strategy', 'blueGreen', 'autoPromotionSeconds'], 0)
  return seconds > 0 ? seconds : null
}

/** What the next step that changes the weight changes it to; 100 after the last. */
export function nextWeightOf(steps: Rollout['steps'], at: number | null, weight: number | null): number | null {
  if (at === null || at >= steps.length) return null
  return steps.slice(at + 1).find(step => step.weight !== weight)?.weight ?? (weight === 100 ? null : 100)
}

type Known = {
  readonly failed: boolean
  readonly aborted: boolean
  readonly breach: Breach | null
  readonly message: string
  readonly standing: Rollout['standing']
  readonly at: number
  readonly nextWeight: number | null
  readonly pause: Rollout['pause']
  readonly steps: number
}

function whyOf(object: LiveObject, known: Known): Message {
  const { failed, aborted, breach, standing, at, nextWeight, pause, steps } = known
  const said = (known.message || textAt(object, 'status', 'message') || '').replace(/^RolloutAborted: /, '')
  if (failed && breach)
    return { key: aborted ? 'rollout.whyAbortedMetric' : 'rollout.whyFailedMetric', params: { metric: breach.metric } }
  if (failed && aborted)
    return /^Rollout (is aborted|aborted update to revision \d+)$/.test(said) || said === ''
      ? { key: 'rollout.whyAborted' }
      : { key: 'rollout.whyAbortedSaid', params: { said } }
  if (failed) return { key: 'rollout.whySaid', params: { said: said || 'Degraded' } }
  if (standing === 'waiting') {
    if (valueAt(object, ['spec', 'paused']) === true && listAt(object, 'status', 'pauseConditions').length === 0)
      return { key: 'rollout.whyPausedByHand' }
    const reason = textAt(listAt(object, 'status', 'pauseConditions')[0], 'reason')
    if (reason === 'InconclusiveAnalysisRun' || reason === 'InconclusiveExperiment')
      return { key: 'rollout.whyInconclusive' }
    if (reason === 'BlueGreenPause') return { key: 'rollout.whyBlueGreenPause' }
    if (pause?.until) return { key: 'rollout.whyPausedUntil', params: { step: at + 1, steps } }
    return steps > 0 ? { key: 'rollout.whyPausedStep', params: { step: at + 1, steps } } : { key: 'rollout.whyPaused' }
  }
  if (standing === 'done') return { key: 'rollout.whyDone' }
  if (steps > 0 && at < steps && nextWeight !== null)
    return { key: 'rollout.whyMovingStep', params: { step: at + 1, steps, next: nextWeight } }
  return said === '' ? { key: 'rollout.whyMoving' } : { key: 'rollout.whySaid', params: { said } }
}

function sinceOf(object: LiveObject, pause: Rollout['pause']): string | null {
  const conditions = listAt(object, 'status', 'conditions')
  const progressing = conditions.find(item => textAt(item, 'type') === 'Progressing')
  return (
    textAt(object, 'status', 'abortedAt') ??
    pause?.since ??
    textAt(progressing, 'lastUpdateTime') ??
    textAt(progressing, 'lastTransitionTime') ??
    null
  )
}
