import { type Warning, withWarnings } from '../live/pod-events.ts'
import { type Why, whyNotReady } from '../live/why-not-ready.ts'
import { objectFacts } from '../live/workload-facts.ts'
import { isObject, type Json, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Message, MessageKey, MessageParams } from '../messages/index.ts'
import { describeBreach, formatMeasured, formatThreshold } from '../results/describe-result.ts'
import { type Around, namespaceOf } from '../rollouts/around.ts'
import { breachOf } from '../rollouts/read-analysis.ts'
import type { Analysis, Rollout } from '../rollouts/rollout.ts'
import { kindOf } from './assess-health.ts'
import { conditionsOf, countAt, type Health, type LiveObject, nameOf } from './health.ts'

export type Say = (key: MessageKey, params?: MessageParams) => string

/** What is known of an object besides itself. */
export type Known = {
  readonly health: Health
  readonly around: Around
  readonly rollout: Rollout | null
  readonly analysis: Analysis | null
}

/**
 * Why an object does as it does, in one sentence for a person: what a controller only hints at, said with the objects
 * around it (a workload's worst Pod, a Pod's newest warning, an analysis' measurements). Null where its message says it.
 */
export function explainWhy(object: LiveObject, known: Known, say: Say): string | null {
  const { group, kind } = kindOf(object)
  const tell = ({ key, params }: Message) => say(key, params)
  const ofWorstPod = (least: number): string | null => {
    const worst = worstPod(object, known.around)
    if (!worst || worst.why.rank < least) return null
    return say('explain.about', { about: `Pod ${nameOf(worst.pod)}`, said: tell(worst.why.message) })
  }
  // What needs a person: less than that passes by itself while new Pods come up.
  if (known.rollout) return whyOfRollout(known.rollout, ofWorstPod(60), say)
  if (known.analysis) return whyOfAnalysis(known.analysis, say)
  if (group === 'argoproj.io' && kind === 'Experiment') return textAt(object, 'status', 'message') ?? null
  if (group === 'argoproj.io' && kind === 'Application') return whyOfApplication(object, known.health, say)
  if (group.endsWith('.toolkit.fluxcd.io')) return whyOfFlux(object, known.health, say)
  if (group === '' && kind === 'Pod') {
    const why = whyOfPod(object, known.around)
    if (why) return tell(why.message)
    return known.health.health === 'Progressing' && known.health.message === '' ? say('explain.podRuns') : null
  }
  if (known.health.health === 'Progressing' && known.health.message === '') {
    if (kind === 'Service' || kind === 'Ingress') return say('explain.noAddress')
    if (kind === 'PersistentVolumeClaim') return whyOfClaim(object, known.around, say)
  }
  if (!/^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job)$/.test(kind) || known.health.health === 'Healthy')
    return null
  const own = objectFacts(object).why
  if (own && own.rank >= 80) return tell(own.message)
  const said = ofWorstPod(0)
  if (said !== null) return said
  if (own) return tell(own.message)
  const count = countAt(object, ['status', 'active'], 0)
  return kind === 'Job' && known.health.message === '' && count > 0 ? say('explain.jobRuns', { count }) : null
}

/** Why a claim is not bound, as its newest event says it. */
function whyOfClaim(object: LiveObject, around: Around, say: Say): string {
  const [said] = around.events(object)
  return said ? `${said.reason}: ${said.message}` : say('explain.unbound')
}

function whyOfRollout({ why, breach, standing, pause, analyses }: Rollout, ofPod: string | null, say: Say): string {
  const told = say(why.key, why.params)
  if (breach && breach.value !== null) {
    const said = describeBreach(breach, say)
    return why.key === 'rollout.whyAbortedMetric' ? say('rollout.whyAbortedSaid', { said }) : said
  }
  const open = why.key === 'rollout.whyInconclusive' ? breachOf(analyses) : null
  if (open && open.value !== null) return say('explain.inconclusive', { said: describeBreach(open, say) })
  if (why.key === 'rollout.whyPausedUntil' && pause?.until)
    return say('explain.pausedUntil', { ...why.params, until: pause.until })
  if (ofPod !== null && !breach && (standing === 'failed' || standing === 'moving')) return ofPod
  return told
}

function worstPod(object: LiveObject, around: Around): { readonly pod: LiveObject; readonly why: Why } | undefined {
  return podsUnder(object, around)
    .flatMap(pod => {
      const why = whyOfPod(pod, around)
      return why ? [{ pod, why }] : []
    })
    .sort((a, b) => b.why.rank - a.why.rank || (nameOf(a.pod) < nameOf(b.pod) ? -1 : 1))[0]
}

function whyOfPod(pod: LiveObject, around: Around): Why | null {
  const why = whyNotReady(pod)
  const warnings: readonly Warning[] = around
    .events(pod)
    .filter(({ warning }) => warning)
    .map(({ reason, message, count, at }) => ({ reason, message, count, last: at ?? '' }))
  return why && withWarnings(why, warnings)
}

