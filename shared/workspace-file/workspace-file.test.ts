import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { translate } from '../messages/index.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { readWorkspaceFile } from './read-workspace-file.ts'
import { workspaceJsonSchema } from './workspace-schema.ts'

const head = 'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n'
const read = (text: string) => readWorkspaceFile('pilothouse.yaml', text)
const said = (text: string) =>
  read(text).findings.map(finding => `${finding.severity} ${translate('en', finding.message)}`)

const whole = `${head}metadata:
  name: payments
environments:
  - path: deploy/production
    name: production
    cluster: gke_prod
    protected: true
  - { path: deploy/staging }
metrics:
  - { kind: prometheus, url: "https://prometheus.example.com/api", environments: [deploy/production] }
services:
  gateway:
    owner: team-edge
    tier: critical
    slo: { availability: 99.95, p99: 250, errors: 0.1 }
    health: { kind: spring-actuator, port: 8080, liveness: /actuator/health/liveness }
    source: services/gateway
  ledger:
    source: { repository: "https://git.example.com/acme/ledger.git", revision: v2, folder: cmd }
edges:
  - { from: gateway, to: orders, state: confirmed }
  - from: orders
    to: zipkin
    state: rejected
    why: switched off
  - { from: orders, to: sap.example.com, state: declared, protocol: http, environment: deploy/production }
`

test('everything the format holds is read, with the lines it stands on', () => {
  const file = read(whole)
  expect(file.findings).toEqual([])
  expect(file.name).toBe('payments')
  expect(file.environments).toEqual([
    { path: 'deploy/production', name: 'production', cluster: 'gke_prod', protected: true },
    { path: 'deploy/staging' },
  ])
  expect(file.metrics[0]?.kind).toBe('prometheus')
  expect(file.services.get('gateway')).toEqual({
    owner: 'team-edge',
    tier: 'critical',
    slo: { availability: 99.95, p99: 250, errors: 0.1 },
    health: { kind: 'spring-actuator', port: 8080, liveness: '/actuator/health/liveness' },
    source: 'services/gateway',
    line: 14,
  })
  expect(file.edges.map(({ from, state, line }) => `${line} ${from} ${state}`)).toEqual([
    '23 gateway confirmed',
    '24 orders rejected',
    '28 orders declared',
  ])
})

test('an unknown key is a warning that names it and the nearest known one', () => {
  expect(said(`${head}services:\n  gateway: { ownr: team, tier: critical }\nwhatever: 1\n`)).toEqual([
    'warning pilothouse.yaml:4:14 has the key services.gateway.ownr, which nobody knows. Did you mean owner?',
    'warning pilothouse.yaml:5:1 has the key whatever, which nobody knows. It is not read.',
  ])
  expect(read(`${head}services:\n  gateway: { ownr: team, tier: critical }\n`).services.get('gateway')?.tier).toBe(
    'critical',
  )
})

test('a value that does not fit costs itself, or the entry that cannot do without it', () => {
  const text = `${head}services:
  a: { tier: vital, owner: me }
  b: { source: { folder: x } }
  c: hello
edges:
  - { from: a }
  - { from: a, to: b, state: maybe }
  - { from: a, to: c, state: declared }
environments: production
`
  expect(said(text)).toEqual([
    'error pilothouse.yaml:4:8 has a value for services.a.tier that does not fit. Expected: critical | standard | best-effort. It is left out.',
    'error pilothouse.yaml:5:8 lacks services.b.source.repository, so this entry is left out. Add it.',
    'error pilothouse.yaml:6:3 has a value for services.c that does not fit. Expected: {owner, tier, slo, health, source}. It is left out.',
    'error pilothouse.yaml:8:5 lacks edges[0].to, so this entry is left out. Add it.',
    'error pilothouse.yaml:9:23 has a value for edges[1].state that does not fit. Expected: confirmed | rejected | declared. It is left out.',
    'error pilothouse.yaml:11:1 has a value for environments that does not fit. Expected: […]. It is left out.',
  ])
  const file = read(text)
  expect(file.services.get('a')).toEqual({ owner: 'me', line: 4 })
  expect(file.edges).toEqual([{ from: 'a', to: 'c', state: 'declared', line: 10 }])
})

