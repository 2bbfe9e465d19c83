import { AppError, toErrorData } from '../errors.ts'
import type { Call, Contract, Handlers, Procedure } from './define.ts'
import { ItemWriter } from './shared-items.ts'
import { type Channel, type ClientFrame, readClientFrame, type ServerFrame, streamWindow } from './wire.ts'

type AnyHandler = (input: unknown, call: Call) => Promise<unknown> | AsyncIterable<unknown>
type CallFrame = Extract<ClientFrame, { type: 'call' }>
type Running = {
  readonly abort: AbortController
  /** Items sent that the reader has not taken yet. */
  ahead: number
  /** Woken when the reader takes or leaves. */
  wake: () => void
}

/**
 * Answers one connected page until its channel closes. Knows no transport, so every shell shares it.
 * Input is always checked; what is no frame closes the channel; the text of a bug goes to `report` and never crosses.
 */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  channel: Channel,
  report: (error: unknown) => void,
): void {
  const running = new Map<number, Running>()
  let closed = false

  channel.onClose(() => {
    closed = true
    for (const call of running.values()) stop(call)
  })
  channel.onText(text => {
    const frame = readClientFrame(text)
    if (!frame) return channel.close()
    const call = running.get(frame.id)
    if (frame.type === 'call') {
      if (call) channel.close()
      else void answer(frame)
    } else if (!call) {
      // It ended while this frame was on its way.
    } else if (frame.type === 'cancel') stop(call)
    else {
      call.ahead = Math.max(0, call.ahead - frame.count)
      call.wake()
    }
  })

  function stop(call: Running): void {
    call.abort.abort()
    call.wake()
  }

  async function send(frame: ServerFrame): Promise<void> {
    if (!closed) await channel.send(JSON.stringify(frame))
  }

  async function answer(frame: CallFrame): Promise<void> {
    const { id } = frame
    const call: Running = { abort: new AbortController(), ahead: 0, wake: () => {} }
    running.set(id, call)
    try {
      await send({ type: 'done', id, value: await run(frame, call) })
    } catch (error) {
      const data = toErrorData(error)
      if (data.code === 'unexpected') report(error)
      // A transport that fails has ended; its own close tells everybody.
      await send({ type: 'failed', id, error: data }).catch(report)
    } finally {
      running.delete(id)
    }
  }

  async function run({ id, method, input }: CallFrame, call: Running): Promise<unknown> {
    const [procedure, handler] = find(method)
    const checked = procedure.input.safeParse(input)
    if (!checked.success) {
      const issues = checked.error.issues.map(
        ({ path, message }) => (path.length ? `${path.join('.')}: ` : '') + message,
      )
      throw new AppError('invalid-input', 'error.wrongInput', { method, issues: issues.join('; ') })
    }
    const { signal } = call.abort
    const result = handler(checked.data, { signal })
    if (procedure.kind !== 'stream') return await result
    await pump(id, result as AsyncIterable<unknown>, call)
    return undefined
  }

  /** Sends what a stream yields, no further ahead of the reader than the window, and leaves it when the reader does. */
  async function pump(id: number, items: AsyncIterable<unknown>, call: Running): Promise<void> {
    const iterator = items[Symbol.asyncIterator]()
    const { signal } = call.abort
    const writer = new ItemWriter()
    let ended = false
    try {
      while (true) {
        while (call.ahead >= streamWindow && !signal.aborted)
          await new Promise<void>(resolve => {
            call.wake = resolve
          })
        const next = await nextOf(iterator, call)
        if (next.done) {
          ended = true
          return
        }
        call.ahead++
        const { given, value, shared, sweep } = writer.write(next.value)
        for (const entries of given) await send({ type: 'given', id, entries })
        await send({ type: 'item', id, value, ...(shared && { shared }), ...(sweep && { sweep }) })
      }
    } catch (error) {
      ended = !signal.aborted
      throw error
    } finally {
      // Not awaited: a generator that waits inside finishes only when its wait does.
      if (!ended) iterator.return?.().catch(leaveQuietly)
    }
  }

  /** The next item, or `cancelled` as soon as the reader leaves: a source that heeds no signal must not hold the call. */
  function nextOf(iterator: AsyncIterator<unknown>, call: Running): Promise<IteratorResult<unknown>> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (call.abort.signal.aborted) reject(new AppError('cancelled', 'error.cancelled'))
      }
      call.wake = leave
      leave()
      if (!call.abort.signal.aborted) iterator.next().then(resolve, reject)
    })
  }

  function leaveQuietly(error: unknown): void {
    if (toErrorData(error).code === 'unexpected') report(error)
  }

  function find(method: string): [Procedure, AnyHandler] {
    const [feature = '', name = '', ...rest] = method.split('.')
    const procedures = Object.hasOwn(contract, feature) ? contract[feature]! : {}
    // Own names only: `constructor` and its kind are no methods.
    if (rest.length > 0 || !Object.hasOwn(procedures, name))
      throw new AppError('not-found', 'error.noSuchMethod', { method })
    const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[feature]?.[name]
    if (!handler) throw new Error(`The contract declares ${method} but the core has no handler for it`)
    return [procedures[name]!, handler]
  }
}
