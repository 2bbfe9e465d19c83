import { AppError, fromErrorData } from '../errors.ts'
import type { Call, Client, Contract } from './define.ts'
import type { Channel, ClientFrame, ServerFrame } from './wire.ts'

interface Waiting {
  item(value: unknown): void
  done(value: unknown): void
  failed(error: AppError): void
}

export function createClient<C extends Contract>(contract: C, channel: Channel): Client<C> {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  const send = (frame: ClientFrame) => channel.send(JSON.stringify(frame))

  channel.onText(text => {
    const frame = JSON.parse(text) as ServerFrame
    const call = waiting.get(frame.id)
    if (!call) return
    if (frame.type === 'item') return call.item(frame.value)
    waiting.delete(frame.id)
    if (frame.type === 'done') call.done(frame.value)
    else call.failed(fromErrorData(frame.error))
  })
  channel.onClose(() => {
    const lost = [...waiting.values()]
    waiting.clear()
    for (const call of lost) call.failed(new AppError('connection-lost', 'error.connectionLost'))
  })

  function start(method: string, input: unknown, signal: AbortSignal | undefined, call: Waiting): () => void {
    const id = ++lastId
    const cancel = () => {
      if (waiting.delete(id)) {
        void send({ type: 'cancel', id })
        call.failed(new AppError('cancelled', 'error.cancelled'))
      }
    }
    waiting.set(id, call)
    if (signal?.aborted) {
      waiting.delete(id)
      call.failed(new AppError('cancelled', 'error.cancelled'))
      return () => {}
    }
    signal?.addEventListener('abort', cancel, { once: true })
    void send({ type: 'call', id, method, input })
    return cancel
  }

  const once =
    (method: string) =>
    (input: unknown, options: Partial<Call> = {}) =>
      new Promise((resolve, reject) => {
        start(method, input, options.signal, { item() {}, done: resolve, failed: reject })
      })

  const many =
    (method: string) =>
    (input: unknown, options: Partial<Call> = {}): AsyncIterable<unknown> => ({
      async *[Symbol.asyncIterator]() {
        const queue: unknown[] = []
        let wake = () => {}
        let ended = false
        let failure: AppError | undefined
        const cancel = start(method, input, options.signal, {
          item(value) {
            queue.push(value)
            wake()
          },
          done() {
            ended = true
            wake()
          },
          failed(error) {
            failure = error
            wake()
          },
        })
        try {
          while (true) {
            while (queue.length > 0) yield queue.shift()
            if (failure) {
              if (failure.code === 'cancelled') return
              throw failure
            }
            if (ended) return
            await new Promise<void>(resolve => {
              wake = resolve
            })
          }
        } finally {
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
