import { isObject, listAt, objectAt, textAt, textsAt, valueAt } from '../manifests/manifest.ts'
import {
  conditionsOf,
  countAt,
  degraded,
  type Health,
  healthy,
  type LiveObject,
  progressing,
  suspended,
} from './health.ts'
import { statusHealth } from './status-health.ts'

/**
 * Health of well-known operators' kinds where their words mean something else than elsewhere, by their documentation
 * and by what Argo CD makes of them. Null for every other kind: conventions judge those.
 */
export function operatorHealth(group: string, kind: string, object: LiveObject): Health | null {
  const halted = haltedBy(object)
  if (halted !== null) return suspended(`${kind} is paused by the annotation ${halted}`)
  if (/^cert-?manager(\.k8s)?\.io$/.test(group) && kind === 'Certificate') return certificate(object)
  if (group === 'snapshot.storage.k8s.io' && kind.startsWith('VolumeSnapshot') && !kind.endsWith('Class'))
    return snapshot(object)
  if (group === 'keda.sh') return scaler(object)
  if (/^karpenter\./.test(group)) return karpenter(kind, object)
  if (group === 'apps.kruise.io') return kruiseWorkload(kind, object)
  if (group === 'rollouts.kruise.io' && kind === 'Rollout') return kruiseRollout(object)
  if (group.endsWith('.solo.io')) return glooHealth(object)
  if (isCrossplane(group, object)) return crossplane(object)
  if (group.endsWith('.cnrm.cloud.google.com')) return configConnector(object)
  if (group === 'apps.openshift.io' && kind === 'DeploymentConfig' && countAt(object, ['status', 'replicas'], 1) === 0)
    return healthy('It is scaled to none')
  if (group === 'cluster.x-k8s.io' && kind === 'MachineHealthCheck') return machineHealthCheck(object)
  return null
}

/** Annotations by which operators are told to leave an object alone. */
const haltingNotes =
  /^(.*\/)?(paused?|pause-reconciliation|reconcile-paused)$|^cnpg\.io\/reconciliationLoop$|^autoscaling\.keda\.sh\/paused/

function haltedBy(object: LiveObject): string | null {
  for (const [key, value] of Object.entries(textsAt(object, 'metadata', 'annotations')))
    if (haltingNotes.test(key) && /^(true|disabled|yes)$/i.test(value)) return key
  return null
}

function certificate(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const issuing = conditions.find(({ type, status }) => type === 'Issuing' && status === 'True')
  if (issuing) return progressing(issuing.message)
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status !== 'Unknown')
  if (!ready) return progressing('Waiting for certificate')
  return ready.status === 'True' ? healthy(ready.message) : degraded(ready.message)
}

function snapshot(object: LiveObject): Health {
  if (valueAt(object, ['status', 'readyToUse']) === true) return healthy('Ready to use')
  const error = objectAt(object, 'status', 'error')
  return Object.keys(error).length > 0 ? degraded(textAt(error, 'message') ?? '') : progressing('Waiting for status')
}

/** KEDA: to fall back on a fixed number of replicas is no way to rest. */
function scaler(object: LiveObject): Health | null {
  const fallback = conditionsOf(object).find(({ type, status }) => type === 'Fallback' && status === 'True')
  return fallback ? degraded(fallback.message) : null
}

/** Karpenter: a node is launched, registered, initialized and then ready; each stays true. */
function karpenter(kind: string, object: LiveObject): Health | null {
  const conditions = conditionsOf(object)
  const is = (type: string) => conditions.find(condition => condition.type === type && condition.status === 'True')
  const leaving = is('Disrupting')
  if (leaving) return suspended(leaving.message || leaving.reason)
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.status === 'False') return degraded(ready.message || ready.reason)
  if (ready || conditions.length === 0 || kind !== 'NodeClaim') return null
  if (is('Initialized')) return progressing('Node initialized, waiting for Ready')
  if (is('Registered')) return progressing('Node registered, waiting for initialization')
  return progressing(
    is('Launched') ? 'Node launched, waiting for registration' : 'Waiting for NodeClaim to be launched',
  )
}

