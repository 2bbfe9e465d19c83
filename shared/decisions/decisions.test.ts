import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { canonicalJson, compactJson } from './canonical-json.ts'
import { formatCommitMessage } from './commit-message.ts'
import { readDecision } from './read-decision.ts'
import { recordPath } from './record-path.ts'
import { splitTrailers } from './trailers.ts'
import { looksLikeUlid, ulid } from './ulid.ts'

const trailers = {
  decisionId: '01KAGZ6Q0000000000000000K2',
  kind: 'scale',
  services: ['checkout', 'cart'],
  gate: 'warn',
  record: 'decisions/2026-11-20-x-00k2/',
  changeSet: '9f2c',
} as const

const whys = [
  'One line.',
  'Two\n\nparagraphs: with a colon.\n\nNote: this looks like a trailer',
  'A rule\n\n---\n\nafter it, and\n--- a/file\n+++ b/file',
  '| table |\r\n| --- |\r\n',
  '# Heading\n\n```yaml\nreplicas: 3\n```',
  'Signed-off-by: somebody <a@b>',
]

describe('the commit message', () => {
  test.each(whys)('its trailers are what Git itself reads: %j', why => {
    const message = formatCommitMessage('raise  checkout\nto 4', why, trailers)
    const git = execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' })
    const ours = splitTrailers(message).trailers.map(({ key, value }) => `${key}: ${value}\n`)
    expect(git).toBe(ours.join(''))
    expect(git.split('\n')[0]).toBe('Decision-Id: 01KAGZ6Q0000000000000000K2')
    expect(message.split('\n')[0]).toBe('DECISION: raise checkout to 4')
  })

  test('reads back as the decision it was', () => {
    const author = { name: 'Ada', email: 'ada@example.org', time: 1, offset: 0 }
    const message = formatCommitMessage('raise checkout', 'The sale.', trailers)
    expect(readDecision({ oid: 'a', parents: [], author, message })).toEqual({
      id: 'a',
      decisionId: trailers.decisionId,
      title: 'raise checkout',
      why: 'The sale.',
      kind: 'scale',
      author,
      parents: [],
      services: ['checkout', 'cart'],
      gate: 'warn',
      record: trailers.record,
      changeSet: '9f2c',
      dependencies: [],
    })
  })

  test('a plain commit stays one, whatever its trailers say', () => {
    const author = { name: 'Ada', email: 'ada@example.org', time: 1, offset: 0 }
    const read = readDecision({ oid: 'a', parents: [], author, message: 'fix: x\n\nDecision-Kind: scale\n' })
    expect([read.kind, read.decisionId, read.gate]).toEqual(['commit', null, null])
  })
})

test('a ULID sorts by time and is 26 characters', () => {
  const bytes = new Uint8Array([255, 254, 253, 252, 251, 250, 249, 248, 247, 246])
  const early = ulid(1_700_000_000_000, bytes)
  expect(early).toHaveLength(26)
  expect(early < ulid(1_700_000_000_001, new Uint8Array(10))).toBe(true)
  // The time part of the specification's own example, 01ARZ3NDEK, is 1469922850259 ms.
  expect(ulid(1_469_922_850_259, bytes).slice(0, 10)).toBe('01ARZ3NDEK')
  expect(ulid(0, bytes).slice(10)).toBe('ZZZFVZ7VZBWZHXZP')
  expect([looksLikeUlid(early), looksLikeUlid('checkout')]).toEqual([true, false])
})

test('canonical JSON: sorted keys, one item a line', () => {
  const value = { b: [{ y: 1, x: [1, { d: 2, c: 3 }] }, 'é'], a: { d: {}, c: [] }, e: undefined }
  expect(canonicalJson(value)).toBe(
    '{\n  "a": {\n    "c": [],\n    "d": {}\n  },\n  "b": [\n    {"x":[1,{"c":3,"d":2}],"y":1},\n    "é"\n  ]\n}\n',
  )
  expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
  expect(compactJson({ b: 1, a: undefined })).toBe('{"b":1}')
})

test('a record folder is named by day, title and the end of the id', () => {
  expect(recordPath('Raise checkout to 4 replicas!', '01KAGZ6Q0000000000000000K2', '2026-11-20')).toBe(
    'decisions/2026-11-20-raise-checkout-to-4-replicas-00k2/',
  )
  expect(recordPath('扩容', '01KAGZ6Q0000000000000000K2', '2026-11-20')).toBe('decisions/2026-11-20-decision-00k2/')
})
