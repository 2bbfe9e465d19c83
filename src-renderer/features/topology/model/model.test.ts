import { expect, test } from 'vitest'
import { withinBudget } from './drawing-budget.ts'
import { drawnGraph } from './drawn-graph.ts'
import { hiddenByDefault, hiddenByRole, isEdgeShown } from './edge-classes.ts'
import { imageVersion, withTag } from './image-version.ts'
import { drawsOnCanvas, levelOfDetail } from './level-of-detail.ts'
import { firstPlace, neighbourTowards } from './neighbours.ts'
import { referenceCount, referencesTo } from './references-to.ts'
import { edgeRows, findNodes, nodeRows } from './table-rows.ts'
import { call, serviceNode, topologyOf, viewOf } from './topology-fixture.ts'

test('scrapers, probes and load are hidden by role, and the picture can say how much', () => {
  const graph = drawnGraph(
    viewOf(
      topologyOf(
        [serviceNode('web'), serviceNode('cart'), serviceNode('prometheus'), serviceNode('alone')],
        [
          call('web', 'cart'),
          call('prometheus', 'web', { class: 'telemetry' }),
          call('prometheus', 'cart', { class: 'telemetry' }),
        ],
      ),
    ),
  )
  const role = hiddenByRole(graph, hiddenByDefault)
  expect(role.hiddenEdges).toBe(2)
  expect([...role.quietNodes]).toEqual(['prometheus'])
  expect(role.classes).toEqual([
    { name: 'app', edges: 1, hidden: false },
    { name: 'telemetry', edges: 2, hidden: true },
  ])
  const proposed = { ...[...graph.edges.values()][1]!, change: 'added' as const }
  expect(isEdgeShown(proposed, hiddenByDefault)).toBe(true)
})

test('the budget draws what changed first, then what was asked for and findings, then the best connected', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `s${String(i).padStart(2, '0')}`)
  const base = topologyOf(
    ids.map(id => serviceNode(id)),
    ids.slice(1, 21).map(id => call('s00', id)),
  )
  const graph = drawnGraph(
    viewOf(base, { draft: base, diff: { nodes: [{ id: 's39', change: 'changed', fields: [] }], edges: [] } }),
  )
  const small = withinBudget(graph, { nodes: 4, edges: 2 }, new Set(['s30']))
  expect([...small.graph.nodes.keys()].sort()).toEqual(['s00', 's01', 's30', 's39'])
  expect(small).toMatchObject({ leftOutNodes: 36, leftOutEdges: 19 })
  expect(withinBudget(graph, { nodes: 40, edges: 20 })).toMatchObject({ graph, leftOutNodes: 0, leftOutEdges: 0 })
})

test('three levels of detail, and a canvas where elements would stutter', () => {
  expect([0.6, 0.59, 0.35, 0.34].map(levelOfDetail)).toEqual(['card', 'block', 'block', 'dot'])
  expect([drawsOnCanvas(0.34, 1), drawsOnCanvas(1, 801), drawsOnCanvas(1, 800)]).toEqual([true, true, false])
})

test('the version of an image is its tag, else the start of its digest', () => {
  expect(imageVersion('a@sha256:0123456789abcdef')).toBe('01234567')
  expect(imageVersion('a')).toBeNull()
  expect(withTag('localhost:5000/a:1@sha256:ff', '2')).toBe('localhost:5000/a:2')
})

test('arrows lead to the nearest node that way, a connected one sooner', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 300, y: 0 }],
    ['c', { x: 300, y: 90 }],
    ['d', { x: 0, y: 90 }],
  ])
  expect(neighbourTowards('a', 'right', places, new Set())).toBe('b')
  expect(neighbourTowards('a', 'right', places, new Set(['c']))).toBe('c')
  expect(neighbourTowards('a', 'down', places, new Set())).toBe('d')
  expect(neighbourTowards('a', 'left', places, new Set())).toBeNull()
  expect(firstPlace(places)).toBe('a')
})

test('before a removal, everything that names the node is listed', () => {
  const topology = topologyOf(
    [
      serviceNode('cart', {
        services: [
          { resource: { file: 'cart.yaml', kind: 'Service', name: 'cart' }, line: 30, type: 'ClusterIP', ports: [] },
        ],
        autoscaler: {
          resource: { file: 'hpa.yaml', kind: 'HorizontalPodAutoscaler', name: 'cart' },
          line: 3,
          min: 1,
          max: 4,
        },
      }),
      serviceNode('web'),
    ],
    [call('web', 'cart'), call('old', 'cart', { state: 'rejected' })],
  )
  const references = referencesTo(topology, 'cart')
  expect(references.callers.map(caller => caller.id)).toEqual(['web'])
  expect(referenceCount(references)).toBe(3)
})

test('the table says what each node is called with: all calls, the share that failed, and the slowest of its callers', () => {
  const measured = { unit: 'requests', p50: null, p99: null, window: '5m', asOf: '2026-01-01T00:00:00Z' } as const
  const graph = drawnGraph(
    viewOf(
      topologyOf(
        [serviceNode('web'), serviceNode('app'), serviceNode('cart')],
        [
          call('web', 'cart', { rate: 30, measured: { ...measured, errors: 0.1, p95: 80 } }),
          call('app', 'cart', { rate: 10, measured: { ...measured, errors: 0.5, p95: 20 } }),
          call('web', 'app'),
        ],
      ),
    ),
  )
  const byRate = nodeRows(graph, '', { column: 'rate', descending: true })
  expect(byRate.map(({ id, rate, errors, p95 }) => ({ id, rate, errors, p95 }))).toEqual([
    { id: 'cart', rate: 40, errors: 0.2, p95: 80 },
    { id: 'app', rate: null, errors: null, p95: null },
    { id: 'web', rate: null, errors: null, p95: null },
  ])
})

test('the table filters by every word and sorts by any column', () => {
  const graph = drawnGraph(
    viewOf(
      topologyOf(
        [
          serviceNode('web', { replicas: 10 }),
          serviceNode('cart', { replicas: 9, owner: 'shop' }),
          serviceNode('ad', { replicas: 2 }),
        ],
        [call('web', 'cart', { rate: 2 }), call('web', 'ad', { protocol: 'grpc' })],
      ),
    ),
  )
  expect(nodeRows(graph, '', { column: 'replicas', descending: true }).map(row => row.id)).toEqual([
    'web',
    'cart',
    'ad',
  ])
  expect(nodeRows(graph, 'SHOP cart', { column: 'id', descending: false }).map(row => row.id)).toEqual(['cart'])
  expect(nodeRows(graph, '', { column: 'id', descending: false })[2]).toMatchObject({ id: 'web', calls: 2, callers: 0 })
  expect(edgeRows(graph, 'grpc', { column: 'from', descending: false }).map(row => row.to)).toEqual(['ad'])
  expect(edgeRows(graph, '', { column: 'rate', descending: true })[0]).toMatchObject({
    to: 'cart',
    rate: 2,
    evidence: 1,
  })
  expect(findNodes(graph, 'a', 2).map(node => node.id)).toEqual(['ad', 'cart'])
})
