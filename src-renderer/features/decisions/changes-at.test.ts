import { expect, test } from 'vitest'
import type { TopologyDiff } from '../../../shared/topology/topology.ts'
import { changesAt } from './changes-at.ts'

const diff: TopologyDiff = {
  nodes: [
    { id: 'cart', change: 'changed', fields: [{ field: 'replicas', before: '1', after: '2' }] },
    { id: 'web', change: 'added', fields: [] },
  ],
  edges: [
    { from: 'web', to: 'cart', protocol: 'http', change: 'added' },
    { from: 'web', to: 'mail', protocol: 'smtp', change: 'added' },
  ],
}

test('a node has its own changes and those of the dependencies at it', () => {
  expect(changesAt(diff, { kind: 'node', id: 'cart' })).toEqual({ nodes: [diff.nodes[0]], edges: [diff.edges[0]] })
  expect(changesAt(diff, { kind: 'node', id: 'mail' })).toEqual({ nodes: [], edges: [diff.edges[1]] })
})

test('a line has the changes between its two ends, in its own direction', () => {
  expect(changesAt(diff, { kind: 'edge', from: 'web', to: 'mail' })).toEqual({ nodes: [], edges: [diff.edges[1]] })
  expect(changesAt(diff, { kind: 'edge', from: 'mail', to: 'web' })).toEqual({ nodes: [], edges: [] })
})
