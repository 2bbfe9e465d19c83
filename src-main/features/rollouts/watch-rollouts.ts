import type { ContextView, Freshness, Policy } from '../../../shared/clusters/contract.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { nameOf } from '../../../shared/health/health.ts'
import { type Manifest, textAt } from '../../../shared/manifests/manifest.ts'
import type { RolloutsView, RolloutView } from '../../../shared/rollouts/contract.ts'
import { describeRollouts } from '../../../shared/rollouts/describe-rollouts.ts'
import { edgeSplits, nodeOf } from '../../../shared/rollouts/edge-splits.ts'
import { weightPlaces } from '../../../shared/rollouts/plan-weights.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Clusters } from '../../needs/cluster.ts'
import { environmentNamed, manifestsIn, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { type Gathered, gatherObjects } from './gather-objects.ts'
import { createMatcher, type DecisionMatcher } from './match-decisions.ts'
import { offerActions, withoutAnswer } from './offer-actions.ts'

export type RolloutsNeeds = {
  readonly workspaces: Workspaces
  /** Those that take only the changes a person lets through. */
  readonly clusters: Clusters
  /** What is known of contexts beyond their kubeconfig: who runs there, what may be done, and what a person allowed. */
  readonly book: {
    contextOf(workspace: string, environment: string | null, named?: string): Promise<ContextView | null>
    policyOf(context: string): Promise<Policy>
    onChange(listener: () => void): () => void
  }
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

/** What is looked at: an environment of a workspace, or a context alone. */
export type Scope = {
  readonly workspace?: string | undefined
  readonly environment?: string | undefined
  readonly context?: string | undefined
  readonly namespaces?: readonly string[] | undefined
}

/** What does not change with the cluster. */
export type Ground = {
  readonly workspace: Workspace | null
  readonly environment: string | null
  readonly context: ContextView | null
  readonly namespaces: readonly string[] | 'all'
  readonly topology: Topology | null
  /** Objects the environment declares. */
  readonly manifests: readonly Manifest[]
  readonly matcher: DecisionMatcher | null
}

export async function groundOf(scope: Scope, needs: RolloutsNeeds): Promise<Ground> {
  const workspace = scope.workspace === undefined ? null : await needs.workspaces.get(scope.workspace)
  const environment = scope.environment ?? null
  const context = await needs.book.contextOf(workspace?.id ?? '', environment, scope.context)
  // Of a cluster that may not be asked nothing is laid over the graph.
  const own = workspace && environment !== null && context?.allowed ? await declaredIn(workspace, environment) : null
  return {
    workspace,
    environment,
    context,
    namespaces:
      scope.namespaces ?? (own ? namespacesOf(own.graph, own.namespace ?? context?.namespace ?? 'default') : 'all'),
    topology: own?.graph ?? null,
    manifests: own?.manifests ?? [],
    matcher: workspace && environment !== null ? createMatcher(workspace, environment) : null,
  }
}

/** What an environment declares where the branch is. */
export async function declaredIn(workspace: Workspace, name: string) {
  const reader = readerOf(workspace)
  const { commit } = await workspace.repository.head()
  const files = await reader.filesAt(commit)
  const environment = environmentNamed(reader, files, name)
  return {
    graph: topologyOf(reader, files, environment, commit),
    manifests: manifestsIn(reader, files, environment).flatMap(file => file.manifests),
    namespace: environment.namespace,
  }
}

/** Namespaces of what is declared; `usual` for what does not say. */
function namespacesOf({ nodes }: Topology, usual: string): readonly string[] {
  const declared = nodes.flatMap(({ workload }) => (workload ? [workload.namespace ?? usual] : []))
  return declared.length > 0 ? [...new Set(declared)].sort() : [usual]
}

/** The deliveries of a scope as they are now, with the objects they were read from. */
export type Seen = {
  readonly ground: Ground
  readonly view: RolloutsView
  readonly objects: ReadonlyMap<string, LiveObject>
}

/** Watches a scope; anew where what it rests on (the branch, what a person allows) is not what it was. */
export async function* watchRollouts(scope: Scope, needs: RolloutsNeeds, signal: AbortSignal): AsyncGenerator<Seen> {
  const workspace = scope.workspace === undefined ? null : await needs.workspaces.get(scope.workspace)
  let ground: Ground | null = null
  let gathered: { readonly of: string; readonly from: Gathered; readonly stop: AbortController } | null = null
  let tell = (): void => {}
  yield* recomputed(
    signal,
    changed => {
      tell = changed
      const anew = (): void => {
        ground = null
        changed()
      }
      const ends = [needs.book.onChange(anew), ...(workspace ? [workspace.onChange(anew)] : [])]
      return () => {
        for (const end of ends) end()
        gathered?.stop.abort()
      }
    },
    async () => {
      ground ??= await groundOf(scope, needs)
      const { context, namespaces } = ground
      const of = context?.allowed ? JSON.stringify([context.name, context.server, namespaces]) : ''
      if (gathered?.of !== of) {
        gathered?.stop.abort()
        gathered = null
        if (context?.allowed && !signal.aborted) {
          const stop = new AbortController()
          const either = AbortSignal.any([signal, stop.signal])
          const open = () => needs.clusters.open(context.name)
          const inform = { now: needs.clock.now, report: needs.report }
          gathered = { of, stop, from: gatherObjects(open, namespaces, () => tell(), inform, either) }
        }
      }
      return await seen(ground, gathered?.from ?? null, needs, signal)
    },
  )
}

async function seen(ground: Ground, from: Gathered | null, needs: RolloutsNeeds, signal: AbortSignal): Promise<Seen> {
  const { context, topology, matcher } = ground
  // All of one moment: what is asked below takes time, and more may have come by then.
  const objects = from?.objects() ?? []
  const fresh = freshnessOf(context, from)
  const [missing, engines] = [from?.missing() ?? [], from?.engines() ?? []]
  const rollouts = describeRollouts(objects)
  const byId = objectsOf(objects, rollouts)
  const actions =
    context && from ? await offersOf([...byId.values()], context, fresh.state, needs, signal) : nothingOffered
  const offersFor = (object: LiveObject | undefined) => (object && actions.get(object)) ?? []
  const views: RolloutView[] = []
  for (const rollout of rollouts) {
    const node = topology ? nodeOf(rollout, topology) : null
    const decision = node === null || !matcher ? null : await matcher.match(rollout, node, signal)
    views.push({
      ...rollout,
      node,
      actions: offersFor(byId.get(rollout.id)),
      weights: weightPlaces(ground.manifests, rollout.object),
      decision: decision && { commit: decision.commit, title: decision.title },
    })
  }
  return {
    ground,
    objects: byId,
    view: {
      ...fresh,
      context: context && {
        name: context.name,
        sandbox: context.sandbox,
        policy: context.policy,
        locked: context.policy === 'protected' && context.unlockedUntil === null,
      },
      rollouts: views,
      missing,
      engines,
      splits: topology ? edgeSplits(rollouts, topology) : [],
    },
  }
}

const nothingOffered: Awaited<ReturnType<typeof offerActions>> = new Map()

/** What may be done. A server that does not answer is asked nothing: its answers would come late, or never. */
async function offersOf(
  objects: readonly LiveObject[],
  context: ContextView,
  state: Freshness['state'],
  needs: RolloutsNeeds,
  signal: AbortSignal,
) {
  if (state !== 'live') return withoutAnswer(objects, needs.clock.now())
  try {
    const cluster = await needs.clusters.open(context.name)
    const policy = await needs.book.policyOf(context.name)
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    return await offerActions(objects, cluster, policy, needs.clock.now(), inTime)
  } catch (error) {
    if (!isCancelled(error) && (!(error instanceof AppError) || error.code === 'unexpected')) throw error
    return withoutAnswer(objects, needs.clock.now())
  }
}

/** Milliseconds an access review may take. */
const patience = 5000

function objectsOf(objects: readonly LiveObject[], rollouts: readonly Rollout[]): ReadonlyMap<string, LiveObject> {
  const key = (apiVersion: string, kind: string, namespace: string, name: string) =>
    `${apiVersion} ${kind} ${namespace}/${name}`
  const all = new Map(
    objects.map(object => [
      key(
        textAt(object, 'apiVersion') ?? '',
        textAt(object, 'kind') ?? '',
        textAt(object, 'metadata', 'namespace') ?? '',
        nameOf(object),
      ),
      object,
    ]),
  )
  return new Map(
    rollouts.flatMap(({ id, object: { apiVersion, kind, namespace, name } }) => {
      const object = all.get(key(apiVersion, kind, namespace, name))
      return object ? [[id, object] as const] : []
    }),
  )
}

function freshnessOf(context: ContextView | null, from: Gathered | null): Freshness {
  const none = { asOf: null, since: null, problem: null }
  if (!context) return { state: 'none', ...none }
  if (!from) return { state: 'offered', ...none }
  const { state, asOf, since, problem } = from.fresh()
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
  return { state, asOf: iso(asOf), since: iso(since), problem }
}
