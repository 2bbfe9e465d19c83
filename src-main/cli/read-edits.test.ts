import { expect, test } from 'vitest'
import type { Topology, TopologyNode } from '../../shared/topology/topology.ts'
import { commands } from './commands.ts'
import { readArguments } from './read-arguments.ts'
import { checkEdits, readEdits } from './read-edits.ts'

const resource = (name: string, kind = 'Deployment', file = `deploy/${name}.yaml`) => ({ file, kind, name })
const container = (name: string, init = false) => ({
  name,
  image: `${name}:1`,
  init,
  ports: init ? [] : [{ port: 8080 }],
  env: [],
  resources: {},
  probes: [],
})
const node = (id: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  kind: 'service',
  resource: resource(id),
  containers: [container('server')],
  services: [],
  ...more,
})
const topology = (environment: string, nodes: readonly TopologyNode[]): Topology => ({
  environment,
  revision: '0'.repeat(40),
  nodes,
  edges: [],
  components: [],
  findings: [],
})
const shop = topology('deploy', [
  node('cart', {
    autoscaler: { resource: resource('cart', 'HorizontalPodAutoscaler'), line: 1, min: 1, max: 3 },
    services: [{ resource: resource('cart', 'Service'), line: 9, type: 'ClusterIP', ports: [{ port: 80 }] }],
  }),
  node('checkout', { containers: [container('wait', true), container('server'), container('proxy')] }),
  { id: 'db.example.org', kind: 'external', services: [] },
])
const edit = (...typed: string[]) => {
  const command = commands.find(({ name }) => name === 'edit')!
  return readEdits(readArguments(command, typed), [shop])
}

test('each flag becomes the edit it means', () => {
  expect(
    edit(
      '--set-replicas=cart=4',
      '--set-image=cart=registry.example:5000/cart:2@sha256:ab',
      '--set-image=checkout:proxy=envoy:1',
      '--set-env=cart:MODE=a=b:c',
      '--set-env=checkout:server:EMPTY=',
      '--unset-env=cart:OLD',
      '--set-args=cart=["--port","80"]',
      '--set-request=cart:cpu=250m',
      '--set-limit=checkout:server:memory=1Gi',
      '--set-label=cart:app.kubernetes.io/part-of=shop',
      '--set-annotation=cart:note=x: y',
      '--set-max-replicas=cart=9',
      '--rename-service=cart=basket',
      '--remove-service=cart',
      '--reject-edge=cart=zipkin',
      '--declare-edge=cart=bank.example.org:http',
      '--declare-edge=cart=store',
      '--add-service=worker=worker:1',
      '--like=cart',
    ),
  ).toEqual([
    { kind: 'set-replicas', resource: resource('cart'), replicas: 4 },
    {
      kind: 'set-image',
      resource: resource('cart'),
      container: 'server',
      image: 'registry.example:5000/cart:2@sha256:ab',
    },
    { kind: 'set-image', resource: resource('checkout'), container: 'proxy', image: 'envoy:1' },
    { kind: 'set-env', resource: resource('cart'), container: 'server', name: 'MODE', value: { value: 'a=b:c' } },
    { kind: 'set-env', resource: resource('checkout'), container: 'server', name: 'EMPTY', value: { value: '' } },
    { kind: 'set-env', resource: resource('cart'), container: 'server', name: 'OLD', value: null },
    { kind: 'set-arguments', resource: resource('cart'), container: 'server', field: 'args', values: ['--port', '80'] },
    {
      kind: 'set-resources',
      resource: resource('cart'),
      container: 'server',
      section: 'requests',
      resourceName: 'cpu',
      quantity: '250m',
    },
    {
      kind: 'set-resources',
      resource: resource('checkout'),
      container: 'server',
      section: 'limits',
      resourceName: 'memory',
      quantity: '1Gi',
    },
    {
      kind: 'set-metadata',
      resource: resource('cart'),
      at: 'object',
      field: 'labels',
      key: 'app.kubernetes.io/part-of',
      value: 'shop',
    },
    {
      kind: 'set-metadata',
      resource: resource('cart'),
      at: 'object',
      field: 'annotations',
      key: 'note',
      value: 'x: y',
    },
    { kind: 'set-autoscaling', resource: resource('cart', 'HorizontalPodAutoscaler'), field: 'maxReplicas', value: 9 },
    { kind: 'add-service', like: resource('cart'), name: 'worker', image: 'worker:1', port: 8080 },
    { kind: 'rename-service', resource: resource('cart'), to: 'basket' },
    { kind: 'remove-service', resource: resource('cart') },
    { kind: 'reject-edge', from: 'cart', to: 'zipkin' },
    { kind: 'declare-edge', from: 'cart', to: 'bank.example.org', protocol: 'http' },
    { kind: 'declare-edge', from: 'cart', to: 'store' },
  ])
})

test.each([
  ['--set-replicas=crat=4', 'not-found', 'cli.noSuchServiceNear'],
  ['--set-replicas=zzzzzz=4', 'not-found', 'cli.noSuchService'],
  ['--set-replicas=cart', 'invalid-input', 'cli.flagForm'],
  ['--confirm-edge=cart', 'invalid-input', 'cli.flagForm'],
  ['--declare-edge=cart=x:', 'invalid-input', 'cli.flagForm'],
  ['--set-replicas=cart=-1', 'invalid-input', 'cli.flagForm'],
  ['--set-replicas=cart=99999', 'invalid-input', 'cli.wrongEdits'],
  ['--set-replicas=db.example.org=2', 'unsupported', 'cli.notAWorkload'],
  ['--set-image=checkout=x:1', 'invalid-input', 'cli.whichContainer'],
  ['--set-image=checkout:nobody=x:1', 'invalid-input', 'cli.noSuchContainer'],
  ['--set-image=cart=', 'invalid-input', 'cli.flagForm'],
  ['--set-env=cart=1', 'invalid-input', 'cli.flagForm'],
  ['--set-env=cart:A', 'invalid-input', 'cli.flagForm'],
  ['--set-args=cart=--port 80', 'invalid-input', 'cli.flagForm'],
  ['--set-request=cart:cpu=lots', 'invalid-input', 'cli.wrongEdits'],
  ['--set-min-replicas=checkout=1', 'unsupported', 'cli.noAutoscaler'],
  ['--add-service=a=b', 'invalid-input', 'cli.likeNeeded'],
])('%s is refused: %s', (flag, code, key) => {
  expect(() => edit(flag)).toThrow(expect.objectContaining({ code, key }))
})

test('a service in several environments is the preferred one’s, one manifest in the others, or a question', () => {
  const command = commands.find(({ name }) => name === 'edit')!
  const given = readArguments(command, ['--set-replicas=cart=4'])
  expect(readEdits(given, [shop, topology('.', [node('cart')])])).toHaveLength(1)
  const other = topology('other', [node('cart', { resource: resource('cart', 'Deployment', 'other/cart.yaml') })])
  expect(readEdits(given, [shop, other])).toMatchObject([{ resource: { file: 'deploy/cart.yaml' } }])
  expect(() => readEdits(given, [topology('first', []), shop, other])).toThrow(
    expect.objectContaining({
      key: 'cli.serviceInSeveral',
      params: { service: 'cart', environments: 'deploy, other' },
    }),
  )
})

test('edits from a file are checked one by one', () => {
  expect(() => checkEdits({})).toThrow(expect.objectContaining({ key: 'cli.editsNoList' }))
  expect(() => checkEdits([{ kind: 'set-replicas' }])).toThrow(expect.objectContaining({ key: 'cli.wrongEdits' }))
})
