import { waveOf, workloadWave } from '../../../shared/delivery/delivery-order.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import { assessHealth } from '../../../shared/health/assess-health.ts'
import { conditionsOf, type Health, healthy, type LiveObject, progressing } from '../../../shared/health/health.ts'
import { numberAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'

export type Accepted = {
  readonly kind: ObjectKind
  readonly namespace: string
  readonly name: string
  /** Of the object as the server accepted it: what is older says nothing of it. */
  readonly generation: number
}

/** Milliseconds that an object may look broken: its controller has just begun with it. */
const grace = 5_000

/**
 * How an object does for whoever waits for it. What reports nothing, and is no workload, is there by being accepted:
 * nobody can tell whether a controller of another's will ever say a word.
 */
export function readinessOf(live: LiveObject): Health {
  const kind = textAt(live, 'kind') ?? ''
  const silent = Object.keys(objectAt(live, 'status')).length === 0
  if (silent && waveOf({ kind }) !== workloadWave && kind !== 'CustomResourceDefinition') return healthy()
  if (kind !== 'CustomResourceDefinition') return assessHealth(live)
  return conditionsOf(live).some(({ type, status }) => type === 'Established' && status === 'True')
    ? healthy()
    : progressing('not yet Established')
}

/**
 * Waits until each object is ready (`true`) or is known to fail, and tells each change. Rejects what a watch rejects;
 * ends early when the time is up, with the others as they are.
 */
export async function waitReady<T extends Accepted>(
  cluster: Cluster,
  objects: readonly T[],
  milliseconds: number,
  tell: (object: T, health: Health, state: 'waiting' | 'ready' | 'failed') => void,
  outer: AbortSignal,
): Promise<void> {
  const ending = new AbortController()
  const signal = AbortSignal.any([outer, ending.signal])
  const open = new Set(objects)
  const broken = new Map<T, NodeJS.Timeout>()
  const done = Promise.withResolvers<void>()
  const settle = (object: T, health: Health, state: 'ready' | 'failed'): void => {
    clearTimeout(broken.get(object))
    if (!open.delete(object)) return
    tell(object, health, state)
    if (open.size === 0) done.resolve()
  }
  const see = (object: T, live: LiveObject): void => {
    if (!open.has(object) || (numberAt(live, 'metadata', 'generation') ?? 0) < object.generation) return
    const health = readinessOf(live)
    clearTimeout(broken.get(object))
    if (health.health === 'Healthy' || health.health === 'Suspended') settle(object, health, 'ready')
    else {
      tell(object, health, 'waiting')
      if (health.health === 'Degraded')
        broken.set(
          object,
          setTimeout(() => settle(object, health, 'failed'), grace),
        )
    }
  }
  const late = setTimeout(done.resolve, milliseconds)
  outer.addEventListener('abort', () => done.resolve(), { once: true })
  for (const group of Map.groupBy(objects, ({ kind, namespace }) => `${kind.group}/${kind.kind}/${namespace}`).values())
    follow(cluster, group, see, signal).catch((error: unknown) => {
      if (!isCancelled(error)) done.reject(error)
    })
  try {
    await done.promise
  } finally {
    clearTimeout(late)
    for (const timer of broken.values()) clearTimeout(timer)
    ending.abort()
  }
  if (outer.aborted) throw new AppError('cancelled', 'error.cancelled')
}

async function follow<T extends Accepted>(
  cluster: Cluster,
  objects: readonly T[],
  see: (object: T, live: LiveObject) => void,
  signal: AbortSignal,
): Promise<void> {
  const [first] = objects
  if (!first) return
  const { group, kind, version } = first.kind
  const byName = new Map(objects.map(object => [object.name, object]))
  const scope = { kind: { group, kind, version }, ...(first.namespace !== '' && { namespace: first.namespace }) }
  for await (const event of cluster.watch(scope, signal)) {
    const seen = event.kind === 'snapshot' ? event.objects : event.kind === 'changes' ? event.changed : []
    for (const live of seen) {
      const object = byName.get(textAt(live, 'metadata', 'name') ?? '')
      if (object) see(object, live)
    }
  }
}
