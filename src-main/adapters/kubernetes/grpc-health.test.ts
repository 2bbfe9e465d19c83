import { createSecureServer, createServer, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, connect, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { createAuthority } from '../../sandbox/cluster/certificates.ts'
import { checkGrpcHealth } from './grpc-health.ts'

const never = new AbortController().signal

/** Asks a server that answers each call as the test says. */
async function ask(server: Server, tls: boolean, signal = never) {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  try {
    return await checkGrpcHealth(socket, { port: 1, service: 'shop.Cart', tls }, 'pod:1', signal)
  } finally {
    socket.destroy()
    server.close()
  }
}

/** As gRPC servers answer: a message, then the status in trailers. */
function serving(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': '' }))
  // In pieces, as a network may have it.
  stream.write(Buffer.from([0, 0, 0]))
  stream.end(Buffer.from([0, 2, 8, 1]))
}

test('a server with a certificate that nobody vouches for is asked over TLS', async () => {
  const { key, certificate } = createAuthority(Date.now()).issueServer()
  const server = createSecureServer({ key, cert: certificate }).on('stream', serving)
  expect(await ask(server, true)).toEqual({ code: 0, message: '', serving: 1 })
})

test('what a server says in its trailers is read as it is meant', async () => {
  const refusing = createServer().on('stream', stream => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.once('wantTrailers', () =>
      stream.sendTrailers({ 'grpc-status': '14', 'grpc-message': 'no%20database %E2%82' }),
    )
    stream.end()
  })
  expect(await ask(refusing, false)).toEqual({ code: 14, message: 'no%20database %E2%82', serving: null })
})

test('a web server over HTTP/2 is no gRPC, and whoever leaves is not waited for', async () => {
  const web = createServer().on('stream', stream => {
    stream.respond({ ':status': 404, 'content-type': 'text/html' })
    stream.end('not here')
  })
  await expect(ask(web, false)).rejects.toMatchObject({
    code: 'unreachable',
    key: 'grpc.noGrpc',
    params: { reason: 'HTTP 404 text/html' },
  })
  const leaving = new AbortController()
  const silent = createServer().on('stream', () => leaving.abort())
  await expect(ask(silent, false, leaving.signal)).rejects.toMatchObject({ code: 'cancelled' })
})
