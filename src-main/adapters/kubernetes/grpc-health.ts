import { connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { AppError } from '../../../shared/errors.ts'
import { decodeHealthReply, encodeHealthCheck, type GrpcReply } from '../../../shared/health/grpc-health.ts'
import type { Cluster } from '../../needs/cluster.ts'
import type { ApiLine } from './api-line.ts'
import { openPodSocket, podStream } from './pod-stream.ts'

type To = Parameters<Cluster['grpcHealth']>[1]

/** Seconds a Pod is given for its answer. */
const patience = 10
/** Bytes of an answer that are read: it has a handful. */
const most = 4096

/**
 * Asks a Pod for its health as gRPC defines it, over the way that a forwarded port takes; nothing listens on this
 * machine. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export async function askGrpcHealth(
  line: ApiLine,
  pod: { readonly namespace: string; readonly name: string },
  to: To,
  outer: AbortSignal,
): Promise<GrpcReply> {
  const what = `${pod.namespace}/${pod.name}:${to.port}`
  const late = AbortSignal.timeout(patience * 1000)
  const signal = AbortSignal.any([outer, late])
  try {
    const socket = await openPodSocket(line, pod, to.port, signal)
    const plain = podStream(socket, what)
    try {
      return await checkGrpcHealth(plain, to, what, signal)
    } finally {
      plain.destroy()
    }
  } catch (error) {
    if (outer.aborted || !late.aborted) throw error
    throw new AppError('unreachable', 'grpc.silent', { what, seconds: patience }, { cause: error })
  }
}

/** The conversation itself, over any two-way stream. */
export function checkGrpcHealth(
  plain: Duplex,
  { service, tls }: To,
  what: string,
  signal: AbortSignal,
): Promise<GrpcReply> {
  // As with the API server's proxy: what a Pod answers over TLS is asked for its health, and for no secret.
  const stream = tls ? connectTls({ socket: plain, ALPNProtocols: ['h2'], rejectUnauthorized: false }) : plain
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      if (signal.aborted) reject(new AppError('cancelled', 'error.cancelled', {}, { cause: error }))
      // What the way to the Pod says of itself comes before what that made of the conversation.
      else if (plain.errored instanceof AppError) reject(plain.errored)
      else if (error instanceof AppError) reject(error)
      else reject(new AppError('unreachable', 'grpc.noGrpc', { what, reason: error.message }, { cause: error }))
    }
    for (const each of new Set([plain, stream])) each.on('error', fail)
    const session = connectHttp2('http://localhost', { createConnection: () => stream })
    session.on('error', fail)
    session.once('close', () => fail(new Error('the connection was closed')))
    const request = session.request(
      {
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
        'content-type': 'application/grpc',
        te: 'trailers',
      },
      { signal },
    )
    let head: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []
    let size = 0
    request.on('response', headers => {
      head = headers
    })
    request.on('trailers', headers => {
      trailers = headers
    })
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
    })
    request.on('error', fail)
    request.once('end', () => {
      const code = trailers['grpc-status'] ?? head['grpc-status']
      if (code === undefined) {
        const status = String(head[constants.HTTP2_HEADER_STATUS] ?? '')
        fail(new Error(`HTTP ${status} ${head['content-type'] ?? ''}`.trim()))
      } else {
        const message = said(String(trailers['grpc-message'] ?? head['grpc-message'] ?? ''))
        const serving = Number(code) === 0 ? decodeHealthReply(Buffer.concat(chunks)) : null
        resolve({ code: Number(code), message, serving })
      }
      session.destroy()
    })
    request.end(encodeHealthCheck(service))
  })
}

/** `grpc-message` is percent-encoded; what is not is taken as it is. */
function said(message: string): string {
  try {
    return decodeURIComponent(message)
  } catch (error) {
    if (error instanceof URIError) return message
    throw error
  }
}
