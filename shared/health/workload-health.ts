import { parseDocument } from 'yaml'
import { isObject, type Json, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import {
  conditionsOf,
  countAt,
  degraded,
  type Health,
  healthy,
  type LiveObject,
  nameOf,
  progressing,
  readConditions,
  suspended,
  unknown,
} from './health.ts'

/**
 * Health of the kinds Kubernetes itself has, by the rules of Argo CD's gitops-engine (`pkg/health`), which follow
 * `kubectl rollout status`. Null for a kind it has no rule for.
 */
export function workloadHealth(kind: string, object: LiveObject): Health | null {
  switch (kind) {
    case 'Deployment':
      return deployment(object)
    case 'StatefulSet':
      return statefulSet(object)
    case 'DaemonSet':
      return daemonSet(object)
    case 'ReplicaSet':
      return replicaSet(object)
    case 'Pod':
      return pod(object)
    case 'Job':
      return job(object)
    case 'CronJob':
      return cronJob(object)
    case 'PersistentVolumeClaim':
      return volumeClaim(object)
    case 'Service':
      return textAt(object, 'spec', 'type') === 'LoadBalancer' ? loadBalancer(object) : healthy()
    case 'Ingress':
      return loadBalancer(object)
    case 'HorizontalPodAutoscaler':
      return autoscaler(object)
    case 'APIService':
      return apiService(object)
    case 'CustomResourceDefinition':
      return resourceDefinition(object)
    case 'Namespace':
      return textAt(object, 'status', 'phase') === 'Terminating' ? progressing('Terminating') : healthy()
    case 'Node':
      return node(object)
    case 'PodDisruptionBudget':
      return disruptionBudget(object)
    case 'Event':
      // It does neither well nor badly: it tells.
      return healthy(
        [textAt(object, 'reason') ?? '', textAt(object, 'message') ?? textAt(object, 'note') ?? '']
          .filter(text => text !== '')
          .join(': '),
      )
    default:
      return null
  }
}

const generation = (object: LiveObject) => countAt(object, ['metadata', 'generation'], 0)
const status = (object: LiveObject, field: string) => countAt(object, ['status', field], 0)
const given = (object: LiveObject, field: string) => valueAt(object, ['spec', field]) !== undefined

function deployment(object: LiveObject): Health {
  if (valueAt(object, ['spec', 'paused']) === true) return suspended('Deployment is paused')
  if (generation(object) > status(object, 'observedGeneration'))
    return progressing('Waiting for rollout to finish: observed deployment generation less than desired generation')
  const late = conditionsOf(object).find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  )
  if (late) return degraded(`Deployment "${nameOf(object)}" exceeded its progress deadline`)
  const desired = countAt(object, ['spec', 'replicas'], 1)
  const updated = status(object, 'updatedReplicas')
  const available = status(object, 'availableReplicas')
  if (given(object, 'replicas') && updated < desired)
    return progressing(`Waiting for rollout to finish: ${updated} out of ${desired} new replicas have been updated...`)
  const old = status(object, 'replicas') - updated
  if (old > 0) return progressing(`Waiting for rollout to finish: ${old} old replicas are pending termination...`)
  if (available < updated)
    return progressing(`Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`)
  return healthy()
}

function statefulSet(object: LiveObject): Health {
  const observed = status(object, 'observedGeneration')
  if (observed === 0 || generation(object) > observed)
    return progressing('Waiting for statefulset spec update to be observed...')
  const desired = countAt(object, ['spec', 'replicas'], 1)
  const ready = status(object, 'readyReplicas')
  if (given(object, 'replicas') && ready < desired)
    return progressing(`Waiting for ${desired - ready} pods to be ready...`)
  const strategy = objectAt(object, 'spec', 'updateStrategy')
  const updated = status(object, 'updatedReplicas')
  const partition = countAt(strategy, ['rollingUpdate', 'partition'], 0)
  if (textAt(strategy, 'type') === 'OnDelete') return healthy(`statefulset has ${ready} ready pods`)
  if (textAt(strategy, 'type') === 'RollingUpdate' && partition > 0 && given(object, 'replicas')) {
    if (updated < desired - partition)
      return progressing(
        `Waiting for partitioned roll out to finish: ${updated} out of ${desired - partition} new pods have been updated...`,
      )
    return healthy(`partitioned roll out complete: ${updated} new pods have been updated...`)
  }
  const next = textAt(object, 'status', 'updateRevision') ?? ''
  if (next !== (textAt(object, 'status', 'currentRevision') ?? ''))
    return progressing(`waiting for statefulset rolling update to complete ${updated} pods at revision ${next}...`)
  return healthy(`statefulset rolling update complete ${status(object, 'currentReplicas')} pods at revision ${next}...`)
}

