import { expect, test } from 'vitest'
import type { Edit } from '../edits/edit.ts'
import { addEdits, discardEdits, emptyDraft, redo, undo, withoutPublished } from './change-draft.ts'
import type { Draft } from './draft.ts'

let last = 0
const newId = (): string => String(++last)
const scale = (name: string, replicas: number): Edit => ({
  kind: 'set-replicas',
  resource: { file: `${name}.yaml`, kind: 'Deployment', name },
  replicas,
})
const typed = (text: string): Edit => ({ kind: 'set-file', file: 'a.yaml', text })
const add = (draft: Draft, ...edits: Edit[]): Draft => addEdits(draft, edits, newId)
const editsOf = (draft: Draft): readonly Edit[] => draft.edits.map(entry => entry.edit)

test('a field that is changed twice is one edit, unless something in between builds on it', () => {
  const twice = add(add(emptyDraft, scale('a', 2)), scale('a', 3))
  expect(editsOf(twice)).toEqual([scale('a', 3)])
  const between = add(add(add(emptyDraft, scale('a', 2)), typed('x')), scale('a', 3))
  expect(editsOf(between)).toEqual([scale('a', 2), typed('x'), scale('a', 3)])
})

test('every step is undone and done again', () => {
  const three = discardEdits(add(add(emptyDraft, scale('a', 2)), scale('b', 2)))
  expect(editsOf(undo(three))).toEqual([scale('a', 2), scale('b', 2)])
  expect(undo(undo(undo(undo(three)))).edits).toEqual([])
  expect(redo(redo(redo(undo(undo(undo(three))))))).toEqual(three)
})

test('steps are kept by number and by how much text they hold, the last one always', () => {
  let draft = emptyDraft
  for (let i = 0; i < 300; i++) draft = add(draft, scale('a', i))
  expect(draft.undo).toHaveLength(200)
  draft = emptyDraft
  for (let i = 0; i < 10; i++) draft = add(draft, typed(`${i}${'x'.repeat(1_500_000)}`))
  expect(draft.undo).toHaveLength(2)
  draft = add(add(emptyDraft, typed('x'.repeat(5_000_000))), typed('y'))
  expect(draft.undo).toHaveLength(1)
})

test('what was published leaves the draft, what was added or changed meanwhile stays, on the new base', () => {
  const draft = { ...add(emptyDraft, scale('a', 2), scale('b', 2)), base: 'old', branch: 'main', note: { why: 'so' } }
  expect(withoutPublished(draft, draft.edits, 'new')).toEqual(emptyDraft)
  const meanwhile = add(draft, scale('b', 3), scale('c', 1))
  const left = withoutPublished(meanwhile, draft.edits, 'new')
  expect(left).toMatchObject({ base: 'new', branch: 'main', undo: [], redo: [], note: {} })
  expect(editsOf(left)).toEqual([scale('b', 3), scale('c', 1)])
  expect(withoutPublished(draft, [], 'new')).toEqual(draft)
})
