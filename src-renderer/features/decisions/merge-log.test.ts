import { expect, test } from 'vitest'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { continueLog, type KnownLog, refreshLog } from './merge-log.ts'

const item = (id: string) => ({ id }) as DecisionSummary
const log = (ids: string, next: string | null): KnownLog => ({ items: [...ids].map(item), next })
const ids = (known: KnownLog) => [known.items.map(each => each.id).join(''), known.next]

test('new commits come first and what was read stays, without a gap', () => {
  expect(ids(refreshLog(log('edcba', 'a'), log('fed', 'd')))).toEqual(['fedcba', 'a'])
  expect(ids(refreshLog(log('edc', 'c'), log('edc', 'c')))).toEqual(['edc', 'c'])
})

test('a rewritten history starts over', () => {
  expect(ids(refreshLog(log('edcba', 'a'), log('xyz', 'z')))).toEqual(['xyz', 'z'])
  expect(ids(refreshLog(log('edcba', 'a'), log('e', null)))).toEqual(['e', null])
  expect(ids(refreshLog(log('edcba', 'a'), log('', null)))).toEqual(['', null])
})

test('an older page is added once', () => {
  const more = continueLog(log('edc', 'c'), 'c', log('ba', null))
  expect(ids(more)).toEqual(['edcba', null])
  expect(continueLog(more, 'c', log('ba', null))).toBe(more)
})
