import { expect, test } from 'vitest'
import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import type { Dragged } from '../../../shared/dependencies/explain-diff.ts'
import { changeRows } from './change-rows.ts'
import { changeTree } from './change-tree.ts'

const item = (
  change: Dragged['change'],
  name: string,
  from: string | null,
  to: string | null,
  path: string[],
): Dragged => ({
  change,
  name,
  from,
  to,
  path,
})
const group = {
  cause: item('changed', 'web', '1', '2', ['web@2']),
  dragged: [
    item('changed', 'http', '1', '2', ['web@2', 'http@2']),
    item('added', 'quic', null, '1', ['web@2', 'http@2', 'quic@1']),
    item('removed', 'gone', '1', null, ['web@1', 'gone@1']),
  ],
}
const edges = {
  added: ['http@2 quic@1', 'web@2 http@2', 'web@2 log@1'],
  removed: ['web@1 gone@1', 'web@1 http@1'],
}

test('a change is drawn with the ways by which it brought others; new and broken edges are told from moved ones', () => {
  const { links, nodes, columns, rows, leftOut } = changeTree(group, edges, 100)
  expect(links.map(({ from, to, state }) => `${from.id} ${to.id} ${state}`).sort()).toEqual([
    'http@2 quic@1 added',
    'web@2 gone@1 removed',
    'web@2 http@2 moved',
    'web@2 log@1 added',
  ])
  expect([columns, rows, leftOut]).toEqual([3, 3, 0])
  // No two boxes lie on each other.
  expect(new Set(nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(nodes.length)
  expect(changeTree(group, edges, 3).leftOut).toBeGreaterThan(0)
})

test('a search unfolds the groups that hold what is searched, and leaves the rest out', () => {
  const set: DiffedSet = {
    folder: 'src/web',
    ecosystem: 'npm',
    services: ['web'],
    hasGraph: true,
    edgeCounts: { added: 3, removed: 2 },
    explanation: { groups: [group], rest: [item('changed', 'other', '1', '2', ['other@2'])] },
    diff: {
      added: [],
      removed: [],
      changed: [],
      edges,
      direct: { added: [], removed: [], changed: [] },
      lock: { added: [], removed: [], changed: [] },
      becameDirect: ['quic'],
      becameIndirect: [],
      replaced: [],
    },
  }
  const kinds = (words: string, open: readonly string[] = []) =>
    changeRows([set], words, new Set(open)).map(row =>
      row.kind === 'change'
        ? row.item.name
        : row.kind === 'cause'
          ? `${row.group.cause.name}${row.open ? ' open' : ''}`
          : row.kind,
    )
  expect(kinds('')).toEqual(['set', 'web', 'rest', 'other', 'note'])
  expect(kinds('gone')).toEqual(['set', 'web open', 'gone'])
  expect(kinds('nothing')).toEqual([])
  const key = changeRows([set], '', new Set()).find(row => row.kind === 'cause')!.key
  expect(kinds('', [key])).toEqual(['set', 'web open', 'http', 'quic', 'gone', 'rest', 'other', 'note'])
})
