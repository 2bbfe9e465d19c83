import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { LiveNode } from '../live/live.ts'
import type { Json } from '../manifests/manifest.ts'
import { translate } from '../messages/index.ts'
import { type DeclaredHealth, type HealthAnswer, readHealthContract } from './health-contract.ts'
import { readHealthAnswer } from './read-health-answer.ts'
import { serviceHealth } from './service-health.ts'

const workload = (container: string, annotations = '{}') =>
  parse(
    `{spec: {template: {metadata: {annotations: ${annotations}}, spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}], ${container}}]}}}}`,
  ) as Json
const contract = (container: string, declared?: DeclaredHealth, annotations?: string) => {
  const { kind, origin, questions, notes } = readHealthContract(workload(container, annotations), declared)
  const words = Object.fromEntries(
    Object.entries(questions).map(([aspect, question]) => [aspect, question?.words ?? null]),
  )
  return { kind, origin, ...words, notes: notes.map(({ key }) => key) }
}
const http = (name: string, path: string) => `${name}Probe: {httpGet: {path: ${path}, port: 8080}}`

describe('the contract', () => {
  test('is detected from probes, told apart by what they ask', () => {
    expect(contract('image: x')).toEqual({
      kind: 'none',
      origin: 'detected',
      liveness: null,
      readiness: null,
      dependencies: null,
      notes: ['live.noteNoReadiness', 'live.noteNoLiveness'],
    })
    expect(contract(`${http('liveness', '/live')}, ${http('readiness', '/ready')}`)).toMatchObject({
      kind: 'http',
      liveness: 'GET :8080/live',
      readiness: 'GET :8080/ready',
      notes: [],
    })
    expect(contract('readinessProbe: {grpc: {port: 9090}}')).toMatchObject({ kind: 'grpc', readiness: 'gRPC :9090' })
    expect(contract('readinessProbe: {tcpSocket: {port: 5432}}')).toMatchObject({
      kind: 'kubernetes',
      notes: ['live.noteNoLiveness', 'live.noteOnlyPort'],
    })
  })

  test('Spring: the whole health is asked for dependencies, and warned about as a liveness probe', () => {
    expect(
      contract(`${http('liveness', '/shop/actuator/health')}, ${http('readiness', '/shop/actuator/health/readiness')}`),
    ).toMatchObject({
      kind: 'spring-actuator',
      dependencies: 'GET :8080/shop/actuator/health',
      notes: ['live.noteLivenessDepends'],
    })
  })

  test('Dapr by its annotation, on the port of its sidecar', () => {
    expect(contract('image: x', undefined, '{dapr.io/enabled: "true"}')).toMatchObject({
      kind: 'dapr',
      readiness: 'GET :3501/v1.0/healthz',
      dependencies: 'GET :3501/v1.0/healthz/outbound',
    })
  })

  test('what people declare counts more, and what a probe asks already stays the probe', () => {
    const declared: DeclaredHealth = { kind: 'http', port: 9000, readiness: '/ready', dependencies: '/deps' }
    const read = readHealthContract(workload(http('readiness', '/ready')), declared)
    expect(read).toMatchObject({ origin: 'declared', questions: { readiness: { probed: true, port: '8080' } } })
    expect(read.questions.dependencies).toMatchObject({ port: '9000', path: '/deps', probed: false })
    expect(contract(`${http('liveness', '/health')}, ${http('readiness', '/health')}`).notes).toEqual([
      'live.noteSameQuestion',
    ])
  })
})

