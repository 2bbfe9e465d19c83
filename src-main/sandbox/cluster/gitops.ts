import { assessHealth } from '../../../shared/health/assess-health.ts'
import type { HealthStatus, LiveObject } from '../../../shared/health/health.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'
import { omit, sameJson, setAt } from './fields/json.ts'
import { differs, respectIgnored } from './gitops-compare.ts'
import type { Kind } from './kinds.ts'
import type { Controller, World } from './simulation.ts'
import type { ClusterState } from './state.ts'

/** What the repository holds at the revision an Application follows. */
export type Checkout = { readonly revision: string; readonly manifests: readonly JsonObject[] }

/** Fetches what an Application follows, and calls back when that has changed. */
export type Checkouts = {
  /** What was fetched last; null before the first time. */
  latest(application: JsonObject): Checkout | null
  /** Asks for it anew. */
  refresh(): void
}

const manager = 'argocd-controller'
const refreshKey = 'argocd.argoproj.io/refresh'
const instanceKey = 'argocd.argoproj.io/tracking-id'
const order = [
  'Namespace',
  'CustomResourceDefinition',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Service',
]
const worst: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']
/** It compares at most this often, in milliseconds: each Pod that starts is a change. */
const rest = 800

/**
 * A simulated Argo CD: compares what the repository says with what runs, syncs where that is automatic or asked for
 * (`operation.sync`), prunes what it made, and says how everything does. An annotation asks for a refresh.
 */
