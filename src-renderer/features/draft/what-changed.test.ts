import { expect, test } from 'vitest'
import type { DraftEditView, DraftView } from '../../../shared/draft/draft.ts'
import { whatChanged } from './what-changed.ts'

const edit = (id: string, replicas: number): DraftEditView => ({
  id,
  edit: {
    kind: 'set-replicas',
    resource: { file: 'web.yaml', kind: 'Deployment', name: 'web' },
    replicas,
  },
  summary: { key: 'error.unexpected' },
  services: ['web'],
  state: 'applied',
  changes: [],
})
const view = (changeSetId: string | null, base: string, edits: DraftEditView[]): DraftView => ({
  base,
  branch: 'main',
  rebased: false,
  edits,
  files: [],
  services: [],
  canUndo: false,
  canRedo: false,
  gate: { verdict: 'pass', items: [] },
  changeSetId,
  suggestedTitle: '',
  suggestedKind: 'scale',
  note: {},
  dirty: [],
})

test('the same change set is the same draft', () => {
  expect(whatChanged(view('x', 'a', [edit('1', 3)]), view('x', 'a', [edit('1', 3)]))).toEqual([])
})

test('a moved branch and other edits are said in sentences', () => {
  const seen = view('x', 'a'.repeat(40), [edit('1', 3), edit('2', 1)])
  const now = view('y', 'b'.repeat(40), [edit('1', 5), edit('3', 1), edit('4', 1)])
  expect(whatChanged(seen, now)).toEqual([
    { key: 'page.draftMovedBase', params: { commit: 'bbbbbbbb' } },
    { key: 'page.draftMovedAdded', params: { count: 2 } },
    { key: 'page.draftMovedRemoved', params: { count: 1 } },
    { key: 'page.draftMovedChanged', params: { count: 1 } },
  ])
})
