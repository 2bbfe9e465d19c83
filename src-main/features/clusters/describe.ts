import type { ObjectDescription } from '../../../shared/clusters/contract.ts'
import { conditionsFor, containersOf, readableYaml } from '../../../shared/clusters/describe-object.ts'
import { objectRow, rowOrder } from '../../../shared/clusters/object-row.ts'
import { AppError } from '../../../shared/errors.ts'
import { assessHealth } from '../../../shared/health/assess-health.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { type Warning, withWarnings } from '../../../shared/live/pod-events.ts'
import { whyNotReady } from '../../../shared/live/why-not-ready.ts'
import { listAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, ObjectName } from '../../needs/cluster.ts'

/** Owners further up than this are a loop. */
const longestChain = 6

/** One object as it is now, with what happened to it and who answers for it. */
export async function describe(
  cluster: Cluster,
  name: ObjectName,
  clock: Clock,
  signal: AbortSignal,
): Promise<ObjectDescription> {
  const object = await cluster.get(name, signal)
  const [events, owners] = await Promise.all([eventsOf(cluster, object, signal), ownersOf(cluster, object, signal)])
  const { health, message } = assessHealth(object)
  const why = name.kind === 'Pod' && name.group === '' ? whyNotReady(object) : null
  return {
    kind: name.kind,
    namespace: name.namespace ?? '',
    name: name.name,
    createdAt: textAt(object, 'metadata', 'creationTimestamp') ?? '',
    health,
    message,
    why: why && withWarnings(why, (events ?? []).map(warningOf)).message,
    conditions: conditionsFor(object),
    events: events?.map(objectRow).sort(rowOrder) ?? null,
    owners,
    containers: containersOf(object),
    yaml: readableYaml(object),
    asOf: new Date(clock.now()).toISOString(),
  }
}

const warningOf = (event: LiveObject): Warning => {
  const { last = '', count = 1 } = objectRow(event)
  return { reason: textAt(event, 'reason') ?? '', message: textAt(event, 'message') ?? '', count, last }
}

/** Null where they may not be read. */
async function eventsOf(
  cluster: Cluster,
  object: LiveObject,
  signal: AbortSignal,
): Promise<readonly LiveObject[] | null> {
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default'
  const uid = textAt(object, 'metadata', 'uid')
  const own =
    uid === undefined ? `involvedObject.name=${textAt(object, 'metadata', 'name') ?? ''}` : `involvedObject.uid=${uid}`
  try {
    return await cluster.list({ kind: { group: '', kind: 'Event' }, namespace, fieldSelector: own }, signal)
  } catch (error) {
    if (error instanceof AppError && error.code === 'forbidden') return null
    throw error
  }
}

async function ownersOf(
  cluster: Cluster,
  object: LiveObject,
  signal: AbortSignal,
): Promise<ObjectDescription['owners']> {
  const namespace = textAt(object, 'metadata', 'namespace')
  const chain: { readonly kind: string; readonly group: string; readonly name: string }[] = []
  let at: LiveObject | null = object
  while (at && chain.length < longestChain) {
    const owners = listAt(at, 'metadata', 'ownerReferences')
    const owner = owners.find(item => textAt(item, 'controller') === 'true') ?? owners[0]
    if (owner === undefined) break
    const version = textAt(owner, 'apiVersion') ?? ''
    const named = {
      kind: textAt(owner, 'kind') ?? '',
      group: version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
      name: textAt(owner, 'name') ?? '',
    }
    chain.push(named)
    at = await ownerObject(cluster, { ...named, ...(namespace !== undefined && { namespace }) }, signal)
  }
  return chain
}

/** Null where it is gone or may not be read: the chain ends there. */
async function ownerObject(cluster: Cluster, name: ObjectName, signal: AbortSignal): Promise<LiveObject | null> {
  try {
    return await cluster.get(name, signal)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'forbidden' || error.code === 'not-found')) return null
    throw error
  }
}