export function createGitOpsController(state: ClusterState, checkouts: Checkouts): Controller {
  /** What a comparison found, for as long as both sides are the same: a status that moves changes neither. */
  const known = new WeakMap<JsonObject, { readonly spec: Json; readonly metadata: string; readonly same: boolean }>()
  const placed = new WeakMap<Checkout, readonly JsonObject[]>()
  const compared = new Map<string, { readonly at: number; readonly version: number }>()
  const kindOf = (manifest: JsonObject): Kind | undefined => {
    const version = textAt(manifest, 'apiVersion') ?? ''
    return state.findKind(
      version.includes('/') ? version.slice(0, version.indexOf('/')) : '',
      textAt(manifest, 'kind') ?? '',
    )
  }
  const everyApplication = (world: World) => world.list('argoproj.io/Application')
  const watched = [
    'apps/Deployment',
    'apps/StatefulSet',
    'apps/DaemonSet',
    '/Service',
    '/ConfigMap',
    'argoproj.io/Rollout',
    'flagger.app/Canary',
    'gateway.networking.k8s.io/HTTPRoute',
    'autoscaling/HorizontalPodAutoscaler',
  ]

  return {
    kinds: ['argoproj.io/Application'],
    follows: Object.fromEntries(watched.map(kind => [kind, everyApplication])),
    reconcile(world, application) {
      const uid = textAt(application, 'metadata', 'uid')!
      const asked = textAt(application, 'metadata', 'annotations', refreshKey)
      if (asked !== undefined) {
        checkouts.refresh()
        world.replace(
          'argoproj.io/Application',
          setAt(application, ['metadata', 'annotations', refreshKey], undefined),
          manager,
        )
        return undefined
      }
      const checkout = checkouts.latest(application)
      if (!checkout) return undefined
      const operation = objectAt(application, 'operation')
      const before = compared.get(uid)
      const isNews = 'sync' in operation || textAt(application, 'status', 'sync', 'revision') !== checkout.revision
      if (before && !isNews && world.now() < before.at + rest) return before.at + rest
      compared.set(uid, { at: world.now(), version: state.store.version })
      const next = compareAndSync(world, application, checkout)
      world.replace('argoproj.io/Application', next, manager)
      return undefined
    },
  }

  function compareAndSync(world: World, application: JsonObject, checkout: Checkout): JsonObject {
    const { revision } = checkout
    const namespace = textAt(application, 'spec', 'destination', 'namespace') ?? 'default'
    const instance = `${textAt(application, 'metadata', 'name')}:`
    const wanted =
      placed.get(checkout) ??
      [...checkout.manifests]
        .sort((a, b) => rank(a) - rank(b))
        .map(manifest => located(manifest, kindOf(manifest), namespace, instance))
    placed.set(checkout, wanted)
    const look = () => wanted.map(manifest => compare(application, manifest))
    let found = look()
    const surplus = () => owned(instance).filter(({ kind, object }) => !wanted.some(each => isSame(each, kind, object)))

    const operation = objectAt(application, 'operation', 'sync')
    const automated = objectAt(application, 'spec', 'syncPolicy')['automated']
    const isAsked = 'sync' in objectAt(application, 'operation')
    const isNewRevision = textAt(application, 'status', 'operationState', 'syncResult', 'revision') !== revision
    const heals = valueAt(application, ['spec', 'syncPolicy', 'automated', 'selfHeal']) === true
    const outOfSync = found.some(({ status }) => status === 'OutOfSync') || surplus().length > 0
    const isAutomatic = isObject(automated) && outOfSync && (isNewRevision || heals)
    let operationState = objectAt(application, 'status')['operationState']
    let history = listAt(application, 'status', 'history')
    if (isAsked || isAutomatic) {
      const prunes = operation['prune'] === true || valueAt(automated ?? null, ['prune']) === true
      const started = world.time()
      const results = wanted.map(manifest => apply(application, manifest))
      if (prunes) for (const { kind, object } of surplus()) world.remove(`${kind.group}/${kind.kind}`, object)
      const failed = results.filter(each => each['status'] === 'SyncFailed')
      operationState = {
        phase: failed.length > 0 ? 'Failed' : 'Succeeded',
        message:
          failed.length > 0
            ? `one or more objects failed to apply, reason: ${textAt(failed[0]!, 'message') ?? ''}`
            : 'successfully synced (all tasks run)',
        startedAt: started,
        finishedAt: world.time(),
        operation: isAsked
          ? objectAt(application, 'operation')
          : { sync: { revision, prune: prunes }, initiatedBy: { automated: true } },
        syncResult: { revision, source: objectAt(application, 'spec', 'source'), resources: results },
      }
      if (failed.length === 0)
        history = [
          ...history,
          {
            id: Number(textAt(history.at(-1), 'id') ?? -1) + 1,
            revision,
            deployStartedAt: started,
            deployedAt: world.time(),
            source: objectAt(application, 'spec', 'source'),
          },
        ].slice(-10)
      found = look()
    }
    const left = surplus()
    const resources = [
      ...found.map(({ describe, status, health }) => ({ ...describe, status, ...(health && { health }) })),
      ...left.map(({ kind, object }) => ({
        ...describe(kind, object),
        status: 'OutOfSync',
        requiresPruning: true,
      })),
    ]
    const isSynced = resources.every(({ status }) => status === 'Synced')
    const healths = found.flatMap(({ health }) => (health ? [health.status] : []))
    const health = worst[Math.max(0, ...healths.map(each => worst.indexOf(each)))]!
    const old = objectAt(application, 'status', 'health')
    const images = checkout.manifests.flatMap(manifest =>
      listAt(manifest, 'spec', 'template', 'spec', 'containers').map(container => textAt(container, 'image') ?? ''),
    )
    const status: JsonObject = {
      sync: {
        status: isSynced ? 'Synced' : 'OutOfSync',
        revision,
        comparedTo: {
          source: objectAt(application, 'spec', 'source'),
          destination: objectAt(application, 'spec', 'destination'),
        },
      },
      health: {
        status: health,
        lastTransitionTime: old['status'] === health ? (old['lastTransitionTime'] ?? world.time()) : world.time(),
      },
      resources,
      ...(operationState && { operationState }),
      ...(history.length > 0 && { history }),
      sourceType: 'Directory',
      summary: { images: [...new Set(images)].sort() },
      controllerNamespace: textAt(application, 'metadata', 'namespace') ?? '',
    }
    // A comparison that finds what the last one found says nothing new, not even when it was.
    const { reconciledAt, ...last } = objectAt(application, 'status')
    const at = sameJson(last, status) ? (reconciledAt ?? world.time()) : world.time()
    return { ...omit(application, ['operation']), status: { ...status, reconciledAt: at } }
  }

  function compare(application: JsonObject, manifest: JsonObject) {
    const kind = kindOf(manifest)
    const live = kind && find(kind, manifest)
    const health = live ? healthOf(live) : { status: 'Missing' as const }
    let status = 'OutOfSync'
    if (kind && live) {
      const spec = live['spec'] ?? live['data'] ?? null
      const metadata = JSON.stringify([objectAt(live, 'metadata', 'labels'), objectAt(live, 'metadata', 'annotations')])
      const last = known.get(manifest)
      const same =
        spec !== null && last?.spec === spec && last.metadata === metadata
          ? last.same
          : !differs(live, write(kind, respectIgnored(application, manifest, live), true))
      known.set(manifest, { spec, metadata, same })
      status = same ? 'Synced' : 'OutOfSync'
    }
    return { describe: describe(kind, manifest), status, health }
  }

  function apply(application: JsonObject, manifest: JsonObject): JsonObject {
    const kind = kindOf(manifest)
    const about = { ...describe(kind, manifest), syncPhase: 'Sync' }
    if (!kind)
      return {
        ...about,
        status: 'SyncFailed',
        message: `The Kubernetes API could not find ${textAt(manifest, 'apiVersion')}/${textAt(manifest, 'kind')}. Make sure the CRD is installed on the destination cluster.`,
      }
    try {
      const live = find(kind, manifest)
      const changed = write(kind, respectIgnored(application, manifest, live), false)
      const said = !live ? 'created' : changed === live ? 'unchanged' : 'configured'
      return { ...about, status: 'Synced', message: `${kind.resource}/${textAt(manifest, 'metadata', 'name')} ${said}` }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { ...about, status: 'SyncFailed', message: error.message }
    }
  }

  function write(kind: Kind, manifest: JsonObject, dryRun: boolean): JsonObject {
    const at = {
      namespace: textAt(manifest, 'metadata', 'namespace') ?? '',
      name: textAt(manifest, 'metadata', 'name') ?? '',
    }
    try {
      return state.writer.patch(kind, at, 'apply', manifest, { manager, force: true, dryRun })
    } catch (error) {
      if (dryRun && error instanceof ApiError) return manifest
      throw error
    }
  }

  function find(kind: Kind, manifest: JsonObject): LiveObject | undefined {
    return state.store.get(
      kind,
      textAt(manifest, 'metadata', 'namespace') ?? '',
      textAt(manifest, 'metadata', 'name') ?? '',
    )
  }

  /** What this Application made. */
  function owned(instance: string): readonly { readonly kind: Kind; readonly object: LiveObject }[] {
    return state.kinds().flatMap(kind =>
      kind.verbs.includes('list')
        ? state.store
            .list(kind)
            .filter(object => textAt(object, 'metadata', 'annotations', instanceKey)?.startsWith(instance))
            .filter(object => textAt(object, 'metadata', 'deletionTimestamp') === undefined)
            .map(object => ({ kind, object }))
        : [],
    )
  }
}

