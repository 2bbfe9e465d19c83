import { createServer, connect as dial, type Socket } from 'node:net'

/** Towards the server, or back from it. */
export type Way = 'there' | 'back'

/** A line to a port of this machine that can be cut after so many bytes, in the middle of whatever they are. */
export interface DroppingProxy extends AsyncDisposable {
  readonly port: number
  /** Bytes that went through each way since the last call of `cutAfter`. */
  passed(): { readonly [way in Way]: number }
  /** From now on, so many more bytes this way and then nothing, either way; null: for good. */
  cutAfter(bytes: number | null, way?: Way): void
  /** Cuts the line at once, and for good. */
  cutNow(): void
}

export async function droppingProxy(target: number): Promise<DroppingProxy> {
  let left: number | null = null
  let counted: Way = 'there'
  let passed = { there: 0, back: 0 }
  const sockets = new Set<Socket>()
  const cut = () => {
    left = 0
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer(client => {
    if (left === 0) {
      client.destroy()
      return
    }
    const upstream = dial(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    const carry = (from: Socket, to: Socket, way: Way) =>
      from.on('data', (bytes: Buffer) => {
        const through = left === null || way !== counted ? bytes : bytes.subarray(0, left)
        passed[way] += through.length
        // What was sent arrives; what follows does not, and nobody is told.
        to.write(through)
        if (left === null || way !== counted) return
        left -= through.length
        if (left === 0) setImmediate(cut)
      })
    carry(client, upstream, 'there')
    carry(upstream, client, 'back')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return {
    port: address.port,
    passed: () => ({ ...passed }),
    cutAfter(bytes, way = 'there') {
      left = bytes
      counted = way
      passed = { there: 0, back: 0 }
    },
    cutNow: cut,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