function daemonSet(object: LiveObject): Health {
  if (generation(object) > status(object, 'observedGeneration'))
    return progressing('Waiting for rollout to finish: observed daemon set generation less than desired generation')
  const desired = status(object, 'desiredNumberScheduled')
  const updated = status(object, 'updatedNumberScheduled')
  const available = status(object, 'numberAvailable')
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return healthy(`daemon set ${updated} out of ${desired} new pods have been updated`)
  const waiting = `Waiting for daemon set "${nameOf(object)}" rollout to finish:`
  if (updated < desired) return progressing(`${waiting} ${updated} out of ${desired} new pods have been updated...`)
  if (available < desired) return progressing(`${waiting} ${available} of ${desired} updated pods are available...`)
  return healthy()
}

function replicaSet(object: LiveObject): Health {
  if (generation(object) > status(object, 'observedGeneration'))
    return progressing('Waiting for rollout to finish: observed replica set generation less than desired generation')
  const failure = conditionsOf(object).find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  if (failure) return degraded(failure.message)
  const desired = countAt(object, ['spec', 'replicas'], 1)
  const available = status(object, 'availableReplicas')
  if (given(object, 'replicas') && available < desired)
    return progressing(`Waiting for rollout to finish: ${available} out of ${desired} new replicas are available...`)
  return healthy()
}

/** Reasons of kubelet to wait that do not pass by themselves. */
const cannotStart = /^Err|Error$|BackOff$|^(InvalidImageName|RegistryUnavailable|SignatureValidationFailed)$/

function pod(object: LiveObject): Health {
  // A Pod that ends by itself may be marked to be judged as one that stays, but for a hook, which has to end.
  const note = (name: string) => textAt(object, 'metadata', 'annotations', `argocd.argoproj.io/${name}`)
  const stays = note('ignore-restart-policy') === 'true' && note('hook') === undefined
  const policy = stays ? 'Always' : (textAt(object, 'spec', 'restartPolicy') ?? 'Always')
  const containers = listAt(object, 'status', 'containerStatuses')
  const all = [...listAt(object, 'status', 'initContainerStatuses'), ...containers]
  const message = textAt(object, 'status', 'message') ?? ''
  if (policy === 'Always') {
    // Of a Pod that ends by itself (a hook) Kubernetes may still make something.
    const stuck = all.flatMap(item => {
      const reason = textAt(item, 'state', 'waiting', 'reason') ?? ''
      return cannotStart.test(reason) ? [textAt(item, 'state', 'waiting', 'message') ?? reason] : []
    })
    if (stuck.length > 0) return degraded(stuck.join(', '))
  }
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending': {
      const unplaced = conditionsOf(object).find(({ type, status }) => type === 'PodScheduled' && status === 'False')
      return progressing(message || (unplaced?.message ?? ''))
    }
    case 'Succeeded':
      return healthy(message)
    case 'Failed': {
      if (message) return degraded(message)
      const said = all.map(item => {
        const ended = objectAt(item, 'state', 'terminated')
        const code = countAt(ended, ['exitCode'], 0)
        if (textAt(ended, 'message')) return textAt(ended, 'message')
        if (textAt(ended, 'reason') === 'OOMKilled') return 'OOMKilled'
        return code === 0 ? '' : `container "${textAt(item, 'name') ?? ''}" failed with exit code ${code}`
      })
      return degraded(said.find(text => text) ?? '')
    }
    case 'Running': {
      if (policy !== 'Always') return progressing(message)
      const ready = conditionsOf(object).some(({ type, status }) => type === 'Ready' && status === 'True')
      if (ready) return healthy(message)
      const fell = containers.find(item => valueAt(item, ['lastState', 'terminated']) !== undefined)
      if (!fell) return progressing(message)
      const reason = textAt(fell, 'lastState', 'terminated', 'reason') ?? 'Error'
      const code = countAt(fell, ['lastState', 'terminated', 'exitCode'], 0)
      return degraded(message || `container "${textAt(fell, 'name') ?? ''}" ended before: ${reason}, exit code ${code}`)
    }
    default:
      return unknown(message || 'Its status has no phase')
  }
}

function job(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const last = conditions.at(-1)?.message ?? ''
  const failed = conditions.find(({ type, status }) => type === 'Failed' && status !== 'False')
  if (failed) return degraded(failed.message)
  const stopped = conditions.find(({ type, status }) => type === 'Suspended' && status === 'True')
  if (stopped) return suspended(stopped.message)
  const complete = conditions.find(({ type, status }) => type === 'Complete' && status !== 'False')
  return complete ? healthy(complete.message) : progressing(last)
}

