import { expect, test } from 'vitest'
import { titleLength } from './title-length.ts'

test('a title is counted as a person counts it', () => {
  expect(titleLength('  raise checkout ')).toEqual({ count: 14, tooLong: false })
  expect(titleLength('👩‍🚀é')).toEqual({ count: 2, tooLong: false })
  expect(titleLength('')).toEqual({ count: 0, tooLong: false })
})

test('72 fit, 73 do not', () => {
  expect(titleLength('x'.repeat(72)).tooLong).toBe(false)
  expect(titleLength('x'.repeat(73)).tooLong).toBe(true)
})
