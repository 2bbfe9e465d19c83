import { createStore, type StoreApi } from 'zustand/vanilla'
import { type AppError, isCancelled } from '../../shared/errors.ts'
import { toAppError } from './to-app-error.ts'

/**
 * - `connecting`: nothing yet
 * - `live`: `value` is what the core says now
 * - `stale`: the last value is kept, and `error` says why it may be old
 * - `failed`: there is no value, and `error` says why
 */
export type LiveState<T> = {
  readonly status: 'connecting' | 'live' | 'stale' | 'failed'
  readonly value: T | null
  /** When `value` came, in milliseconds since the epoch; null when there is none. */
  readonly since: number | null
  readonly error: AppError | null
}

export type StreamMethod<I, T> = (input: I, options?: { readonly signal: AbortSignal }) => AsyncIterable<T>

export type LiveView<T> = {
  readonly store: StoreApi<LiveState<T>>
  /** Counts a user in; the returned function counts it out. The stream runs while there is one. */
  use(): () => void
  retry(): void
}

/** Kept this long without a user, so that going to another screen and back shows no loading. */
const lingerMilliseconds = 5000
/** Milliseconds before asking again; failures that asking again cannot mend are not retried. */
const backOff = [500, 1000, 2000, 5000, 10_000, 30_000]

/** One subscription to one stream, shared by all its users. Every item is a whole snapshot: the newest one wins. */
export function openLiveView<I, T>(stream: StreamMethod<I, T>, input: I, onIdle: () => void): LiveView<T> {
  const store = createStore<LiveState<T>>(() => ({ status: 'connecting', value: null, since: null, error: null }))
  let users = 0
  let running: AbortController | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let leaving: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  async function run(): Promise<void> {
    const abort = new AbortController()
    running = abort
    try {
      for await (const value of stream(input, { signal: abort.signal })) {
        if (abort.signal.aborted) return
        failures = 0
        store.setState({ status: 'live', value, since: Date.now(), error: null })
      }
    } catch (thrown) {
      if (abort.signal.aborted || isCancelled(thrown)) return
      const error = toAppError(thrown)
      const { value } = store.getState()
      store.setState({ status: value === null ? 'failed' : 'stale', error })
      const lineLost = error.code === 'connection-lost'
      if (lineLost || error.code === 'unreachable') {
        // A lost line needs no wait here: the call itself waits until there is a line again.
        const wait = lineLost ? 0 : backOff[Math.min(failures++, backOff.length - 1)]
        again = setTimeout(start, wait)
      } else if (running === abort) {
        // Whoever comes back to it asks anew: what was not there may be there now.
        running = undefined
      }
    }
  }

  function start(): void {
    clearTimeout(again)
    running?.abort()
    void run()
  }

  function stop(): void {
    clearTimeout(again)
    running?.abort()
    running = undefined
    onIdle()
  }

  return {
    store,
    use() {
      clearTimeout(leaving)
      if (++users === 1 && !running) start()
      let counted = true
      return () => {
        if (!counted) return
        counted = false
        if (--users === 0) leaving = setTimeout(stop, lingerMilliseconds)
      }
    },
    retry() {
      failures = 0
      if (store.getState().status === 'failed')
        store.setState({ status: 'connecting', value: null, since: null, error: null })
      start()
    },
  }
}
