import { expect, test } from 'vitest'
import { sameJson } from './same-json.ts'

test('values are compared, not the order of their keys', () => {
  expect(sameJson({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true)
  expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true)
  expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
  expect(sameJson(null, {})).toBe(false)
  expect(sameJson('x', 'x')).toBe(true)
})
