import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addEdits, discardEdits, emptyDraft, undo } from '../../../shared/draft/change-draft.ts'
import type { Draft } from '../../../shared/draft/draft.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import { packSteps, StoredSteps, unpackSteps } from './stored-steps.ts'

const scale = (name: string, replicas: number): Edit => ({
  kind: 'set-replicas',
  resource: { file: 'a.yaml', kind: 'Deployment', name },
  replicas,
})
const throughDisk = (draft: Draft) => {
  const text = JSON.stringify({
    undo: packSteps(draft.undo, draft.edits),
    redo: packSteps(draft.redo, draft.edits),
  })
  const read = JSON.parse(text) as { undo: unknown; redo: unknown }
  const steps = (value: unknown) => unpackSteps(StoredSteps.parse(value), draft.edits)
  return { undo: steps(read.undo), redo: steps(read.redo), length: text.length }
}

test('steps are read as they were written', () => {
  const action = fc.oneof(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), replicas: fc.nat(3) }),
    fc.constantFrom('undo' as const, 'discard' as const),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), actions => {
      let draft = emptyDraft
      let ids = 0
      for (const each of actions)
        if (each === 'undo') draft = undo(draft)
        else if (each === 'discard')
          draft = discardEdits(
            draft,
            draft.edits.slice(1, 2).map(({ id }) => id),
          )
        else draft = addEdits(draft, [scale(each.name, each.replicas)], () => `${ids++}`)
      expect(throughDisk(draft)).toMatchObject({ undo: draft.undo, redo: draft.redo })
    }),
  )
})

test('what is written grows with the edits, not with their square', () => {
  let draft = emptyDraft
  for (let index = 0; index < 190; index++) draft = addEdits(draft, [scale(`s${index}`, 2)], () => `${index}`)
  const { undo: steps, length } = throughDisk(draft)
  expect(steps).toEqual(draft.undo)
  expect(length).toBeLessThan(20_000)
})

test('steps of earlier versions are read, and broken ones are not guessed', () => {
  const now = [{ id: '1', edit: scale('a', 2) }]
  expect(unpackSteps(StoredSteps.parse([[], now]), now)).toEqual([[], now])
  expect(unpackSteps([{ first: 1, last: 1, between: [] }], now)).toBeNull()
})
