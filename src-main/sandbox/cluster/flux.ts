import type { LiveObject } from '../../../shared/health/health.ts'
import { type JsonObject, listAt, numberAt, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'
import { applyingTo, healthOf, inOrder, isSame, located } from './apply-manifests.ts'
import type { Checkout, Checkouts, Followed } from './checkouts.ts'
import { duration } from './controllers/analysis-runs.ts'
import { setAt } from './fields/json.ts'
import { dependencyNotReady, isFluxReady, isSuspended, requestOf, tellReady } from './flux-conditions.ts'
import { createHelmController } from './flux-releases.ts'
import type { Controller, World } from './simulation.ts'
import type { ClusterState } from './state.ts'

const sources = 'source.toolkit.fluxcd.io/GitRepository'
const kustomizations = 'kustomize.toolkit.fluxcd.io/Kustomization'
const group = 'kustomize.toolkit.fluxcd.io'
/** How long an apply takes, and how soon a failed one is tried again, in milliseconds. */
const working = 600
const retry = 5000

/** A simulated Flux: its sources, what it builds and applies from them, and how far its Helm releases are. */
export const createFluxControllers = (state: ClusterState, checkouts: Checkouts): readonly Controller[] => [
  createSourceController(checkouts),
  createKustomizeController(state, checkouts),
  createHelmController(),
]

const refOf = (source: LiveObject): string =>
  textAt(source, 'spec', 'ref', 'branch') ?? textAt(source, 'spec', 'ref', 'tag') ?? 'main'
const artifactOf = (source: LiveObject | undefined): string | undefined =>
  textAt(source, 'status', 'artifact', 'revision')

/** Fetches what a GitRepository names, as `main@sha1:…`. The one repository that the sandbox has is every address. */
function createSourceController(checkouts: Checkouts): Controller {
  const asked = new Map<string, string>()
  return {
    kinds: [sources],
    reconcile(world, source) {
      if (isSuspended(source)) return undefined
      const uid = textAt(source, 'metadata', 'uid')!
      const request = requestOf(source)
      if (request !== '' && asked.get(uid) !== request) {
        asked.set(uid, request)
        checkouts.refresh()
      }
      const branch = refOf(source)
      const found = checkouts.latest({ revision: branch, path: '' })
      if (!found) return world.now() + working
      if (found.problem?.kind === 'no-revision') {
        const message = `failed to checkout and determine revision: unable to clone '${textAt(source, 'spec', 'url') ?? ''}': ${found.problem.message}`
        tellReady(world, sources, source, { status: 'False', reason: 'GitOperationFailed', message })
        return world.now() + retry
      }
      const revision = `${branch}@sha1:${found.revision}`
      const message = `stored artifact for revision '${revision}'`
      const known = objectAt(source, 'status', 'artifact')
      const artifact =
        known['revision'] === revision
          ? known
          : { revision, lastUpdateTime: world.time(), digest: `sha1:${found.revision}` }
      tellReady(world, sources, source, { status: 'True', reason: 'Succeeded', message }, { artifact })
      return undefined
    },
  }
}

type Done = { readonly key: string; readonly at: number; readonly state: 'begun' | 'applied' | 'over' }

/** Builds, applies and prunes a Kustomization when its source, its spec or a person asks for it. */
function createKustomizeController(state: ClusterState, checkouts: Checkouts): Controller {
  const applying = applyingTo(state, 'kustomize-controller')
  const known = new Map<string, Done>()

  const markOf = (object: LiveObject): string =>
    [`${group}/name`, `${group}/namespace`].map(key => textAt(object, 'metadata', 'labels', key) ?? '').join('/')

  function sourceFor(
    world: World,
    object: LiveObject,
  ): { readonly name: string; readonly source: LiveObject | undefined } {
    const ref = objectAt(object, 'spec', 'sourceRef')
    const namespace = textAt(ref, 'namespace') ?? textAt(object, 'metadata', 'namespace') ?? ''
    const name = textAt(ref, 'name') ?? ''
    return { name: `${namespace}/${name}`, source: world.get(sources, namespace, name) }
  }

  function reconcile(world: World, object: LiveObject): number | undefined {
    if (isSuspended(object)) return undefined
    const uid = textAt(object, 'metadata', 'uid')!
    const tell = (...[ready, more]: [Parameters<typeof tellReady>[3], JsonObject?]) =>
      tellReady(world, kustomizations, object, ready, more)
    const { name, source } = sourceFor(world, object)
    const artifact = artifactOf(source)
    if (!source || artifact === undefined || !isFluxReady(source)) {
      const message = source
        ? `Source artifact not found, retrying in ${retry / 1000}s`
        : `Source 'GitRepository/${name}' not found`
      tell({ status: 'False', reason: 'ArtifactFailed', message })
      return world.now() + retry
    }
    const blocked = dependencyNotReady(world, kustomizations, object)
    if (blocked !== null) {
      tell({ status: 'False', reason: 'DependencyNotReady', message: `dependency '${blocked}' is not ready` })
      known.delete(uid)
      return world.now() + retry
    }
    const checkout = checkouts.latest(followedBy(object, source))
    if (!checkout) return world.now() + working
    const interval = duration(valueAt(object, ['spec', 'interval'])) ?? 600_000
    const key = JSON.stringify([numberAt(object, 'metadata', 'generation'), artifact, requestOf(object)])
    const before = known.get(uid)
    if (!before || before.key !== key || (before.state === 'over' && world.now() >= before.at)) {
      known.set(uid, { key, at: world.now() + working, state: 'begun' })
      tell(
        { status: 'Unknown', reason: 'Progressing', message: 'Reconciliation in progress' },
        { lastAttemptedRevision: artifact },
      )
      return world.now() + working
    }
    if (before.state === 'over' || (before.state === 'begun' && world.now() < before.at)) return before.at
    const over = (ready: Parameters<typeof tellReady>[3], more: JsonObject = {}): number => {
      const at = world.now() + (ready.status === 'True' ? interval : retry)
      known.set(uid, { key, at, state: 'over' })
      tell(ready, { lastAttemptedRevision: artifact, ...more })
      return at
    }
    if (before.state === 'begun') {
      const failure = checkout.problem ? unbuilt(checkout) : bring(world, object, checkout)
      if (failure) return over({ status: 'False', ...failure })
      known.set(uid, {
        key,
        at: world.now() + (duration(valueAt(object, ['spec', 'timeout'])) ?? 300_000),
        state: 'applied',
      })
    }
    const waits = valueAt(object, ['spec', 'wait']) === true
    const missing = waits ? unhealthy(object, checkout) : []
    const revision = { lastAppliedRevision: artifact }
    if (missing.length === 0)
      return over(
        { status: 'True', reason: 'ReconciliationSucceeded', message: `Applied revision: ${artifact}` },
        revision,
      )
    const { at } = known.get(uid)!
    if (world.now() >= at)
      return over({
        ...{ status: 'False', reason: 'HealthCheckFailed' },
        message: `health check failed: timeout waiting for: [${missing.join(', ')}]`,
      })
    tell({ status: 'Unknown', reason: 'Progressing', message: `Running health checks for revision ${artifact}` })
    return at
  }

  /** Objects as they are applied: in their place, with the mark of their Kustomization. */
  function built(object: LiveObject, { manifests }: Checkout): readonly JsonObject[] {
    const own = textAt(object, 'metadata', 'namespace') ?? ''
    const target = textAt(object, 'spec', 'targetNamespace')
    const labels = { [`${group}/name`]: textAt(object, 'metadata', 'name') ?? '', [`${group}/namespace`]: own }
    return inOrder(manifests).map(manifest => {
      const kind = applying.kindOf(manifest)
      const placed = located(
        target === undefined ? manifest : setAt(manifest, ['metadata', 'namespace'], undefined),
        kind,
        target ?? 'default',
      )
      return setAt(placed, ['metadata', 'labels'], { ...objectAt(placed, 'metadata', 'labels'), ...labels })
    })
  }

  /** Applies and prunes; why it failed, else null. */
  function bring(world: World, object: LiveObject, checkout: Checkout): { reason: string; message: string } | null {
    const wanted = built(object, checkout)
    for (const manifest of wanted) {
      const kind = applying.kindOf(manifest)
      const named = ['kind', 'namespace', 'name'].flatMap(part =>
        part === 'kind' ? [textAt(manifest, 'kind') ?? ''] : (textAt(manifest, 'metadata', part) ?? []),
      )
      const failed = (why: string) => ({
        reason: 'ReconciliationFailed',
        message: `${named.join('/')} dry-run failed: ${why}`,
      })
      if (!kind) return failed(`no matches for kind "${named[0]}" in version "${textAt(manifest, 'apiVersion')}"`)
      try {
        applying.write(kind, manifest, false)
      } catch (error) {
        if (error instanceof ApiError) return failed(error.message)
        throw error
      }
    }
    if (valueAt(object, ['spec', 'prune']) !== true) return null
    const mark = `${textAt(object, 'metadata', 'name')}/${textAt(object, 'metadata', 'namespace')}`
    for (const each of applying.owned(live => markOf(live) === mark))
      if (!wanted.some(manifest => isSame(manifest, each)))
        world.remove(`${each.kind.group}/${each.kind.kind}`, each.object)
    return null
  }

  function unhealthy(object: LiveObject, checkout: Checkout): readonly string[] {
    return built(object, checkout).flatMap(manifest => {
      const kind = applying.kindOf(manifest)
      const live = kind && applying.find(kind, manifest)
      const health = live && healthOf(live)?.status
      if (live && (health === undefined || health === 'Healthy' || health === 'Suspended')) return []
      const [namespace, name] = ['namespace', 'name'].map(key => textAt(manifest, 'metadata', key) ?? '')
      return [
        `${textAt(manifest, 'kind')}/${namespace}/${name} status: '${health === 'Degraded' ? 'Failed' : 'InProgress'}'`,
      ]
    })
  }

  return {
    kinds: [kustomizations],
    follows: {
      [sources]: world => world.list(kustomizations),
      // One that others wait for got ready, or is not any more.
      [kustomizations]: (world, changed) =>
        world
          .list(kustomizations)
          .filter(each =>
            listAt(each, 'spec', 'dependsOn').some(on => textAt(on, 'name') === textAt(changed, 'metadata', 'name')),
          ),
      'apps/Deployment': (world, changed) =>
        world
          .list(kustomizations)
          .filter(
            each => `${textAt(each, 'metadata', 'name')}/${textAt(each, 'metadata', 'namespace')}` === markOf(changed),
          ),
    },
    reconcile,
  }
}

/** The folder of a source that a Kustomization builds. */
const followedBy = (object: LiveObject, source: LiveObject): Followed => ({
  revision: refOf(source),
  path: textAt(object, 'spec', 'path') ?? '',
})

function unbuilt({ problem }: Checkout): { reason: string; message: string } {
  return problem?.kind === 'no-path'
    ? { reason: 'ArtifactFailed', message: `kustomization path not found: stat ${problem.message}` }
    : { reason: 'BuildFailed', message: `kustomize build failed: ${problem?.message ?? ''}` }
}