describe('an answer', () => {
  const read = (status: number, body: string) => {
    const { verdict, meaningful, components } = readHealthAnswer({ status, body })
    return [verdict, meaningful, components.map(part => `${part.name}=${part.verdict}`).join(' ')]
  }
  test.each([
    [
      'Spring',
      200,
      '{"status":"UP","components":{"db":{"status":"UP"},"disk":{"status":"UP"}}}',
      'up',
      'db=up disk=up',
    ],
    [
      'Spring, a part is down',
      503,
      '{"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":"x"}}}}',
      'down',
      'db=down',
    ],
    ['Spring 1', 200, '{"status":"UP","details":{"redis":{"status":"OUT_OF_SERVICE"}}}', 'partly', 'redis=down'],
    ['MicroProfile', 200, '{"status":"UP","checks":[{"name":"kafka","status":"UP"}]}', 'up', 'kafka=up'],
    ['health+json', 200, '{"status":"warn","checks":{"cpu":[{"status":"warn"}]}}', 'partly', 'cpu=partly'],
    [
      'Terminus',
      503,
      '{"status":"error","error":{"db":{"status":"down","message":"no"}},"details":{"db":{"status":"down"}}}',
      'down',
      'db=down',
    ],
    ['ASP.NET', 200, 'Degraded', 'partly', ''],
    ['ASP.NET with entries', 200, '{"status":"Healthy","entries":{"sql":{"status":"Healthy"}}}', 'up', 'sql=up'],
    [
      'Kubernetes',
      500,
      '[+]ping ok\n[-]etcd failed: reason withheld\nhealthz check failed',
      'down',
      'ping=up etcd=down',
    ],
    ['a word', 200, 'OK\n', 'up', ''],
    ['a boolean', 200, '{"ok":true}', 'up', ''],
    ['well, it says, behind a code that says ill', 500, '{"status":"ok"}', 'down', ''],
  ])('%s', (_what, status, body, verdict, parts) => {
    expect(read(status, body)).toEqual([verdict, true, parts])
  })

  test('that says nothing is no more than an answer', () => {
    for (const body of ['', '<!doctype html><title>Shop</title>', '{"version":"1.2"}', '[]', 'hello'])
      expect(read(200, body), body).toEqual(['up', false, ''])
    expect(read(204, '')).toEqual(['up', false, ''])
    expect(read(404, 'not found')).toEqual(['unknown', false, ''])
    expect(read(401, '{"status":"UP"}')).toEqual(['unknown', false, ''])
    expect(read(503, '')).toEqual(['down', false, ''])
  })

  test('shows no credential that a part says', () => {
    const { components } = readHealthAnswer({
      status: 503,
      body: '{"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":"postgres://app:hunter2@db refused"}}}}',
    })
    expect(components[0]?.said).toContain('refused')
    expect(JSON.stringify(components)).not.toContain('hunter2')
  })
})

describe('one state', () => {
  const probed = readHealthContract(workload(`${http('liveness', '/live')}, ${http('readiness', '/ready')}`))
  const node = (more: Partial<LiveNode>): LiveNode => ({
    id: 'web',
    state: 'there',
    workloads: [],
    desired: 2,
    ready: 2,
    pods: 2,
    restarts: 0,
    health: 'Healthy',
    why: null,
    rank: 0,
    versions: [],
    autoscaler: null,
    ledBy: [],
    endpoints: null,
    ...more,
  })
  const answer = (more: Partial<HealthAnswer>): HealthAnswer => ({
    aspect: 'readiness',
    pod: 'web-1',
    words: 'GET :8080/ready',
    status: 200,
    verdict: 'up',
    meaningful: true,
    components: [],
    problem: null,
    asOf: '2026-01-01T00:00:00Z',
    ...more,
  })
  const states = (live: LiveNode | null, answers: readonly HealthAnswer[] = [], of = probed) => {
    const { state, aspects } = serviceHealth('web', of, live, answers)
    return [state, aspects.liveness.state, aspects.readiness.state, aspects.dependencies.state].join(' ')
  }

  test('of what runs, what does not, and what nobody knows', () => {
    expect(states(node({}))).toBe('healthy pass pass silent')
    expect(states(null)).toBe('unknown unknown unknown silent')
    expect(states(node({ state: 'missing', health: 'Missing', ready: 0 }))).toBe('down fail fail silent')
    expect(states(node({ ready: 1, health: 'Progressing' }))).toBe('starting pass partly silent')
    const crash = { key: 'live.whyCrash', params: { container: 'web', code: 1, count: 3, said: '' } } as const
    expect(states(node({ ready: 0, health: 'Degraded', why: crash, rank: 97 }))).toBe('down fail fail silent')
    expect(states(node({ ready: 1, health: 'Degraded', why: crash, rank: 97 }))).toBe('degraded partly partly silent')
    expect(states(node({ desired: 0, ready: 0, pods: 0 }))).toBe('healthy pass unknown silent')
  })

  test('without a readiness probe nothing says that it serves; its own answer does', () => {
    const bare = readHealthContract(workload('image: x'), { kind: 'http', readiness: '/ready' })
    expect(states(node({}), [], bare)).toBe('healthy pass silent silent')
    expect(states(node({}), [answer({})], bare)).toBe('healthy pass pass silent')
    expect(states(node({}), [answer({ verdict: 'down', status: 503 })], bare)).toBe('degraded pass fail silent')
  })

  test('a dependency that is down degrades, and is named', () => {
    const down = answer({
      aspect: 'dependencies',
      verdict: 'down',
      components: [
        { name: 'db', verdict: 'down', said: '' },
        { name: 'ping', verdict: 'up', said: '' },
      ],
    })
    const it = serviceHealth('web', probed, node({}), [down])
    expect(it.state).toBe('degraded')
    expect(translate('en', it.aspects.dependencies.message)).toBe('GET :8080/ready says that these are not well: db.')
  })

  test('an endpoint that only answers 200 is said to do no more', () => {
    const it = serviceHealth('web', probed, node({}), [answer({ aspect: 'dependencies', meaningful: false })])
    expect(translate('en', it.aspects.dependencies.message)).toContain('that is all that is known')
  })
})
