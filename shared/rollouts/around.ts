import { kindOf } from '../health/assess-health.ts'
import { countAt, type LiveObject, nameOf } from '../health/health.ts'
import { listAt, textAt } from '../manifests/manifest.ts'
import type { RevisionSide, RolloutEvent } from './rollout.ts'

/** Live objects by what is asked of them: whose they are, what happened to whom, and by name. */
export type Around = {
  /** Objects a controller made for this one. */
  owned(by: LiveObject, kind: string): readonly LiveObject[]
  /** Newest first. */
  events(of: LiveObject): readonly RolloutEvent[]
  named(kind: string, namespace: string, name: string): LiveObject | undefined
}

export const namespaceOf = (object: LiveObject): string => textAt(object, 'metadata', 'namespace') ?? ''

export function indexAround(objects: readonly LiveObject[]): Around {
  const byOwner = new Map<string, LiveObject[]>()
  const byName = new Map<string, LiveObject>()
  const events = new Map<string, LiveObject[]>()
  const put = (map: Map<string, LiveObject[]>, key: string, object: LiveObject) => {
    const list = map.get(key)
    if (list) list.push(object)
    else map.set(key, [object])
  }
  for (const object of objects) {
    const { kind } = kindOf(object)
    const namespace = namespaceOf(object)
    byName.set(`${kind} ${namespace} ${nameOf(object)}`, object)
    if (kind === 'Event') {
      const about = 'involvedObject' in object ? 'involvedObject' : 'regarding'
      const of = `${textAt(object, about, 'kind')} ${textAt(object, about, 'namespace') ?? namespace} ${textAt(object, about, 'name')}`
      put(events, of, object)
    }
    for (const owner of listAt(object, 'metadata', 'ownerReferences'))
      put(byOwner, `${kind} ${namespace} ${textAt(owner, 'kind')} ${textAt(owner, 'name')}`, object)
  }
  return {
    owned: (by, kind) => {
      const uid = textAt(by, 'metadata', 'uid')
      const found = byOwner.get(`${kind} ${namespaceOf(by)} ${kindOf(by).kind} ${nameOf(by)}`) ?? []
      // One that was deleted and made again has the name and not the uid.
      return uid === undefined
        ? found
        : found.filter(item =>
            listAt(item, 'metadata', 'ownerReferences').some(owner => (textAt(owner, 'uid') ?? uid) === uid),
          )
    },
    events: of =>
      (events.get(`${kindOf(of).kind} ${namespaceOf(of)} ${nameOf(of)}`) ?? [])
        .map(readEvent)
        .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1)),
    named: (kind, namespace, name) => byName.get(`${kind} ${namespace} ${name}`),
  }
}

/** An Event of `v1` or `events.k8s.io`. */
function readEvent(event: LiveObject): RolloutEvent {
  return {
    at:
      textAt(event, 'series', 'lastObservedTime') ??
      textAt(event, 'lastTimestamp') ??
      textAt(event, 'deprecatedLastTimestamp') ??
      textAt(event, 'eventTime') ??
      textAt(event, 'metadata', 'creationTimestamp') ??
      null,
    warning: textAt(event, 'type') === 'Warning',
    reason: textAt(event, 'reason') ?? '',
    message: textAt(event, 'message') ?? textAt(event, 'note') ?? '',
    count: countAt(event, ['series', 'count'], countAt(event, ['count'], 1)),
  }
}

export const imagesOf = (workload: LiveObject | undefined): readonly string[] =>
  listAt(workload, 'spec', 'template', 'spec', 'containers').flatMap(container => textAt(container, 'image') ?? [])

export const noSide: RevisionSide = { id: null, number: null, images: [], pods: null }

/** Pods of a Deployment or ReplicaSet as its status counts them. */
export const podsOf = (workload: LiveObject | undefined): RevisionSide['pods'] =>
  workload === undefined
    ? null
    : {
        ready: countAt(workload, ['status', 'readyReplicas'], 0),
        desired: countAt(workload, ['spec', 'replicas'], 1),
      }
