import { isObject, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import {
  conditionsOf,
  countAt,
  degraded,
  type Health,
  type HealthStatus,
  healthy,
  type LiveObject,
  progressing,
  suspended,
  unknown,
} from './health.ts'

/** Health of Argo's own kinds (`argoproj.io`), by the rules Argo CD ships for them. Null for another kind. */
export function argoHealth(kind: string, object: LiveObject): Health | null {
  switch (kind) {
    case 'Rollout':
      return rolloutHealth(object)
    case 'AnalysisRun':
      return analysisRun(object)
    case 'Experiment':
      return experiment(object)
    case 'Application':
      return application(object)
    case 'ApplicationSet':
      return applicationSet(object)
    case 'Workflow':
      return workflow(object)
    case 'CronWorkflow':
      return cronWorkflow(object)
    case 'EventBus':
    case 'EventSource':
    case 'Sensor':
      return deployed(object)
    default:
      return null
  }
}

const statuses: readonly string[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']
const asStatus = (text: string | undefined): HealthStatus =>
  text !== undefined && statuses.includes(text) ? (text as HealthStatus) : 'Unknown'

/** Health of an Argo Rollout; from its 1.0 on the controller's own phase. */
export function rolloutHealth(object: LiveObject): Health {
  if (!generationObserved(object) || !workloadObserved(object))
    return progressing('Waiting for rollout spec update to be observed')
  // From 1.0 on the controller says it itself; before, it has to be worked out from the parts.
  const phase = textAt(object, 'status', 'phase')
  const pauses = listAt(object, 'status', 'pauseConditions')
  // Somebody cleared the pause, and the controller has not gone on yet.
  if (phase === 'Paused' && valueAt(object, ['status', 'controllerPause']) === true && pauses.length === 0)
    return progressing('waiting for rollout to unpause')
  if (phase !== undefined) {
    const health = phase === 'Paused' ? 'Suspended' : asStatus(phase)
    const message = textAt(object, 'status', 'message') ?? ''
    return { health, message: message || (health === phase || health === 'Suspended' ? '' : `Its phase is ${phase}`) }
  }
  for (const { type, reason, message } of conditionsOf(object)) {
    if (type === 'InvalidSpec') return degraded(message)
    if (type === 'Progressing' && (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded'))
      return degraded(message)
  }
  if (pauses.length > 0 || valueAt(object, ['spec', 'paused']) === true) return suspended('Rollout is paused')
  const restart = textAt(object, 'spec', 'restartAt')
  if (restart !== undefined && restart !== textAt(object, 'status', 'restartedAt'))
    return progressing('Rollout is restarting')
  const hash = textAt(object, 'status', 'currentPodHash')
  if (hash === undefined) return progressing('Waiting for rollout to finish: status has not been reconciled.')
  const desired = countAt(object, ['spec', 'replicas'], 1)
  const updated = countAt(object, ['status', 'updatedReplicas'], 0)
  if (updated < desired) return progressing('Waiting for roll out to finish: More replicas need to be updated')
  if (countAt(object, ['status', 'availableReplicas'], 0) < updated)
    return progressing('Waiting for roll out to finish: updated replicas are still becoming available')
  // `status.canary.stableRS` until 0.8.
  const stable = textAt(object, 'status', 'stableRS') ?? textAt(object, 'status', 'canary', 'stableRS') ?? ''
  const strategy = objectAt(object, 'spec', 'strategy')
  if (isObject(strategy['blueGreen'])) {
    const active = textAt(object, 'status', 'blueGreen', 'activeSelector') ?? textAt(object, 'status', 'activeSelector')
    if (active !== hash) return progressing('active service cutover pending')
    if (stable !== '' && stable !== hash) return progressing('waiting for analysis to complete')
  } else if (isObject(strategy['canary'])) {
    // Behind a traffic router the old Pods stay a while on purpose.
    const routed = isObject(valueAt(strategy, ['canary', 'trafficRouting']))
    if (!routed && countAt(object, ['status', 'replicas'], 0) > updated)
      return progressing('Waiting for roll out to finish: old replicas are pending termination')
    if (stable !== hash) return progressing('Waiting for rollout to finish steps')
  }
  return healthy()
}

/** Until 0.9 `observedGeneration` was a hash, which says nothing of the order. */
function generationObserved(object: LiveObject): boolean {
  if (!isObject(object['status'])) return false
  const observed = countAt(object, ['status', 'observedGeneration'], Number.NaN)
  const generation = countAt(object, ['metadata', 'generation'], Number.NaN)
  return Number.isNaN(observed) || Number.isNaN(generation) || observed >= generation
}

/** A Rollout that takes its template from a Deployment also has to have seen that one's latest. */
function workloadObserved(object: LiveObject): boolean {
  const annotation = 'rollout.argoproj.io/workload-generation'
  if (!isObject(valueAt(object, ['spec', 'workloadRef']))) return true
  if (!isObject(valueAt(object, ['metadata', 'annotations']))) return true
  const wanted = textAt(object, 'metadata', 'annotations', annotation)
  return wanted === textAt(object, 'status', 'workloadObservedGeneration')
}

function analysisRun(object: LiveObject): Health {
  const said = (otherwise: string) => textAt(object, 'status', 'message') || otherwise
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending':
    case 'Running':
      return progressing('Analysis run is running')
    case 'Successful':
      return healthy(said('Analysis run completed successfully'))
    case 'Failed':
      return degraded(said('Analysis run failed'))
    case 'Error':
      return degraded(said('Analysis run had an error'))
    case 'Inconclusive':
      return unknown(said('Analysis run was inconclusive'))
    case undefined:
      return progressing('Waiting for analysis run to finish: status has not been reconciled.')
    default:
      return unknown(said(`Its phase is ${textAt(object, 'status', 'phase')}`))
  }
}

function experiment(object: LiveObject): Health {
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending':
      return progressing('Experiment is pending')
    case 'Running':
      return progressing('Experiment is running')
    case 'Successful':
      return healthy('Experiment is successful')
    case 'Failed':
      return degraded('Experiment has failed')
    case 'Error':
      return degraded('Experiment had an error')
    case undefined:
      return progressing('Waiting for experiment to finish: status has not been reconciled.')
    default:
      return unknown(textAt(object, 'status', 'message') || `Its phase is ${textAt(object, 'status', 'phase')}`)
  }
}

/** An Application's health is what its controller says; why is looked for where that says nothing. */
function application(object: LiveObject): Health {
  const status = objectAt(object, 'status')
  return {
    health: asStatus(textAt(status, 'health', 'status')),
    message:
      textAt(status, 'health', 'message') ||
      errorCondition(object) ||
      operationSaid(object) ||
      worstResource(object) ||
      (textAt(status, 'sync', 'status') === 'OutOfSync' ? outOfSync(object) : '') ||
      (textAt(status, 'health', 'status') === undefined ? 'Argo CD has not said how it does' : ''),
  }
}

const errorCondition = (object: LiveObject): string =>
  conditionsOf(object).find(({ type }) => /Error$/.test(type))?.message ?? ''

function operationSaid(object: LiveObject): string {
  const phase = textAt(object, 'status', 'operationState', 'phase') ?? ''
  return /^(Failed|Error|Running|Terminating)$/.test(phase)
    ? (textAt(object, 'status', 'operationState', 'message') ?? '')
    : ''
}

function worstResource(object: LiveObject): string {
  const resources = listAt(object, 'status', 'resources')
  for (const worst of ['Degraded', 'Missing', 'Progressing', 'Suspended'])
    for (const item of resources) {
      if (textAt(item, 'health', 'status') !== worst) continue
      const message = textAt(item, 'health', 'message')
      return `${textAt(item, 'kind') ?? ''} ${textAt(item, 'name') ?? ''}: ${message || worst}`
    }
  return ''
}

function outOfSync(object: LiveObject): string {
  const behind = listAt(object, 'status', 'resources').filter(item => textAt(item, 'status') === 'OutOfSync')
  const names = behind.map(item => `${textAt(item, 'kind') ?? ''} ${textAt(item, 'name') ?? ''}`)
  return names.length === 0 ? 'OutOfSync' : `OutOfSync: ${names.join(', ')}`
}

function applicationSet(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const of = (type: string, status: string) =>
    conditions.find(condition => condition.type === type && condition.status === status)
  const wrong = of('ErrorOccurred', 'True') ?? of('ResourcesUpToDate', 'False')
  if (wrong) return degraded(wrong.message)
  const rolling = of('RolloutProgressing', 'True')
  if (rolling) return progressing(rolling.message)
  const done = of('ResourcesUpToDate', 'True')
  return done ? healthy(done.message) : progressing('Waiting for the status to be reported')
}

function workflow(object: LiveObject): Health {
  const message = textAt(object, 'status', 'message') ?? ''
  switch (textAt(object, 'status', 'phase') ?? '') {
    case '':
    case 'Pending':
    case 'Running':
      return valueAt(object, ['spec', 'suspend']) === true ? suspended('Workflow is suspended') : progressing(message)
    case 'Succeeded':
      return healthy(message)
    case 'Failed':
    case 'Error':
      return degraded(message)
    default:
      return unknown(message)
  }
}

function deployed(object: LiveObject): Health | null {
  const told = conditionsOf(object).find(({ type }) => type === 'Deployed')
  if (!told || told.status === 'Unknown') return null
  return (told.status === 'True' ? healthy : degraded)(told.message || told.reason)
}

function cronWorkflow(object: LiveObject): Health {
  const told = conditionsOf(object).find(
    ({ type, status }) => status === 'True' && /^(SpecError|SubmissionError|Completed)$/.test(type),
  )
  if (!told) return healthy('CronWorkflow is healthy.')
  return told.type === 'Completed' ? healthy(told.message) : degraded(told.message)
}
