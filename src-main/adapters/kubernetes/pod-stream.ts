import { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import { AppError } from '../../../shared/errors.ts'
import type { ApiLine } from './api-line.ts'

type Pod = { readonly namespace: string; readonly name: string }

/** A web socket that leads to a port of a Pod. Rejects for a missing right or Pod. */
export const openPodSocket = (
  line: ApiLine,
  { namespace, name }: Pod,
  port: number,
  signal: AbortSignal,
): Promise<WebSocket> =>
  line.socket(
    {
      method: 'GET',
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/portforward`,
      query: { ports: String(port) },
      asked: { verb: 'create', group: '', resource: 'pods', subresource: 'portforward', namespace, name },
    },
    ['v4.channel.k8s.io'],
    signal,
  )

/**
 * The bytes to and from a port of a Pod. Channel 0 carries them, channel 1 the reason of a failure; each begins with two
 * bytes of port number. It is destroyed with that reason as `unreachable` (`what` names the port).
 */
export function podStream(socket: WebSocket, what: string): Duplex {
  const begun = [false, false]
  const stream = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (socket.readyState !== socket.OPEN) return done(new Error('The connection is gone'))
      socket.send(Buffer.concat([Buffer.from([0]), chunk]), done)
    },
    // There is no way to say that one side has ended: the other may still have much to say.
    final: done => done(),
    destroy(error, done) {
      socket.close()
      done(error)
    },
  })
  socket.on('message', (data: Buffer) => {
    const channel = data[0] === 0 ? 0 : 1
    const bytes = data.subarray(begun[channel] ? 1 : 3)
    begun[channel] = true
    if (bytes.length === 0) return
    if (channel === 1)
      stream.destroy(
        new AppError('unreachable', 'cluster.proxyFailed', { what, reason: bytes.toString('utf8').trim() }),
      )
    else if (!stream.push(bytes)) socket.pause()
  })
  socket.on('error', error => stream.destroy(error))
  socket.once('close', () => stream.push(null))
  return stream
}
