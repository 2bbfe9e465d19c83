import type { DeliveryChange, DeliveryProgress, DeliveryStep } from '../../../shared/delivery/delivery.ts'
import { inWaves, waveOf } from '../../../shared/delivery/delivery-order.ts'
import { asOwned } from '../../../shared/delivery/owned-set.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { Health, LiveObject } from '../../../shared/health/health.ts'
import { numberAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster } from '../../needs/cluster.ts'
import { lackedRights, refusalFor } from '../clusters/index.ts'
import { type Desired, type DesiredObject, nameOf, type OwnedObject, ownedObjects, problemOf } from '../drift/index.ts'
import { type Accepted, readinessOf, waitReady } from './wait-ready.ts'

export type Orders = {
  readonly set: string
  readonly prune: boolean
  readonly force: boolean
  readonly dryRun: boolean
  /** Seconds to wait for a wave to get ready. */
  readonly patience: number
  /** What should be there, by the kinds that the cluster serves now. */
  readonly desired: () => Promise<Desired>
  /** An object as it is applied: without what others hold of it. */
  readonly planned: (each: DesiredObject) => LiveObject
  readonly changeOf: (each: DesiredObject) => DeliveryChange | null
  readonly about: Pick<DeliveryProgress, 'notes' | 'decision'>
}

/** Requests that are under way at a time. */
const atOnce = 8
/** Milliseconds until a kind that was just defined has to be served. */
const served = 20_000
/** What may take for ever for reasons of its own, and holds nothing up: an address, a volume nobody uses yet. */
const notAwaited =
  /^(Service|Ingress|PersistentVolumeClaim|HorizontalPodAutoscaler|PodDisruptionBudget|Canary|APIService)$/

type Step = { -readonly [K in keyof DeliveryStep]: DeliveryStep[K] }

/**
 * Applies what should be there wave by wave, each once the one before is ready, then prunes what an earlier delivery
 * brought: never anything that it has not just listed as its own. Stops at the first failure; what was not begun is
 * said to be left. Each step is told.
 */
