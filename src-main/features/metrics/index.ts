import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError } from '../../../shared/errors.ts'
import type { MetricsView, SourceView } from '../../../shared/metrics/contract.ts'
import type { Observation } from '../../../shared/metrics/observation.ts'
import type { Measurement } from '../../../shared/metrics/record-metrics.ts'
import { usualWindow } from '../../../shared/metrics/window.ts'
import type { Sides, VersionFigures } from '../../../shared/rollouts/compare-versions.ts'
import { budgetWindows, errorBudgets, type ServiceBudget } from '../../../shared/slo/error-budget.ts'
import type { Digest } from '../../needs/digest.ts'
import type { Documents } from '../../needs/documents.ts'
import type { CompareVersions } from '../../needs/metrics-source.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { findSources, idOfSource, readKept, type Source, watchKept, writeKept } from './find-sources.ts'
import { lastAnswer } from './last-answer.ts'
import { promisesOf } from './promises-of.ts'
import { signIn } from './sign-in.ts'
import { type WatchedSource, type WatchNeeds, watchSource } from './watch-source.ts'

export type MetricsNeeds = WatchNeeds & {
  readonly workspaces: Workspaces
  readonly documents: Documents
  readonly digest: Digest
  readonly compare: CompareVersions
}

export type MetricsFeature = AsyncDisposable & {
  readonly handlers: Handlers<AppContract>['metrics']
  /** The last answers for an environment that somebody watched; nothing is asked for it. */
  latest(workspace: Workspace, environment: string): Promise<readonly Measurement[]>
  /** What is left of error budgets, as last known. */
  budgets(workspace: Workspace, environment: string): Promise<readonly ServiceBudget[]>
  /** Asks once and now: the source at an address, or every source of the environment. A source that fails rejects. */
  measure(
    workspace: Workspace,
    environment: string,
    from: { readonly url?: string | undefined; readonly window?: string | undefined },
    signal: AbortSignal,
  ): Promise<readonly Measurement[]>
  /**
   * How two revisions do side by side, by the first source of the environment that tells them apart; null where none
   * does, or none may be asked. A source that fails rejects.
   */
  compare(
    workspace: Workspace,
    environment: string,
    ways: readonly Sides[],
    window: string,
    signal: AbortSignal,
  ): Promise<Compared | null>
}

/** What was found, and where. */
export type Compared = {
  readonly source: { readonly name: string; readonly sandbox: boolean }
  readonly stable: VersionFigures | null
  readonly canary: VersionFigures | null
}

type WatchedWindow = { readonly source: Source; readonly window: string; readonly of: WatchedSource | null }

