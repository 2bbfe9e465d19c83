import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import type { PortForward } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'
import { openPodSocket, podStream } from './pod-stream.ts'

/**
 * Listens on a free port of this machine alone; each connection goes to the Pod over a web socket of its own. The
 * first socket is opened at once, so that a missing right or Pod is told before anything connects.
 */
export async function forwardPort(
  line: ApiLine,
  pod: { readonly namespace: string; readonly name: string },
  port: number,
  signal: AbortSignal,
): Promise<PortForward> {
  const closing = new AbortController()
  const both = AbortSignal.any([signal, closing.signal])
  const connect = (): Promise<WebSocket> => openPodSocket(line, pod, port, both)
  const first = await connect()
  first.on('error', () => {})
  first.close()
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    connect().then(
      remote => join(socket, podStream(remote, `${pod.namespace}/${pod.name}:${port}`)),
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

function join(local: Socket, remote: Duplex): void {
  remote.on('error', () => local.destroy())
  local.once('close', () => remote.destroy())
  local.pipe(remote)
  remote.pipe(local)
  local.resume()
}