export async function deliverObjects(
  cluster: Cluster,
  orders: Orders,
  clock: Clock,
  tell: (progress: DeliveryProgress) => void,
  signal: AbortSignal,
): Promise<DeliveryProgress> {
  let desired = await orders.desired()
  const { dryRun } = orders
  const begunAt = iso(clock)
  const inOrder = inWaves(desired.objects, ({ manifest }) => manifest).flat()
  const steps = new Map(inOrder.map(each => [keyOf(each), stepOf(each, orders.changeOf(each))]))
  let phase: DeliveryProgress['phase'] = 'applying'
  let problem: Message | null = null

  const progress = (): DeliveryProgress => ({
    environment: desired.environment.id,
    context: cluster.context.name,
    sandbox: cluster.context.sandbox,
    dryRun,
    revision: desired.revision,
    phase,
    steps: [...steps.values()].map(step => ({ ...step })),
    begunAt,
    endedAt: phase === 'done' || phase === 'failed' ? iso(clock) : null,
    problem,
    ...orders.about,
  })
  const enter = (next: DeliveryProgress['phase']): void => {
    phase = next
    tell(progress())
  }
  const set = (key: string, change: Partial<Step>): void => {
    const step = steps.get(key)
    if (step) Object.assign(step, change)
    tell(progress())
  }
  const failed = (): Step | undefined => [...steps.values()].find(({ state }) => state === 'failed')
  const end = (): DeliveryProgress => {
    const first = failed()
    for (const step of steps.values()) if (first && step.state === 'waiting') step.state = 'left'
    if (first)
      problem = {
        key: dryRun ? 'delivery.wouldStop' : 'delivery.stopped',
        params: { object: `${first.kind} ${first.name}` },
      }
    enter(first ? 'failed' : 'done')
    return progress()
  }

  /** Applies one object; what has to get ready first is given back. */
  async function applyOne(each: DesiredObject): Promise<(Accepted & { readonly key: string }) | null> {
    const key = keyOf(each)
    try {
      const object = asOwned(orders.planned(each), orders.set, desired.environment.id)
      const options = { fieldManager: 'pilothouse', force: orders.force, dryRun }
      const live = await cluster.apply(object, options, signal)
      const health = readinessOf(live)
      const ready = dryRun || notAwaited.test(each.manifest.kind) || health.health === 'Healthy'
      set(key, { state: ready ? 'ready' : 'applied', health: health.health })
      if (ready || !each.kind) return null
      const generation = numberAt(live, 'metadata', 'generation') ?? 0
      return { key, kind: each.kind, namespace: each.namespace, name: each.manifest.name, generation }
    } catch (error) {
      const refused = problemOf(error)
      if (dryRun && isStillToCome(refused, each, desired)) set(key, { state: 'ready' })
      else set(key, { state: 'failed', problem: { key: refused.key, params: refused.params } })
      return null
    }
  }

  enter('applying')
  for (const [at, first] of inWaves(desired.objects, ({ manifest }) => manifest).entries()) {
    // Definitions may have come with the wave before, and say which kinds have a namespace.
    const wave = inWaves(desired.objects, ({ manifest }) => manifest)[at] ?? first
    const accepted: (Accepted & { readonly key: string })[] = []
    for (let from = 0; from < wave.length && (dryRun || !failed()); from += atOnce) {
      const results = await Promise.all(wave.slice(from, from + atOnce).map(applyOne))
      accepted.push(...results.filter(result => result !== null))
    }
    // A dry run goes on: everything that would be refused is said at once.
    if (failed() && !dryRun) return end()
    if (accepted.length > 0) {
      enter('getting-ready')
      const last = new Map<string, Health>()
      await waitReady(
        cluster,
        accepted,
        orders.patience * 1000,
        ({ key }, health, state) => {
          last.set(key, health)
          const why: Message | null =
            state === 'failed' ? { key: 'delivery.degraded', params: { reason: health.message } } : null
          const now = state === 'waiting' ? 'applied' : state
          set(key, { state: now, health: health.health, problem: why })
        },
        signal,
      )
      for (const { key } of accepted)
        if (steps.get(key)?.state === 'applied') {
          const params = { seconds: orders.patience, reason: last.get(key)?.message ?? '' }
          set(key, { state: 'failed', problem: { key: 'delivery.notReady', params } })
        }
      if (failed()) return end()
      phase = 'applying'
    }
    if (!dryRun && wave.some(({ manifest }) => manifest.kind === 'CustomResourceDefinition'))
      desired = await withNewKinds(cluster, orders, signal)
  }

  if (orders.prune && desired.objects.length > 0) {
    enter('pruning')
    const owned = await toPrune(cluster, desired, orders.set, signal)
    for (const each of owned) steps.set(pruneKey(each), pruneStep(each))
    tell(progress())
    for (const each of owned) {
      const key = pruneKey(each)
      try {
        if (!dryRun) await prune(cluster, each, signal)
        const lacked = dryRun ? await deletingLacks(cluster, each, signal) : null
        set(key, lacked ? { state: 'failed', problem: lacked } : { state: 'pruned' })
      } catch (error) {
        const refused = problemOf(error)
        // Gone meanwhile is what was wanted.
        if (refused.code === 'not-found') set(key, { state: 'pruned' })
        else set(key, { state: 'failed', problem: { key: refused.key, params: refused.params } })
        if (failed() && !dryRun) break
      }
    }
  }
  return end()
}

const iso = (clock: Clock): string => new Date(clock.now()).toISOString()

/** By what the file says: which kinds have a namespace may not be known yet. */
const keyOf = ({ manifest }: DesiredObject): string =>
  `${manifest.group}/${manifest.kind}/${manifest.namespace ?? ''}/${manifest.name}`

