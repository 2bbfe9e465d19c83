import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import type { World } from '../simulation.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { updatedConditions } from './owning.ts'
import { hashOf, manager, revisionOf } from './rollout-sets.ts'

/** What a Rollout's status becomes, while it is worked out. */
export type Draft = { [key: string]: Json | undefined }

/** Phase, message, conditions and counts, in the words of Argo Rollouts 1.x. */
export function reportRollout(
  world: World,
  rollout: LiveObject,
  status: Draft,
  current: LiveObject,
  sets: readonly LiveObject[],
  aborted: boolean,
): void {
  const desired = replicasOf(rollout)
  const sum = (field: string) => sets.reduce((total, set) => total + statusCount(set, field), 0)
  const available = sum('availableReplicas')
  const updated = statusCount(current, 'replicas')
  const done = status['stableRS'] === hashOf(current)
  const paused = valueAt(rollout, ['spec', 'paused']) === true || Array.isArray(status['pauseConditions'])
  const revision = revisionOf(current)
  const because =
    typeof status['message'] === 'string'
      ? status['message'].replace(/^RolloutAborted: Rollout aborted update to revision \d+(: )?/, '')
      : ''
  const abortMessage = `Rollout aborted update to revision ${revision}${because === '' ? '' : `: ${because}`}`
  const healthy = done && available >= desired && sum('replicas') === desired
  const setName = textAt(current, 'metadata', 'name')
  const pauseReason = Array.isArray(status['pauseConditions'])
    ? textAt(status['pauseConditions'][0], 'reason')
    : 'manually paused'
  const [phase, message] = aborted
    ? ['Degraded', `RolloutAborted: ${abortMessage}`]
    : paused && !done
      ? ['Paused', pauseReason]
      : healthy
        ? ['Healthy', undefined]
        : done
          ? [
              'Progressing',
              available < desired
                ? 'updated replicas are still becoming available'
                : 'old replicas are pending termination',
            ]
          : [
              'Progressing',
              updated < desired &&
              (status['currentStepIndex'] ?? 0) === listAt(rollout, 'spec', 'strategy', 'canary', 'steps').length
                ? 'more replicas need to be updated'
                : 'waiting for all steps to complete',
            ]
  const progressing: JsonObject = aborted
    ? { status: 'False', reason: 'RolloutAborted', message: abortMessage }
    : paused && !done
      ? { status: 'Unknown', reason: 'RolloutPaused', message: 'Rollout is paused' }
      : done
        ? {
            status: 'True',
            reason: 'NewReplicaSetAvailable',
            message: `ReplicaSet "${setName}" has successfully progressed.`,
          }
        : { status: 'True', reason: 'ReplicaSetUpdated', message: `ReplicaSet "${setName}" is progressing.` }
  const isAvailable = available >= desired
  const flag = (value: boolean) => (value ? 'True' : 'False')
  const conditions = updatedConditions(
    rollout,
    [
      {
        type: 'Available',
        status: flag(isAvailable),
        reason: 'AvailableReason',
        message: isAvailable ? 'Rollout has minimum availability' : 'Rollout does not have minimum availability',
      },
      {
        type: 'Paused',
        status: flag(paused && !done),
        reason: 'RolloutPaused',
        message: paused && !done ? 'Rollout is paused' : 'Rollout is not paused',
      },
      {
        type: 'Completed',
        status: flag(done),
        reason: 'RolloutCompleted',
        message: done ? 'RolloutCompleted' : 'Rollout is not completed',
      },
      {
        type: 'Healthy',
        status: flag(healthy),
        reason: healthy ? 'RolloutHealthy' : 'RolloutNotHealthy',
        message: healthy ? 'Rollout is healthy' : 'Rollout is not healthy',
      },
      { type: 'Progressing', ...progressing },
    ],
    world.time(),
  )
  if (message === undefined) delete status['message']
  else status['message'] = message
  const defined = Object.entries(status).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  world.report(
    'argoproj.io/Rollout',
    rollout,
    {
      ...Object.fromEntries(defined),
      phase: phase!,
      HPAReplicas: sum('replicas'),
      replicas: sum('replicas'),
      readyReplicas: sum('readyReplicas'),
      availableReplicas: available,
      updatedReplicas: updated,
      selector: Object.entries(objectAt(rollout, 'spec', 'selector', 'matchLabels'))
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(','),
      observedGeneration: String(numberAt(rollout, 'metadata', 'generation') ?? 1),
      blueGreen: status['blueGreen'] ?? {},
      conditions,
    },
    manager,
  )
}
