import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeColumns, encodeColumns, summaryAt } from './history-columns.ts'
import { columnsOf, entry, oid } from './history-fixture.ts'
import { type HistoryFilter, searchHistory } from './search-history.ts'

const entries = [
  entry(1, { title: 'Scale Checkout', kind: 'scale', services: ['checkout', 'cart'], gate: 'pass' }),
  entry(2, { author: { name: 'Grace Hopper', email: 'g@example.org', time: 500, offset: -300 } }),
  entry(3, { title: '升级 支付', why: 'Größer, schneller 🚀', kind: 'upgrade', services: ['check'], gate: 'warn' }),
  entry(4, { why: 'About the cart.' }),
]
const ids = (filter: HistoryFilter, after?: string, history = [columnsOf(entries)]) =>
  [...searchHistory(history, filter, after)].map(({ id }) => Number.parseInt(id, 16))

describe('the columns of a history', () => {
  test('give back what was put in, also from their file', () => {
    const columns = columnsOf(entries)
    const file = Buffer.concat(encodeColumns(columns))
    for (const read of [
      columns,
      decodeColumns(file),
      decodeColumns(Buffer.concat([Buffer.from('x'), file]).subarray(1)),
    ])
      expect(entries.map((_, index) => summaryAt(read!, index))).toEqual(entries)
  })

  test('of another version or cut short are not read', () => {
    const file = Buffer.concat(encodeColumns(columnsOf(entries)))
    expect(decodeColumns(file.subarray(0, file.length - 1))).toBeNull()
    expect(decodeColumns(Buffer.from('pilothouse history 1\n{}'))).toBeNull()
    expect(decodeColumns(new Uint8Array())).toBeNull()
  })
})

describe('searching', () => {
  test('words without regard to case, all of them; whole services; author, kind, gate, time', () => {
    expect(ids({ words: ['CHECKOUT', 'scale'] })).toEqual([1])
    expect(ids({ words: ['cart'] })).toEqual([1, 4])
    expect(ids({ words: ['größer'] })).toEqual([3])
    expect(ids({ words: ['支付', '🚀'] })).toEqual([3])
    expect(ids({ service: 'check' })).toEqual([3])
    expect(ids({ author: 'hopper' })).toEqual([2])
    // A name in the text is no author.
    expect(ids({ author: 'cart' })).toEqual([])
    expect(ids({ kinds: ['scale', 'upgrade'], gates: ['warn'] })).toEqual([3])
    expect(ids({ since: 997, until: 998 })).toEqual([3])
    expect(ids({})).toEqual([1, 2, 3, 4])
  })

  test('goes on behind a commit, over stretches', () => {
    const history = [columnsOf(entries.slice(0, 2)), columnsOf(entries.slice(2))]
    expect(ids({}, oid(2), history)).toEqual([3, 4])
    expect(ids({ words: ['cart'] }, oid(1), history)).toEqual([4])
    expect(ids({}, oid(4), history)).toEqual([])
  })

  test('finds what a plain look at every entry finds', () => {
    const word = fc.constantFrom('a', 'ab', 'b c', 'ß', 'Ada', 'x\ny', '')
    const any = fc.array(fc.tuple(word, word, fc.constantFrom('s1', 's2', 's12')), { maxLength: 12 })
    fc.assert(
      fc.property(any, fc.array(fc.constantFrom('a', 'B', 'ab', 'ß', 's1'), { maxLength: 2 }), (texts, words) => {
        const all = texts.map(([title, why, service], index) => entry(index + 1, { title, why, services: [service] }))
        const expected = all.filter(({ title, why, author, services }) => {
          const text = `${title}\n${why}\n${author.name} ${author.email}\n${services.join('\n')}`.toLowerCase()
          return words.every(each => text.includes(each.toLowerCase()))
        })
        expect(ids({ words }, undefined, [columnsOf(all)])).toEqual(expected.map(({ id }) => Number.parseInt(id, 16)))
      }),
    )
  })
})
