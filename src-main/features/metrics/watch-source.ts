import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Observation } from '../../../shared/metrics/observation.ts'
import { refreshAfter } from '../../../shared/metrics/window.ts'
import type { Clock } from '../../needs/clock.ts'
import type { ObserveCalls } from '../../needs/metrics-source.ts'
import type { Source } from './find-sources.ts'
import { forgetCredential, type SignInNeeds, signIn } from './sign-in.ts'

export type WatchNeeds = SignInNeeds & {
  readonly observe: ObserveCalls
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

/** What is known of a source: its last answer stays whatever comes after. */
export type SourceState = {
  readonly observation: Observation | null
  /** It answered since this process runs; else the observation is one kept from before. */
  readonly answered: boolean
  /** Why it fails now, since when, and when it is asked again; milliseconds since the epoch. */
  readonly failing: { readonly problem: Message; readonly since: number; readonly retryAt: number } | null
}

/** Its last answer, kept beyond this process. */
export type LastAnswer = {
  read(): Promise<Observation | null>
  write(observation: Observation): Promise<void>
}

/** One source over one window, asked as long as somebody watches. */
export interface WatchedSource {
  readonly state: SourceState
  /** Calls back whenever the state is another. The first to come starts the asking, the last to go ends it. */
  watch(listener: () => void): () => void
  /** Asks now, and a person where a credential is wanted. Resolves when it is known how that went. */
  ask(): Promise<void>
  close(): Promise<void>
}

const firstRetry = 5000
const lastRetry = 300_000

/**
 * The wait before the next try, in milliseconds: doubling up to five minutes, a fifth more or less, so that many who
 * lost the same server do not come back as one. `chance` is from 0 to 255.
 */
export const retryAfter = (failures: number, chance: number): number =>
  Math.round(Math.min(lastRetry, firstRetry * 2 ** Math.min(failures - 1, 16)) * (0.8 + (0.4 * chance) / 255))

/** Milliseconds between two writes of an answer: it may be large, and only the last one is ever read. */
const keepEvery = 300_000

export function watchSource(source: Source, window: string, needs: WatchNeeds, last?: LastAnswer): WatchedSource {
  const listeners = new Set<() => void>()
  const stop = new AbortController()
  let state: SourceState = { observation: null, answered: false, failing: null }
  let kept = 0
  let failures = 0
  let timer: NodeJS.Timeout | null = null
  let asking: Promise<void> | null = null
  /** Asked once without being asked to: who declined is not asked again until they want to. */
  let mayAsk = true

  const set = (next: SourceState): void => {
    state = next
    for (const listener of listeners) listener()
  }

  async function observe(): Promise<Observation> {
    const { signal } = stop
    const wants = mayAsk ? 'when-wanted' : 'never'
    mayAsk = false
    const signedIn = await signIn(source, needs, wants, signal)
    try {
      return await needs.observe(signedIn.address, window, signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.key !== 'metrics.unauthorized' || wants === 'never') throw error
      if (signedIn.credential === 'variable' || signedIn.credential === 'given') throw error
      await forgetCredential(source, needs.secrets)
      const again = await signIn(source, needs, 'now', signal)
      return await needs.observe(again.address, window, signal)
    }
  }

  /** What it said when this app ran before is better than nothing until it says something new. */
  async function recall(): Promise<void> {
    const observation = state.observation ?? (await last?.read()) ?? null
    if (observation && !state.observation) set({ ...state, observation })
  }

  async function keep(): Promise<void> {
    if (!last || !state.answered || !state.observation) return
    kept = needs.clock.now()
    await last.write(state.observation)
  }

  async function once(): Promise<void> {
    try {
      await recall()
      const observation = await observe()
      failures = 0
      set({ observation, answered: true, failing: null })
      if (needs.clock.now() - kept >= keepEvery) await keep()
    } catch (error) {
      if (stop.signal.aborted || isCancelled(error)) return
      if (!(error instanceof AppError)) needs.report(error)
      failures += 1
      const now = needs.clock.now()
      const problem: Message =
        error instanceof AppError ? { key: error.key, params: error.params } : { key: 'error.unexpected' }
      const wait = retryAfter(failures, needs.clock.random(1)[0] ?? 128)
      set({ ...state, failing: { problem, since: state.failing?.since ?? now, retryAt: now + wait } })
    }
  }

  function ask(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    asking ??= once().finally(() => {
      asking = null
      if (listeners.size === 0 || stop.signal.aborted) return
      const wait = state.failing ? state.failing.retryAt - needs.clock.now() : refreshAfter(window)
      timer = setTimeout(() => void ask(), Math.max(1000, wait))
      // A command that is done must not be kept alive by it.
      timer.unref()
    })
    return asking
  }

  return {
    get state() {
      return state
    },
    watch(listener) {
      listeners.add(listener)
      if (listeners.size === 1 && !asking) void ask()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !timer) return
        clearTimeout(timer)
        timer = null
      }
    },
    async ask() {
      // What is under way was begun without the person's leave to be asked.
      if (asking) await asking
      mayAsk = true
      await ask()
    },
    async close() {
      stop.abort()
      listeners.clear()
      if (timer) clearTimeout(timer)
      await asking
      await keep()
    },
  }
}