/** Calls as they are counted at run time: sources, kept live while somebody looks, and their last words after that. */
export function metricsFeature(needs: MetricsNeeds): MetricsFeature {
  const watched = new Map<string, WatchedSource>()
  /** The window each environment was last watched with. */
  const windows = new Map<string, string | undefined>()

  const windowOf = (source: Source, window: string | undefined): string => window ?? source.window ?? usualWindow
  const keyOf = (workspace: Workspace, source: Source, window: string): string =>
    `${workspace.id} ${source.id} ${window}`

  function watchedOf(workspace: Workspace, source: Source, window: string): WatchedSource {
    const key = keyOf(workspace, source, window)
    const known =
      watched.get(key) ?? watchSource(source, window, needs, lastAnswer(needs.documents, workspace, source, window))
    watched.set(key, known)
    return known
  }

  const nameOf = ({ name, url }: Source): string => name ?? new URL(url).host

  function viewOf(workspace: Workspace, source: Source, of: WatchedSource | null): SourceView {
    const { id, kind, url, origin, auth, headers } = source
    const { observation = null, failing = null } = of?.state ?? {}
    const iso = (time: number) => new Date(time).toISOString()
    return {
      id,
      name: nameOf(source),
      kind,
      url,
      origin,
      sandbox: workspace.sandbox,
      sends: [...(auth?.env === undefined ? [] : [auth.env]), ...Object.values(headers ?? {}).map(({ env }) => env)],
      state: !source.allowed
        ? 'not-allowed'
        : failing
          ? observation
            ? 'stale'
            : 'failed'
          : of?.state.answered
            ? 'live'
            : 'connecting',
      asOf: observation?.asOf ?? null,
      since: failing ? iso(failing.since) : null,
      problem: failing?.problem ?? null,
      retryAt: failing ? iso(failing.retryAt) : null,
      dialects: observation?.dialects ?? [],
      warnings: observation?.warnings ?? [],
    }
  }

  /** Every source of an environment, over the windows that `windowsOf` says, asked as long as this is read. */
  async function* watchSources(
    workspace: Workspace,
    environment: string,
    windowsOf: (source: Source) => readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchedWindow[]> {
    const leaving = new Map<WatchedSource, () => void>()
    let changed = (): void => {}
    yield* recomputed(
      signal,
      tell => {
        changed = tell
        const ends = [workspace.onChange(tell), watchKept(needs.documents, workspace, tell)]
        listeners.add(tell)
        return () => {
          listeners.delete(tell)
          for (const end of [...ends, ...leaving.values()]) end()
        }
      },
      async () => {
        const sources = await findSources(workspace, environment, needs)
        const now = sources.flatMap(source =>
          windowsOf(source).map(window => ({
            source,
            window,
            of: source.allowed ? watchedOf(workspace, source, window) : null,
          })),
        )
        for (const { of } of now) if (of && !leaving.has(of) && !signal.aborted) leaving.set(of, of.watch(changed))
        for (const [of, leave] of leaving)
          if (!now.some(one => one.of === of)) {
            leave()
            leaving.delete(of)
          }
        return now
      },
    )
  }

  async function* watch(
    workspace: Workspace,
    environment: string,
    window: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<MetricsView> {
    windows.set(`${workspace.id} ${environment}`, window)
    for await (const now of watchSources(workspace, environment, source => [windowOf(source, window)], signal))
      yield {
        window: window ?? now.find(({ source }) => source.window !== undefined)?.window ?? usualWindow,
        sources: now.map(({ source, of }) => viewOf(workspace, source, of)),
        observations: now.flatMap(({ of }) => of?.state.observation ?? []),
      }
  }

  async function* watchBudgets(
    workspace: Workspace,
    environment: string,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ServiceBudget[]> {
    const ask = async (): Promise<boolean> => (await promisesOf(workspace, environment)) !== null
    // Where nothing is promised nothing is asked; a promise that comes later is seen when the page looks anew.
    if (!(await ask())) {
      yield* recomputed(signal, workspace.onChange, async () => [])
      return
    }
    for await (const now of watchSources(workspace, environment, () => budgetWindows, signal)) {
      const seen = new Map<string, Observation[]>()
      for (const { window, of } of now)
        if (of?.state.observation) seen.set(window, [...(seen.get(window) ?? []), of.state.observation])
      const promised = await promisesOf(workspace, environment)
      yield promised ? errorBudgets(promised.topology, promised.notes, seen) : []
    }
  }

  /** The last budgets of an environment that somebody watched; nothing is asked for it. */
  async function budgets(workspace: Workspace, environment: string): Promise<readonly ServiceBudget[]> {
    const sources = (await findSources(workspace, environment, needs)).filter(({ allowed }) => allowed)
    const seen = new Map(
      budgetWindows.flatMap(window => {
        const told = sources.flatMap(source => watched.get(keyOf(workspace, source, window))?.state.observation ?? [])
        return told.length > 0 ? [[window, told] as const] : []
      }),
    )
    const promised = seen.size === 0 ? null : await promisesOf(workspace, environment)
    return promised ? errorBudgets(promised.topology, promised.notes, seen) : []
  }

  const listeners = new Set<() => void>()
  /** Changes what this machine keeps, and tells who watches in this process. */
  async function keep(
    id: string,
    change: (kept: Awaited<ReturnType<typeof readKept>>) => Awaited<ReturnType<typeof readKept>>,
  ): Promise<void> {
    const workspace = await needs.workspaces.get(id)
    await writeKept(needs.documents, workspace, change(await readKept(needs.documents, workspace)))
    for (const tell of listeners) tell()
  }

  return {
    handlers: {
      async *watch({ workspace: id, environment, window }, { signal }) {
        yield* watch(await needs.workspaces.get(id), environment, window, signal)
      },
      async *budgets({ workspace: id, environment }, { signal }) {
        yield* watchBudgets(await needs.workspaces.get(id), environment, signal)
      },
      async refresh({ workspace, source }) {
        const mine = [...watched].filter(([key]) => key.startsWith(`${workspace} ${source} `))
        await Promise.all(mine.map(([, of]) => of.ask()))
      },
      allow: ({ workspace, source }) =>
        keep(workspace, kept => ({ ...kept, allowed: [...new Set([...kept.allowed, source])] })),
      async add({ workspace, source }) {
        const id = idOfSource(source, needs.digest)
        await keep(workspace, kept => ({
          ...kept,
          sources: [...kept.sources.filter(other => idOfSource(other, needs.digest) !== id), source],
        }))
        return { source: id }
      },
      remove: ({ workspace, source }) =>
        keep(workspace, kept => ({
          sources: kept.sources.filter(other => idOfSource(other, needs.digest) !== source),
          allowed: kept.allowed.filter(id => id !== source),
        })),
    },
    budgets,
    async latest(workspace, environment) {
      const window = windows.get(`${workspace.id} ${environment}`)
      const sources = await findSources(workspace, environment, needs)
      return sources.flatMap(source => {
        const of = source.allowed && watched.get(keyOf(workspace, source, windowOf(source, window)))
        const observation = of ? of.state.observation : null
        return observation
          ? [{ source: { name: nameOf(source), kind: source.kind, sandbox: workspace.sandbox }, observation }]
          : []
      })
    },
    async measure(workspace, environment, { url, window }, signal) {
      const sources =
        url === undefined ? await findSources(workspace, environment, needs) : [sourceAt(url, needs.digest)]
      if (sources.length === 0) throw new AppError('not-found', 'metrics.noSource', { environment })
      return await Promise.all(
        sources.map(async source => {
          const { address } = await signIn(source, needs, 'when-wanted', signal)
          return {
            source: { name: nameOf(source), kind: source.kind, sandbox: workspace.sandbox },
            observation: await needs.observe(address, windowOf(source, window), signal),
          }
        }),
      )
    },
    async compare(workspace, environment, ways, window, signal) {
      for (const source of await findSources(workspace, environment, needs)) {
        if (!source.allowed || source.kind !== 'prometheus') continue
        const { address } = await signIn(source, needs, 'never', signal)
        const figures = await needs.compare(address, ways, window, signal)
        if (figures) return { source: { name: nameOf(source), sandbox: workspace.sandbox }, ...figures }
      }
      return null
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...watched.values()].map(of => of.close()))
      watched.clear()
    },
  }
}

/** The source a person typed. */
function sourceAt(url: string, digest: Digest): Source {
  const source = { kind: 'prometheus' as const, url }
  if (!/^https?:\/\/[^\s/@]+(\/[^\s@]*)?$/.test(url)) throw new AppError('invalid-input', 'metrics.badUrl', { url })
  return { ...source, id: idOfSource(source, digest), origin: 'machine', allowed: true }
}
