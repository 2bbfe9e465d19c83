import type { ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { ProcessExit, RemoteProcess } from '../../needs/ssh.ts'

/**
 * An exec channel as a process; `address` is for errors. OpenSSH's server confirms the end of a channel only when the
 * process on its side has ended, so leaving must not wait for that: what reads here is let go at once.
 */
export function channelProcess(channel: ClientChannel, address: string, signal?: AbortSignal): RemoteProcess {
  let said: ProcessExit = { code: null, signal: null }
  const lost = () => new AppError('connection-lost', 'transport.connectionLost', { host: address })
  const left = Promise.withResolvers<null>()
  const exited = Promise.withResolvers<ProcessExit>()
  let over = false

  const finish = () => {
    over = true
    signal?.removeEventListener('abort', leave)
    exited.resolve(said)
  }
  const leave = () => {
    if (over) return
    finish()
    left.resolve(null)
    channel.resume()
    channel.stderr.resume()
    channel.signal('TERM')
    channel.destroy()
  }
  // Without a listener an error of the channel would end the app; every reader sees it through its own stream.
  channel.on('error', () => {})
  channel.stderr.on('error', () => {})
  channel.on('exit', (code: number | null, signalName?: string) => {
    said = { code, signal: signalName ?? null }
  })
  channel.once('close', finish)
  if (signal?.aborted) leave()
  else signal?.addEventListener('abort', leave, { once: true })

  async function* bytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reading = stream[Symbol.asyncIterator]()
    for (;;) {
      const next = await Promise.race([reading.next(), left.promise])
      if (next === null) signal?.throwIfAborted()
      if (next === null || next.done) return
      yield next.value
    }
  }
  return {
    stdin: {
      write: async chunk => {
        signal?.throwIfAborted()
        if (over || !channel.writable) throw lost()
        const written = new Promise<void>((resolve, reject) => {
          channel.write(chunk, error => (error ? reject(lost()) : resolve()))
        })
        await Promise.race([written, exited.promise])
        signal?.throwIfAborted()
      },
      end: async () => {
        if (!over) channel.end()
      },
    },
    stdout: bytes(channel),
    stderr: bytes(channel.stderr),
    exit: exited.promise,
    [Symbol.asyncDispose]: async () => leave(),
  }
}
