import type { LiveObject } from '../../../shared/health/health.ts'
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
} from '../../../shared/manifests/manifest.ts'
import type { Kind } from './kinds.ts'

type Column = readonly [name: string, cell: (object: LiveObject) => Json]

const count = (object: LiveObject, ...path: string[]) => numberAt(object, ...path) ?? 0
const ready: Column = [
  'Ready',
  object => `${count(object, 'status', 'readyReplicas')}/${count(object, 'spec', 'replicas')}`,
]

const columns: { readonly [kind: string]: readonly Column[] } = {
  Pod: [
    [
      'Ready',
      object => {
        const statuses = listAt(object, 'status', 'containerStatuses')
        const up = statuses.filter(each => textAt(each, 'ready') === 'true').length
        return `${up}/${listAt(object, 'spec', 'containers').length}`
      },
    ],
    [
      'Status',
      object =>
        textAt(object, 'metadata', 'deletionTimestamp')
          ? 'Terminating'
          : (listAt(object, 'status', 'containerStatuses')
              .map(each => textAt(each, 'state', 'waiting', 'reason') ?? textAt(each, 'state', 'terminated', 'reason'))
              .find(reason => reason !== undefined) ??
            textAt(object, 'status', 'phase') ??
            ''),
    ],
    [
      'Restarts',
      object =>
        listAt(object, 'status', 'containerStatuses').reduce<number>(
          (sum, each) => sum + (numberAt(each, 'restartCount') ?? 0),
          0,
        ),
    ],
  ],
  Deployment: [
    ready,
    ['Up-to-date', object => count(object, 'status', 'updatedReplicas')],
    ['Available', object => count(object, 'status', 'availableReplicas')],
  ],
  StatefulSet: [ready],
  ReplicaSet: [
    ['Desired', object => count(object, 'spec', 'replicas')],
    ['Current', object => count(object, 'status', 'replicas')],
    ['Ready', object => count(object, 'status', 'readyReplicas')],
  ],
  Service: [
    ['Type', object => textAt(object, 'spec', 'type') ?? ''],
    ['Cluster-IP', object => textAt(object, 'spec', 'clusterIP') ?? ''],
  ],
  Node: [
    ['Status', () => 'Ready'],
    ['Version', object => textAt(object, 'status', 'nodeInfo', 'kubeletVersion') ?? ''],
  ],
  Rollout: [
    ['Desired', object => count(object, 'spec', 'replicas')],
    ['Phase', object => textAt(object, 'status', 'phase') ?? ''],
    ['Step', object => count(object, 'status', 'currentStepIndex')],
  ],
  Canary: [
    ['Status', object => textAt(object, 'status', 'phase') ?? ''],
    ['Weight', object => count(object, 'status', 'canaryWeight')],
  ],
  Application: [
    ['Sync Status', object => textAt(object, 'status', 'sync', 'status') ?? ''],
    ['Health Status', object => textAt(object, 'status', 'health', 'status') ?? ''],
    ['Revision', object => textAt(object, 'status', 'sync', 'revision') ?? ''],
  ],
  Event: [
    ['Type', object => textAt(object, 'type') ?? ''],
    ['Reason', object => textAt(object, 'reason') ?? ''],
    [
      'Object',
      object =>
        `${textAt(object, 'involvedObject', 'kind')?.toLowerCase() ?? ''}/${textAt(object, 'involvedObject', 'name') ?? ''}`,
    ],
    ['Message', object => textAt(object, 'message') ?? ''],
  ],
  ConfigMap: [['Data', object => Object.keys(textsAt(object, 'data')).length]],
}

/** The table that `kubectl get` asks for (`meta/v1`), with the columns a person looks for. */
export function asTable(
  kind: Kind,
  objects: readonly LiveObject[],
  now: number,
  resourceVersion: string,
  metadata: JsonObject = {},
): JsonObject {
  const own = columns[kind.kind] ?? []
  const titles = ['Name', ...own.map(([name]) => name), 'Age']
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { ...metadata, resourceVersion },
    columnDefinitions: titles.map(name => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map(object => ({
      cells: [
        textAt(object, 'metadata', 'name') ?? '',
        ...own.map(([, cell]) => cell(object)),
        age(now - Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '')),
      ],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: objectAt(object, 'metadata') },
    })),
  }
}

const age = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}
