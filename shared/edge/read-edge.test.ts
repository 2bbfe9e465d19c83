import { expect, test } from 'vitest'
import { applyEdit, applyEdits } from '../edits/apply-edits.ts'
import type { Edit } from '../edits/edit.ts'
import { nodesOf } from '../fleet/place.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { checkSchema } from '../schema/check.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { schemaOf } from '../schema/schema-of.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { edgeJsonSchema } from './edge-schema.ts'
import { readEdgeFile, readFleet } from './read-edge.ts'

const head = (kind: string) => `apiVersion: pilothouse.dev/v1alpha1\nkind: ${kind}\n`
const digest = 'a'.repeat(64)
const whole = `# A machine in the hall.
${head('EdgeNode')}metadata:
  name: hall-3
  labels: { site: porto, ring: canary }
spec:
  host: edge-hall-3
  user: pilot
  port: 2222
  architecture: arm64
  protected: true
---
${head('EdgeService')}metadata:
  name: motion
spec:
  selector: { matchLabels: { site: porto } }
  version: 1.4
  artifact: { path: build/motion, sha256: ${digest} }
  command: [./motion, --rate=1000]
  env: [{ name: MODE, value: fast }]
  unit:
    user: motion
    cpuAffinity: 2-3
    cpuQuota: 80%
    memoryMax: 256M
    restart: always
    scheduling: { policy: fifo, priority: 80 }
    after: [network-online.target]
  files: [{ path: etc/motion.toml, content: "a = 1\\n", mode: "0640" }]
  health: { http: { port: 8080, path: /healthz }, timeout: 20s }
  slo: { schedulingLatencyP99: 150 }
  rollout: { rings: [{ matchLabels: { ring: canary } }, { share: 10 }], maxUnavailable: 2, soak: 10m }
  keep: 5
`
const file = '.pilothouse/edge/porto.yaml'
const said = (text: string) =>
  readEdgeFile(file, text).findings.map(
    ({ severity, message }) => `${severity} ${translate('en', message).replaceAll(file, '')}`,
  )

test('nodes and services are read with their places', () => {
  const { nodes, services, findings } = readEdgeFile(file, whole)
  expect(findings).toEqual([])
  expect(nodes).toMatchObject([
    { name: 'hall-3', host: 'edge-hall-3', labels: { site: 'porto', ring: 'canary' }, protected: true, file, line: 2 },
  ])
  expect(services).toMatchObject([{ name: 'motion', version: '1.4', unit: { cpuAffinity: '2-3' }, line: 14 }])
  expect(checkSchema(schemaOf(file) as JsonSchema, whole)).toEqual([])
})

test('a mistake names file, line, column and what fits, and costs its document alone', () => {
  expect(said(whole.replace('port: 2222', 'port: 99999'))).toEqual([
    'error :10:3 has a value for spec.port that does not fit, so this document is left out. Expected: Port, 1–65535.',
  ])
  expect(readEdgeFile(file, whole.replace('port: 2222', 'port: 99999')).services).toHaveLength(1)
  expect(said(whole.replace('  host: edge-hall-3\n', ''))).toEqual([
    'error :7:1 lacks spec.host, so this document is left out. Expected: Host name, address, or an alias of ~/.ssh/config.',
  ])
  expect(said(whole.replace('kind: EdgeNode', 'kind: EdgeNod'))).toHaveLength(1)
  expect(said('a: [')).toHaveLength(1)
  expect(said('- 1\n')).toHaveLength(1)
  expect(said('')).toEqual([])
})

test('an unknown key is a warning that names the nearest known one, and the rest holds', () => {
  const typo = whole.replace('    cpuQuota:', '    cpuQouta:')
  expect(said(typo)).toEqual([
    'warning :27:5 has the key spec.unit.cpuQouta, which nobody knows. Did you mean cpuQuota?',
  ])
  expect(readEdgeFile(file, typo).services).toHaveLength(1)
})

test('what contradicts itself is told', () => {
  const wrong = (from: string, to: string) => said(whole.replace(from, to)).join()
  expect(wrong('path: build/motion,', `path: a, url: "https://x/y",`)).toContain('exactly one of path | url | image')
  expect(wrong(`path: build/motion, sha256: ${digest}`, 'url: https://x/y')).toContain('without saying its sha256')
  expect(wrong('policy: fifo, priority: 80', 'policy: fifo')).toContain('need a `priority`')
  expect(wrong('policy: fifo', 'policy: other')).toContain('no other policy')
  expect(wrong('[{ share: 10 }]', '')).toBe('')
  expect(wrong('{ share: 10 }', '{ share: 10, matchLabels: {a: b} }')).toContain('matchLabels | share')
  expect(wrong('path: build/motion', 'path: ../../etc/shadow')).toContain('spec.artifact.path')
  expect(wrong('host: edge-hall-3', 'host: -oProxyCommand=x')).toContain('spec.host')
  expect(wrong('user: motion', 'user: "a\\nExecStart=/bin/sh"')).toContain('spec.unit.user')
})