/** Its own Pods, and those of ReplicaSets and Jobs it made. */
function podsUnder(object: LiveObject, around: Around): readonly LiveObject[] {
  const between = [...around.owned(object, 'ReplicaSet'), ...around.owned(object, 'Job')]
  return [object, ...between].flatMap(owner => around.owned(owner, 'Pod'))
}

function whyOfAnalysis(analysis: Analysis, say: Say): string | null {
  const breach = breachOf([analysis])
  const metrics = analysis.metrics.filter(({ dryRun }) => dryRun !== true)
  const broken = metrics.find(({ phase }) => phase === 'Error')
  const said = broken && (broken.measurements.findLast(({ message }) => message !== '')?.message || broken.message)
  if (broken && said) return say('explain.analysisError', { metric: broken.name, said })
  // Without a value there is no more to say than the controller does.
  if (breach) return breach.value === null ? null : describeBreach(breach, say)
  const measured = metrics.find(({ measurements }) => measurements.some(({ text }) => text !== ''))
  const last = measured?.measurements.at(-1)
  if (!measured || !last || last.text === '') return null
  const value = last.value === null ? last.text : formatMeasured(last.value, measured.unit)
  const params = { metric: measured.name, value, measured: measured.measurements.length }
  return measured.threshold
    ? say('explain.analysisRunning', { ...params, threshold: formatThreshold(measured.threshold, measured.unit, say) })
    : say('explain.analysisMeasured', params)
}

function whyOfApplication(object: LiveObject, { health, message }: Health, say: Say): string | null {
  const operation = valueAt(object, ['status', 'operationState'])
  const phase = textAt(operation, 'phase') ?? ''
  const results = listAt(operation, 'syncResult', 'resources')
  const failed = results.find(item => textAt(item, 'status') === 'SyncFailed' || textAt(item, 'hookPhase') === 'Failed')
  const said = failed
    ? `${nameOfPart(failed)}: ${textAt(failed, 'message') ?? ''}`
    : (textAt(operation, 'message') ?? '')
  if (phase === 'Failed' || phase === 'Error') {
    const count = countAt(operation, ['retryCount'], 0)
    return count > 0 ? say('explain.syncRetried', { count, said }) : say('explain.syncFailed', { said })
  }
  const wrong = conditionsOf(object).find(({ type }) =>
    /(Comparison|InvalidSpec|Sync|Unknown|Deletion)Error$/.test(type),
  )
  if (wrong) return say('explain.cannotCompare', { said: wrong.message })
  if (phase === 'Running' || phase === 'Terminating') return say('explain.syncing', { said: said || phase })
  // What is unwell comes first, and the message names it.
  const unwell = health !== 'Healthy' && message !== '' && !message.startsWith('OutOfSync')
  if (unwell || textAt(object, 'status', 'sync', 'status') !== 'OutOfSync') return null
  const names = listAt(object, 'status', 'resources')
    .filter(item => textAt(item, 'status') === 'OutOfSync')
    .map(nameOfPart)
  if (names.length === 0) return null
  const most = 3
  return names.length > most
    ? say('explain.outOfSyncMore', { names: names.slice(0, most).join(', '), more: names.length - most })
    : say('explain.outOfSync', { names: names.join(', ') })
}

const nameOfPart = (item: Json): string => `${textAt(item, 'kind') ?? ''} ${textAt(item, 'name') ?? ''}`.trim()

/** Flux says the reason in a word and what happened in a sentence, which is what a person needs. */
function whyOfFlux(object: LiveObject, { health }: Health, say: Say): string | null {
  if (health === 'Suspended') return say('explain.suspended')
  const conditions = conditionsOf(object)
  const at = (type: string, status: string) =>
    conditions.find(condition => condition.type === type && condition.status === status)
  const undone = at('Remediated', 'True')
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (undone && ready?.status !== 'True') {
    const cause = at('Released', 'False') ?? at('TestSuccess', 'False') ?? ready
    return say('explain.rolledBack', { said: cause?.message || undone.message || undone.reason })
  }
  const stalled = at('Stalled', 'True')
  const said = stalled?.message || ready?.message || conditions.find(({ status }) => status === 'False')?.message || ''
  if (said === '') return null
  const [applied, attempted] = ['lastAppliedRevision', 'lastAttemptedRevision'].map(field =>
    textAt(object, 'status', field),
  )
  return health !== 'Healthy' && applied && attempted && applied !== attempted
    ? say('explain.behind', { applied: short(applied), attempted: short(attempted), said })
    : said
}

/** `main@sha1:9f2c…` with the commit as people write it. */
const short = (revision: string): string => revision.replace(/[0-9a-f]{40,}/g, commit => commit.slice(0, 8))

/** The controller an object belongs to, as its owner references name it. */
export function ownerOf(
  object: LiveObject,
): { readonly kind: string; readonly namespace: string; readonly name: string } | null {
  const owners = listAt(object, 'metadata', 'ownerReferences').filter(isObject)
  const owner = owners.find(item => item['controller'] === true) ?? owners[0]
  const kind = textAt(owner, 'kind')
  return kind === undefined ? null : { kind, namespace: namespaceOf(object), name: textAt(owner, 'name') ?? '' }
}
