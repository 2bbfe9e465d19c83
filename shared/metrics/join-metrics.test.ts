import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from '../topology/build-topology.ts'
import type { Topology } from '../topology/topology.ts'
import { readWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { joinMetrics, seenBy } from './join-metrics.ts'
import { measuredView } from './measured-view.ts'
import type { Observation, ObservedCall, Peer } from './observation.ts'
import { withRecordedRates } from './record-metrics.ts'

const deployment = (name: string, env: string[] = [], labels = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop${labels && `, labels: {${labels}}`}}
spec:
  template:
    metadata: {labels: {app: ${name}${labels && `, ${labels}`}}}
    spec:
      containers: [{name: main, image: acme/${name}:1, env: [${env.join(', ')}]}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}-svc, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
---
`
const manifests = readManifestFile(
  'all.yaml',
  deployment('web', ['{name: CART_URL, value: "http://cart-svc"}', '{name: PAY_URL, value: "http://payment-svc"}']) +
    deployment('cart', ['{name: OTEL_SERVICE_NAME, value: basket}']) +
    deployment('payment') +
    deployment('mail') +
    deployment('store'),
)
const build = (workspace = ''): Topology =>
  buildTopology([manifests], {
    environment: 'deploy',
    revision: 'r',
    workspace: readWorkspaceFile(
      'pilothouse.yaml',
      `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n${workspace}`,
    ),
  })

const call = (from: string | Peer, to: string | Peer, more: Partial<ObservedCall> = {}): ObservedCall => ({
  caller: typeof from === 'string' ? { names: [from], namespace: 'shop' } : from,
  callee: typeof to === 'string' ? { names: [to], namespace: 'shop' } : to,
  counter: 'istio_requests_total',
  protocol: 'http',
  unit: 'requests',
  rate: 2,
  errors: 0.1,
  p50: 5,
  p95: 20,
  p99: 30,
  detail: 'rate(…) = 2',
  ...more,
})
const observed = (...calls: ObservedCall[]): Observation => ({
  asOf: '2026-11-20T12:00:00.000Z',
  window: '5m',
  dialects: ['Istio'],
  calls,
  warnings: [],
})
const edges = (topology: Topology) =>
  topology.edges.map(edge => `${edge.from} > ${edge.to} ${edge.protocol} ${edge.state} ${edge.rate} ${seenBy(edge)}`)

test('observed edges join the declared: both, only declared and only observed are told apart', () => {
  const { topology } = joinMetrics(build(), [observed(call('web', 'cart'), call('cart', 'store', { rate: 7 }))])
  expect(edges(topology)).toEqual([
    'cart > store http observed 7 observed',
    'web > cart http observed 2 both',
    'web > payment http inferred null declared',
  ])
  const [both] = topology.edges.filter(edge => edge.to === 'cart')
  expect(both?.evidence.map(({ kind }) => kind)).toEqual(['env', 'metric'])
  expect(both?.measured).toEqual({
    unit: 'requests',
    errors: 0.1,
    p50: 5,
    p95: 20,
    p99: 30,
    window: '5m',
    asOf: '2026-11-20T12:00:00.000Z',
  })
})

test('what people said of an edge stays what they said; an orphan that is called is none', () => {
  const judged = build('edges: [{ from: web, to: cart, state: rejected }, { from: web, to: mail, state: declared }]')
  const { topology } = joinMetrics(judged, [observed(call('web', 'cart'), call('web', 'mail'), call('web', 'store'))])
  expect(topology.edges.map(({ to, state, rate }) => `${to} ${state} ${rate}`)).toEqual([
    'cart rejected 2',
    'mail declared 2',
    'payment inferred null',
    'store observed 2',
  ])
  const orphans = (of: Topology) => of.findings.flatMap(({ kind, node }) => (kind === 'orphan' ? [node] : []))
  expect(orphans(judged)).toContain('store')
  expect(orphans(topology)).not.toContain('store')
  const called = joinMetrics(judged, [observed(call('store', 'mail'))]).topology
  expect([judged, called].map(({ nodes }) => nodes.find(({ id }) => id === 'store')?.callsKnown)).toEqual([
    'unknown',
    'found',
  ])
})

test('a cycle that only run time shows is a cycle', () => {
  const { topology } = joinMetrics(build(), [observed(call('cart', 'web'))])
  expect(topology.components.some(({ nodes }) => nodes.includes('web') && nodes.includes('cart'))).toBe(true)
})

test('names are found as workload, Service, host, Pod, label, variable, or without their separators', () => {
  const named = (...names: string[]): Peer => ({ names })
  for (const peer of [
    named('cart'),
    named('cart-svc'),
    named('Cart'),
    named('cart-svc.shop.svc.cluster.local:8080'),
    named('dns:///cart-svc.shop:8080'),
    named('http://cart-svc/items'),
    named('shop/cart-6d8f9c5b7-x2k4m'),
    named('basket'),
    named('CartService'),
    named('nobody', 'cart'),
  ])
    expect([peer.names, joinMetrics(build(), [observed(call('web', peer))]).unmatched]).toEqual([peer.names, []])
})

test('another namespace is another thing; hosts outside become nodes; the rest is listed', () => {
  const { topology, unmatched, elsewhere } = joinMetrics(build(), [
    observed(
      call('web', { names: ['cart'], namespace: 'staging' }, { rate: 1 }),
      call('web', { names: ['api.stripe.com'] }, { rate: 3 }),
      call({ names: ['ingress-nginx'], namespace: 'edge' }, 'web', { rate: 9 }),
      call({ names: ['a'], namespace: 'x' }, { names: ['b'], namespace: 'x' }),
      call('web', 'web'),
    ),
  ])
  expect(unmatched.map(({ name, namespace, kind, calls, nodes }) => [calls, namespace, name, kind, nodes])).toEqual([
    ['caller', 'edge', 'ingress-nginx', 'unmatched', ['web']],
    ['callee', undefined, 'api.stripe.com', 'external', ['web']],
    ['callee', 'staging', 'cart', 'unmatched', ['web']],
  ])
  expect(elsewhere).toBe(1)
  expect(topology.nodes.find(({ id }) => id === 'api.stripe.com')?.kind).toBe('external')
  expect(edges(topology)).toContain('web > api.stripe.com http observed 3 observed')
})

test('of several counters the surest is believed, Pods and versions are summed, sources are not', () => {
  const connections = { counter: 'istio_tcp_connections_opened_total', unit: 'connections', rate: 50 } as const
  const graph = { counter: 'traces_service_graph_request_total', rate: 1.5 }
  const first = observed(
    call('web', 'cart', connections),
    call('web', 'cart', graph),
    call('web', 'cart', { rate: 3, errors: 0, p95: 10 }),
    call('web', { names: ['cart-svc'] }, { rate: 1, errors: 0.4, p95: 90 }),
  )
  const again = observed(call('web', 'cart', { rate: 3.5 }))
  const edge = joinMetrics(build(), [again, first]).topology.edges.find(({ to }) => to === 'cart')
  expect(edge).toMatchObject({ rate: 4, measured: { unit: 'requests', errors: 0.1, p95: 90 } })
  // A counter that saw nothing gives way to one that did.
  const silent = observed(call('web', 'cart', { rate: 0, errors: null }), call('web', 'cart', graph))
  expect(joinMetrics(build(), [silent]).topology.edges.find(({ to }) => to === 'cart')?.rate).toBe(1.5)
})

test('silence is measured on what is declared and draws nothing else', () => {
  const { topology } = joinMetrics(build(), [
    observed(call('web', 'cart', { rate: 0 }), call('cart', 'store', { rate: 0 })),
  ])
  expect(edges(topology)).toEqual(['web > cart http inferred 0 declared', 'web > payment http inferred null declared'])
})

test('flows of both directions fall on what is declared, and say nothing where nothing is', () => {
  const flow = { counter: 'hubble_flows_processed_total', unit: 'flows', eitherWay: true } as const
  const { topology } = joinMetrics(build(), [
    observed(
      call('web', 'cart', flow),
      call('cart', 'web', flow),
      call('mail', 'store', flow),
      call('store', 'mail', flow),
      call('cart', 'store', flow),
    ),
  ])
  expect(edges(topology)).toEqual([
    'cart > store http observed 2 observed',
    'web > cart http observed 2 both',
    'web > payment http inferred null declared',
  ])
})

test('a view shows what rests on what is asked for, and always what the draft changes', () => {
  const base = build()
  const diff = { nodes: [], edges: [{ from: 'web', to: 'payment', protocol: 'http', change: 'added' as const }] }
  const shown = (only: Parameters<typeof measuredView>[2]) =>
    measuredView(
      { base, draft: base, diff, positions: {} },
      [observed(call('web', 'cart'), call('cart', 'store'))],
      only,
    )
  expect(shown(null).seen).toEqual({ declared: 1, observed: 1, both: 1 })
  expect(shown('observed').view.draft?.edges.map(({ to }) => to)).toEqual(['store', 'payment'])
  expect(measuredView({ base, draft: null, diff, positions: {} }, [], 'observed').seen).toBeNull()
})

test('a snapshot gives its rates back to the graph of its commit', () => {
  const declared = build()
  const then = joinMetrics(declared, [
    observed(call('web', 'cart'), call('cart', { names: ['api.stripe.com'] })),
  ]).topology
  expect(withRecordedRates(declared, then).edges).toEqual(then.edges)
  expect(withRecordedRates(declared, then).nodes.map(({ id }) => id)).toEqual(then.nodes.map(({ id }) => id))
  // A caller that is gone takes its edge with it.
  const without = { ...declared, nodes: declared.nodes.filter(({ id }) => id !== 'cart'), edges: [] }
  expect(withRecordedRates(without, then).edges.map(({ from }) => from)).toEqual([])
})
