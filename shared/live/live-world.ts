import { kindOf } from '../health/assess-health.ts'
import type { HealthStatus, LiveObject } from '../health/health.ts'
import { textAt } from '../manifests/manifest.ts'
import { Aimed, link, unlink } from './aimed.ts'
import { type About, HeardWarnings } from './heard-warnings.ts'
import type { LiveAutoscaler, LiveLeader, LivePod, LiveVersion, LiveWorkload } from './live.ts'
import { needsSomebody } from './needs-somebody.ts'
import { type Warning, withWarnings } from './pod-events.ts'
import { keyOf, type PodFacts, podFacts } from './pod-facts.ts'
import { oneLine, type Why } from './why-not-ready.ts'
import {
  autoscalerFacts,
  endpointFacts,
  leaderFacts,
  type ObjectFacts,
  objectFacts,
  workloadKey,
} from './workload-facts.ts'
import { worstFirst } from './worst-first.ts'

/** What a watch tells of one kind: everything there is, or what is another than before. */
export type LiveBatch =
  | { readonly all: readonly LiveObject[] }
  | { readonly changed: readonly LiveObject[]; readonly gone: readonly LiveObject[] }

/** Groups whose kinds decide about others. */
const leaders = /^(flagger\.app|.*\.toolkit\.fluxcd\.io)$|^argoproj\.io$/
const isLeader = (group: string, kind: string): boolean => leaders.test(group) && kind !== 'Rollout'
const isEndpoints = (kind: string): boolean => kind === 'EndpointSlice' || kind === 'Endpoints'

/**
 * What runs in some namespaces, kept up to date from watches. Only facts are kept, not the objects. What did not change
 * stays the same object from one reading to the next, so that neither the wire nor the page touches it again, and a
 * batch costs what it changes and the Pods of the workloads it touches.
 *
 * Decision: the one class in `shared/` that changes in place. Because: ten thousand Pods and two hundred changes a
 * second; a copy of the world for each batch would be most of the work.
 */
export class LiveWorld {
  readonly #pods = new Map<string, PodFacts>()
  readonly #podsOf = new Map<string, Set<string>>()
  readonly #objects = new Map<string, ObjectFacts>()
  /** ReplicaSets by their owner. */
  readonly #setsOf = new Map<string, Set<string>>()
  readonly #warnings = new HeardWarnings()
  /** By their own name, and by the workload they speak of. */
  readonly #autoscalers = new Aimed<LiveAutoscaler>()
  readonly #leaders = new Aimed<LiveLeader>()
  /** Slices by Service. */
  readonly #endpoints = new Aimed<{ readonly ready: number; readonly all: number }>()
  /** What each watch has told, for what its next snapshot no longer holds. */
  readonly #told = new Map<string, Map<string, LiveObject>>()
  /** What is kept of an object in {@link #told}, while somebody else keeps the object itself. */
  readonly #stubs = new WeakMap<LiveObject, LiveObject>()
  readonly #dirty = new Set<string>()
  readonly #workloads = new Map<string, LiveWorkload>()
  readonly #podViews = new Map<string, { readonly facts: PodFacts; readonly view: LivePod }>()
  readonly #troubled = new Set<string>()
  #list: readonly LiveWorkload[] = []
  /** Pods looked at since the world began: what its work is counted in. */
  looks = 0

  /** Takes what the watch `source` tells. Watches of different sources never tell of the same object. */
  take(source: string, batch: LiveBatch): void {
    const told = this.#told.get(source) ?? new Map<string, LiveObject>()
    this.#told.set(source, told)
    if ('all' in batch) {
      const now = new Set<string>()
      for (const object of batch.all) now.add(this.#hear(told, object))
      for (const [key, object] of told)
        if (!now.has(key)) {
          told.delete(key)
          this.#drop(object)
        }
      return
    }
    for (const object of batch.changed) this.#hear(told, object)
    for (const object of batch.gone) {
      told.delete(`${kindOf(object).kind} ${keyOf(object)}`)
      this.#drop(object)
    }
  }

  /** Takes one object, unless it is the very one that was told of last: a list made anew holds most of what is known. */
  #hear(told: Map<string, LiveObject>, object: LiveObject): string {
    const key = `${kindOf(object).kind} ${keyOf(object)}`
    const known = this.#stubs.get(object)
    if (known && told.get(key) === known) return key
    const own = stub(object)
    this.#stubs.set(object, own)
    told.set(key, own)
    this.#put(object)
    return key
  }

