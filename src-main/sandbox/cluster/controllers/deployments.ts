import type { LiveObject } from '../../../../shared/health/health.ts'
import { type JsonObject, listAt, numberAt, objectAt, textAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { Controller, World } from '../simulation.ts'
import { ownerReference, shareOf, templateHash, updatedConditions } from './owning.ts'

const manager = 'kube-controller-manager'
const revisionKey = 'deployment.kubernetes.io/revision'

export const replicasOf = (object: LiveObject): number => numberAt(object, 'spec', 'replicas') ?? 1
export const statusCount = (object: LiveObject, field: string): number => numberAt(object, 'status', field) ?? 0

/** Rolls a Deployment's Pods by way of ReplicaSets, within its surge and what may be missing. */
export const deployments: Controller = {
  kinds: ['apps/Deployment'],
  reconcile(world, deployment) {
    if (textAt(deployment, 'metadata', 'deletionTimestamp') !== undefined) return undefined
    const current = currentSet(world, deployment)
    const sets = world.owned('apps/ReplicaSet', deployment)
    const old = sets.filter(set => textAt(set, 'metadata', 'uid') !== textAt(current, 'metadata', 'uid'))
    if (valueAt(deployment, ['spec', 'paused']) !== true) roll(world, deployment, current, old)
    prune(world, deployment, old)
    return report(world, deployment)
  },
}

function currentSet(world: World, deployment: LiveObject): LiveObject {
  const template = objectAt(deployment, 'spec', 'template')
  const hash = templateHash(template)
  const sets = world.owned('apps/ReplicaSet', deployment)
  const revisions = sets.map(set => Number(textAt(set, 'metadata', 'annotations', revisionKey) ?? 0))
  const found = sets.find(set => textAt(set, 'metadata', 'labels', 'pod-template-hash') === hash)
  const newest = Math.max(0, ...revisions)
  const own = found ? Number(textAt(found, 'metadata', 'annotations', revisionKey) ?? 0) : 0
  // Going back to an older template makes it the newest revision.
  const revision = String(found && own === newest ? own : newest + 1)
  let set = found
  if (!set) {
    const name = textAt(deployment, 'metadata', 'name')!
    const labels = { ...objectAt(template, 'metadata', 'labels'), 'pod-template-hash': hash }
    const selector = objectAt(deployment, 'spec', 'selector')
    set = world.create(
      'apps/ReplicaSet',
      {
        metadata: {
          name: `${name}-${hash}`,
          namespace: textAt(deployment, 'metadata', 'namespace')!,
          labels,
          annotations: { [revisionKey]: revision },
          ownerReferences: [ownerReference(deployment)],
        },
        spec: {
          replicas: 0,
          selector: {
            ...selector,
            matchLabels: { ...objectAt(selector, 'matchLabels'), 'pod-template-hash': hash },
          },
          template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
        },
      },
      manager,
    )
  } else if (own !== newest) {
    set = world.replace('apps/ReplicaSet', setAt(set, ['metadata', 'annotations', revisionKey], revision), manager)
  }
  if (textAt(deployment, 'metadata', 'annotations', revisionKey) !== revision)
    world.replace('apps/Deployment', setAt(deployment, ['metadata', 'annotations', revisionKey], revision), manager)
  return set
}

export function scaleSet(world: World, owner: LiveObject, set: LiveObject, replicas: number, controller: string): void {
  const before = replicasOf(set)
  if (before === replicas) return
  world.replace('apps/ReplicaSet', setAt(set, ['spec', 'replicas'], replicas), controller)
  const way = replicas > before ? 'up' : 'down'
  const message = `Scaled ${way} replica set ${textAt(set, 'metadata', 'name')} from ${before} to ${replicas}`
  world.event(owner, 'Normal', 'ScalingReplicaSet', message, `${controller}`)
}

function roll(world: World, deployment: LiveObject, current: LiveObject, old: readonly LiveObject[]): void {
  const desired = replicasOf(deployment)
  const source = 'deployment-controller'
  const oldTotal = old.reduce((sum, set) => sum + replicasOf(set), 0)
  if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') {
    for (const set of old) scaleSet(world, deployment, set, 0, source)
    if (old.every(set => world.owned('/Pod', set).length === 0)) scaleSet(world, deployment, current, desired, source)
    return
  }
  const rolling = objectAt(deployment, 'spec', 'strategy', 'rollingUpdate')
  const surge = shareOf(rolling['maxSurge'], desired, 'up', 1)
  let missing = shareOf(rolling['maxUnavailable'], desired, 'down', 0)
  if (surge === 0 && missing === 0) missing = 1
  const present = replicasOf(current)
  if (present > desired || oldTotal === 0) scaleSet(world, deployment, current, desired, source)
  else scaleSet(world, deployment, current, Math.max(present, Math.min(desired, desired + surge - oldTotal)), source)

  // What does not serve may go at once; of what does, only as much as may be missing.
  const available = [...old, current].reduce((sum, set) => sum + statusCount(set, 'availableReplicas'), 0)
  let spare = available - (desired - missing)
  for (const set of old) {
    const idle = replicasOf(set) - statusCount(set, 'availableReplicas')
    const going = Math.min(replicasOf(set), idle + Math.max(0, Math.min(spare, statusCount(set, 'availableReplicas'))))
    if (going <= 0) continue
    spare -= Math.max(0, going - idle)
    scaleSet(world, deployment, set, replicasOf(set) - going, source)
  }
}