test('a name is declared once', () => {
  const fleet = readFleet([
    { path: '.pilothouse/edge/b.yaml', text: whole },
    { path: '.pilothouse/edge/a.yaml', text: whole },
    { path: 'deploy/c.yaml', text: whole },
  ])
  expect(fleet.nodes.map(node => node.file)).toEqual(['.pilothouse/edge/a.yaml'])
  expect(fleet.findings.map(({ message }) => translate('en', message))).toEqual([
    '.pilothouse/edge/b.yaml:2:1: EdgeNode hall-3 is declared in .pilothouse/edge/a.yaml:2 already. This one is left out; give it another name.',
    '.pilothouse/edge/b.yaml:14:1: EdgeService motion is declared in .pilothouse/edge/a.yaml:14 already. This one is left out; give it another name.',
  ])
})

test('the published schema is that of the reader', async () => {
  await expect(`${JSON.stringify(edgeJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/schemas/edge.schema.json',
  )
})

const asText = (path: string, text: string) => readManifestFile(path, text)
const service = (spec: string) => `${head('EdgeService')}metadata: { name: till }\nspec:\n${spec}`
const node = (name: string, ring: string) =>
  `${head('EdgeNode')}metadata: { name: ${name}, labels: { ring: ${ring} } }\nspec: { host: ${name} }\n`
const placed = `${service(`  selector: { matchLabels: { ring: a } }
  version: 1.2
  artifact: { path: build/till }
  env: [{ name: API_URL, value: "http://api.acme.com" }]
  ports: [{ containerPort: 80 }]
`)}---\n${node('porto', 'a')}---\n${node('braga', 'a')}---\n${node('faro', 'b')}`

test('services and nodes are on the graph: where they run, what they call, and what is wrong with their file', () => {
  const graph = (text: string) => buildTopology([asText(file, text)], { environment: '.', revision: '' })
  const topology = graph(placed)
  expect(topology.nodes.filter(({ kind }) => kind === 'edge').map(({ id }) => id)).toEqual(['braga', 'faro', 'porto'])
  expect(topology.nodes.find(({ id }) => id === 'till')).toMatchObject({
    kind: 'service',
    runsOn: 'braga, porto',
    containers: [{ name: 'till', image: 'build/till:1.2', env: [{ name: 'API_URL' }] }],
  })
  expect(topology.edges.map(({ from, to }) => `${from} > ${to}`)).toEqual(['till > api.acme.com'])
  const typo = graph(placed.replace('ports:', 'prots:'))
  expect(typo.findings.filter(({ kind }) => kind === 'unknown-key').map(({ line }) => line)).toEqual([9])
})

test('typed edits place a service, and set its version and its options', () => {
  const resource = { file, kind: 'EdgeService', name: 'till' }
  const files = new Map([[file, placed]])
  const edits: Edit[] = [
    { kind: 'set-field', resource, at: ['spec', 'selector', 'matchLabels', 'ring'], value: 'b' },
    { kind: 'set-field', resource, at: ['spec', 'version'], value: '1.3' },
    { kind: 'set-field', resource, at: ['spec', 'unit'], value: { cpuAffinity: '2-3' } },
    { kind: 'set-env', resource, container: 'till', name: 'API_URL', value: { value: 'http://other.acme.com' } },
  ]
  const { changed, outcomes } = applyEdits(files, edits)
  expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'applied', 'applied', 'applied'])
  const { services, nodes, findings } = readEdgeFile(file, changed.get(file)!)
  expect(findings).toEqual([])
  expect(services[0]).toMatchObject({
    version: '1.3',
    unit: { cpuAffinity: '2-3' },
    env: [{ name: 'API_URL', value: 'http://other.acme.com' }],
  })
  expect(nodesOf(services[0]!, nodes).map(({ name }) => name)).toEqual(['faro'])
  expect(applyEdit(files, { kind: 'set-image', resource, container: 'till', image: 'x:1' }).kind).toBe('refused')
})
