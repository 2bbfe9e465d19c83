import { describe, expect, test } from 'vitest'
import { checkSchema } from './check.ts'
import { completionsAt } from './complete.ts'
import { schemaOf } from './schema-of.ts'

const schema = schemaOf('pilothouse.yaml')!

/** What is offered where `|` stands. */
function offered(text: string): readonly string[] {
  const at = text.indexOf('|')
  const before = text.slice(0, at).split('\n')
  const whole = text.slice(0, at) + text.slice(at + 1)
  return completionsAt(schema, whole, before.length, before.at(-1)!.length + 1).map(one => one.label)
}

describe('what may be written', () => {
  const head = 'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n'
  test.each([
    ['a key of the top, but those that are there', `${head}|`, ['environments', 'edges'], ['kind']],
    [
      'a value of few',
      `${head}edges:\n  - from: a\n    to: b\n    state: |`,
      ['confirmed', 'rejected', 'declared'],
      [],
    ],
    [
      'a key of an item, but those beside it',
      `${head}edges:\n  - from: a\n    |\n    to: b\n`,
      ['state', 'why'],
      ['from', 'to'],
    ],
    ['the first key of an item', `${head}edges:\n  - |`, ['from'], []],
    ['items that are not further in than their list', `${head}edges:\n- from: a\n  |`, ['to'], ['from']],
    ['below a key anyone may choose', `${head}services:\n  cart:\n    |`, ['tier', 'owner'], []],
    ['further in', `${head}services:\n  cart:\n    tier: |`, ['critical', 'standard'], []],
    ['yes or no', `${head}environments:\n  - path: prod\n    protected: |`, ['true', 'false'], []],
  ])('%s', (_, text, some, none) => {
    const labels = offered(text)
    expect(labels).toEqual(expect.arrayContaining([...some]))
    for (const label of none) expect(labels).not.toContain(label)
  })

  test('nothing in a comment, and nothing after a text that is its own', () => {
    expect(offered('# |')).toEqual([])
    expect(offered('edges:\n  - from: |')).toEqual([])
  })
})

test('what does not follow the schema is told with its place', () => {
  const text = `apiVersion: pilothouse.dev/v1alpha1
kind: Workspace
edgs: []
edges:
  - from: a
    to: b
    state: maybe
services:
  cart: {tier: 3}
`
  expect(checkSchema(schema, text).map(({ line, column, message }) => [line, column, message.key])).toEqual([
    [3, 1, 'wiring.schemaUnknown'],
    [7, 5, 'wiring.schemaValue'],
    [9, 10, 'wiring.schemaType'],
  ])
  expect(checkSchema(schema, 'a: [')[0]).toMatchObject({ line: 1, message: { key: 'wiring.schemaUnread' } })
  expect(checkSchema(schema, 'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n')).toEqual([])
})

test('every kind of file of Pilothouse has its schema, and nothing else has', () => {
  expect(schemaOf('.pilothouse/rules/a.yaml')).not.toBeNull()
  expect(schemaOf('.pilothouse/trees/a.yml')).not.toBeNull()
  expect(schemaOf('deploy/pilothouse.yaml')).toBeNull()
})
