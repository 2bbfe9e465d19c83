import type { LiveObject } from '../../../shared/health/health.ts'
import { type JsonObject, listAt, numberAt, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { updatedConditions } from './controllers/owning.ts'
import type { World } from './simulation.ts'

export const requestKey = 'reconcile.fluxcd.io/requestedAt'
/** What Flux asks of an object that is to be reconciled now; empty where nobody has asked. */
export const requestOf = (object: LiveObject): string => textAt(object, 'metadata', 'annotations', requestKey) ?? ''

export const isSuspended = (object: LiveObject): boolean => valueAt(object, ['spec', 'suspend']) === true

const conditionOf = (object: LiveObject | undefined, type: string) =>
  listAt(object, 'status', 'conditions').find(each => textAt(each, 'type') === type)

/** Ready, and of what its spec says now. */
export const isFluxReady = (object: LiveObject | undefined): boolean =>
  textAt(conditionOf(object, 'Ready'), 'status') === 'True' &&
  numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation')

/** An object that has to be ready first and is not, as Flux names it; null where none is. */
export function dependencyNotReady(world: World, kind: string, object: LiveObject): string | null {
  const own = textAt(object, 'metadata', 'namespace') ?? ''
  for (const each of listAt(object, 'spec', 'dependsOn')) {
    const [namespace, name] = [textAt(each, 'namespace') ?? own, textAt(each, 'name') ?? '']
    if (!isFluxReady(world.get(kind, namespace, name))) return `${namespace}/${name}`
  }
  return null
}

type Ready = { readonly status: 'True' | 'False' | 'Unknown'; readonly reason: string; readonly message: string }

/** Writes how far a Flux object is, as its controllers do. What is still going on is also `Reconciling`. */
export function tellReady(world: World, kind: string, object: LiveObject, ready: Ready, more: JsonObject = {}): void {
  const generation = numberAt(object, 'metadata', 'generation') ?? 1
  const conditions = [
    ...(ready.status === 'Unknown'
      ? [{ type: 'Reconciling', status: 'True', reason: 'Progressing', message: ready.message }]
      : []),
    { type: 'Ready', ...ready },
  ]
  const requested = requestOf(object)
  world.report(
    kind,
    object,
    {
      ...objectAt(object, 'status'),
      ...more,
      observedGeneration: generation,
      conditions: updatedConditions(object, conditions, world.time()).map(condition => ({
        ...condition,
        observedGeneration: generation,
      })),
      ...(ready.status !== 'Unknown' && requested !== '' && { lastHandledReconcileAt: requested }),
    },
    'flux',
  )
}