function stepOf({ manifest, namespace }: DesiredObject, change: DeliveryChange | null): Step {
  const { group, kind, name } = manifest
  return { group, kind, namespace, name, action: 'apply', change, state: 'waiting', health: null, problem: null }
}

/** In a dry run nothing is there yet that would have come: a namespace, a definition. */
function isStillToCome({ code, key }: AppError, { namespace, manifest }: DesiredObject, { objects }: Desired): boolean {
  if (code !== 'not-found') return false
  return objects.some(
    ({ manifest: other }) =>
      (other.kind === 'Namespace' && other.name === namespace) ||
      (key === 'cluster.notServed' &&
        other.kind === 'CustomResourceDefinition' &&
        textAt(other.value, 'spec', 'group') === manifest.group &&
        textAt(other.value, 'spec', 'names', 'kind') === manifest.kind),
  )
}

/** The same with the kinds that were just defined, once they are all served. */
async function withNewKinds(cluster: Cluster, orders: Orders, signal: AbortSignal): Promise<Desired> {
  const until = performance.now() + served
  for (;;) {
    await cluster.kinds(signal, true)
    const desired = await orders.desired()
    const isDefined = ({ manifest: { group, kind } }: DesiredObject) =>
      desired.objects.some(
        ({ manifest }) =>
          manifest.kind === 'CustomResourceDefinition' &&
          textAt(manifest.value, 'spec', 'group') === group &&
          textAt(manifest.value, 'spec', 'names', 'kind') === kind,
      )
    if (!desired.objects.some(each => !each.kind && isDefined(each)) || performance.now() > until) return desired
    await new Promise(resolve => setTimeout(resolve, 200))
    signal.throwIfAborted()
  }
}

/** What the set holds in the cluster and Git has no more; what depends on others first. */
async function toPrune(
  cluster: Cluster,
  { objects }: Desired,
  set: string,
  signal: AbortSignal,
): Promise<readonly OwnedObject[]> {
  const wanted = new Set(
    objects.map(({ manifest, namespace }) => `${manifest.group}/${manifest.kind}/${namespace}/${manifest.name}`),
  )
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))].filter(each => each !== '')
  return (await ownedObjects(cluster, set, namespaces, signal))
    .filter(({ kind, object }) => {
      const { namespace, name } = placeOf(object)
      return !wanted.has(`${kind.group}/${kind.kind}/${namespace}/${name}`)
    })
    .sort((a, b) => waveOf(b.kind) - waveOf(a.kind))
}

const placeOf = (object: LiveObject) => ({
  namespace: textAt(object, 'metadata', 'namespace') ?? '',
  name: textAt(object, 'metadata', 'name') ?? '',
})

const pruneKey = ({ kind, object }: OwnedObject): string => {
  const { namespace, name } = placeOf(object)
  return `prune ${kind.group}/${kind.kind}/${namespace}/${name}`
}

const pruneStep = ({ kind, object }: OwnedObject): Step => ({
  group: kind.group,
  kind: kind.kind,
  ...placeOf(object),
  action: 'prune',
  change: null,
  state: 'waiting',
  health: null,
  problem: null,
})

/** No server tells what deleting would be refused for, so this person's rights are asked for. */
async function deletingLacks(
  cluster: Cluster,
  { kind: { group, resource }, object }: OwnedObject,
  signal: AbortSignal,
): Promise<Message | null> {
  const { namespace } = placeOf(object)
  const right = { verb: 'delete', group, resource, namespace: namespace === '' ? null : namespace }
  const [lacked] = await lackedRights(cluster, [right], signal)
  return lacked ? refusalFor(lacked, cluster.context.name) : null
}

async function prune(cluster: Cluster, { kind, object }: OwnedObject, signal: AbortSignal): Promise<void> {
  const uid = textAt(object, 'metadata', 'uid')
  const name = { ...nameOf(kind), ...placeOf(object) }
  await cluster.delete(name, { propagation: 'Background', ...(uid !== undefined && { uid }) }, signal)
}
