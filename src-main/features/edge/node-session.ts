import type { EdgeFacts } from '../../../shared/edge/facts/facts.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { SshConnection, SshPool, SshTarget } from '../../needs/ssh.ts'
import { askFacts } from './ask-facts.ts'

/** A node as it was when it last answered. */
export type Seen = { readonly at: number; readonly address: string; readonly facts: EdgeFacts }

/** What is known of a node; times in milliseconds since the epoch. */
export type SessionState = {
  readonly seen: Seen | null
  /** It answers now. */
  readonly live: boolean
  /** Why it does not, since when, and when it is asked again. */
  readonly failing: { readonly problem: Message; readonly since: number; readonly retryAt: number } | null
}

export type SessionNeeds = {
  readonly pool: SshPool
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

/** One node, asked again and again as long as somebody watches. */
export interface NodeSession {
  readonly state: SessionState
  /** The first to come starts the asking, the last to go ends it. */
  watch(listener: () => void): () => void
  /** Asks now, whatever the pause. Resolves when it is known how that went. */
  ask(): Promise<void>
  close(): void
}

const firstRetry = 3000
const lastRetry = 300_000
/** A share by which waits differ: those that were lost together must not come back together. */
const jitter = 0.3

const jittered = (wait: number, clock: Clock): number =>
  Math.round(wait * (1 - jitter / 2 + (jitter * (clock.random(1)[0] ?? 128)) / 255))

/** The reason of a failure, as it is told. */
export const problemOf = (error: unknown): Message =>
  error instanceof AppError ? { key: error.key, params: error.params } : { key: 'error.unexpected' }

/**
 * Watches a node. Its connection is kept as long as it is watched, so that a lost line is known at once and not at the
 * next question. `every`: milliseconds between questions, told anew each time, for it depends on how many nodes there are.
 */
export function nodeSession(
  target: SshTarget,
  before: Seen | null,
  every: () => number,
  needs: SessionNeeds,
): NodeSession {
  const { pool, clock, report } = needs
  const listeners = new Set<() => void>()
  let state: SessionState = { seen: before, live: false, failing: null }
  let stop = new AbortController()
  let connection: SshConnection | null = null
  let asking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let failures = 0
  /** Whether `sudo` is permitted is asked once a process: a refusal is logged on the node. */
  let sudo: EdgeFacts['sudo'] = null

  const set = (next: SessionState): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const fail = (problem: Message): void => {
    failures++
    const wait = jittered(Math.min(lastRetry, firstRetry * 2 ** Math.min(failures - 1, 16)), clock)
    const now = clock.now()
    set({ ...state, live: false, failing: { problem, since: state.failing?.since ?? now, retryAt: now + wait } })
  }
  const drop = (): void => {
    void connection?.[Symbol.asyncDispose]()
    connection = null
  }

  async function connected(anew: boolean, signal: AbortSignal): Promise<SshConnection> {
    if (connection) return connection
    const opened = await pool.connect(target, signal, anew)
    if (signal.aborted) {
      await opened[Symbol.asyncDispose]()
      signal.throwIfAborted()
    }
    connection = opened
    void opened.closed.then(() => {
      if (connection !== opened) return
      connection = null
      // While it is asked, the asking tells.
      if (!asking && !signal.aborted) {
        fail({ key: 'transport.connectionLost', params: { host: opened.address } })
        plan()
      }
    })
    return opened
  }

  async function once(anew: boolean): Promise<void> {
    const { signal } = stop
    try {
      const to = await connected(anew, signal)
      const facts = await askFacts(to, { privilege: sudo === null }, clock, signal)
      sudo = facts.sudo ?? sudo
      failures = 0
      set({ seen: { at: clock.now(), address: to.address, facts: { ...facts, sudo } }, live: true, failing: null })
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return
      if (!(error instanceof AppError)) report(error)
      drop()
      fail(problemOf(error))
    }
  }

  function plan(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (listeners.size === 0) return
    const wait = state.failing ? state.failing.retryAt - clock.now() : jittered(every(), clock)
    timer = setTimeout(() => void ask(false), Math.max(100, wait))
    // A command that is done must not be kept alive by it.
    timer.unref()
  }

  function ask(anew: boolean): Promise<void> {
    asking ??= once(anew).finally(() => {
      asking = null
      plan()
    })
    return asking
  }

  const end = (): void => {
    stop.abort()
    stop = new AbortController()
    if (timer) clearTimeout(timer)
    timer = null
    drop()
    if (state.live) state = { ...state, live: false }
  }

  return {
    get state() {
      return state
    },
    watch(listener) {
      listeners.add(listener)
      if (listeners.size === 1 && !asking) void ask(false)
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) end()
      }
    },
    async ask() {
      if (asking) await asking
      await ask(true)
    },
    close() {
      listeners.clear()
      end()
    },
  }
}
