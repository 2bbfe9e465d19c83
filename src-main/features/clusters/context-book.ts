import type { ContextsView, ContextView, Policy } from '../../../shared/clusters/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { Clock } from '../../needs/clock.ts'
import type { ClusterContext, Clusters } from '../../needs/cluster.ts'
import type { Documents } from '../../needs/documents.ts'
import { environmentsOf, readerOf } from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { contextKey, environmentKey, type KeptClusters, readKept, watchKept, writeKept } from './kept-clusters.ts'

export type BookNeeds = {
  readonly workspaces: Workspaces
  /** As the kubeconfig files have them. */
  readonly clusters: Pick<Clusters, 'contexts'>
  /** Tells when those files have changed. */
  readonly onContextsChange: (listener: () => void) => () => void
  readonly documents: Documents
  readonly clock: Clock
}

/** An environment, and the context it runs on as far as that is known. */
type Placed = { readonly environment: Environment; readonly cluster: string | undefined; readonly isProtected: boolean }

/** A context with every environment that runs there, of whichever workspace. */
type Read = Omit<ContextView, 'environments'> & {
  readonly of: readonly ({ readonly workspace: string } & ContextView['environments'][number])[]
}

/** A protected context that was unlocked takes changes for so long, in milliseconds. */
const unlockedFor = 10 * 60_000

/** What is known of contexts beyond their kubeconfig: who runs there, what may be done, and what a person allowed. */
export interface ContextBook {
  view(workspace: string | undefined): Promise<ContextsView>
  /** The context of an environment; null where none is known. `named` is one that a person asks for. */
  contextOf(workspace: string, environment: string | null, named?: string): Promise<ContextView | null>
  /** What may be done now: an unlocked protected context is open. */
  policyOf(context: string): Promise<Policy>
  allow(context: string, runs?: { readonly workspace: string; readonly environment: string }): Promise<void>
  disallow(context: string): Promise<void>
  setPolicy(context: string, policy: Policy): Promise<void>
  /** Rejects `invalid-input` where what was typed is not its name. */
  unlock(context: string, typed: string): Promise<void>
  /** The same, where a person has typed the name of what runs there. A read-only context stays as it is. */
  letThrough(context: string): Promise<void>
  onChange(listener: () => void): () => void
}

