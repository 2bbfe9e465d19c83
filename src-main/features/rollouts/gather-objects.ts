import type { Right } from '../../../shared/clusters/contract.ts'
import { isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { MissingRight } from '../../../shared/rollouts/contract.ts'
import type { Cluster, KindName, ObjectScope } from '../../needs/cluster.ts'
import {
  askAgain,
  type FollowNeeds,
  followWatch,
  namespacesToTry,
  pause,
  problemOf,
  readablePlaces,
  refusedRights,
  type Watched,
} from '../clusters/index.ts'

type Wanted = KindName & {
  /** The kind this one only says more about: where that is not served, nobody asks for this one. */
  readonly about?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** Kinds that are progressive deliveries, then what says more of them. */
const wanted: readonly Wanted[] = [
  { group: 'argoproj.io', kind: 'Rollout' },
  { group: 'flagger.app', kind: 'Canary' },
  { group: 'networking.istio.io', kind: 'VirtualService' },
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
  { group: 'gateway.networking.k8s.io', kind: 'GRPCRoute' },
  { group: 'policy.linkerd.io', kind: 'HTTPRoute' },
  { group: 'split.smi-spec.io', kind: 'TrafficSplit' },
  { group: 'traefik.io', kind: 'TraefikService' },
  { group: 'argoproj.io', kind: 'AnalysisRun', about: 'Rollout' },
  { group: 'apps', kind: 'ReplicaSet', about: 'Rollout', labelSelector: 'rollouts-pod-template-hash' },
  { group: '', kind: 'Event', about: 'Rollout', fieldSelector: 'involvedObject.kind=Rollout' },
  { group: 'apps', kind: 'Deployment', about: 'Canary' },
  { group: '', kind: 'Event', about: 'Canary', fieldSelector: 'involvedObject.kind=Canary' },
]

type Source = Watched & { readonly scope: ObjectScope; readonly objects: Map<string, LiveObject> }

/** Everything about progressive deliveries in some namespaces, kept up to date until the signal. */
export type Gathered = {
  objects(): readonly LiveObject[]
  /** Kinds of progressive delivery that the server serves. */
  engines(): readonly string[]
  /** Times in milliseconds since the epoch. */
  fresh(): {
    readonly state: 'connecting' | 'live' | 'stale' | 'failed'
    readonly asOf: number | null
    readonly since: number | null
    readonly problem: Message | null
  }
  missing(): readonly MissingRight[]
}

export type GatherNeeds = { readonly now: () => number; readonly report: (error: unknown) => void }

/**
 * Watches what is served of the kinds above. What may not be read is named and left out; a server that is away leaves
 * what was last seen, with since when.
 */
export function gatherObjects(
  open: () => Promise<Cluster>,
  namespaces: readonly string[] | 'all',
  changed: () => void,
  needs: GatherNeeds,
  signal: AbortSignal,
): Gathered {
  let sources: readonly Source[] = []
  let served: readonly string[] = []
  let limited: readonly Right[] = []
  let asOf: number | null = null
  let broken: { readonly since: number; readonly problem: Message } | null = null

  const follow = (cluster: Cluster, source: Source): Promise<void> => {
    const take: FollowNeeds['take'] = event => {
      asOf = needs.now()
      if (event.kind === 'snapshot') {
        source.objects.clear()
        for (const object of event.objects) source.objects.set(keyOf(object), object)
      } else if (event.kind === 'changes') {
        for (const object of event.gone) source.objects.delete(keyOf(object))
        for (const object of event.changed) source.objects.set(keyOf(object), object)
      }
    }
    return followWatch(cluster, source.scope, source, { ...needs, take, tell: changed }, signal)
  }

  async function begin(): Promise<void> {
    while (!signal.aborted) {
      try {
        const cluster = await open()
        const kinds = await cluster.kinds(signal)
        const present = wanted.flatMap(each => {
          const found = kinds.find(({ group, kind }) => each.group === group && each.kind === kind)
          return found ? [{ ...each, served: found }] : []
        })
        served = present.filter(({ about }) => about === undefined).map(({ kind }) => kind)
        const toTry = namespacesToTry(cluster, [], signal)
        const begun = await Promise.all(
          present
            .filter(({ about }) => about === undefined || served.includes(about))
            .map(async ({ about: _, served: kindServed, group, kind, ...selectors }) => {
              const found =
                namespaces === 'all'
                  ? await readablePlaces(cluster, kindServed, toTry, signal)
                  : { places: namespaces, limited: null }
              const from = found.places.map(
                (namespace): Source => ({
                  scope: { kind: { group, kind }, ...(namespace !== undefined && { namespace }), ...selectors },
                  objects: new Map(),
                  told: false,
                  stale: null,
                  refused: null,
                }),
              )
              return { from, limited: found.limited }
            }),
        )
        sources = begun.flatMap(({ from }) => from)
        limited = begun.flatMap(({ limited: right }) => right ?? [])
        broken = null
        asOf = needs.now()
        changed()
        await Promise.all(sources.map(source => follow(cluster, source)))
        return
      } catch (error) {
        if (signal.aborted || isCancelled(error)) return
        broken = { since: broken?.since ?? needs.now(), problem: problemOf(error, needs.report) }
        changed()
        await pause(askAgain, signal)
      }
    }
  }
  begin().catch(needs.report)

  return {
    objects: () => sources.flatMap(({ objects }) => [...objects.values()]),
    engines: () => served,
    missing: () => [...limited, ...refusedRights(sources)].map(named),
    fresh() {
      const stale = broken ?? sources.find(source => source.stale)?.stale ?? null
      const answered = sources.length > 0 || served.length > 0 || asOf !== null
      const all = sources.every(({ told, refused, stale: away }) => told || refused !== null || away !== null)
      if (stale) return { state: answered && sources.some(({ told }) => told) ? 'stale' : 'failed', asOf, ...stale }
      return { state: answered && all ? 'live' : 'connecting', asOf, since: null, problem: null }
    },
  }
}

const keyOf = (object: LiveObject): string =>
  `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`

/** As it is told here: its group behind its resource. */
const named = ({ verb, group, resource, namespace }: Right): MissingRight => ({
  verb,
  resource: group === '' ? resource : `${resource}.${group}`,
  namespace,
})
