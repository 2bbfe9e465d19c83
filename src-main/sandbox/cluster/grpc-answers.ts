import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { LiveObject } from '../../../shared/health/health.ts'
import { readHealthContract } from '../../../shared/health/health-contract.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { isReady } from './pod-container.ts'

/** Of the annotation, for what a probe cannot say. */
const moods = { 'grpc-unknown': 0, 'grpc-not-serving': 2, 'grpc-unimplemented': null } as const
const answers = { ok: 0, notFound: 5, unimplemented: 12 } as const

const moodOf = (pod: LiveObject): keyof typeof moods | undefined =>
  Object.keys(moods).find(
    (mood): mood is keyof typeof moods =>
      mood === textAt(pod, 'metadata', 'annotations', 'sandbox.pilothouse.dev/health'),
  )

/** Names of services that a port of a Pod tells the health of over gRPC, by its probes; null where it speaks HTTP. */
export function grpcServices(pod: LiveObject, port: number): readonly string[] | null {
  const { liveness, readiness } = readHealthContract(pod).questions
  const asked = [liveness, readiness].flatMap(question =>
    question?.how === 'grpc' && Number(question.port) === port ? [question.service ?? ''] : [],
  )
  return asked.length > 0 ? ['', ...asked] : null
}

/**
 * A gRPC server with the health service of a sandbox container: SERVING once it is ready; UNKNOWN, NOT_SERVING or no
 * such service at all where the annotation `sandbox.pilothouse.dev/health` wants that.
 */
export function grpcServer(pod: LiveObject, services: readonly string[]) {
  const server = createServer()
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('error', () => stream.destroy())
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const mood = moodOf(pod)
      const serving = mood === undefined ? (isReady(pod) ? 1 : 2) : moods[mood]
      const known = services.includes(serviceIn(Buffer.concat(chunks)))
      if (headers[':path'] !== '/grpc.health.v1.Health/Check' || serving === null)
        return refuse(stream, answers.unimplemented, 'unknown service grpc.health.v1.Health')
      if (!known) return refuse(stream, answers.notFound, 'unknown service')
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(answers.ok) }))
      const body = serving === 0 ? [] : [0x08, serving]
      stream.end(Buffer.from([0, 0, 0, 0, body.length, ...body]))
    })
  })
  return server
}

/** A refusal is all trailers: they come as the only headers. */
function refuse(stream: ServerHttp2Stream, code: number, message: string): void {
  stream.respond(
    {
      ...{ ':status': 200, 'content-type': 'application/grpc' },
      ...{ 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) },
    },
    { endStream: true },
  )
}

/** Field 1 of a HealthCheckRequest: a name shorter than 128 bytes. */
const serviceIn = (framed: Buffer): string =>
  framed[5] === 0x0a ? framed.subarray(7, 7 + (framed[6] ?? 0)).toString('utf8') : ''
