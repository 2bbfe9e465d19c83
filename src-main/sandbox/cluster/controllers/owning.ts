import { createHash, randomBytes } from 'node:crypto'
import type { LiveObject } from '../../../../shared/health/health.ts'
import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import type { World } from '../simulation.ts'

export const ownerReference = (owner: LiveObject): JsonObject => ({
  apiVersion: owner['apiVersion'] ?? '',
  kind: owner['kind'] ?? '',
  name: textAt(owner, 'metadata', 'name') ?? '',
  uid: textAt(owner, 'metadata', 'uid') ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

// Kubernetes writes a decimal number in these; the others are only in the random ends of Pods' names.
const digits = '456789bcdf'
const letters = 'bcdfghjklmnpqrstvwxz2456789'

const randomEnd = (): string => [...randomBytes(5)].map(byte => letters[byte % letters.length]).join('')

/** A hash of a Pod template, in the letters that Kubernetes writes such hashes in. */
export function templateHash(template: Json): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest()
  return [...digest.subarray(0, 10)].map(byte => digits[byte % digits.length]).join('')
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(item => sorted(item as Json))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** A Pod from a template. */
export function createPod(
  world: World,
  owner: LiveObject,
  template: JsonObject,
  named: {
    readonly name?: string
    readonly generateName?: string
    readonly labels?: JsonObject
    readonly node?: string
  },
): LiveObject {
  const labels = { ...objectAt(template, 'metadata', 'labels'), ...named.labels }
  const annotations = {
    ...objectAt(template, 'metadata', 'annotations'),
    ...(named.node !== undefined && { 'sandbox.pilothouse.dev/node': named.node }),
  }
  return world.create(
    '/Pod',
    {
      metadata: {
        ...(named.name !== undefined
          ? { name: named.name }
          : { generateName: named.generateName ?? '', name: `${named.generateName ?? ''}${randomEnd()}` }),
        namespace: textAt(owner, 'metadata', 'namespace') ?? '',
        labels,
        ...(Object.keys(annotations).length > 0 && { annotations }),
        ownerReferences: [ownerReference(owner)],
      },
      spec: objectAt(template, 'spec'),
    },
    'kube-controller-manager',
  )
}

/** `25%` or `3` of a number of replicas; a share is rounded up for surge and down for what may be missing. */
export function shareOf(value: Json | undefined, replicas: number, round: 'up' | 'down', standard: number): number {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(typeof value === 'string' ? value : '')
  if (!percent) return standard
  const exact = (Number(percent[1]) * replicas) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}

/** A condition with the time of its last change kept while it stays as it was. */
export function updatedConditions(
  object: LiveObject,
  next: readonly JsonObject[],
  time: string,
): readonly JsonObject[] {
  const old = listAt(object, 'status', 'conditions')
  return next.map(condition => {
    const before = old.find(each => textAt(each, 'type') === condition['type'])
    const same =
      textAt(before, 'status') === condition['status'] &&
      textAt(before, 'reason') === condition['reason'] &&
      textAt(before, 'message') === condition['message']
    const at = (key: string) =>
      same || (key === 'lastTransitionTime' && textAt(before, 'status') === condition['status'])
        ? (textAt(before, key) ?? time)
        : time
    return { ...condition, lastUpdateTime: at('lastUpdateTime'), lastTransitionTime: at('lastTransitionTime') }
  })
}