  #put(object: LiveObject): void {
    const { group, kind } = kindOf(object)
    const key = keyOf(object)
    if (kind === 'Pod') this.#putPod(object, key)
    else if (kind === 'Event') this.#touchNamed(this.#warnings.hear(object))
    else if (kind === 'HorizontalPodAutoscaler') {
      const { target, facts } = autoscalerFacts(object)
      this.#touchAll(this.#autoscalers.set(key, target, facts))
    } else if (isEndpoints(kind)) {
      const { service, ...facts } = endpointFacts(object)
      this.#endpoints.set(key, service, facts)
    } else if (isLeader(group, kind)) {
      const { target, facts } = leaderFacts(object)
      this.#touchAll(this.#leaders.set(`${kind} ${key}`, target, facts))
    } else this.#putObject(object, kind)
  }

  #putObject(object: LiveObject, kind: string): void {
    const facts = objectFacts(object)
    const own = workloadKey(kind, facts.namespace, facts.name)
    const before = this.#objects.get(own)
    this.#objects.set(own, facts)
    if (before?.owner && before.owner !== facts.owner) unlink(this.#setsOf, before.owner, own)
    if (facts.owner !== null) {
      // Pods came before the set that says whose they are: until now it stood for itself.
      link(this.#setsOf, facts.owner, own)
      this.#workloads.delete(own)
    }
    this.#touch(own)
  }

  #putPod(object: LiveObject, key: string): void {
    const before = this.#pods.get(key)
    const facts = podFacts(object)
    this.looks += 1
    if (before) unlink(this.#podsOf, directOwner(before), key)
    this.#pods.set(key, facts)
    link(this.#podsOf, directOwner(facts), key)
    if (facts.cause === null) this.#troubled.delete(key)
    else this.#troubled.add(key)
    this.#touch(directOwner(facts))
    if (before && directOwner(before) !== directOwner(facts)) this.#touch(directOwner(before))
  }

  #touchNamed(about: About | null): void {
    if (about === null) return
    const pod = about.kind === 'Pod' ? this.#pods.get(about.name) : undefined
    if (about.kind !== 'Pod') this.#touch(about.key)
    else this.#podViews.delete(about.name)
    if (pod) this.#touch(directOwner(pod))
  }

  #drop(object: LiveObject): void {
    const { group, kind } = kindOf(object)
    const key = keyOf(object)
    if (kind === 'Pod') this.#dropPod(key)
    else if (kind === 'Event') this.#touchNamed(this.#warnings.forget(object))
    else if (kind === 'HorizontalPodAutoscaler') this.#touchAll(this.#autoscalers.delete(key))
    else if (isEndpoints(kind)) this.#endpoints.delete(key)
    else if (isLeader(group, kind)) this.#touchAll(this.#leaders.delete(`${kind} ${key}`))
    else this.#dropObject(`${kind} ${key}`)
  }

  #dropPod(key: string): void {
    const facts = this.#pods.get(key)
    if (!facts) return
    this.#pods.delete(key)
    this.#podViews.delete(key)
    this.#troubled.delete(key)
    this.#warnings.drop(`Pod ${key}`)
    unlink(this.#podsOf, directOwner(facts), key)
    this.#touch(directOwner(facts))
  }

  #dropObject(key: string): void {
    const owner = this.#objects.get(key)?.owner ?? null
    this.#objects.delete(key)
    this.#touch(key)
    if (owner === null) return
    unlink(this.#setsOf, owner, key)
    this.#touch(owner)
  }

  #touchAll(keys: readonly string[]): void {
    for (const key of keys) this.#touch(key)
  }

  /** Marks what is to be told anew: the workload at the top of the chain of owners. */
  #touch(key: string): void {
    this.#dirty.add(this.#topOf(key))
  }

  #topOf(key: string): string {
    let at = key
    // Four is more than any chain has: CronJob, Job, Pod; Rollout, ReplicaSet, Pod.
    for (let steps = 0; steps < 4; steps++) {
      const owner = this.#objects.get(at)?.owner
      if (!owner) return at
      at = owner
    }
    return at
  }

  /** Every workload, worst first being the reader's to do; the same array while nothing changed. */
  workloads(): readonly LiveWorkload[] {
    if (this.#dirty.size === 0) return this.#list
    for (const key of this.#dirty) {
      const next = this.#tell(key)
      if (next) this.#workloads.set(key, next)
      else this.#workloads.delete(key)
    }
    this.#dirty.clear()
    this.#list = [...this.#workloads.values()]
    return this.#list
  }

  workload(key: string): LiveWorkload | undefined {
    this.workloads()
    return this.#workloads.get(key)
  }

  #setsUnder(key: string): readonly string[] {
    const direct = [...(this.#setsOf.get(key) ?? [])]
    return [key, ...direct, ...direct.flatMap(set => [...(this.#setsOf.get(set) ?? [])])]
  }

  /** Keys of the Pods of a workload. */
  podsOf(workload: string): readonly string[] {
    return this.#setsUnder(workload).flatMap(set => [...(this.#podsOf.get(set) ?? [])])
  }

  /** A Pod with why it is not ready, its warnings heard. */
  pod(key: string): LivePod | undefined {
    const facts = this.#pods.get(key)
    if (!facts) return undefined
    const known = this.#podViews.get(key)
    if (known?.facts === facts) return known.view
    const { owner: _owner, template: _template, cause, ...rest } = facts
    const heard = cause && withWarnings(cause, this.#warnings.of(`Pod ${key}`))
    const health: HealthStatus =
      heard && heard.rank >= needsSomebody && rest.health !== 'Degraded' ? 'Degraded' : rest.health
    const view = { ...rest, health, why: heard?.message ?? null, rank: heard?.rank ?? 0 }
    this.#podViews.set(key, { facts, view })
    return view
  }

  /** Keys of all Pods, in no order. */
  podKeys(): Iterable<string> {
    return this.#pods.keys()
  }

  /** Those that are not ready and should be, worst first; `leftOut` says how many more there are. */
  problems(most: number): { readonly pods: readonly LivePod[]; readonly leftOut: number } {
    const troubled = [...this.#troubled].flatMap(key => {
      const pod = this.pod(key)
      return pod && !pod.over ? [pod] : []
    })
    const pods = troubled.sort(worstFirst).slice(0, most)
    return { pods, leftOut: troubled.length - pods.length }
  }

  counts(): { readonly pods: number; readonly notReady: number } {
    let over = 0
    for (const key of this.#troubled) if (this.#pods.get(key)?.over) over += 1
    return { pods: this.#pods.size, notReady: this.#troubled.size - over }
  }

  /** Addresses behind Services, given as `namespace/name`; null where nothing tells of any. */
  endpointsOf(services: readonly string[]): { readonly ready: number; readonly all: number } | null {
    const slices = services.flatMap(service => this.#endpoints.at(service))
    if (slices.length === 0) return null
    return slices.reduce((sum, { ready, all }) => ({ ready: sum.ready + ready, all: sum.all + all }))
  }

  /** Canaries and GitOps objects of the namespaces. */
  leaders(): readonly LiveLeader[] {
    return this.#leaders.all()
  }

  warningsOf(kind: string, key: string): readonly Warning[] {
    return this.#warnings.of(`${kind} ${key}`)
  }

  /** What is to be told of a workload now; null where nothing of it is left. */
  #tell(key: string): LiveWorkload | null {
    const facts = this.#objects.get(key)
    const sets = this.#setsUnder(key)
    const pods = sets.flatMap(set => [...(this.#podsOf.get(set) ?? [])])
    this.looks += pods.length
    // A ReplicaSet that somebody leads is told with them, and one that is empty is a past of nobody.
    if (!facts && pods.length === 0) return null
    if (facts?.kind === 'ReplicaSet' && facts.desired === 0 && pods.length === 0) return null
    if (facts?.owner) return null
    const [kind = '', rest = ''] = key.split(' ')
    const [namespace = '', name = ''] = rest.split('/')
    const versions = new Map<string, { images: LivePod['images']; pods: number; ready: number }>()
    let ready = 0
    let restarts = 0
    let alive = 0
    let worst: Why | null = null
    const hear = (found: Why | null | undefined) => {
      if (found && (!worst || found.rank > worst.rank)) worst = found
    }
    for (const set of sets) hear(this.#objects.get(set)?.why)
    for (const set of sets) {
      for (const podKey of this.#podsOf.get(set) ?? []) {
        const pod = this.#pods.get(podKey)!
        restarts += pod.restarts
        if (pod.over) continue
        alive += 1
        if (pod.ready) ready += 1
        const version = set === key ? pod.template : (set.split('/')[1] ?? '')
        const told = versions.get(version) ?? { images: pod.images, pods: 0, ready: 0 }
        told.pods += 1
        if (pod.ready) told.ready += 1
        if (told.images.some(({ digest }) => digest === null) && pod.images.every(({ digest }) => digest !== null))
          told.images = pod.images
        versions.set(version, told)
        if (pod.cause) {
          const view = this.pod(podKey)!
          hear(view.why && { message: view.why, rank: view.rank })
        }
      }
    }
    const desired = facts ? facts.desired : kind === 'Pod' ? 1 : null
    const { health, message } = facts?.health ?? { health: 'Unknown' as const, message: '' }
    const why = worst as Why | null
    const short = desired === null ? alive > ready : ready < desired || alive > ready
    if (short && !why) {
      const warned = sets.flatMap(set => this.#warnings.of(set)).find(({ reason }) => reason === 'FailedCreate')
      if (warned) hear({ message: { key: 'live.whyNotCreated', params: { said: oneLine(warned.message) } }, rank: 90 })
    }
    const last = worst as Why | null
    return {
      key,
      kind,
      group: facts?.group ?? '',
      namespace,
      name,
      desired,
      ready,
      pods: alive,
      restarts,
      health: overall(facts ? health : null, last, ready, alive),
      message,
      why: last?.message ?? null,
      rank: last?.rank ?? (health === 'Degraded' ? 60 : health === 'Progressing' ? 12 : 0),
      versions: [...versions].map(([version, told]): LiveVersion => ({ name: version, ...told })).sort(mostFirst),
      autoscaler: this.#autoscalers.at(key)[0] ?? null,
      ledBy: this.#leaders.at(key),
    }
  }
}

/** A workload that its controller calls well is not while a Pod of it needs somebody. */
function overall(own: HealthStatus | null, why: Why | null, ready: number, alive: number): HealthStatus {
  if (why && why.rank >= needsSomebody && own !== 'Suspended') return 'Degraded'
  if (own !== null && own !== 'Unknown') return own
  return alive === 0 ? 'Unknown' : ready === alive ? 'Healthy' : 'Progressing'
}

const mostFirst = (a: LiveVersion, b: LiveVersion): number => b.pods - a.pods || (a.name < b.name ? -1 : 1)
/** Who made a Pod; itself where nobody did. */
const directOwner = ({ owner, namespace, name }: PodFacts): string =>
  owner === null || owner.kind === 'Node'
    ? workloadKey('Pod', namespace, name)
    : workloadKey(owner.kind, namespace, owner.name)

/** Enough of an object to take it out again. */
function stub(object: LiveObject): LiveObject {
  const { kind } = kindOf(object)
  const metadata = {
    namespace: textAt(object, 'metadata', 'namespace') ?? '',
    name: textAt(object, 'metadata', 'name') ?? '',
  }
  const apiVersion = textAt(object, 'apiVersion') ?? ''
  if (kind !== 'Event') return { apiVersion, kind, metadata }
  const about = object['involvedObject'] ?? object['regarding'] ?? null
  return { apiVersion, kind, metadata, involvedObject: about, reason: textAt(object, 'reason') ?? '' }
}
