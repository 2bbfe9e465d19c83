import { expect, test } from 'vitest'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { logRows } from './log-rows.ts'

const item = (id: string) => ({ id }) as DecisionSummary

test('a heading a day, commits counted through', () => {
  const rows = logRows([
    { day: '2026-11-20', items: [item('c'), item('b')] },
    { day: '2026-11-19', items: [item('a')] },
  ])
  expect(rows.map(row => (row.kind === 'day' ? row.day : `${row.position}${row.item.id}`))).toEqual([
    '2026-11-20',
    '0c',
    '1b',
    '2026-11-19',
    '2a',
  ])
  expect(new Set(rows.map(row => row.key)).size).toBe(rows.length)
})
