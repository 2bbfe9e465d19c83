import type { ContextView, Freshness, HealthView, LiveView, PodsView } from '../../../shared/clusters/contract.ts'
import { fits } from '../../../shared/clusters/object-row.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError } from '../../../shared/errors.ts'
import type {
  DeclaredHealth,
  HealthAnswer,
  HealthContract,
  ServiceHealth,
} from '../../../shared/health/health-contract.ts'
import { readHealthContract } from '../../../shared/health/health-contract.ts'
import { serviceHealth } from '../../../shared/health/service-health.ts'
import { LiveJoin, runsPods } from '../../../shared/live/join-live.ts'
import type { LiveNode, LivePod } from '../../../shared/live/live.ts'
import { worstFirst } from '../../../shared/live/worst-first.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import { environmentNamed, manifestsIn, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import type { ContextBook } from './context-book.ts'
import { type LiveSession, openSession, type SessionNeeds } from './live-session.ts'

/** What a page asks to look at. */
export type Scope = {
  readonly workspace: string
  readonly environment: string | null
  readonly context?: string | undefined
  readonly namespaces?: 'all' | readonly string[] | undefined
}

/** What does not change with the cluster. */
export type Ground = {
  readonly context: ContextView | null
  readonly namespaces: readonly string[] | 'all'
  /** Of workloads that do not say. */
  readonly usual: string
  readonly join: LiveJoin
  readonly topology: Topology | null
  readonly contracts: ReadonlyMap<string, HealthContract>
  readonly session: LiveSession | null
}

/** Pods that are named as problems, and that are listed at once. */
const mostProblems = 100
const mostPods = 500
/** Sessions that are kept although nobody looks: their last state is better than nothing. */
const mostIdle = 12

export type Looking = AsyncDisposable & {
  live(scope: Scope, signal: AbortSignal): AsyncIterable<LiveView>
  pods(
    scope: Scope & {
      readonly node?: string | undefined
      readonly workload?: string | undefined
      readonly search?: string | undefined
    },
    signal: AbortSignal,
  ): AsyncIterable<PodsView>
  health(scope: Scope, answers: Answers, signal: AbortSignal): AsyncIterable<HealthView>
  /** The health contract of a node, and its Pods as they are known now. */
  serviceOf(
    scope: Scope,
    node: string,
  ): Promise<{ readonly contract: HealthContract; readonly pods: readonly LivePod[] }>
  groundOf(scope: Scope): Promise<Ground>
}
export type Answers = {
  readonly of: (node: string) => readonly HealthAnswer[]
  readonly onChange: (listener: () => void) => () => void
}

/** What was told of a service, and what it was made of. */
type Told = {
  readonly contract: HealthContract
  readonly node: LiveNode | null
  readonly answers: readonly HealthAnswer[]
  readonly service: ServiceHealth
}