/** Suspended or between two runs it is as it ought to be; only a last run that did not succeed is not. */
function cronJob(object: LiveObject): Health {
  if (valueAt(object, ['spec', 'suspend']) === true) return healthy('CronJob is Suspended')
  if (!isObject(object['status'])) return progressing('Waiting for CronJob')
  const started = textAt(object, 'status', 'lastScheduleTime')
  const succeeded = textAt(object, 'status', 'lastSuccessfulTime')
  if (started === undefined) return healthy('CronJob has not been scheduled yet')
  if (succeeded === undefined) return healthy('The CronJob never completed successfully. It may not be healthy')
  if (listAt(object, 'status', 'active').length > 0)
    return healthy('The job is running. Its last execution may not have been successful')
  return succeeded < started
    ? degraded('CronJob has not completed its last execution successfully')
    : healthy('CronJob has completed its last execution successfully')
}

function volumeClaim(object: LiveObject): Health {
  switch (textAt(object, 'status', 'phase')) {
    case 'Lost':
      return degraded('')
    case 'Pending':
      return progressing('')
    case 'Bound':
      return healthy()
    default:
      return unknown('Its status has no phase')
  }
}

const loadBalancer = (object: LiveObject): Health =>
  listAt(object, 'status', 'loadBalancer', 'ingress').length > 0 ? healthy() : progressing('')

function autoscaler(object: LiveObject): Health {
  const conditions = [...conditionsOf(object), ...readConditions(oldConditions(object))]
  const wrong = conditions.find(
    ({ type, reason }) =>
      (type === 'AbleToScale' && /^Failed(Get|Update)Scale$/.test(reason)) ||
      (type === 'ScalingActive' && /^(FailedGet\w*Metric|FailedComputeMetricsReplicas|InvalidSelector)$/.test(reason)),
  )
  if (wrong) return degraded(wrong.message)
  const well = conditions.find(
    ({ type, status }) => (type === 'AbleToScale' || type === 'ScalingLimited') && status === 'True',
  )
  return well ? healthy(well.message) : progressing('Waiting to Autoscale')
}

/** autoscaling/v1 keeps the conditions of the later versions as JSON in an annotation. */
function oldConditions(object: LiveObject): readonly Json[] {
  const text = textAt(object, 'metadata', 'annotations', 'autoscaling.alpha.kubernetes.io/conditions')
  if (text === undefined) return []
  const read = parseDocument(text)
  const value = read.errors.length === 0 ? (read.toJS() as Json) : null
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function apiService(object: LiveObject): Health {
  const available = conditionsOf(object).find(({ type }) => type === 'Available')
  if (!available) return progressing('Waiting to be processed')
  const message = `${available.reason}: ${available.message}`
  return available.status === 'True' ? healthy(message) : progressing(message)
}

function resourceDefinition(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const of = (type: string, status: string) =>
    conditions.find(condition => condition.type === type && condition.status === status)
  if (conditions.length === 0) return progressing('Status conditions not found')
  const leaving = of('Terminating', 'True')
  if (leaving) return progressing(`CRD is terminating: ${leaving.message}`)
  const names = of('NamesAccepted', 'False')
  if (names) return degraded(`CRD names have not been accepted: ${names.message}`)
  const shape = of('NonStructuralSchema', 'True')
  if (shape) return degraded(`Schema violations found: ${shape.message}`)
  if (
    conditions.some(
      ({ type, status, reason }) => type === 'Established' && status !== 'True' && reason === 'Installing',
    )
  )
    return progressing('CRD is being installed')
  return of('Established', 'True') ? healthy('CRD is healthy') : degraded('CRD is not established')
}

function node(object: LiveObject): Health {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready')
  if (!ready) return unknown('')
  if (ready.status !== 'True') return degraded(ready.message)
  return valueAt(object, ['spec', 'unschedulable']) === true ? suspended('Node is cordoned') : healthy(ready.message)
}

function disruptionBudget(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const wrong = conditions.find(({ status, reason }) => status === 'False' && reason !== 'InsufficientPods')
  if (wrong) return degraded(`PodDisruptionBudget has ${wrong.reason}`)
  const last = conditions.at(-1)
  // Before Kubernetes 1.22 it had counts and no conditions.
  const wanted = countAt(object, ['status', 'desiredHealthy'], Number.NaN)
  if (!last && !Number.isNaN(wanted))
    return healthy(`${status(object, 'currentHealthy')} healthy Pods, ${wanted} have to be`)
  return last ? healthy(`PodDisruptionBudget has ${last.reason}`) : progressing('Waiting for status')
}
