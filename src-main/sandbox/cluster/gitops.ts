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
import { sameValue } from '../../../shared/yaml/yaml-value.ts'
import { ApiError } from './api-error.ts'
import { applyingTo, healthOf, inOrder, isSame, located } from './apply-manifests.ts'
import type { Checkout, Checkouts, Followed } from './checkouts.ts'
import { omit, setAt } from './fields/json.ts'
import { differs, respectIgnored } from './gitops-compare.ts'
import type { Kind } from './kinds.ts'
import type { Controller, World } from './simulation.ts'
import type { ClusterState } from './state.ts'

const manager = 'argocd-controller'
const refreshKey = 'argocd.argoproj.io/refresh'
const instanceKey = 'argocd.argoproj.io/tracking-id'
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
  const applying = applyingTo(state, manager)
  const { kindOf, find, write } = applying
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
      const checkout = checkouts.latest(sourceOf(application))
      if (!checkout) return undefined
      if (checkout.problem) {
        world.replace('argoproj.io/Application', notCompared(world, application, checkout), manager)
        return undefined
      }
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
      inOrder(checkout.manifests).map(manifest => tracked(manifest, kindOf(manifest), namespace, instance))
    placed.set(checkout, wanted)
    const look = () => wanted.map(manifest => compare(application, manifest))
    let found = look()
    const isOurs = (object: LiveObject) =>
      textAt(object, 'metadata', 'annotations', instanceKey)?.startsWith(instance) === true
    const surplus = () => applying.owned(isOurs).filter(each => !wanted.some(manifest => isSame(manifest, each)))

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
    const at = sameValue(last, status) ? (reconciledAt ?? world.time()) : world.time()
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
}

/** A manifest in its place, with the mark of its Application. */
function tracked(manifest: JsonObject, kind: Kind | undefined, usual: string, instance: string): JsonObject {
  const placed = located(manifest, kind, usual)
  const [namespace, name] = ['namespace', 'name'].map(key => textAt(placed, 'metadata', key) ?? '')
  const id = `${instance}${kind?.group ?? ''}/${kind?.kind ?? ''}:${namespace}/${name}`
  return setAt(placed, ['metadata', 'annotations', instanceKey], id)
}

/** What an Application follows. */
export const sourceOf = (application: JsonObject): Followed => ({
  revision: textAt(application, 'spec', 'source', 'targetRevision') ?? 'HEAD',
  path: textAt(application, 'spec', 'source', 'path') ?? '',
})

/** What cannot be built is compared with nothing, and nothing is pruned for it. */
function notCompared(world: World, application: JsonObject, { problem }: Checkout): JsonObject {
  const message = `Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = ${problem?.message ?? ''}`
  const condition = { type: 'ComparisonError', message }
  const conditions = [{ ...condition, lastTransitionTime: world.time() }]
  const status = objectAt(application, 'status')
  if (listAt(status, 'conditions').some(each => textAt(each, 'message') === message)) return application
  const sync = { ...objectAt(status, 'sync'), status: 'Unknown' }
  return { ...omit(application, ['operation']), status: { ...status, sync, conditions } }
}

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