const rank = (manifest: JsonObject): number => {
  const at = order.indexOf(textAt(manifest, 'kind') ?? '')
  return at < 0 ? order.length : at
}

function located(manifest: JsonObject, kind: Kind | undefined, namespace: string, instance: string): JsonObject {
  const name = textAt(manifest, 'metadata', 'name') ?? ''
  const space = kind?.namespaced === false ? undefined : (textAt(manifest, 'metadata', 'namespace') ?? namespace)
  const placed = kind?.namespaced === false ? manifest : setAt(manifest, ['metadata', 'namespace'], space)
  const id = `${instance}${kind?.group ?? ''}/${kind?.kind ?? ''}:${space ?? ''}/${name}`
  return setAt(placed, ['metadata', 'annotations', instanceKey], id)
}

const isSame = (manifest: JsonObject, kind: Kind, object: LiveObject): boolean =>
  textAt(manifest, 'kind') === kind.kind &&
  textAt(manifest, 'metadata', 'name') === textAt(object, 'metadata', 'name') &&
  (textAt(manifest, 'metadata', 'namespace') ?? '') === (textAt(object, 'metadata', 'namespace') ?? '')

function describe(kind: Kind | undefined, object: JsonObject): JsonObject {
  const namespace = textAt(object, 'metadata', 'namespace')
  return {
    ...(kind && kind.group !== '' && { group: kind.group }),
    version: kind?.versions[0] ?? 'v1',
    kind: textAt(object, 'kind') ?? '',
    ...(namespace !== undefined && { namespace }),
    name: textAt(object, 'metadata', 'name') ?? '',
  }
}

const judged =
  /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|Pod|Service|Ingress|HorizontalPodAutoscaler|PersistentVolumeClaim|Rollout|Canary)$/

function healthOf(object: LiveObject): { readonly status: HealthStatus; readonly message?: string } | undefined {
  if (!judged.test(textAt(object, 'kind') ?? '')) return undefined
  const { health, message } = assessHealth(object)
  return { status: health, ...(message !== '' && { message }) }
}
