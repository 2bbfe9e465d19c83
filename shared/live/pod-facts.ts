import { assessHealth } from '../health/assess-health.ts'
import { countAt, type LiveObject } from '../health/health.ts'
import { type Json, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { LivePod, Owner, RunningImage } from './live.ts'
import { type Why, whyNotReady } from './why-not-ready.ts'

/** What is kept of a Pod: a hundredth of the object. */
export type PodFacts = Omit<LivePod, 'why' | 'rank'> & {
  readonly owner: Owner | null
  /** Of `pod-template-hash` or `controller-revision-hash`; empty where it has none. */
  readonly template: string
  readonly cause: Why | null
}

export const keyOf = (object: LiveObject): string =>
  `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`

/** The owner that controls an object. */
export function ownerOf(object: LiveObject): Owner | null {
  const owners = listAt(object, 'metadata', 'ownerReferences')
  const owner = owners.find(item => valueAt(item, ['controller']) === true) ?? owners[0]
  return owner === undefined ? null : { kind: textAt(owner, 'kind') ?? '', name: textAt(owner, 'name') ?? '' }
}

const digestIn = (imageId: string): string | null => /sha256:[0-9a-f]{64}/.exec(imageId)?.[0] ?? null

export function podFacts(pod: LiveObject): PodFacts {
  const [namespace = '', name = ''] = keyOf(pod).split('/')
  const status = listAt(pod, 'status', 'containerStatuses')
  const initStatus = listAt(pod, 'status', 'initContainerStatuses')
  const statusOf = (list: readonly Json[], container: string) =>
    objectAt(list.find(item => textAt(item, 'name') === container) ?? null)
  const spec = listAt(pod, 'spec', 'containers')
  const initSpec = listAt(pod, 'spec', 'initContainers')
  const images: RunningImage[] = spec.map(item => {
    const container = textAt(item, 'name') ?? ''
    return {
      container,
      image: textAt(item, 'image') ?? '',
      digest: digestIn(textAt(statusOf(status, container), 'imageID') ?? ''),
    }
  })
  const ended = [...status, ...initStatus].flatMap(item => textAt(item, 'lastState', 'terminated', 'finishedAt') ?? [])
  const phase = textAt(pod, 'status', 'phase') ?? ''
  const going = textAt(pod, 'metadata', 'deletionTimestamp') !== undefined
  const listed = (list: readonly Json[], of: readonly Json[], init: boolean) =>
    list.map(item => {
      const container = textAt(item, 'name') ?? ''
      return { name: container, ready: valueAt(statusOf(of, container), ['ready']) === true, init }
    })
  return {
    key: `${namespace}/${name}`,
    uid: textAt(pod, 'metadata', 'uid') ?? '',
    namespace,
    name,
    machine: textAt(pod, 'spec', 'nodeName') ?? '',
    phase,
    ready: !going && listAt(pod, 'status', 'conditions').some(isReady),
    over: phase === 'Succeeded' || going,
    containers: [...listed(spec, status, false), ...listed(initSpec, initStatus, true)],
    restarts: status.reduce<number>((sum, item) => sum + countAt(item, ['restartCount'], 0), 0),
    restartedAt: ended.sort().at(-1) ?? null,
    createdAt: textAt(pod, 'metadata', 'creationTimestamp') ?? '',
    images,
    health: assessHealth(pod).health,
    owner: ownerOf(pod),
    template:
      textAt(pod, 'metadata', 'labels', 'pod-template-hash') ??
      textAt(pod, 'metadata', 'labels', 'rollouts-pod-template-hash') ??
      textAt(pod, 'metadata', 'labels', 'controller-revision-hash') ??
      '',
    cause: whyNotReady(pod),
  }
}

const isReady = (condition: Json): boolean =>
  textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True'