function prune(world: World, deployment: LiveObject, old: readonly LiveObject[]): void {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10
  const empty = old.filter(set => replicasOf(set) === 0 && statusCount(set, 'replicas') === 0)
  const byAge = [...empty].sort(
    (a, b) =>
      Number(textAt(a, 'metadata', 'annotations', revisionKey) ?? 0) -
      Number(textAt(b, 'metadata', 'annotations', revisionKey) ?? 0),
  )
  for (const set of byAge.slice(0, Math.max(0, empty.length - limit))) world.remove('apps/ReplicaSet', set)
}

function report(world: World, deployment: LiveObject): number | undefined {
  const name = textAt(deployment, 'metadata', 'name')!
  const live = world.get('apps/Deployment', textAt(deployment, 'metadata', 'namespace')!, name)
  if (!live) return undefined
  const sets = world.owned('apps/ReplicaSet', live)
  const hash = templateHash(objectAt(live, 'spec', 'template'))
  const current = sets.find(set => textAt(set, 'metadata', 'labels', 'pod-template-hash') === hash)
  const sum = (field: string) => sets.reduce((total, set) => total + statusCount(set, field), 0)
  const desired = replicasOf(live)
  const total = sum('replicas')
  const available = sum('availableReplicas')
  const updated = current ? statusCount(current, 'replicas') : 0
  const complete = updated === desired && total === desired && available === desired
  const missing = shareOf(valueAt(live, ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable']), desired, 'down', 0)
  const enough = available >= desired - missing
  const setName = current ? (textAt(current, 'metadata', 'name') ?? '') : ''
  const deadline = (numberAt(live, 'spec', 'progressDeadlineSeconds') ?? 600) * 1000
  const before = listAt(live, 'status', 'conditions').find(each => textAt(each, 'type') === 'Progressing')
  const same = sameProgress(live, { replicas: total, updatedReplicas: updated, availableReplicas: available })
  const progressed = same ? Date.parse(textAt(before, 'lastUpdateTime') ?? world.time()) : world.now()
  // Once too late, it is until something moves.
  const wasLate = same && textAt(before, 'reason') === 'ProgressDeadlineExceeded'
  const late = !complete && (wasLate || world.now() >= progressed + deadline)
  const progressing: JsonObject = complete
    ? {
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${setName}" has successfully progressed.`,
      }
    : late
      ? {
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: `ReplicaSet "${setName}" has timed out progressing.`,
        }
      : { status: 'True', reason: 'ReplicaSetUpdated', message: `ReplicaSet "${setName}" is progressing.` }
  const conditions = updatedConditions(
    live,
    [
      enough
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      { type: 'Progressing', ...progressing },
    ],
    world.time(),
  )
  world.report(
    'apps/Deployment',
    live,
    {
      observedGeneration: numberAt(live, 'metadata', 'generation') ?? 1,
      replicas: total,
      updatedReplicas: updated,
      readyReplicas: sum('readyReplicas'),
      availableReplicas: available,
      ...(desired > available && { unavailableReplicas: desired - available }),
      conditions,
    },
    manager,
  )
  return complete || late ? undefined : progressed + deadline
}

const sameProgress = (object: LiveObject, counts: { readonly [field: string]: number }): boolean =>
  Object.entries(counts).every(([field, count]) => statusCount(object, field) === count) &&
  numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation')