/** OpenKruise's workloads count as Kubernetes' own do, but stop at a partition until somebody lowers it. */
function kruiseWorkload(kind: string, object: LiveObject): Health | null {
  const status = objectAt(object, 'status')
  const count = (field: string) => countAt(status, [field], 0)
  if (kind === 'AdvancedCronJob') {
    if (valueAt(object, ['spec', 'paused']) === true) return suspended('AdvancedCronJob is paused')
    if (listAt(status, 'active').length > 0) return progressing('AdvancedCronJob has active jobs')
    return textAt(status, 'lastScheduleTime') === undefined
      ? degraded('AdvancedCronJob has not run successfully')
      : healthy('AdvancedCronJob has run')
  }
  if (!/^(CloneSet|DaemonSet|StatefulSet)$/.test(kind) || Object.keys(status).length === 0) return null
  if (countAt(object, ['metadata', 'generation'], 0) > countAt(status, ['observedGeneration'], 0))
    return progressing('Waiting for the latest change to be observed')
  const strategy = objectAt(object, 'spec', 'updateStrategy')
  const rolling = kind === 'CloneSet' ? strategy : objectAt(strategy, 'rollingUpdate')
  if (rolling['paused'] === true) return suspended(`${kind} is paused`)
  const daemon = kind === 'DaemonSet'
  const wanted = daemon ? count('desiredNumberScheduled') : countAt(object, ['spec', 'replicas'], count('replicas'))
  const updated = daemon
    ? count('updatedNumberScheduled')
    : countAt(status, ['updatedReplicas'], count('updatedAvailableReplicas'))
  const partition = partitionOf(textAt(rolling, 'partition'), wanted)
  if (partition > 0 && countAt(object, ['metadata', 'generation'], 0) > 1 && updated >= wanted - partition)
    return suspended(`${updated} of ${wanted} are updated; the partition holds back ${partition}`)
  if (updated < wanted - partition) return progressing(`${updated} of ${wanted} are updated`)
  const available = daemon ? count('numberAvailable') : count('updatedAvailableReplicas')
  return available < wanted
    ? degraded(`${available} of ${wanted} are available`)
    : healthy(`${available} of ${wanted} are updated and available`)
}

function partitionOf(text: string | undefined, wanted: number): number {
  if (text === undefined) return 0
  const number = Number.parseInt(text, 10)
  if (Number.isNaN(number)) return 0
  return text.endsWith('%') ? Math.ceil((wanted * number) / 100) : number
}

function kruiseRollout(object: LiveObject): Health | null {
  const said = textAt(object, 'status', 'message') ?? ''
  const step = textAt(object, 'status', 'canaryStatus', 'currentStepState')
  switch (textAt(object, 'status', 'phase')) {
    case 'Progressing':
      return step === 'StepPaused' ? suspended(said || step) : progressing(said)
    case 'Disabled':
    case 'Disabling':
    case 'Terminating':
      return degraded(said || 'Rollout is disabled or terminating')
    default:
      return null
  }
}

/** Gloo tells by namespace whether it took a configuration; older ones as numbers. */
function glooHealth(object: LiveObject): Health | null {
  const states = ['Pending', 'Accepted', 'Rejected', 'Warning']
  const told = [objectAt(object, 'status'), ...Object.values(objectAt(object, 'status', 'statuses'))].flatMap(item => {
    const state = textAt(item, 'state')
    return state === undefined ? [] : [{ state: states[Number(state)] ?? state, reason: textAt(item, 'reason') ?? '' }]
  })
  const at = (...wanted: string[]) => told.find(({ state }) => wanted.includes(state))
  const refused = at('Rejected', 'Warning')
  if (refused) return degraded(refused.reason || refused.state)
  if (at('Pending')) return suspended('The resource has not yet been validated')
  return at('Accepted') ? healthy('The resource has been validated') : null
}

/** Crossplane's own kinds, and those that its compositions define, which reconcile in its words. */
const isCrossplane = (group: string, object: LiveObject): boolean =>
  /(^|\.)(crossplane\.io|upbound\.io)$/.test(group) ||
  conditionsOf(object).some(({ type, reason }) => type === 'Synced' && /^Reconcile(Success|Error|Paused)$/.test(reason))

/** What Crossplane manages may be away for long: only what it cannot reconcile has gone wrong. */
function crossplane(object: LiveObject): Health | null {
  const conditions = conditionsOf(object)
  const at = (type: string) => conditions.find(condition => condition.type === type)
  const wrong = [at('Synced'), at('LastAsyncOperation')].find(condition => condition?.status === 'False')
  if (wrong)
    return wrong.reason === 'ReconcilePaused'
      ? suspended(wrong.message || wrong.reason)
      : degraded(wrong.message || wrong.reason)
  const ready = at('Ready')
  if (!at('Synced') || ready?.status === 'True') return null
  return progressing(ready ? ready.message || ready.reason : 'Waiting for it to be ready')
}

/** Google's Config Connector: a missing dependency is somebody else's to mend, so it waits. */
function configConnector(object: LiveObject): Health | null {
  const waits = conditionsOf(object).find(({ reason }) => reason === 'DependencyNotReady')
  const observed = countAt(object, ['status', 'observedGeneration'], Number.POSITIVE_INFINITY)
  return waits && observed >= countAt(object, ['metadata', 'generation'], 0) ? suspended(waits.message) : null
}

function machineHealthCheck(object: LiveObject): Health | null {
  if (!isObject(object['status'])) return null
  const [want, have] = ['expectedMachines', 'currentHealthy'].map(field => countAt(object, ['status', field], 0))
  if (want !== have) return degraded(`${have} of ${want} machines are healthy`)
  const judged = statusHealth(object)
  return judged?.health === 'Degraded' ? judged : healthy(`${have} of ${want} machines are healthy`)
}