test('a broken file is an error with line and column, and an address holds no password', () => {
  expect(said(`${head}services:\n  a: [\n`)[0]).toMatch(/^error pilothouse\.yaml:\d+:\d+ cannot be read: /)
  expect(said('just text\n')).toEqual([
    'error pilothouse.yaml:1:1 is no workspace: it begins with `apiVersion: pilothouse.dev/v1alpha1` and `kind: Workspace`.',
  ])
  expect(said('apiVersion: other/v1\nkind: Workspace\nservices: { a: { owner: me } }\n')).toEqual([
    'error pilothouse.yaml:1:1 has a value for apiVersion that does not fit. Expected: pilothouse.dev/v1alpha1. It is left out.',
  ])
  expect(said(`${head}metrics: [{ kind: tempo, url: "https://me:secret@tempo/" }]\n`)[0]).toContain('metrics[0].url')
  expect(read('').findings).toEqual([])
})

test('a metric source is read with the names of its secrets, and a secret itself is refused', () => {
  const source = (more: string) => `${head}metrics: [{ kind: prometheus, url: "https://p/", ${more} }]\n`
  expect(read(source('window: 1h, match: { cluster: eu }, auth: { kind: bearer, env: TOKEN }')).metrics).toEqual([
    {
      kind: 'prometheus',
      url: 'https://p/',
      window: '1h',
      match: { cluster: 'eu' },
      auth: { kind: 'bearer', env: 'TOKEN' },
    },
  ])
  expect(said(source('headers: { X-Key: abc }'))).toEqual([
    'error pilothouse.yaml:3:61 has a value for metrics[0].headers.X-Key that does not fit. Expected: {env: NAME_OF_A_VARIABLE}. It is left out.',
  ])
  const bad = source('window: often, match: { "a-b": x }, auth: { kind: token, env: "a b" }')
  expect(read(bad).metrics).toEqual([{ kind: 'prometheus', url: 'https://p/', match: {} }])
  expect(said(bad)).toHaveLength(3)
})

test('the published schema is that of the reader', async () => {
  await expect(`${JSON.stringify(workspaceJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/schemas/workspace.schema.json',
  )
})

test('the published schema accepts and refuses what the reader accepts and refuses', () => {
  const text = readFileSync('resources/schemas/workspace.schema.json', 'utf8')
  const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0])
  const cases = [
    whole,
    head,
    `${head}services: {}\n`,
    `${head}services: { a: { source: src } }\n`,
    `${head}services: { a: { source: /etc } }\n`,
    `${head}services: { a: { source: ../other } }\n`,
    `${head}services: { a: { slo: { p99: 0 } } }\n`,
    `${head}services: { a: { slo: { availability: 101 } } }\n`,
    `${head}services: { a: { health: { port: 80 } } }\n`,
    `${head}services: { a: { health: { kind: http, port: 0.5 } } }\n`,
    `${head}services: { a: { health: { kind: http, readiness: ready } } }\n`,
    `${head}services: { a: { source: { repository: x } } }\n`,
    `${head}edges: [{ from: a, to: b, state: confirmed }]\n`,
    `${head}edges: [{ from: a, to: b }]\n`,
    `${head}edges: [{ from: "", to: b, state: declared }]\n`,
    `${head}edges: { from: a }\n`,
    `${head}metrics: [{ kind: prometheus, url: prometheus }]\n`,
    `${head}metrics: [{ kind: prometheus, url: "https://p/", window: 1h, match: { cluster: eu }, tenant: a, auth: { kind: bearer, env: TOKEN }, headers: { X-A: { env: B } } }]\n`,
    `${head}metrics: [{ kind: prometheus, url: "https://p/", window: often }]\n`,
    `${head}metrics: [{ kind: prometheus, url: "https://p/", match: { "a-b": x } }]\n`,
    `${head}metrics: [{ kind: prometheus, url: "https://p/", auth: { env: TOKEN } }]\n`,
    `${head}metrics: [{ kind: prometheus, url: "https://p/", headers: { Authorization: "Bearer x" } }]\n`,
    `${head}environments: [{ path: x, protected: yes }]\n`,
    `${head}environments: [{ path: x, protected: often }]\n`,
    `${head}more: 1\n`,
    'kind: Workspace\n',
    'apiVersion: pilothouse.dev/v1\nkind: Workspace\n',
  ]
  let accepted = 0
  for (const one of cases) {
    const byReader = read(one).findings.length === 0
    const bySchema = schema.safeParse(parseYaml(one)[0]!.yaml.value).success
    expect(bySchema, one).toBe(byReader)
    if (byReader) accepted += 1
  }
  expect(accepted).toBe(8)
})
