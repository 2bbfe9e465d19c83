import { createStore, type StoreApi } from 'zustand/vanilla'
import { createClient } from '../../shared/contract/client.ts'
import type { Call, Procedure } from '../../shared/contract/define.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import { AppError, isCancelled } from '../../shared/errors.ts'

/** The line to the core as the frame shows it. `since` is in milliseconds since the epoch. */
export type Line = {
  readonly state: 'connecting' | 'open' | 'lost' | 'refused'
  readonly since: number
  /** How many times in a row it could not be opened. */
  readonly attempts: number
}

export type Connection = {
  readonly api: Api
  readonly line: StoreApi<Line>
  /** Tries at once instead of after the back-off. */
  retry(): void
  close(): void
}

/** Milliseconds to wait before each attempt in a row; the last one repeats. */
const backOff = [250, 500, 1000, 2000, 4000, 8000]

/**
 * One `Api` for the life of the page over however many lines that takes. A query or a stream that starts while the
 * line is down waits for it; a command is refused at once, because the person should not find it carried out later.
 */
export function connect(open: () => Promise<Channel>): Connection {
  const line = createStore<Line>(() => ({ state: 'connecting', since: Date.now(), attempts: 0 }))
  const abort = new AbortController()
  let client: Api | undefined
  let channel: Channel | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiters: (() => void)[] = []

  async function attempt(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    try {
      const next = await open()
      if (abort.signal.aborted) return next.close()
      channel = next
      client = createClient(contract, next)
      next.onClose(lost)
      line.setState({ state: 'open', since: Date.now(), attempts: 0 })
      const ready = waiters
      waiters = []
      for (const wake of ready) wake()
    } catch (error) {
      if (abort.signal.aborted) return
      const refused = error instanceof AppError && error.code === 'unauthorized'
      const { attempts, state, since } = line.getState()
      const next = refused ? 'refused' : state === 'connecting' && attempts === 0 ? 'connecting' : 'lost'
      line.setState({ state: next, since: state === next ? since : Date.now(), attempts: attempts + 1 })
      timer = setTimeout(attempt, backOff[Math.min(attempts, backOff.length - 1)])
    }
  }

  function lost(): void {
    client = undefined
    channel = undefined
    if (abort.signal.aborted) return
    line.setState({ state: 'lost', since: Date.now(), attempts: 0 })
    timer = setTimeout(attempt, backOff[0])
  }

  function whenOpen(signal: AbortSignal | undefined): Promise<Api> {
    if (client) return Promise.resolve(client)
    return new Promise((resolve, reject) => {
      const cancelled = () => {
        waiters = waiters.filter(waiter => waiter !== wake)
        reject(new AppError('cancelled', 'error.cancelled'))
      }
      const wake = () => {
        signal?.removeEventListener('abort', cancelled)
        if (client) resolve(client)
        else void whenOpen(signal).then(resolve, reject)
      }
      if (signal?.aborted) return cancelled()
      signal?.addEventListener('abort', cancelled, { once: true })
      waiters.push(wake)
    })
  }

  type Once = (input: unknown, options?: Partial<Call>) => Promise<unknown>
  type Many = (input: unknown, options?: Partial<Call>) => AsyncIterable<unknown>
  const methodOf = (api: Api, feature: string, name: string): unknown =>
    (api as unknown as Record<string, Record<string, unknown>>)[feature]?.[name]

  function method(feature: string, name: string, kind: Procedure['kind']): Once | Many {
    if (kind === 'stream')
      return (input, options = {}) => ({
        async *[Symbol.asyncIterator]() {
          let api: Api
          try {
            api = await whenOpen(options.signal)
          } catch (error) {
            if (isCancelled(error)) return
            throw error
          }
          yield* (methodOf(api, feature, name) as Many)(input, options)
        },
      })
    return async (input, options = {}) => {
      if (kind === 'command' && !client && line.getState().state !== 'connecting')
        throw new AppError('connection-lost', 'app.commandNotSent')
      const api = await whenOpen(options.signal)
      return (methodOf(api, feature, name) as Once)(input, options)
    }
  }

  const api = Object.fromEntries(
    Object.entries(contract).map(([feature, procedures]) => [
      feature,
      Object.fromEntries(
        Object.entries<Procedure>(procedures).map(([name, procedure]) => [name, method(feature, name, procedure.kind)]),
      ),
    ]),
  ) as unknown as Api

  void attempt()
  return {
    api,
    line,
    retry: () => {
      if (timer !== undefined) void attempt()
    },
    close: () => {
      abort.abort()
      clearTimeout(timer)
      channel?.close()
    },
  }
}