export function createContextBook(needs: BookNeeds): ContextBook {
  const unlocked = new Map<string, number>()
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }

  async function keep(change: (kept: KeptClusters) => KeptClusters): Promise<void> {
    await writeKept(needs.documents, change(await readKept(needs.documents)))
    changed()
  }

  async function named(name: string): Promise<ClusterContext> {
    const { contexts } = await needs.clusters.contexts()
    const context = contexts.find(each => each.name === name)
    if (!context && contexts.length === 0) throw new AppError('not-found', 'cluster.noContexts', { context: name })
    const known = contexts.map(each => each.name).join(', ')
    if (!context) throw new AppError('not-found', 'cluster.noSuchContext', { context: name, known })
    return context
  }

  /** The environments of the open workspaces that each context runs, by the context's name. */
  async function placed(contexts: readonly ClusterContext[], kept: KeptClusters) {
    const found = new Map<string, { readonly workspace: string; readonly placed: Placed }[]>()
    for (const workspace of await needs.workspaces.current())
      for (const each of await placesOf(workspace)) {
        const context = contextFor(contexts, kept, workspace.id, each)
        if (context)
          found.set(context.name, [...(found.get(context.name) ?? []), { workspace: workspace.id, placed: each }])
      }
    return found
  }

  async function read(): Promise<{
    readonly views: readonly Read[]
    readonly problems: ContextsView['problems']
  }> {
    const [{ contexts, problems }, kept] = await Promise.all([needs.clusters.contexts(), readKept(needs.documents)])
    const runs = await placed(contexts, kept)
    const now = needs.clock.now()
    const views = contexts.map(context => {
      const key = contextKey(context)
      const own = runs.get(context.name) ?? []
      const said = kept.policies[key]
      const guarded = own.some(each => each.placed.isProtected)
      const policy = said === 'read-only' ? said : guarded ? 'protected' : (said ?? 'open')
      const until = unlocked.get(key) ?? 0
      return {
        ...context,
        policy,
        policyFrom: policy === 'open' ? null : said === policy ? ('machine' as const) : ('workspace' as const),
        unlockedUntil: policy === 'protected' && until > now ? new Date(until).toISOString() : null,
        // The sandbox is ours.
        allowed: context.sandbox || kept.allowed.includes(key),
        of: own.map(({ workspace, placed: { environment, isProtected } }) => ({
          workspace,
          id: environment.id,
          name: environment.name ?? environment.id,
          isProtected,
        })),
      }
    })
    return { views, problems }
  }

  const seenFrom = (workspace: string | undefined, { of, ...view }: Read): ContextView => ({
    ...view,
    environments: of.flatMap(({ workspace: own, ...environment }) => (own === workspace ? [environment] : [])),
  })

  return {
    async view(workspace) {
      const { views, problems } = await read()
      return { contexts: views.map(view => seenFrom(workspace, view)), problems }
    },
    async contextOf(workspace, environment, name) {
      const { views } = await read()
      const found =
        name !== undefined
          ? views.find(view => view.name === name)
          : environment === null
            ? undefined
            : views.find(view => view.of.some(each => each.workspace === workspace && each.id === environment))
      if (name !== undefined && !found) await named(name)
      return found ? seenFrom(workspace, found) : null
    },
    async policyOf(name) {
      const { views } = await read()
      const view = views.find(each => each.name === name)
      if (!view) return 'open'
      return view.unlockedUntil === null ? view.policy : 'open'
    },
    async allow(name, runs) {
      const context = await named(name)
      await keep(kept => ({
        ...kept,
        allowed: [...new Set([...kept.allowed, contextKey(context)])],
        chosen: runs ? { ...kept.chosen, [environmentKey(runs.workspace, runs.environment)]: name } : kept.chosen,
      }))
    },
    async disallow(name) {
      const context = await named(name)
      await keep(kept => ({
        ...kept,
        allowed: kept.allowed.filter(each => each !== contextKey(context)),
        chosen: Object.fromEntries(Object.entries(kept.chosen).filter(([, each]) => each !== name)),
      }))
    },
    async setPolicy(name, policy) {
      const context = await named(name)
      unlocked.delete(contextKey(context))
      await keep(({ policies, ...kept }) => {
        const { [contextKey(context)]: _before, ...others } = policies
        return { ...kept, policies: policy === 'open' ? others : { ...others, [contextKey(context)]: policy } }
      })
    },
    async unlock(name, typed) {
      await named(name)
      if (typed !== name) throw new AppError('invalid-input', 'live.unlockName', { context: name })
      await this.letThrough(name)
    },
    async letThrough(name) {
      unlocked.set(contextKey(await named(name)), needs.clock.now() + unlockedFor)
      changed()
    },
    onChange(listener) {
      listeners.add(listener)
      const ends = [
        watchKept(needs.documents, listener),
        needs.workspaces.onRecentChange(listener),
        needs.onContextsChange(listener),
      ]
      return () => {
        listeners.delete(listener)
        for (const end of ends) end()
      }
    },
  }
}

/** Environments of a workspace where its branch is, with the cluster each is said to run on. */
async function placesOf(workspace: Workspace): Promise<readonly Placed[]> {
  const reader = readerOf(workspace)
  const { commit } = await workspace.repository.head()
  const files = await reader.filesAt(commit)
  const notes = files.get(workspacePath)
  const declared = notes ? readWorkspaceFile(notes.path, notes.text).environments : []
  return environmentsOf(reader, files).map(environment => {
    const said = declared.find(({ path }) => path.replace(/\/+$/, '') === environment.path || path === environment.id)
    return {
      environment,
      cluster: said?.cluster ?? environment.cluster,
      isProtected: said?.protected === true,
    }
  })
}

/** The one a person chose, else one of the name that the repository gives: of a context, its cluster or its server. */
function contextFor(
  contexts: readonly ClusterContext[],
  kept: KeptClusters,
  workspace: string,
  { environment, cluster }: Placed,
): ClusterContext | undefined {
  const chosen = kept.chosen[environmentKey(workspace, environment.id)]
  const byPerson = chosen === undefined ? undefined : contexts.find(({ name }) => name === chosen)
  if (byPerson || cluster === undefined) return byPerson
  const same = (context: ClusterContext, of: 'name' | 'cluster' | 'server') =>
    context[of].replace(/\/+$/, '') === cluster.replace(/\/+$/, '')
  return (['name', 'cluster', 'server'] as const)
    .map(of => contexts.find(context => same(context, of)))
    .find(context => context !== undefined)
}
