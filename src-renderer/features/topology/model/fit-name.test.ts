import { expect, test } from 'vitest'
import { fitName, type NameRoom } from './fit-name.ts'

// Every letter half as wide as the text is high.
const widthOf = (text: string) => text.length / 2
const oneLine: NameRoom = { width: 100, largest: 15, smallest: 12, twoLines: null }
const twoLines: NameRoom = { width: 140, largest: 22, smallest: 14, twoLines: 20 }

test('a short name is written large', () => {
  expect(fitName('cart', oneLine, widthOf)).toEqual({ size: 15, lines: ['cart'], cut: false })
})

test('a longer one shrinks until it fits, and is cut only below the smallest size', () => {
  expect(fitName('a'.repeat(15), oneLine, widthOf)).toEqual({ size: 13, lines: ['a'.repeat(15)], cut: false })
  expect(fitName('a'.repeat(30), oneLine, widthOf)).toEqual({ size: 12, lines: ['a'.repeat(30)], cut: true })
})

test('where there are two lines, a name breaks at the place that leaves it largest', () => {
  expect(fitName('till-lisbon-metrics', twoLines, widthOf)).toEqual({
    size: 20,
    lines: ['till-lisbon-', 'metrics'],
    cut: false,
  })
  expect(fitName('lists.sanctions.example', twoLines, widthOf).lines).toEqual(['lists.sanctions.', 'example'])
  expect(fitName('a-b', twoLines, widthOf).lines).toEqual(['a-b'])
})

test('a name without a place to break shrinks on one line', () => {
  expect(fitName('a'.repeat(19), twoLines, widthOf)).toEqual({ size: 14.5, lines: ['a'.repeat(19)], cut: false })
})
