import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, numberAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Version } from '../metrics/traffic.ts'
import { hashLabel } from './controllers/rollout-sets.ts'
import type { ClusterState } from './state.ts'

/** Who answers for a service of a namespace at the moment, by its Rollout, its Canary or its workload. */
export function versionsIn(
  state: ClusterState,
  namespace: string,
  canariesFail: () => boolean,
): (service: string) => readonly Version[] {
  const find = (group: string, kind: string, name: string) => {
    const served = state.findKind(group, kind)
    return served && state.store.get(served, namespace, name)
  }
  return service => {
    const rollout = find('argoproj.io', 'Rollout', service)
    if (rollout) return ofRollout(state, namespace, rollout, canariesFail())
    const canary = find('flagger.app', 'Canary', service)
    if (canary) {
      const weight = (numberAt(canary, 'status', 'canaryWeight') ?? 0) / 100
      const primary = find('apps', 'Deployment', `${service}-primary`)
      const next = find('apps', 'Deployment', service)
      if (primary)
        return [
          { share: 1 - weight, ...behaviour(primary, false), labels: { destination_workload: `${service}-primary` } },
          { share: weight, ...behaviour(next, canariesFail()), labels: { destination_workload: service } },
        ]
    }
    const workload = find('apps', 'Deployment', service) ?? find('apps', 'StatefulSet', service)
    // Nobody is there to answer.
    if (workload && (numberAt(workload, 'status', 'readyReplicas') ?? 0) === 0)
      return [{ share: 1, errors: 1, labels: {} }]
    return [{ share: 1, ...behaviour(workload, false), labels: {} }]
  }
}

function ofRollout(state: ClusterState, namespace: string, rollout: LiveObject, fails: boolean): readonly Version[] {
  const hash = textAt(rollout, 'status', 'currentPodHash') ?? ''
  const stable = textAt(rollout, 'status', 'stableRS') ?? hash
  const uid = textAt(rollout, 'metadata', 'uid')
  const sets = state.store
    .list(state.kind('apps', 'ReplicaSet'), namespace)
    .filter(set => listAt(set, 'metadata', 'ownerReferences').some(owner => textAt(owner, 'uid') === uid))
  const setOf = (wanted: string) => sets.find(set => textAt(set, 'metadata', 'labels', hashLabel) === wanted)
  const ready = (wanted: string) => numberAt(setOf(wanted) ?? {}, 'status', 'readyReplicas') ?? 0
  const routed = numberAt(rollout, 'status', 'canary', 'weights', 'canary', 'weight')
  const all = ready(hash) + ready(stable)
  const weight = hash === stable ? 0 : routed !== undefined ? routed / 100 : all === 0 ? 0 : ready(hash) / all
  const label = (wanted: string) => ({ rollouts_pod_template_hash: wanted })
  const old: Version = {
    share: 1 - weight,
    ...behaviour(setOf(stable), false),
    ...(ready(stable) === 0 && { errors: 1 }),
    labels: label(stable),
  }
  return hash === stable ? [old] : [old, { share: weight, ...behaviour(setOf(hash), fails), labels: label(hash) }]
}

/** How an image answers: a tag that ends in `-errors` fails one call in six, one in `-slow` takes six times as long. */
function behaviour(workload: LiveObject | undefined, fails: boolean): Partial<Version> {
  const images = listAt(workload, 'spec', 'template', 'spec', 'containers').map(each => textAt(each, 'image') ?? '')
  return {
    ...((fails || images.some(image => image.endsWith('-errors'))) && { errors: 0.17 }),
    ...(images.some(image => image.endsWith('-slow')) && { slowness: 6 }),
  }
}
