import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutSame } from './without-same.ts'

test('what is in one list alone is found wherever it stands', () => {
  const all = Array.from({ length: 8 }, (_, number) => ({ number }))
  const some = fc.shuffledSubarray(all)
  const inOrder = fc.subarray(all)
  fc.assert(
    fc.property(fc.oneof(some, inOrder), fc.oneof(some, inOrder), (items, others) => {
      expect(withoutSame(items, others)).toEqual(items.filter(item => !others.includes(item)))
      expect(withoutSame(items, items)).toEqual([])
    }),
  )
})
