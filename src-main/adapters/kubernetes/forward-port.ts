import { createServer, type Socket } from 'node:net'
import type WebSocket from 'ws'
import type { PortForward } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'

/** Bytes that may wait on the way to the Pod before the local side has to wait. */
const fullAt = 1024 * 1024

/**
 * Listens on a free port of this machine alone; each connection goes to the Pod over a web socket of its own. The
 * first socket is opened at once, so that a missing right or Pod is told before anything connects.
 */
export async function forwardPort(
  line: ApiLine,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  port: number,
  signal: AbortSignal,
): Promise<PortForward> {
  const closing = new AbortController()
  const both = AbortSignal.any([signal, closing.signal])
  const connect = (): Promise<WebSocket> =>
    line.socket(
      {
        method: 'GET',
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/portforward`,
        query: { ports: String(port) },
        asked: { verb: 'create', group: '', resource: 'pods', subresource: 'portforward', namespace, name },
      },
      ['v4.channel.k8s.io'],
      both,
    )
  const first = await connect()
  first.on('error', () => {})
  first.close()
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    connect().then(
      remote => join(socket, remote),
      () => socket.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = (): void => {
    closing.abort()
    for (const socket of open) socket.destroy()
    server.close()
  }
  both.addEventListener('abort', close, { once: true })
  if (both.aborted) close()
  const address = server.address()
  return {
    localPort: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      close()
    },
  }
}

/** Channel 0 carries bytes, channel 1 the reason of a failure; each begins with two bytes of port number. */
function join(local: Socket, remote: WebSocket): void {
  const begun = [false, false]
  remote.on('message', (data: Buffer) => {
    const channel = data[0] === 0 ? 0 : 1
    const bytes = data.subarray(begun[channel] ? 1 : 3)
    begun[channel] = true
    if (bytes.length === 0) return
    if (channel === 1) return void local.destroy()
    if (!local.write(bytes)) {
      remote.pause()
      local.once('drain', () => remote.resume())
    }
  })
  remote.on('error', () => local.destroy())
  remote.once('close', () => local.end())
  local.on('data', bytes => {
    if (remote.readyState !== remote.OPEN) return
    remote.send(Buffer.concat([Buffer.from([0]), bytes]), () => {
      if (local.isPaused() && remote.bufferedAmount < fullAt) local.resume()
    })
    if (remote.bufferedAmount > fullAt) local.pause()
  })
  local.once('close', () => remote.close())
  local.resume()
}
