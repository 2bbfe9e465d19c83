import type { LiveObject } from '../../../../shared/health/health.ts'
import { listAt, numberAt, objectAt, textAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import type { World } from '../simulation.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { hashOf, manager, revisionOf, scale } from './rollout-sets.ts'
import { type Draft, reportRollout } from './rollout-status.ts'
import { selectRevision } from './traffic-routing.ts'

/**
 * Argo Rollouts' blue-green: the new revision stands beside the old one behind the preview Service; it is promoted at
 * once, after a time, or by a person, and the old one goes after its delay. Analyses are not run.
 */
export function advanceBlueGreen(world: World, rollout: LiveObject, current: LiveObject): number | undefined {
  const spec = objectAt(rollout, 'spec', 'strategy', 'blueGreen')
  const namespace = textAt(rollout, 'metadata', 'namespace')!
  const hash = hashOf(current)
  const sets = world.owned('apps/ReplicaSet', rollout)
  const status: Draft = { ...objectAt(rollout, 'status') }
  const desired = replicasOf(rollout)
  const stableHash = typeof status['stableRS'] === 'string' ? status['stableRS'] : ''

  if (status['currentPodHash'] !== hash) {
    for (const key of ['abort', 'abortedAt', 'promoteFull', 'pauseConditions', 'controllerPause', 'message'])
      delete status[key]
    status['currentPodHash'] = hash
    if (stableHash !== '' && stableHash !== hash)
      world.event(rollout, 'Normal', 'RolloutUpdated', `Rollout updated to revision ${revisionOf(current)}`, manager)
  }
  if (status['abort'] !== true) delete status['abortedAt']
  const aborted = status['abort'] === true && stableHash !== '' && stableHash !== hash
  let active = textAt(rollout, 'status', 'blueGreen', 'activeSelector') ?? ''
  let at: number | undefined
  if (!aborted) scale(world, rollout, current, desired)
  const up = statusCount(current, 'availableReplicas') >= desired

  if (aborted) {
    active = stableHash
    delete status['pauseConditions']
    delete status['controllerPause']
    status['abortedAt'] ??= world.time()
    scale(world, rollout, current, 0)
  } else if (up && active !== hash) {
    const wait = active === '' ? undefined : waiting(world, rollout, status, spec)
    if (wait === 'promoted' || wait === undefined) {
      active = hash
      delete status['pauseConditions']
      delete status['controllerPause']
      delete status['promoteFull']
      world.event(
        rollout,
        'Normal',
        'SwitchService',
        `Switched selector for service '${textAt(spec, 'activeService')}' to '${hash}'`,
        manager,
      )
    } else at = wait.at
  }
  if (active === hash && up) status['stableRS'] = hash
  selectRevision(world, namespace, textAt(spec, 'activeService'), active || hash)
  selectRevision(world, namespace, textAt(spec, 'previewService'), hash)
  const delay = (numberAt(spec, 'scaleDownDelaySeconds') ?? 30) * 1000
  for (const set of sets) {
    const own = hashOf(set)
    if (own === hash || own === active) {
      if (own === active && own !== hash) scale(world, rollout, set, desired)
      continue
    }
    const since = Date.parse(lastChange(rollout, active, world))
    if (replicasOf(set) > 0 && world.now() < since + delay) at = Math.min(at ?? Number.POSITIVE_INFINITY, since + delay)
    else scale(world, rollout, set, 0)
  }
  status['blueGreen'] = {
    ...(active !== '' && { activeSelector: active }),
    previewSelector: hash,
    switchedAt: lastChange(rollout, active, world),
  }
  reportRollout(world, rollout, status, current, sets, aborted)
  return at
}

/** Since when the active Service is as it is. */
const lastChange = (rollout: LiveObject, active: string, world: World): string =>
  textAt(rollout, 'status', 'blueGreen', 'activeSelector') === active
    ? (textAt(rollout, 'status', 'blueGreen', 'switchedAt') ?? world.time())
    : world.time()

/** What a promotion waits for: nothing (`undefined`), a person or a time (`at`), or it was given. */
function waiting(
  world: World,
  rollout: LiveObject,
  status: Draft,
  spec: LiveObject,
): undefined | 'promoted' | { readonly at: number | undefined } {
  if (status['promoteFull'] === true) return 'promoted'
  if (valueAt(rollout, ['spec', 'paused']) === true) return { at: undefined }
  const seconds = numberAt(spec, 'autoPromotionSeconds')
  const byItself = spec['autoPromotionEnabled'] !== false
  if (byItself && seconds === undefined) return undefined
  const conditions = listAt(rollout, 'status', 'pauseConditions')
  if (conditions.length === 0) {
    if (status['controllerPause'] === true) return 'promoted'
    status['pauseConditions'] = [{ reason: 'BlueGreenPause', startTime: world.time() }]
    status['controllerPause'] = true
    world.event(rollout, 'Normal', 'RolloutPaused', 'Rollout is paused (BlueGreenPause)', manager)
  }
  if (seconds === undefined) return { at: undefined }
  const until = Date.parse(textAt(conditions[0], 'startTime') ?? world.time()) + seconds * 1000
  return world.now() >= until ? 'promoted' : { at: until }
}
