import { AppError, fromErrorData } from '../errors.ts'
import type { Call, Client, Contract } from './define.ts'
import { ItemReader } from './shared-items.ts'
import { type Channel, type ClientFrame, readServerFrame, streamWindow } from './wire.ts'

interface Waiting {
  readonly reader: ItemReader
  item(value: unknown): void
  done(value: unknown): void
  failed(error: AppError): void
}

const cancelled = () => new AppError('cancelled', 'error.cancelled')
const lost = () => new AppError('connection-lost', 'error.connectionLost')

/**
 * The other side of `serve`. A query or command rejects with AppError: the core's own, `cancelled`, or
 * `connection-lost` (a command's outcome is then unknown: ask, do not repeat). A stream that is left or aborted ends
 * without an error.
 */
export function createClient<C extends Contract>(contract: C, channel: Channel): Client<C> {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let closed = false

  channel.onText(text => {
    const frame = readServerFrame(text)
    if (!frame) return channel.close()
    const call = waiting.get(frame.id)
    if (!call) return
    if (frame.type === 'given') return call.reader.give(frame.entries)
    if (frame.type === 'item') {
      let value: unknown
      try {
        value = frame.shared ? call.reader.read(frame.value, frame.sweep === true) : frame.value
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        // What tells of something that was never sent is no frame.
        return channel.close()
      }
      return call.item(value)
    }
    waiting.delete(frame.id)
    if (frame.type === 'done') call.done(frame.value)
    else call.failed(fromErrorData(frame.error))
  })
  channel.onClose(() => {
    closed = true
    const calls = [...waiting.values()]
    waiting.clear()
    for (const call of calls) call.failed(lost())
  })

  function send(frame: ClientFrame): void {
    // A transport that cannot send has ended: closing it fails everything that waits.
    if (!closed) Promise.resolve(channel.send(JSON.stringify(frame))).catch(() => channel.close())
  }

  function start(method: string, input: unknown, call: Waiting): { readonly id: number; cancel(): void } {
    const id = ++lastId
    if (closed) call.failed(lost())
    else {
      waiting.set(id, call)
      send({ type: 'call', id, method, input })
    }
    return {
      id,
      cancel() {
        if (!waiting.delete(id)) return
        send({ type: 'cancel', id })
        call.failed(cancelled())
      },
    }
  }

  const once =
    (method: string) =>
    (input: unknown, { signal }: Partial<Call> = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled())
        const abort = () => cancel()
        const settle = () => signal?.removeEventListener('abort', abort)
        const { cancel } = start(method, input, {
          reader: new ItemReader(),
          item() {},
          done(value) {
            settle()
            resolve(value)
          },
          failed(error) {
            settle()
            reject(error)
          },
        })
        signal?.addEventListener('abort', abort, { once: true })
      })

  const many =
    (method: string) =>
    (input: unknown, { signal }: Partial<Call> = {}): AsyncIterable<unknown> => ({
      async *[Symbol.asyncIterator]() {
        if (signal?.aborted) return
        let queue: unknown[] = []
        let end: { readonly error?: AppError } | undefined
        let wake = () => {}
        const { id, cancel } = start(method, input, {
          reader: new ItemReader(),
          item(value) {
            queue.push(value)
            wake()
          },
          done() {
            end = {}
            wake()
          },
          failed(error) {
            end = { error }
            wake()
          },
        })
        const abort = () => cancel()
        signal?.addEventListener('abort', abort, { once: true })
        let taken = 0
        try {
          while (true) {
            const items = queue
            queue = []
            for (const item of items) {
              if (signal?.aborted) return
              yield item
              // In halves of the window: few frames, and the source never starves.
              if (++taken === streamWindow / 2) {
                send({ type: 'taken', id, count: taken })
                taken = 0
              }
            }
            if (queue.length > 0) continue
            if (end?.error && end.error.code !== 'cancelled') throw end.error
            if (end) return
            await new Promise<void>(resolve => {
              wake = resolve
            })
          }
        } finally {
          signal?.removeEventListener('abort', abort)
          cancel()
        }
      },
    })

  return Object.fromEntries(
    Object.entries(contract).map(([feature, procedures]) => [
      feature,
      Object.fromEntries(
        Object.entries(procedures).map(([name, procedure]) => {
          const method = `${feature}.${name}`
          return [name, procedure.kind === 'stream' ? many(method) : once(method)]
        }),
      ),
    ]),
  ) as Client<C>
}
