import type { LiveObject } from '../../../../shared/health/health.ts'
import { isObject, listAt, numberAt, objectAt, textAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import type { Controller, World } from '../simulation.ts'
import { replicasOf } from './deployments.ts'
import { createPod, templateHash } from './owning.ts'
import { isReady } from './pods.ts'

const manager = 'kube-controller-manager'
const revisionLabel = 'controller-revision-hash'
const ordinalOf = (pod: LiveObject): number => Number(/-(\d+)$/.exec(textAt(pod, 'metadata', 'name') ?? '')?.[1] ?? 0)

/** One Pod after another, by number; updated from the last to the first. */
export const statefulSets: Controller = {
  kinds: ['apps/StatefulSet'],
  reconcile(world: World, set: LiveObject): undefined {
    if (textAt(set, 'metadata', 'deletionTimestamp') !== undefined) return
    const name = textAt(set, 'metadata', 'name')!
    const namespace = textAt(set, 'metadata', 'namespace')!
    const wanted = replicasOf(set)
    const template = objectAt(set, 'spec', 'template')
    const revision = `${name}-${templateHash(template)}`
    const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel'
    const byNumber = () => [...world.owned('/Pod', set)].sort((a, b) => ordinalOf(a) - ordinalOf(b))

    for (let ordinal = 0; ordinal < wanted; ordinal++) {
      const pod = byNumber().find(each => ordinalOf(each) === ordinal)
      if (!pod) {
        claimVolumes(world, set, namespace, ordinal)
        createPod(world, set, template, {
          name: `${name}-${ordinal}`,
          labels: {
            [revisionLabel]: revision,
            'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}`,
            'apps.kubernetes.io/pod-index': String(ordinal),
          },
        })
        const message = `create Pod ${name}-${ordinal} in StatefulSet ${name} successful`
        world.event(set, 'Normal', 'SuccessfulCreate', message, 'statefulset-controller')
        if (!parallel) break
      } else if (!parallel && !isReady(pod)) break
    }
    const pods = byNumber()
    const surplus = pods.filter(pod => ordinalOf(pod) >= wanted && !isGoing(pod)).reverse()
    for (const pod of parallel ? surplus : surplus.slice(0, 1)) world.remove('/Pod', pod)

    const current = pods.filter(pod => ordinalOf(pod) < wanted)
    const behind = current.filter(pod => textAt(pod, 'metadata', 'labels', revisionLabel) !== revision)
    const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0
    const rolls = textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete'
    const others = current.filter(pod => !behind.includes(pod))
    const next = [...behind].reverse().find(pod => ordinalOf(pod) >= partition)
    if (rolls && next && !isGoing(next) && others.every(isReady)) world.remove('/Pod', next)

    const live = world.get('apps/StatefulSet', namespace, name)
    if (!live) return
    const ready = current.filter(pod => isReady(pod) && !isGoing(pod)).length
    const updated = current.length - behind.length
    const old = textAt(live, 'status', 'currentRevision')
    world.report(
      'apps/StatefulSet',
      live,
      {
        observedGeneration: numberAt(live, 'metadata', 'generation') ?? 1,
        replicas: current.length,
        readyReplicas: ready,
        availableReplicas: ready,
        currentReplicas: old === revision || behind.length === 0 ? updated : behind.length,
        updatedReplicas: updated,
        currentRevision: behind.length === 0 ? revision : (old ?? revision),
        updateRevision: revision,
        collisionCount: 0,
      },
      manager,
    )
  },
}

const isGoing = (pod: LiveObject) => textAt(pod, 'metadata', 'deletionTimestamp') !== undefined

function claimVolumes(world: World, set: LiveObject, namespace: string, ordinal: number): void {
  for (const claim of listAt(set, 'spec', 'volumeClaimTemplates')) {
    if (!isObject(claim)) continue
    const name = `${textAt(claim, 'metadata', 'name')}-${textAt(set, 'metadata', 'name')}-${ordinal}`
    if (world.get('/PersistentVolumeClaim', namespace, name)) continue
    const created = world.create(
      '/PersistentVolumeClaim',
      {
        metadata: { name, namespace, labels: objectAt(set, 'spec', 'selector', 'matchLabels') },
        spec: { ...objectAt(claim, 'spec'), volumeName: `pvc-${name}` },
      },
      manager,
    )
    const capacity = valueAt(claim, ['spec', 'resources', 'requests'])
    world.report('/PersistentVolumeClaim', created, { phase: 'Bound', ...(capacity && { capacity }) }, manager)
  }
}
