import type { LiveObject } from '../../../../shared/health/health.ts'
import { numberAt, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import type { Controller, World } from '../simulation.ts'
import { createPod } from './owning.ts'
import { isActive, isReady } from './pods.ts'

const manager = 'kube-controller-manager'

/** Keeps as many Pods as a ReplicaSet says. */
export const replicaSets: Controller = {
  kinds: ['apps/ReplicaSet'],
  reconcile(world: World, set: LiveObject): undefined {
    if (textAt(set, 'metadata', 'deletionTimestamp') !== undefined) return
    const name = textAt(set, 'metadata', 'name')!
    const wanted = numberAt(set, 'spec', 'replicas') ?? 1
    const pods = world.owned('/Pod', set).filter(isActive)
    for (let count = pods.length; count < wanted; count++) {
      const pod = createPod(world, set, objectAt(set, 'spec', 'template'), { generateName: `${name}-` })
      const message = `Created pod: ${textAt(pod, 'metadata', 'name')}`
      world.event(set, 'Normal', 'SuccessfulCreate', message, 'replicaset-controller')
    }
    // Those that do not serve go first, then the youngest.
    const leaving = [...pods].sort(
      (a, b) =>
        Number(isReady(a)) - Number(isReady(b)) ||
        (textAt(b, 'metadata', 'creationTimestamp') ?? '').localeCompare(
          textAt(a, 'metadata', 'creationTimestamp') ?? '',
        ),
    )
    for (const pod of leaving.slice(0, Math.max(0, pods.length - wanted))) {
      world.remove('/Pod', pod)
      const message = `Deleted pod: ${textAt(pod, 'metadata', 'name')}`
      world.event(set, 'Normal', 'SuccessfulDelete', message, 'replicaset-controller')
    }
    const now = world.owned('/Pod', set).filter(isActive)
    const ready = now.filter(isReady).length
    world.report(
      'apps/ReplicaSet',
      set,
      {
        replicas: now.length,
        fullyLabeledReplicas: now.length,
        readyReplicas: ready,
        availableReplicas: ready,
        observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
      },
      manager,
    )
  },
}