export function createLooking(
  needs: SessionNeeds & { readonly workspaces: Workspaces; readonly book: ContextBook },
): Looking {
  const { book } = needs
  const sessions = new Map<string, LiveSession>()

  function sessionOf({ name, server }: ContextView, namespaces: readonly string[] | 'all'): LiveSession {
    const key = `${name} ${server} ${namespaces === 'all' ? '*' : namespaces.join(',')}`
    const known = sessions.get(key) ?? openSession(name, namespaces, needs)
    sessions.delete(key)
    sessions.set(key, known)
    const idle = [...sessions].filter(([other, session]) => other !== key && !session.watched)
    for (const [old, session] of idle.slice(0, Math.max(0, idle.length - mostIdle))) {
      sessions.delete(old)
      void session.close()
    }
    return known
  }

  async function groundOf(scope: Scope): Promise<Ground> {
    const workspace = await needs.workspaces.get(scope.workspace)
    const context = await book.contextOf(workspace.id, scope.environment, scope.context)
    const own = scope.environment === null ? null : await readEnvironment(workspace, scope.environment)
    const usual = own?.namespace ?? context?.namespace ?? 'default'
    const declared = own
      ? [...new Set([usual, ...own.topology.nodes.flatMap(namespacesOf)])]
      : await namespacesOn(workspace, context, usual)
    const used = own ? declared.filter(each => each !== usual || own.usesUsual) : declared
    const namespaces = scope.namespaces ?? [...(used.length > 0 ? used : [usual])].sort()
    return {
      context,
      namespaces,
      usual,
      join: new LiveJoin(own?.topology.nodes ?? [], usual),
      topology: own?.topology ?? null,
      contracts: own?.contracts ?? new Map(),
      session: context?.allowed ? sessionOf(context, namespaces) : null,
    }
  }

  /** Namespaces of everything of a workspace that runs on a context. */
  async function namespacesOn(workspace: Workspace, context: ContextView | null, usual: string) {
    const found = new Set<string>()
    for (const { id } of context?.environments ?? []) {
      const own = await readEnvironment(workspace, id)
      for (const node of own.topology.nodes) for (const each of namespacesOf(node)) found.add(each)
      if (own.usesUsual) found.add(own.namespace ?? usual)
    }
    return found.size > 0 ? [...found] : [usual]
  }

  async function* look<T>(
    scope: Scope,
    signal: AbortSignal,
    compute: (ground: Ground) => T,
    also?: (ground: Ground, changed: () => void) => () => void,
  ): AsyncGenerator<T> {
    const workspace = await needs.workspaces.get(scope.workspace)
    let ground: Promise<Ground> | null = null
    let leave: { readonly session: LiveSession | null; readonly end: () => void } | null = null
    let tell = (): void => {}
    yield* recomputed(
      signal,
      changed => {
        tell = changed
        const anew = (): void => {
          ground = null
          changed()
        }
        const ends = [book.onChange(anew), workspace.onChange(anew)]
        return () => {
          for (const end of ends) end()
          leave?.end()
        }
      },
      async () => {
        ground ??= groundOf(scope)
        const now = await ground
        if (!signal.aborted && (leave === null || leave.session !== now.session)) {
          leave?.end()
          const ends = [now.session?.watch(tell), also?.(now, tell)]
          leave = {
            session: now.session,
            end: () => {
              for (const end of ends) end?.()
            },
          }
        }
        return compute(now)
      },
    )
  }

  return {
    groundOf,
    live: (scope, signal) =>
      look(scope, signal, ({ context, namespaces, join, session }) => {
        const shown = session?.world
        return {
          ...freshnessOf(context, session),
          context,
          version: session?.version ?? null,
          namespaces,
          missing: session?.missing ?? [],
          nodes: session && shown ? join.nodes(shown, session.isComplete) : [],
          workloads: shown?.workloads() ?? [],
          leaders: shown?.leaders() ?? [],
          problems: shown?.problems(mostProblems) ?? { pods: [], leftOut: 0 },
          ...(shown?.counts() ?? { pods: 0, notReady: 0 }),
        }
      }),
    pods: ({ node, workload, search, ...scope }, signal) =>
      look(scope, signal, ({ context, join, session }) => {
        const found = session ? podsIn(session, join, node, workload) : []
        const words = (search ?? '').trim()
        const fitting =
          words === ''
            ? found
            : found.filter(pod =>
                fits(words, pod.name, pod.namespace, pod.machine, ...pod.images.map(({ image }) => image)),
              )
        const pods = fitting.sort(worstFirst).slice(0, mostPods)
        return { ...freshnessOf(context, session), pods, leftOut: fitting.length - pods.length }
      }),
    health: (scope, answers, signal) => {
      /** By node: a service of which nothing is new stays the same object, and goes nowhere again. */
      const told = new Map<string, Told>()
      return look(
        scope,
        signal,
        ground => {
          const { context, join, session, contracts } = ground
          const nodes = new Map<string, LiveNode>(
            session ? join.nodes(session.world, session.isComplete).map(each => [each.id, each]) : [],
          )
          const services = [...contracts].map(([id, contract]) => {
            const [node, own] = [nodes.get(id) ?? null, answers.of(id)]
            const last = told.get(id)
            if (last && last.contract === contract && last.node === node && last.answers === own) return last.service
            const service = serviceHealth(id, contract, node, own)
            told.set(id, { contract, node, answers: own, service })
            return service
          })
          return { ...freshnessOf(context, session), context, services }
        },
        (_ground, changed) => answers.onChange(changed),
      )
    },
    async serviceOf(scope, node) {
      const { contracts, join, session } = await groundOf(scope)
      const contract = contracts.get(node)
      if (!contract) throw new AppError('not-found', 'live.noSuchService', { node })
      return { contract, pods: session ? podsIn(session, join, node, undefined) : [] }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...sessions.values()].map(session => session.close()))
      sessions.clear()
    },
  }
}

function podsIn(
  session: LiveSession,
  join: LiveJoin,
  node: string | undefined,
  workload: string | undefined,
): LivePod[] {
  const { world } = session
  const keys =
    node !== undefined
      ? (join.nodes(world, session.isComplete).find(({ id }) => id === node)?.workloads ?? []).flatMap(key =>
          world.podsOf(key),
        )
      : workload !== undefined
        ? world.podsOf(workload)
        : [...world.podKeys()]
  return keys.flatMap(key => world.pod(key) ?? [])
}

export function freshnessOf(context: ContextView | null, session: LiveSession | null): Freshness {
  const none = { asOf: null, since: null, problem: null }
  if (!context) return { state: 'none', ...none }
  if (!session) return { state: 'offered', ...none }
  const { state, asOf, since, problem } = session.fresh
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
  return { state, asOf: iso(asOf), since: iso(since), problem }
}

const namespacesOf = (node: Topology['nodes'][number]): readonly string[] =>
  [node.workload, ...(node.versions ?? []).map(({ workload }) => workload)].flatMap(each => each?.namespace ?? [])

/** Its graph where the branch is, with the health contract of each node. */
async function readEnvironment(workspace: Workspace, name: string) {
  const reader = readerOf(workspace)
  const { commit } = await workspace.repository.head()
  const files = await reader.filesAt(commit)
  const environment = environmentNamed(reader, files, name)
  const topology = topologyOf(reader, files, environment, commit)
  const manifests = manifestsIn(reader, files, environment).flatMap(file => file.manifests)
  const notes = files.get(workspacePath)
  const services = notes
    ? readWorkspaceFile(notes.path, notes.text).services
    : new Map<string, { health?: DeclaredHealth; line: number }>()
  const contracts = new Map<string, HealthContract>()
  for (const node of topology.nodes) {
    const { workload } = node
    if (!workload || !runsPods(node)) continue
    const manifest = manifests.find(
      each =>
        each.kind === workload.kind &&
        each.name === workload.name &&
        (each.namespace ?? workload.namespace) === workload.namespace,
    )
    const declared = services.get(node.id)
    const contract = readHealthContract(manifest?.value ?? {}, declared?.health)
    const place =
      declared?.health && notes ? { file: notes.path, line: declared.line } : { file: node.file, line: node.line }
    contracts.set(node.id, {
      ...contract,
      ...(place.file !== undefined && { file: place.file }),
      ...(place.line !== undefined && { line: place.line }),
    })
  }
  return {
    topology,
    contracts,
    namespace: environment.namespace,
    usesUsual: topology.nodes.some(node => runsPods(node) && node.workload?.namespace === undefined),
  }
}
