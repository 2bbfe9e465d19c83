import { createServer, connect as dial, type Socket } from 'node:net'

/** A line to a port of this machine that can be cut after so many bytes, in the middle of whatever they are. */
export interface DroppingProxy extends AsyncDisposable {
  readonly port: number
  /** Bytes that went through towards the server since the last call of `cutAfter`. */
  passed(): number
  /** From now on, so many more bytes towards the server and then nothing, either way; null: for good. */
  cutAfter(bytes: number | null): void
  /** Cuts the line at once, and for good. */
  cutNow(): void
}

export async function droppingProxy(target: number): Promise<DroppingProxy> {
  let left: number | null = null
  let passed = 0
  const sockets = new Set<Socket>()
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
    upstream.pipe(client)
    client.on('data', (bytes: Buffer) => {
      if (left === null) {
        passed += bytes.length
        upstream.write(bytes)
        return
      }
      const through = bytes.subarray(0, left)
      passed += through.length
      left -= through.length
      upstream.write(through)
      if (left > 0) return
      // What was sent arrives; what follows does not, and nobody is told.
      left = 0
      upstream.unpipe(client)
      setImmediate(() => {
        for (const socket of sockets) socket.destroy()
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return {
    port: address.port,
    passed: () => passed,
    cutAfter(bytes) {
      left = bytes
      passed = 0
    },
    cutNow() {
      left = 0
      for (const socket of sockets) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
