import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError } from '../../../shared/errors.ts'
import type { HealthAnswer } from '../../../shared/health/health-contract.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, Clusters } from '../../needs/cluster.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Workspaces } from '../workspaces/index.ts'
import { askHealth } from './ask-health.ts'
import { type ContextBook, createContextBook } from './context-book.ts'
import { describe } from './describe.ts'
import { followLogs } from './follow-logs.ts'
import { createForwards } from './forwards.ts'
import { guardClusters } from './guard-clusters.ts'
import { createLooking } from './look-at.ts'
import { podAccess } from './pod-access.ts'
import { createTerminals } from './terminals.ts'
import { watchObjects } from './watch-objects.ts'

export type { ContextBook } from './context-book.ts'
export { lackedRights, refusalFor } from './lacked-rights.ts'
export { namespacesToTry, type Places, readablePlaces } from './readable-places.ts'

const none: readonly HealthAnswer[] = []

export {
  askAgain,
  type FollowNeeds,
  followWatch,
  pause,
  problemOf,
  refusedRights,
  type Watched,
} from './follow-watch.ts'

export type ClustersNeeds = {
  readonly workspaces: Workspaces
  readonly clusters: Clusters
  /** Tells when other contexts may be known, or the same ones lead elsewhere. */
  readonly onContextsChange: (listener: () => void) => () => void
  readonly documents: Documents
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

export type ClustersFeature = AsyncDisposable & {
  readonly handlers: Handlers<AppContract>['clusters']
  /** What every feature opens clusters through: changes are refused where a context takes none. */
  readonly guarded: Clusters
  /** Contexts beyond their kubeconfig: who runs there, what may be done, what a person allowed. */
  readonly book: ContextBook
  /**
   * The cluster an environment runs on, or the context that is asked for instead. Rejects `not-found` where none is known, `refused-by-rule` while a person has not let this machine
   * ask it.
   */
  clusterOf(workspace: string, environment: string, named?: string): Promise<Cluster>
}

/** Contexts, what runs in them, and ways into it. */
export function clustersFeature(needs: ClustersNeeds): ClustersFeature {
  const { clock, report } = needs
  const book = createContextBook(needs)
  const guarded = guardClusters(needs.clusters, book.policyOf)
  const looking = createLooking({ ...needs, clusters: guarded, book })
  const terminals = createTerminals(clock)
  const forwards = createForwards(clock)
  /** What services answered last, by workspace, environment and node. */
  const answers = new Map<string, readonly HealthAnswer[]>()
  const answerListeners = new Set<() => void>()

  /** Nothing is sent to a context before a person lets this machine ask it. */
  async function opened(name: string): Promise<Cluster> {
    const { contexts } = await book.view(undefined)
    const context = contexts.find(each => each.name === name)
    if (context && !context.allowed) throw new AppError('refused-by-rule', 'live.notAllowed', { context: name })
    return await guarded.open(name)
  }

  async function clusterOf(workspace: string, environment: string, named?: string): Promise<Cluster> {
    const context = await book.contextOf(workspace, environment, named)
    if (!context) throw new AppError('not-found', 'live.noContext', { environment })
    return await opened(context.name)
  }

  return {
    guarded,
    book,
    clusterOf,
    handlers: {
      contexts: ({ workspace }, { signal }) => recomputed(signal, book.onChange, () => book.view(workspace)),
      allow: ({ context, workspace, environment }) =>
        book.allow(
          context,
          workspace !== undefined && environment !== undefined ? { workspace, environment } : undefined,
        ),
      disallow: ({ context }) => book.disallow(context),
      setPolicy: ({ context, policy }) => book.setPolicy(context, policy),
      unlock: ({ context, typed }) => book.unlock(context, typed),
      live: (scope, { signal }) => looking.live(scope, signal),
      pods: (scope, { signal }) => looking.pods(scope, signal),
      async kinds({ context }, { signal }) {
        const cluster = await opened(context)
        return (await cluster.kinds(signal))
          .filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'))
          .map(({ group, version, kind, resource, namespaced }) => ({ group, version, kind, resource, namespaced }))
      },
      async *objects({ group, kind, version, search, ...scope }, { signal }) {
        const { context, namespaces } = await looking.groundOf(scope)
        if (!context) throw new AppError('not-found', 'live.noContext', { environment: scope.environment ?? '' })
        const named = { group, kind, ...(version !== undefined && { version }) }
        const cluster = await opened(context.name)
        yield* watchObjects(cluster, named, namespaces, (search ?? '').trim(), { clock, report }, signal)
      },
      async describe({ context, group, kind, version, namespace, name }, { signal }) {
        const named = {
          ...{ group, kind, name },
          ...(version !== undefined && { version }),
          ...(namespace !== undefined && { namespace }),
        }
        return await describe(await opened(context), named, clock, signal)
      },
      async *logs({ context, namespace, pods, follow, previous, tailLines, timestamps }, { signal }) {
        const options = {
          follow,
          ...(previous !== undefined && { previous }),
          ...(tailLines !== undefined && { tailLines }),
          ...(timestamps !== undefined && { timestamps }),
        }
        yield* followLogs(await opened(context), namespace, pods, options, report, signal)
      },
      async *terminal({ context, namespace, pod, container, command, columns, rows }, { signal }) {
        const at = { namespace, name: pod, ...(container !== undefined && { container }) }
        yield* terminals.open(await opened(context), at, command, { columns, rows }, signal)
      },
      type: ({ session, data }) => terminals.type(session, data),
      async resize({ session, columns, rows }) {
        terminals.resize(session, columns, rows)
      },
      async forward({ context, namespace, pod, port }, { signal }) {
        return await forwards.start(await opened(context), namespace, pod, port, signal)
      },
      forwards: (_, { signal }) => recomputed(signal, forwards.onChange, async () => forwards.list()),
      stopForward: ({ id }) => forwards.stop(id),
      async access({ context, namespace }, { signal }) {
        return await podAccess(await opened(context), namespace, await book.policyOf(context), signal)
      },
      health: ({ workspace, environment }, { signal }) =>
        looking.health(
          { workspace, environment },
          {
            of: node => answers.get(`${workspace} ${environment} ${node}`) ?? none,
            onChange(listener) {
              answerListeners.add(listener)
              return () => void answerListeners.delete(listener)
            },
          },
          signal,
        ),
      async askHealth({ workspace, environment, node }, { signal }) {
        const cluster = await clusterOf(workspace, environment)
        const { contract, pods } = await looking.serviceOf({ workspace, environment }, node)
        const found = await askHealth(cluster, contract, pods, clock, signal)
        answers.set(`${workspace} ${environment} ${node}`, found)
        for (const listener of answerListeners) listener()
        return found
      },
    },
    async [Symbol.asyncDispose]() {
      await terminals[Symbol.asyncDispose]()
      await forwards[Symbol.asyncDispose]()
      await looking[Symbol.asyncDispose]()
    },
  }
}
