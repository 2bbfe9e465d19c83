import { expect, test } from 'vitest'
import { atOnce } from '../in-slices.ts'
import { drawnGraph, edgeId } from './drawn-graph.ts'
import { groupingSteps, groupsIn } from './group-graph.ts'
import { call, serviceNode, topologyOf, viewOf } from './topology-fixture.ts'

const at = (id: string, namespace: string) => serviceNode(id, { workload: { kind: 'Deployment', namespace, name: id } })
const base = topologyOf(
  [at('cart', 'shop'), at('web', 'shop'), at('till', 'pay'), at('ledger', 'pay'), at('mail', 'post')],
  [
    call('web', 'cart', { rate: 9 }),
    call('web', 'till', { rate: 2, state: 'observed' }),
    call('cart', 'ledger', { rate: 3, state: 'inferred', confidence: 0.6 }),
    call('till', 'mail'),
  ],
)
const graph = drawnGraph(
  viewOf(base, { draft: base, diff: { nodes: [{ id: 'web', change: 'changed', fields: [] }], edges: [] } }),
)
const groups = groupsIn(graph, [], 'namespace')
const drawn = (...open: string[]) => atOnce(groupingSteps(graph, groups, new Set(open)))

test('a closed group is one node that counts what is in it; who is alone stands for itself', () => {
  const { nodes } = drawn()
  expect([...nodes.keys()].sort()).toEqual(['mail', 'namespace pay', 'namespace shop'])
  expect(nodes.get('namespace shop')).toMatchObject({
    change: 'changed',
    degree: 1,
    group: { key: 'shop', changed: 1 },
  })
})

test('lines between groups roll up: rates add, and the line is as sure as its least sure part', () => {
  const { edges } = drawn()
  expect(edges.size).toBe(2)
  expect(edges.get(edgeId('namespace shop', 'namespace pay'))).toMatchObject({
    rate: 5,
    state: 'inferred',
    confidence: 0.6,
    rolled: 2,
  })
})

test('an open group shows what is in it, with the lines that end there', () => {
  const { nodes, edges } = drawn('namespace shop')
  expect([...nodes.keys()].sort()).toEqual(['cart', 'mail', 'namespace pay', 'web'])
  expect([...edges.keys()].sort()).toEqual(
    [
      edgeId('cart', 'namespace pay'),
      edgeId('namespace pay', 'mail'),
      edgeId('web', 'cart'),
      edgeId('web', 'namespace pay'),
    ].sort(),
  )
  expect(nodes.get('cart')).toBe(graph.nodes.get('cart'))
})
