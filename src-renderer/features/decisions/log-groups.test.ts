import { expect, test } from 'vitest'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { groupLog } from './log-groups.ts'
import { commitRows, logRows } from './log-rows.ts'

const item = (id: string, services: readonly string[], release: string | null, time: number): DecisionSummary => ({
  id,
  decisionId: null,
  title: id,
  why: '',
  kind: 'scale',
  author: { name: 'Ada', email: 'ada@example.org', time, offset: 0 },
  parents: [],
  services,
  gate: null,
  record: null,
  changeSet: null,
  dependencies: [],
  release,
})
const items = [
  item('d', [], null, 300_000),
  item('c', ['cart', 'web'], 'v2', 200_000),
  item('b', ['web'], 'v2', 190_000),
  item('a', ['cart'], 'v1', 100_000),
]
const told = (by: 'day' | 'service' | 'release') =>
  groupLog(items, by, 'UTC').map(group => `${group.name}: ${group.items.map(({ id }) => id).join('')}`)

test('a day keeps its order; a service has all of its own; a release what first went out with it', () => {
  expect(told('day')).toEqual(['1970-01-04: d', '1970-01-03: cb', '1970-01-02: a'])
  expect(told('service')).toEqual(['cart: ca', 'web: cb', 'null: d'])
  expect(told('release')).toEqual(['null: d', 'v2: cb', 'v1: a'])
})

test('rows have names of their own, also where a decision stands twice', () => {
  const rows = logRows(groupLog(items, 'service', 'UTC'))
  expect(new Set(rows.map(row => row.key)).size).toBe(rows.length)
  expect(commitRows(rows).map(({ item: { id }, position }) => `${position}${id}`)).toEqual([
    '0c',
    '1a',
    '2c',
    '3b',
    '4d',
  ])
})
