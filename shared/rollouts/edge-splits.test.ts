import { expect, test } from 'vitest'
import { readObjects } from '../health/explain-objects.ts'
import { countersIn, figuresOf, sideQuestions, sidesOf } from './compare-versions.ts'
import { describeRollouts } from './describe-rollouts.ts'
import { edgeSplits, nodeOf } from './edge-splits.ts'

type Graph = Parameters<typeof edgeSplits>[1]
const node = (id: string, kind: string, services: readonly string[] = [id]) =>
  ({
    id,
    kind: 'service',
    workload: { kind, namespace: 'shop', name: id },
    services: services.map(name => ({ resource: { file: 'a', kind: 'Service', namespace: 'shop', name } })),
  }) as unknown as Graph['nodes'][number]
const edge = (from: string, to: string) => ({ from, to }) as unknown as Graph['edges'][number]

const canary = describeRollouts(
  readObjects(
    'x.yaml',
    `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec: {targetRef: {kind: Deployment, name: cart}, analysis: {stepWeight: 10, maxWeight: 30}}
status: {phase: Progressing, canaryWeight: 10, lastAppliedSpec: b, lastPromotedSpec: a}
`,
  ),
)
const route = describeRollouts(
  readObjects(
    'x.yaml',
    `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {rules: [{backendRefs: [{name: web, weight: 90}, {name: web-next, weight: 10}]}]}
`,
  ),
)

test('where both revisions are one node, its callers reach both', () => {
  const graph: Graph = {
    nodes: [node('front', 'Deployment'), node('cart', 'Deployment')],
    edges: [edge('front', 'cart')],
  }
  expect(nodeOf(canary[0]!, graph)).toBe('cart')
  expect(edgeSplits(canary, graph)).toEqual([
    { from: 'front', to: 'cart', kind: 'canary', weight: 10, next: 20, rollout: 'Canary/shop/cart', moving: true },
  ])
})

test('where each revision is a node, an edge carries the share of its side', () => {
  const nodes = [node('front', 'Deployment'), node('web', 'Deployment'), node('web-next', 'Deployment')]
  const graph: Graph = { nodes, edges: [edge('front', 'web'), edge('front', 'web-next')] }
  expect(edgeSplits(route, graph).map(({ to, kind, weight }) => [to, kind, weight])).toEqual([
    ['web', 'share', 90],
    ['web-next', 'share', 10],
  ])
})

test('a node of the same name in another namespace is another', () => {
  const elsewhere = {
    ...node('cart', 'Deployment', []),
    workload: { kind: 'Deployment', namespace: 'test', name: 'cart' },
  }
  expect(nodeOf(canary[0]!, { nodes: [elsewhere] as unknown as Graph['nodes'], edges: [] })).toBeNull()
})

test('the two sides are asked for by what tells them apart, and their figures are in milliseconds and shares', () => {
  const [way] = sidesOf(canary[0]!)
  expect(way).toEqual({ stable: ['destination_workload="cart-primary"'], canary: ['destination_workload="cart"'] })
  const present = new Set(['istio_requests_total', 'istio_request_duration_milliseconds_bucket'])
  const [counter] = countersIn(present)
  const questions = sideQuestions(counter!, way!, '5m', present, ['cluster="a"'])
  expect(questions.canary.rate).toContain('istio_requests_total{cluster="a",destination_workload="cart"}[5m]')
  expect(figuresOf(counter!, { rate: 2, failed: 0.5, p99: 120 }, 300)).toEqual({
    requests: 600,
    throughput: 2,
    successRate: 0.75,
    p50: null,
    p95: null,
    p99: 120,
  })
  // A counter that never says what failed leaves it unknown, and nothing counted is no figure at all.
  expect(figuresOf(counter!, { rate: 2 }, 300)?.successRate).toBeNull()
  expect(figuresOf(counter!, { rate: null }, 300)).toBeNull()
})
