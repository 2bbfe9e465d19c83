import { expect, test } from 'vitest'
import { jsonPatchFor } from './json-patch-for.ts'

test('operations say what differs, and no more', () => {
  expect(jsonPatchFor({ a: 1, b: { c: 2 } }, { b: { c: 3, 'd/e~f': [1] } })).toEqual([
    { op: 'remove', path: '/a' },
    { op: 'replace', path: '/b/c', value: 3 },
    { op: 'add', path: '/b/d~1e~0f', value: [1] },
  ])
  expect(jsonPatchFor([{ n: 1 }, { n: 2 }], [{ n: 1 }, { n: 3 }, 4])).toEqual([
    { op: 'replace', path: '/1/n', value: 3 },
    { op: 'add', path: '/-', value: 4 },
  ])
  expect(jsonPatchFor({ l: [1, 2, 3, 4] }, { l: [1, 3] })).toEqual([
    { op: 'remove', path: '/l/3' },
    { op: 'remove', path: '/l/1' },
  ])
  expect(jsonPatchFor({ l: [1, 2] }, { l: [3] })).toEqual([{ op: 'replace', path: '/l', value: [3] }])
  expect(jsonPatchFor({ a: [{ b: null }] }, { a: [{ b: null }] })).toEqual([])
})
