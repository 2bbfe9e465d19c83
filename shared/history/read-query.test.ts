import { expect, test } from 'vitest'
import { readQuery } from './read-query.ts'

const read = (query: string) => readQuery(query, day => Date.parse(`${day}T00:00:00Z`) / 1000)

test('words and terms', () => {
  expect(read('sale kind:scale  checkout kind:upgrade')).toEqual({
    text: 'sale checkout',
    kinds: ['scale', 'upgrade'],
    wrong: [],
  })
  expect(read('author:"Ada Lovelace" service:cart gate:warn')).toEqual({
    text: '',
    author: 'Ada Lovelace',
    service: 'cart',
    gates: ['warn'],
    wrong: [],
  })
  expect(read('after:2026-11-01 before:2026-11-20')).toEqual({
    text: '',
    since: 1793491200,
    until: 1795219199,
    wrong: [],
  })
})

test('what is no term is a word; a term that cannot be read is told', () => {
  expect(read('http://cart:8080 a:b "two words"')).toEqual({ text: 'http://cart:8080 a:b two words', wrong: [] })
  expect(read('kind:scael after:yesterday x').wrong).toEqual(['kind:scael', 'after:yesterday'])
  expect(read('   ')).toEqual({ text: '', wrong: [] })
})
