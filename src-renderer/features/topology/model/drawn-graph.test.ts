import { expect, test } from 'vitest'
import { drawnGraph, edgeId, reconcileGraph } from './drawn-graph.ts'
import { nodeFacts } from './node-facts.ts'
import { call, serviceNode, topologyOf, viewOf } from './topology-fixture.ts'

const base = topologyOf(
  [serviceNode('web', { replicas: 3 }), serviceNode('cart'), serviceNode('old')],
  [call('web', 'cart'), call('web', 'cart', { protocol: 'grpc', state: 'confirmed', rate: 4 }), call('web', 'old')],
)

test('a draft shows what was and what will be, and keeps what goes as a ghost', () => {
  const draft = topologyOf(
    [serviceNode('web', { replicas: 5 }), serviceNode('cart'), serviceNode('new')],
    [call('web', 'cart'), call('web', 'cart', { protocol: 'grpc', state: 'confirmed', rate: 4 }), call('web', 'new')],
  )
  const graph = drawnGraph(
    viewOf(base, {
      draft,
      diff: {
        nodes: [
          { id: 'web', change: 'changed', fields: [{ field: 'replicas', before: '3', after: '5' }] },
          { id: 'old', change: 'removed', fields: [] },
          { id: 'new', change: 'added', fields: [] },
        ],
        edges: [
          { from: 'web', to: 'old', protocol: 'http', change: 'removed' },
          { from: 'web', to: 'new', protocol: 'http', change: 'added' },
        ],
      },
    }),
  )
  expect([...graph.nodes.values()].map(node => [node.id, node.change])).toEqual([
    ['web', 'changed'],
    ['cart', 'same'],
    ['new', 'added'],
    ['old', 'removed'],
  ])
  expect(nodeFacts(graph.nodes.get('web')!).replicas).toEqual({ now: '3', proposed: '5' })
  expect(nodeFacts(graph.nodes.get('cart')!).version).toEqual({ now: '1.0.0', proposed: null })
  expect([...graph.edges.values()].map(edge => [edge.from, edge.to, edge.change])).toEqual([
    ['web', 'cart', 'same'],
    ['web', 'new', 'added'],
    ['web', 'old', 'removed'],
  ])
  expect(graph.changes).toEqual({ added: 2, removed: 2, changed: 1 })
})

test('parallel edges are one line that tells the best known of them', () => {
  const edge = drawnGraph(viewOf(base)).edges.get(edgeId('web', 'cart'))!
  expect(edge).toMatchObject({
    state: 'confirmed',
    rate: 4,
    protocols: ['http', 'grpc'],
    confidence: 0.8,
    change: 'same',
  })
  expect(edge.parts).toHaveLength(2)
})

test('at an older revision the difference alone says what the commit changed', () => {
  const graph = drawnGraph(
    viewOf(base, {
      diff: {
        nodes: [
          { id: 'web', change: 'changed', fields: [{ field: 'replicas', before: '2', after: '3' }] },
          { id: 'gone', change: 'removed', fields: [] },
        ],
        edges: [{ from: 'web', to: 'gone', protocol: 'http', change: 'removed' }],
      },
    }),
  )
  expect(nodeFacts(graph.nodes.get('web')!).replicas).toEqual({ now: '2', proposed: '3' })
  expect(graph.nodes.get('gone')).toMatchObject({ change: 'removed', node: null, missing: false })
  expect(graph.edges.get(edgeId('web', 'gone'))).toMatchObject({ change: 'removed' })
})

test('an edge to nothing draws what is missing and is marked where its evidence has a finding', () => {
  const view = viewOf({
    ...topologyOf([serviceNode('web')], [call('web', 'carts')]),
    findings: [
      {
        kind: 'dangling-reference',
        severity: 'error',
        message: { key: 'error.unexpected' },
        node: 'web',
        file: 'web.yaml',
        line: 12,
      },
    ],
  })
  const graph = drawnGraph(view)
  expect(graph.nodes.get('carts')).toMatchObject({ missing: true, node: null })
  expect(graph.edges.get(edgeId('web', 'carts'))?.dangling).toBe(true)
  expect(graph.nodes.get('web')?.findings).toHaveLength(1)
})

test('a name that nothing answers to is drawn as an edge to what is missing', () => {
  const view = viewOf({
    ...topologyOf([serviceNode('payment')]),
    findings: [
      {
        kind: 'dangling-reference',
        severity: 'warning',
        message: { key: 'error.unexpected', params: { node: 'payment', host: 'ledger', where: 'LEDGER_ADDR' } },
        node: 'payment',
        file: 'payment.yaml',
        line: 33,
      },
    ],
  })
  const graph = drawnGraph(view)
  expect(graph.nodes.get('ledger')).toMatchObject({ missing: true, node: null, change: 'same' })
  expect(graph.edges.get(edgeId('payment', 'ledger'))).toMatchObject({ dangling: true, change: 'same' })
  expect(graph.edges.get(edgeId('payment', 'ledger'))?.parts[0]?.edge.evidence[0]?.detail).toBe('LEDGER_ADDR → ledger')
})

test('rejected edges are not drawn', () => {
  const graph = drawnGraph(
    viewOf(topologyOf([serviceNode('a'), serviceNode('b')], [call('a', 'b', { state: 'rejected' })])),
  )
  expect(graph.edges.size).toBe(0)
})

test('one changed node leaves every other object as it was', () => {
  const first = drawnGraph(viewOf(base))
  const second = reconcileGraph(
    first,
    drawnGraph(
      viewOf({
        ...structuredClone(base),
        nodes: base.nodes.map(n => (n.id === 'web' ? { ...n, replicas: 9 } : structuredClone(n))),
      }),
    ),
  )
  expect(second.nodes.get('web')).not.toBe(first.nodes.get('web'))
  expect(second.nodes.get('cart')).toBe(first.nodes.get('cart'))
  for (const [id, edge] of first.edges) expect(second.edges.get(id)).toBe(edge)
})
