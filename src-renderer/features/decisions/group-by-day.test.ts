import { expect, test } from 'vitest'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { calendarDay, daysBack, groupByDay } from './group-by-day.ts'

const at = (id: string, iso: string): DecisionSummary => ({
  id,
  decisionId: null,
  title: id,
  why: '',
  kind: 'commit',
  author: { name: 'a', email: 'a@example.org', time: Date.parse(iso) / 1000, offset: 0 },
  parents: [],
  services: [],
  gate: null,
  record: null,
  changeSet: null,
  dependencies: [],
})
const shape = (items: DecisionSummary[], zone: string) =>
  groupByDay(items, zone).map(day => [day.day, day.items.map(item => item.id)])

test('a log is grouped by the calendar day of the reader', () => {
  const log = [at('c', '2026-11-20T01:00:00Z'), at('b', '2026-11-19T23:00:00Z'), at('a', '2026-11-19T02:00:00Z')]
  expect(shape(log, 'UTC')).toEqual([
    ['2026-11-20', ['c']],
    ['2026-11-19', ['b', 'a']],
  ])
  expect(shape(log, 'Asia/Shanghai')).toEqual([
    ['2026-11-20', ['c', 'b']],
    ['2026-11-19', ['a']],
  ])
})

test('a date that jumps back does not reorder the history', () => {
  const log = [at('c', '2026-11-20T01:00:00Z'), at('b', '2026-11-18T01:00:00Z'), at('a', '2026-11-20T00:30:00Z')]
  expect(shape(log, 'UTC').map(([day]) => day)).toEqual(['2026-11-20', '2026-11-18', '2026-11-20'])
})

test('days are counted across a change of the clock', () => {
  expect(daysBack('2026-10-25', '2026-10-26')).toBe(1)
  expect(daysBack('2026-11-20', '2026-11-20')).toBe(0)
  expect(calendarDay(Date.parse('2026-10-25T23:30:00Z'), 'Europe/Berlin')).toBe('2026-10-26')
})
