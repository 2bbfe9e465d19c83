import { AppError, toErrorData } from '../errors.ts'
import type { Call, Contract, Handlers, Procedure } from './define.ts'
import type { Channel, ClientFrame, ServerFrame } from './wire.ts'

type AnyHandler = (input: unknown, call: Call) => Promise<unknown> | AsyncIterable<unknown>

/** Answers one connected page until its channel closes. Knows no transport, so both shells share it. */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  channel: Channel,
  report: (error: unknown) => void,
): void {
  const running = new Map<number, AbortController>()
  const send = async (frame: ServerFrame) => channel.send(JSON.stringify(frame))

  channel.onClose(() => {
    for (const call of running.values()) call.abort()
  })
  channel.onText(text => {
    let frame: ClientFrame
    try {
      frame = JSON.parse(text) as ClientFrame
    } catch {
      return channel.close()
    }
    if (frame.type === 'cancel') running.get(frame.id)?.abort()
    else if (frame.type === 'call' && !running.has(frame.id)) answer(frame).catch(report)
    else channel.close()
  })

  async function answer({ id, method, input }: Extract<ClientFrame, { type: 'call' }>): Promise<void> {
    const abort = new AbortController()
    running.set(id, abort)
    try {
      const [procedure, handler] = find(method)
      const checked = procedure.input.safeParse(input)
      if (!checked.success)
        throw new AppError('invalid-input', 'error.wrongInput', { method, issues: checked.error.message })
      const result = handler(checked.data, { signal: abort.signal })
      if (procedure.kind === 'stream') {
        for await (const value of result as AsyncIterable<unknown>) await send({ type: 'item', id, value })
        await send({ type: 'done', id })
      } else {
        await send({ type: 'done', id, value: await result })
      }
    } catch (error) {
      const data = toErrorData(error)
      if (data.code === 'unexpected') report(error)
      await send({ type: 'failed', id, error: data })
    } finally {
      running.delete(id)
    }
  }

  function find(method: string): [Procedure, AnyHandler] {
    const [feature = '', name = ''] = method.split('.')
    const procedures = Object.hasOwn(contract, feature) ? contract[feature]! : {}
    if (!Object.hasOwn(procedures, name)) throw new AppError('not-found', 'error.noSuchMethod', { method })
    return [procedures[name]!, (handlers as unknown as Record<string, Record<string, AnyHandler>>)[feature]![name]!]
  }
}
