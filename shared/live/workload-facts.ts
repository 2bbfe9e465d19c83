import { assessHealth, kindOf } from '../health/assess-health.ts'
import { conditionsOf, countAt, type Health, type LiveObject } from '../health/health.ts'
import { listAt, numberAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { LiveAutoscaler, LiveLeader } from './live.ts'
import { keyOf, ownerOf } from './pod-facts.ts'
import { oneLine, type Why } from './why-not-ready.ts'

/** What is kept of anything but Pods and events. */
export type ObjectFacts = {
  readonly kind: string
  readonly group: string
  readonly namespace: string
  readonly name: string
  /** `Kind namespace/name` of the workload it is a part of: of a ReplicaSet or a Job. */
  readonly owner: string | null
  readonly desired: number | null
  readonly health: Health
  readonly why: Why | null
}

export const workloadKey = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`

/** A workload or a ReplicaSet. */
export function objectFacts(object: LiveObject): ObjectFacts {
  const { group, kind } = kindOf(object)
  const [namespace = '', name = ''] = keyOf(object).split('/')
  // A StatefulSet may be an operator's, and still is what runs.
  const owner = kind === 'ReplicaSet' || kind === 'Job' ? ownerOf(object) : null
  return {
    kind,
    group,
    namespace,
    name,
    owner: owner && workloadKey(owner.kind, namespace, owner.name),
    desired: desiredOf(kind, object),
    health: assessHealth(object),
    why: whyOf(kind, object),
  }
}

function desiredOf(kind: string, object: LiveObject): number | null {
  if (kind === 'CronJob') return null
  if (kind === 'DaemonSet') return countAt(object, ['status', 'desiredNumberScheduled'], 0)
  if (kind === 'Job')
    return numberAt(object, 'status', 'succeeded') ? 0 : (numberAt(object, 'spec', 'parallelism') ?? 1)
  return numberAt(object, 'spec', 'replicas') ?? 1
}

/** What stands in the way of a workload's Pods being made at all. */
function whyOf(kind: string, object: LiveObject): Why | null {
  const conditions = conditionsOf(object)
  const failure = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  if (failure) {
    const said = oneLine(failure.message.replaceAll('\n', ' '))
    return /exceeded quota/.test(failure.message)
      ? { message: { key: 'live.whyQuota', params: { said } }, rank: 90 }
      : { message: { key: 'live.whyNotCreated', params: { said } }, rank: 90 }
  }
  if (valueAt(object, ['spec', 'paused']) === true)
    return { message: { key: 'live.whyPaused', params: { kind } }, rank: 25 }
  const late = conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  if (late) return { message: { key: 'live.whyTooLong' }, rank: 56 }
  return null
}

/** An HPA and the workload it scales. */
export function autoscalerFacts(object: LiveObject): { readonly target: string; readonly facts: LiveAutoscaler } {
  const [namespace = '', name = ''] = keyOf(object).split('/')
  const bad = conditionsOf(object).find(
    ({ type, status, reason }) =>
      (type === 'AbleToScale' || type === 'ScalingActive') && status === 'False' && reason !== 'ScalingDisabled',
  )
  return {
    target: workloadKey(
      textAt(object, 'spec', 'scaleTargetRef', 'kind') ?? '',
      namespace,
      textAt(object, 'spec', 'scaleTargetRef', 'name') ?? '',
    ),
    facts: {
      name,
      min: countAt(object, ['spec', 'minReplicas'], 1),
      max: countAt(object, ['spec', 'maxReplicas'], 1),
      current: countAt(object, ['status', 'currentReplicas'], 0),
      desired: countAt(object, ['status', 'desiredReplicas'], 0),
      problem: bad ? oneLine(bad.message) : null,
    },
  }
}

/** A Canary and the workload it leads; a GitOps object leads none by name. */
export function leaderFacts(object: LiveObject): { readonly target: string | null; readonly facts: LiveLeader } {
  const [namespace = '', name = ''] = keyOf(object).split('/')
  const { kind } = kindOf(object)
  const target = textAt(object, 'spec', 'targetRef', 'name')
  return {
    target:
      kind === 'Canary' && target !== undefined
        ? workloadKey(textAt(object, 'spec', 'targetRef', 'kind') ?? 'Deployment', namespace, target)
        : null,
    facts: { kind, namespace, name, ...assessHealth(object) },
  }
}

/** An EndpointSlice or Endpoints: addresses behind a Service. */
export function endpointFacts(object: LiveObject): {
  readonly service: string
  readonly ready: number
  readonly all: number
} {
  const [namespace = '', name = ''] = keyOf(object).split('/')
  if (kindOf(object).kind === 'Endpoints') {
    const subsets = listAt(object, 'subsets')
    const count = (field: string) => subsets.reduce<number>((sum, item) => sum + listAt(item, field).length, 0)
    const ready = count('addresses')
    return { service: `${namespace}/${name}`, ready, all: ready + count('notReadyAddresses') }
  }
  const service = textAt(object, 'metadata', 'labels', 'kubernetes.io/service-name') ?? ''
  const endpoints = listAt(object, 'endpoints')
  // A condition that is not given counts as true.
  const ready = endpoints.filter(item => valueAt(item, ['conditions', 'ready']) !== false).length
  return { service: `${namespace}/${service}`, ready, all: endpoints.length }
}
