import type { LiveObject } from '../../../../shared/health/health.ts'
import { numberAt, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import type { Controller, World } from '../simulation.ts'
import { createPod, templateHash } from './owning.ts'
import { isActive, isReady } from './pods.ts'

/** One Pod on each node; updated one at a time. */
export const daemonSets: Controller = {
  kinds: ['apps/DaemonSet'],
  reconcile(world: World, set: LiveObject): undefined {
    if (textAt(set, 'metadata', 'deletionTimestamp') !== undefined) return
    const name = textAt(set, 'metadata', 'name')!
    const template = objectAt(set, 'spec', 'template')
    const revision = templateHash(template)
    const nodes = world.list('/Node').map(node => textAt(node, 'metadata', 'name')!)
    const pods = () => world.owned('/Pod', set).filter(isActive)
    const nodeOf = (pod: LiveObject) =>
      textAt(pod, 'metadata', 'annotations', 'sandbox.pilothouse.dev/node') ?? textAt(pod, 'spec', 'nodeName')
    const isNew = (pod: LiveObject) => textAt(pod, 'metadata', 'labels', 'controller-revision-hash') === revision
    const present = pods()
    for (const node of nodes)
      if (!present.some(pod => nodeOf(pod) === node))
        createPod(world, set, template, {
          generateName: `${name}-`,
          labels: { 'controller-revision-hash': revision },
          node,
        })
    const behind = present.find(pod => !isNew(pod))
    if (behind && present.filter(isNew).every(isReady)) world.remove('/Pod', behind)
    const live = world.get('apps/DaemonSet', textAt(set, 'metadata', 'namespace')!, name)
    if (!live) return
    const now = pods()
    const ready = now.filter(isReady).length
    world.report(
      'apps/DaemonSet',
      live,
      {
        observedGeneration: numberAt(live, 'metadata', 'generation') ?? 1,
        currentNumberScheduled: now.length,
        desiredNumberScheduled: nodes.length,
        updatedNumberScheduled: now.filter(isNew).length,
        numberReady: ready,
        numberAvailable: ready,
        numberMisscheduled: 0,
        ...(nodes.length > ready && { numberUnavailable: nodes.length - ready }),
      },
      'kube-controller-manager',
    )
  },
}
