import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { editTree, type TreeEdit } from './edit-tree.ts'
import { readTree } from './read-tree.ts'

const small = `# Who may deploy.
kind: DecisionTree
name: deploy
nodes:
  - id: first   # asked first
    question: Is it late?
    dimension: time
    expression: time.hour > 18
    branches: { true: wait, false: second }
  - id: second
    question: "Is it green?"
    dimension: tests
    expression: 'tests.green'
    branches:
      true: go
      false: wait
outcomes:
  - { id: go, title: Go, recommendations: [Watch it.] }
  - { id: wait, title: Wait, recommendations: [] }
`
const linesChanged = (before: string, after: string): string[] => {
  const old = new Set(before.split('\n'))
  return after.split('\n').filter(line => !old.has(line))
}

test.each<[TreeEdit, string[]]>([
  [{ kind: 'point', id: 'first', answer: 'true', to: 'go' }, ['    branches: { true: go, false: second }']],
  [{ kind: 'point', id: 'second', answer: 'false', to: 'go' }, ['      false: go']],
  [{ kind: 'set-node', id: 'second', field: 'question', value: 'All green?' }, ['    question: "All green?"']],
  [
    { kind: 'set-outcome', id: 'wait', title: 'Wait for tomorrow' },
    ['  - { id: wait, title: Wait for tomorrow, recommendations: [] }'],
  ],
])('an edit of the picture changes its lines alone: %j', (edit, lines) => {
  const after = editTree(small, edit)
  expect(linesChanged(small, after)).toEqual(lines)
  expect(readTree('t.yaml', after).tree).not.toBeNull()
})

test('a question comes between an answer and where it led, and goes again without a trace', () => {
  const asked = editTree(small, { kind: 'ask-before', id: 'second', answer: 'true', question: 'Is anybody there?' })
  const { tree } = readTree('t.yaml', asked)
  expect(tree?.nodes.get('second')?.branches['true']).toBe('is-anybody-there')
  expect(tree?.nodes.get('is-anybody-there')).toMatchObject({
    dimension: 'tests',
    branches: { true: 'go', false: 'go' },
  })
  expect(editTree(asked, { kind: 'remove-node', id: 'is-anybody-there' })).toBe(small)
})

test('an answer gets an end of its own, and the first question may go', () => {
  const ended = readTree('t.yaml', editTree(small, { kind: 'end-here', id: 'first', answer: 'true', title: 'Go' })).tree
  expect(ended?.outcomes.get('go-2')?.title).toBe('Go')
  expect(ended?.nodes.get('first')?.branches['true']).toBe('go-2')
  const less = readTree('t.yaml', editTree(small, { kind: 'remove-node', id: 'second' })).tree
  expect(less?.nodes.get('first')?.branches).toEqual({ true: 'wait', false: 'go' })
})

test('every answer of the tree that comes with Pilothouse can be led elsewhere and back, to the same text', () => {
  const text = readFileSync('resources/trees/monolith-to-services.yaml', 'utf8')
  const { tree } = readTree('t.yaml', text)
  const end = [...(tree?.outcomes.keys() ?? [])][0]!
  for (const { id, branches } of tree?.nodes.values() ?? [])
    for (const [answer, to] of Object.entries(branches)) {
      const away = editTree(text, { kind: 'point', id, answer, to: end })
      expect(editTree(away, { kind: 'point', id, answer, to })).toBe(text)
    }
})
