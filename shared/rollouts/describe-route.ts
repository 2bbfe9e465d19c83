import { kindOf } from '../health/assess-health.ts'
import { type LiveObject, nameOf } from '../health/health.ts'
import { textAt } from '../manifests/manifest.ts'
import { type Around, namespaceOf, noSide } from './around.ts'
import { readDeeds } from './deeds.ts'
import { readRollout } from './read-rollout.ts'
import type { Rollout } from './rollout.ts'

/** A route with two weighted destinations; null for any other. Nothing but Git or a person moves it. */
export function describeRoute(object: LiveObject, around: Around): Rollout | null {
  const status = readRollout(object)
  if (status?.strategy !== 'Weights') return null
  const { group, kind } = kindOf(object)
  const [namespace, name] = [namespaceOf(object), nameOf(object)]
  const standing = status.weight === 0 || status.weight === 100 ? 'done' : 'waiting'
  const serviceOf = (target: string | null) => target?.split(' ')[0]?.split('.')[0] ?? null
  return {
    id: `${kind}.${group}/${namespace}/${name}`,
    object: { apiVersion: textAt(object, 'apiVersion') ?? '', kind, namespace, name },
    status,
    health: 'Healthy',
    standing,
    why:
      status.weight === 0
        ? { key: 'rollout.whyRouteStable', params: { stable: status.stable ?? '' } }
        : status.weight === 100
          ? { key: 'rollout.whyRoutePromoted', params: { canary: status.canary ?? '' } }
          : { key: 'rollout.whyRouteSplit', params: { canary: status.canary ?? '', weight: status.weight ?? 0 } },
    since: null,
    workload: null,
    stable: { ...noSide, id: status.stable },
    canary: { ...noSide, id: status.canary },
    steps: [],
    nextWeight: null,
    pause: null,
    analyses: [],
    breach: null,
    deeds: readDeeds(object),
    events: around.events(object),
    routes: [],
    services: { stable: serviceOf(status.stable), canary: serviceOf(status.canary) },
  }
}
