import { kindOf } from '../health/assess-health.ts'
import type { LiveObject } from '../health/health.ts'
import { isObject, listAt, textAt } from '../manifests/manifest.ts'
import { type Around, indexAround } from './around.ts'
import { describeArgoRollout } from './describe-argo-rollout.ts'
import { describeCanary } from './describe-canary.ts'
import { describeRoute } from './describe-route.ts'
import type { Rollout } from './rollout.ts'

/** One progressive delivery; null for an object that is none. */
export function describeRollout(object: LiveObject, around: Around): Rollout | null {
  const { group, kind } = kindOf(object)
  if (group === 'argoproj.io' && kind === 'Rollout') return describeArgoRollout(object, around)
  if (group === 'flagger.app' && kind === 'Canary') return describeCanary(object, around)
  return describeRoute(object, around)
}

const order = { failed: 0, waiting: 1, moving: 2, done: 3 } as const

/**
 * Every progressive delivery among live objects, those that need somebody first. A route whose weights a controller
 * sets is part of that controller's delivery and no own one.
 */
export function describeRollouts(objects: readonly LiveObject[]): readonly Rollout[] {
  const around = indexAround(objects)
  const found: { readonly rollout: Rollout; readonly object: LiveObject }[] = []
  for (const object of objects) {
    const rollout = describeRollout(object, around)
    if (rollout) found.push({ rollout, object })
  }
  const owned = new Set(
    found.flatMap(({ rollout: { routes, object } }) =>
      routes.map(({ kind, name }) => `${kind} ${object.namespace} ${name}`),
    ),
  )
  return found
    .filter(({ rollout, object }) => {
      const { kind, name, namespace } = rollout.object
      return rollout.status.strategy !== 'Weights' || !(owned.has(`${kind} ${namespace} ${name}`) || madeByOne(object))
    })
    .map(({ rollout }) => rollout)
    .sort(
      (a, b) =>
        order[a.standing] - order[b.standing] ||
        ((b.since ?? '') < (a.since ?? '') ? -1 : (b.since ?? '') > (a.since ?? '') ? 1 : 0) ||
        (a.id < b.id ? -1 : 1),
    )
}

/** Flagger owns the routes it makes, whatever it named them. */
const madeByOne = (route: LiveObject): boolean =>
  listAt(route, 'metadata', 'ownerReferences').some(
    owner => isObject(owner) && /^(Canary|Rollout)$/.test(textAt(owner, 'kind') ?? ''),
  )
