import { expect, test } from 'vitest'
import type { DecisionSummary } from '../decisions/decision.ts'
import { entry as anyEntry, columnsOf, oid } from './history-fixture.ts'
import { releasesOf } from './releases.ts'
import { Standings, standingsOf } from './standings.ts'

const entry = (name: number, parents: readonly number[], more: Partial<DecisionSummary> = {}): DecisionSummary =>
  anyEntry(name, { parents: parents.map(oid), ...more })

test('a commit went out with the oldest tag that leads to it', () => {
  // 1 merges 2 and 3; 3 was made before 4 was released, and went out with the merge.
  const history = [
    columnsOf([entry(1, [2, 3]), entry(2, [4])]),
    columnsOf([entry(3, [5]), entry(4, [5]), entry(5, [6]), entry(6, [])]),
  ]
  const tags = [
    { name: 'v2', commit: oid(1) },
    { name: 'v1', commit: oid(4) },
    { name: 'v0.9', commit: oid(6) },
    { name: 'first', commit: oid(6) },
    { name: 'elsewhere', commit: oid(99) },
  ]
  const releases = releasesOf(history, tags)
  expect([1, 2, 3, 4, 5, 6].map(name => releases.get(oid(name)))).toEqual(['v2', 'v2', 'v2', 'v1', 'v1', 'first, v0.9'])
  const later = releasesOf([columnsOf([entry(0, [1])]), ...history], tags)
  expect([later.get(oid(0)), later.get(oid(1))]).toEqual([null, 'v2'])
  expect([...releasesOf(history, []).values()]).toEqual([null, null, null, null, null, null])
})

const decision = (name: number, id: string, links: DecisionSummary['links'] = []) =>
  entry(name, [name + 1], { decisionId: id, kind: 'record', ...(links.length > 0 && { links }) })

test('what was reverted or superseded; a revert that was taken back counts for nothing', () => {
  const entries = [
    decision(1, '01G', [{ relation: 'reverts', target: '01F' }]),
    decision(2, '01F', [{ relation: 'reverts', target: '01A' }]),
    decision(3, '01E', [{ relation: 'supersedes', target: '01B' }]),
    decision(4, '01D', [{ relation: 'links', target: '01C' }]),
    entry(5, [6], { links: [{ relation: 'reverts', target: oid(9) }] }),
    decision(6, '01C'),
    decision(7, '01B'),
    decision(8, '01A'),
    entry(9, []),
  ]
  const expected = [null, 'reverted', null, null, null, null, 'superseded', null, 'reverted']
  const read = new Standings()
  expect(entries.map(each => read.see(each))).toEqual(expected)
  const standings = standingsOf([columnsOf(entries.slice(0, 3)), columnsOf(entries.slice(3))])
  expect(entries.map(each => standings.of(each))).toEqual(expected)
})
