import type { Right } from '../../../shared/clusters/contract.ts'
import { isCancelled } from '../../../shared/errors.ts'
import { LiveWorld } from '../../../shared/live/live-world.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, Clusters, KindName, ObjectKind } from '../../needs/cluster.ts'
import {
  askAgain,
  type FollowNeeds,
  followWatch,
  pause,
  problemOf,
  refusedRights,
  type Watched,
} from './follow-watch.ts'
import { paced } from './paced.ts'
import { namespacesToTry, type Places, readablePlaces } from './readable-places.ts'

export type SessionNeeds = {
  readonly clusters: Clusters
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

/** Kinds that are looked at, where the cluster serves them. What only says more may be missing without a word. */
const wanted: readonly (KindName & { readonly fieldSelector?: string; readonly quiet?: true })[] = [
  { group: '', kind: 'Pod' },
  { group: 'apps', kind: 'ReplicaSet' },
  { group: 'apps', kind: 'Deployment' },
  { group: 'apps', kind: 'StatefulSet' },
  { group: 'apps', kind: 'DaemonSet' },
  { group: 'batch', kind: 'Job' },
  { group: 'batch', kind: 'CronJob' },
  { group: '', kind: 'Event', fieldSelector: 'type=Warning' },
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
  { group: 'argoproj.io', kind: 'Rollout' },
  { group: 'flagger.app', kind: 'Canary' },
  { group: 'argoproj.io', kind: 'Application', quiet: true },
  { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', quiet: true },
  { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease', quiet: true },
]

/** Without these nobody can say what runs. */
const essential = ['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Rollout']

/** `late`: of a kind that the cluster did not serve when it was first looked at, so that nobody waits for it. */
type Watch = Watched & { readonly kind: string; readonly namespace: string | null; readonly late: boolean }

/** What is known of some namespaces of a context, kept while somebody looks and for a while after. */
export interface LiveSession {
  readonly world: LiveWorld
  readonly version: string | null
  readonly missing: readonly Right[]
  /** Times in milliseconds since the epoch. */
  readonly fresh: {
    readonly state: 'connecting' | 'live' | 'stale' | 'failed'
    readonly asOf: number | null
    readonly since: number | null
    readonly problem: Message | null
  }
  /** True once everything of a kind has been listed there. */
  isComplete(kind: string, namespace: string): boolean
  watch(listener: () => void): () => void
  readonly watched: boolean
  close(): Promise<void>
}

/** Milliseconds between two tellings: below what an eye sees, far above what one costs. */
const tellEvery = 40
/** Milliseconds before what was cut short is begun anew. */
const soon = 500
/** Milliseconds before it is looked for kinds that have come: definitions are installed, and clusters upgraded. */
const lookAgain = 120_000
/** Milliseconds that watches stay when nobody looks, so that going to another screen and back asks nothing. */
const linger = 15_000

export function openSession(context: string, namespaces: readonly string[] | 'all', needs: SessionNeeds): LiveSession {
  const world = new LiveWorld()
  const listeners = new Set<() => void>()
  let watches: Watch[] = []
  /** By kind, decided once: two watches must not tell of the same object. */
  const places = new Map<string, Places>()
  let version: string | null = null
  let asOf: number | null = null
  /** Why it could not be begun at all. */
  let broken: { readonly since: number; readonly problem: Message } | null = null
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | null = null
  let leaving: NodeJS.Timeout | null = null

  const telling = paced(tellEvery, () => {
    for (const listener of listeners) listener()
  })
  const tell = telling.ask

  function follow(cluster: Cluster, watch: Watch, of: (typeof wanted)[number], signal: AbortSignal): Promise<void> {
    const source = `${of.group}/${of.kind} ${watch.namespace ?? ''}`
    const scope = {
      kind: { group: of.group, kind: of.kind },
      ...(watch.namespace !== null && { namespace: watch.namespace }),
      ...(of.fieldSelector !== undefined && { fieldSelector: of.fieldSelector }),
    }
    const take: FollowNeeds['take'] = event => {
      asOf = needs.clock.now()
      if (event.kind === 'snapshot') world.take(source, { all: event.objects })
      else if (event.kind === 'changes') world.take(source, { changed: event.changed, gone: event.gone })
    }
    return followWatch(cluster, scope, watch, { now: needs.clock.now, report: needs.report, take, tell }, signal)
  }

  /** Who may not look everywhere looks where they may. */
  async function decidePlaces(cluster: Cluster, kinds: readonly ObjectKind[], signal: AbortSignal): Promise<void> {
    const toTry = namespacesToTry(cluster, [], signal)
    const open = kinds.filter(({ kind }) => !places.has(kind))
    const found = await Promise.all(
      open.map(kind =>
        namespaces === 'all'
          ? readablePlaces(cluster, kind, toTry, signal)
          : { places: namespaces, limited: null as Right | null },
      ),
    )
    for (const [at, { kind }] of open.entries()) places.set(kind, found[at]!)
  }

  /** Follows what the cluster serves of the wanted kinds, and looks again for what it comes to serve. */
  async function begin(signal: AbortSignal): Promise<void> {
    const following = new Map<Watch, Promise<void>>()
    while (!signal.aborted) {
      let wait = askAgain
      try {
        const cluster = await needs.clusters.open(context)
        const served = await cluster.kinds(signal, following.size > 0)
        version = await cluster.version(signal)
        broken = null
        const servedOf = ({ group, kind }: KindName) =>
          served.find(each => each.group === group && each.kind === kind) ?? null
        await decidePlaces(
          cluster,
          wanted.flatMap(of => servedOf(of) ?? []),
          signal,
        )
        for (const of of wanted.filter(of => servedOf(of) !== null))
          for (const namespace of (places.get(of.kind)?.places ?? []).map(place => place ?? null)) {
            const known = watches.find(each => each.kind === of.kind && each.namespace === namespace)
            if (known && following.has(known)) continue
            const late = following.size > 0 && known === undefined
            const watch = known ?? { kind: of.kind, namespace, late, told: false, stale: null, refused: null }
            if (!known) watches = [...watches, watch]
            const done = follow(cluster, watch, of, signal).finally(() => following.delete(watch))
            following.set(watch, done)
          }
        // A server that has just begun to answer does not name all of its groups yet.
        if (servedOf({ group: 'apps', kind: 'Deployment' })) wait = lookAgain
        tell()
      } catch (error) {
        if (signal.aborted) break
        // Its connections were made anew under it, as when a token was renewed.
        if (isCancelled(error)) wait = soon
        // Once something is watched, it is the watches that say how it stands.
        else if (following.size === 0) {
          broken = { since: broken?.since ?? needs.clock.now(), problem: problemOf(error, needs.report) }
          tell()
        }
      }
      await pause(wait, signal)
    }
    await Promise.all(following.values())
  }

  function start(): void {
    const stop = new AbortController()
    running = { stop, done: begin(stop.signal) }
  }
  async function stop(): Promise<void> {
    if (leaving) clearTimeout(leaving)
    leaving = null
    const was = running
    running = null
    was?.stop.abort()
    await was?.done
  }

  return {
    world,
    get version() {
      return version
    },
    get missing() {
      return [...[...places.values()].flatMap(({ limited }) => limited ?? []), ...refusedRights(watches)]
    },
    get fresh() {
      const ofNote = watches.filter(({ kind }) => !wanted.find(each => each.kind === kind)?.quiet)
      // What only adds to the rest may be refused, and the rest is still so.
      const counting = ofNote.filter(({ kind, refused }) => refused === null || essential.includes(kind))
      const stale = [...counting.flatMap(each => each.stale ?? []), ...(broken ? [broken] : [])]
      const first = stale.reduce<(typeof stale)[number] | null>(
        (oldest, each) => (oldest === null || each.since < oldest.since ? each : oldest),
        null,
      )
      const known = ofNote.some(({ told }) => told)
      const waiting =
        ofNote.length === 0 || ofNote.some(each => !each.told && !each.refused && !each.stale && !each.late)
      const pods = watches.filter(({ kind }) => kind === 'Pod')
      if (!known && pods.length > 0 && pods.every(({ refused }) => refused !== null) && !waiting)
        return { state: 'failed' as const, asOf, since: null, problem: { key: 'live.nothingReadable' as const } }
      const begun = waiting && !broken ? ('connecting' as const) : ('failed' as const)
      const state = first ? (known ? ('stale' as const) : begun) : waiting ? ('connecting' as const) : ('live' as const)
      return { state, asOf, since: first?.since ?? null, problem: first?.problem ?? null }
    },
    isComplete: (kind, namespace) =>
      watches.some(
        each =>
          each.kind === kind && (each.namespace === null || each.namespace === namespace) && each.told && !each.stale,
      ) &&
      watches.some(
        each => each.kind === 'Pod' && (each.namespace === null || each.namespace === namespace) && each.told,
      ),
    get watched() {
      return listeners.size > 0
    },
    watch(listener) {
      listeners.add(listener)
      if (leaving) clearTimeout(leaving)
      leaving = null
      if (!running) start()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || leaving) return
        leaving = setTimeout(() => void stop(), linger)
        // A command that is done must not be kept alive by it.
        leaving.unref()
      }
    },
    async close() {
      listeners.clear()
      await stop()
      telling.stop()
    },
  }
}
