import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import { decodeHealthReply, encodeHealthCheck, grpcTargetOf, readGrpcReply } from './grpc-health.ts'
import { type DeclaredHealth, type HealthAnswer, readHealthContract } from './health-contract.ts'
import { serviceHealth } from './service-health.ts'

test('a question and an answer are the bytes that gRPC wants', () => {
  expect([...encodeHealthCheck('')]).toEqual([0, 0, 0, 0, 0])
  expect([...encodeHealthCheck('a.B')]).toEqual([0, 0, 0, 0, 5, 0x0a, 3, 0x61, 0x2e, 0x42])
  const long = encodeHealthCheck('x'.repeat(300))
  expect([...long.subarray(0, 8)]).toEqual([0, 0, 0, 0x01, 0x2f, 0x0a, 0xac, 0x02])
  expect(decodeHealthReply(Uint8Array.of(0, 0, 0, 0, 2, 8, 1))).toBe(1)
  expect(decodeHealthReply(Uint8Array.of(0, 0, 0, 0, 0))).toBe(0)
  // Fields of a later version are passed over.
  expect(decodeHealthReply(Uint8Array.of(0, 0, 0, 0, 6, 0x12, 2, 9, 9, 8, 2))).toBe(2)
  for (const broken of [[], [0, 0, 0, 0], [1, 0, 0, 0, 2, 8, 1], [0, 0, 0, 0, 9, 8, 1]])
    expect(decodeHealthReply(Uint8Array.from(broken))).toBe(null)
})

test('every answer is told in words, and what it means for the service', () => {
  const told = (code: number, serving: number | null) => {
    const read = readGrpcReply({ code, message: 'why', serving }, { words: 'gRPC :9090', service: 'a.B' })
    return `${read.verdict}: ${translate('en', read.said)}`
  }
  expect(told(0, 1)).toBe('up: gRPC :9090 says SERVING: it is well.')
  expect(told(0, 2)).toBe('down: gRPC :9090 says NOT_SERVING: it is up and takes no calls.')
  expect(told(0, 0)).toBe('unknown: gRPC :9090 says UNKNOWN: it does not know itself how it does.')
  expect(told(5, null)).toBe('unknown: gRPC :9090 knows no service “a.B”: how that does is not known.')
  expect(told(12, null)).toContain('unknown: gRPC :9090 answers UNIMPLEMENTED: something speaks gRPC there')
  expect(told(14, null)).toBe('down: gRPC :9090 answers UNAVAILABLE: why')
  expect(told(16, null)).toContain('tells its health only to those it knows')
  expect(told(0, null)).toContain('answers with gRPC status 0')
  expect(told(2, null)).toBe('unknown: gRPC :9090 answers with gRPC status 2. why')
})

test.each([
  ['/bin/grpc_health_probe -addr=:9090', '9090  false'],
  ['/bin/grpc_health_probe-linux-arm64 --addr localhost:9090 -service a.B -tls', '9090 a.B true'],
  ['grpc-health-probe -addr=127.0.0.1:$(PORT) -service="" -tls=false', '7070  false'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a shell has it
  ['sh -c exec grpc_health_probe -addr=:${PORT} && true', '7070  false'],
  ['grpcurl -plaintext -d {"service":"a.B"} localhost:9090 grpc.health.v1.Health/Check', '9090 a.B false'],
  ['grpc_health_probe -addr=unix:///run/app.sock', null],
  ['grpc_health_probe -addr=:$OTHER', null],
  ['pg_isready -U app', null],
])('%s', (command, expected) => {
  const found = grpcTargetOf(command.split(' '), { env: [{ name: 'PORT', value: '7070' }] })
  expect(found && `${found.port} ${found.service} ${found.tls}`).toBe(expected)
})

test('a contract asks over gRPC where a probe does, or where people say so', () => {
  const contract = (container: object, declared?: DeclaredHealth) =>
    readHealthContract(
      { spec: { containers: [{ name: 'a', ports: [{ containerPort: 9000 }], ...container }] } },
      declared,
    )
  const command = ['/bin/grpc_health_probe', '-addr=:9090', '-service=a.B']
  expect(contract({ livenessProbe: { exec: { command } } })).toMatchObject({
    kind: 'grpc',
    questions: { liveness: { how: 'grpc', port: '9090', service: 'a.B', words: 'gRPC :9090 a.B', probed: true } },
  })
  expect(contract({}, { kind: 'grpc', service: 'a.B' }).questions.readiness).toMatchObject({
    ...{ how: 'grpc', port: '9000', service: 'a.B', probed: false },
  })
  const probe = { readinessProbe: { grpc: { port: 9001 } } }
  expect(contract(probe, { kind: 'grpc' }).questions.readiness).toMatchObject({ port: '9001', probed: true })
  expect(contract(probe, { kind: 'grpc', service: 'a.B' }).questions.readiness).toMatchObject({ probed: false })
})

test('an answer over gRPC decides on the service', () => {
  const contract = readHealthContract({ spec: { containers: [{ name: 'a', readinessProbe: { grpc: { port: 1 } } }] } })
  const health = (code: number, serving: number | null) => {
    const answer: HealthAnswer = {
      ...{ aspect: 'readiness', pod: 'a', words: 'gRPC :1', status: null, problem: null, asOf: '' },
      ...readGrpcReply({ code, message: '', serving }, { words: 'gRPC :1' }),
    }
    const { state, aspects } = serviceHealth('a', contract, null, [answer])
    return [state, aspects.readiness.state, aspects.readiness.message.key]
  }
  expect(health(0, 1)).toEqual(['healthy', 'pass', 'grpc.serving'])
  expect(health(0, 2)).toEqual(['down', 'fail', 'grpc.notServing'])
  expect(health(0, 0)).toEqual(['unknown', 'unknown', 'grpc.unknown'])
  expect(health(12, null)).toEqual(['unknown', 'unknown', 'grpc.unimplemented'])
})
