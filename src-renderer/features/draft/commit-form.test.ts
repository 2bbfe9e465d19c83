import { expect, test } from 'vitest'
import { splitTrailers } from '../../../shared/decisions/trailers.ts'
import { Publication } from '../../../shared/draft/contract.ts'
import type { DraftView } from '../../../shared/draft/draft.ts'
import { type CommitForm, previewMessage, publicationOf } from './commit-form.ts'

const view: DraftView = {
  base: 'a'.repeat(40),
  branch: 'main',
  rebased: false,
  edits: [],
  files: [],
  services: ['checkout'],
  canUndo: false,
  canRedo: false,
  gate: {
    verdict: 'warn',
    items: [{ rule: 'r', verdict: 'warn', message: { key: 'error.unexpected' }, services: [], waivable: false }],
  },
  changeSetId: '9f2c',
  suggestedTitle: 'scale checkout to 4 replicas',
  suggestedKind: 'scale',
  note: {},
  dirty: [],
}
const form: CommitForm = {
  title: null,
  why: ' the sale \n',
  kind: null,
  alternatives: '  ',
  consequences: 'costs more',
  links: [{ relation: 'amends', target: '01ABC' }],
  reasons: { r: 'known', gone: 'old' },
  waivedUntil: { r: '2026-12-01' },
  target: 'new-branch',
  branchName: null,
  push: true,
}
const workspace = '0'.repeat(16)

test('what was not typed is as drafted, and what is empty is left out', () => {
  const publication = publicationOf(workspace, 'deploy', form, view, 'draft')
  expect(publication).toEqual({
    workspace,
    changeSetId: '9f2c',
    environment: 'deploy',
    title: 'scale checkout to 4 replicas',
    why: 'the sale',
    kind: 'scale',
    consequences: 'costs more',
    reasons: { r: 'known' },
    waivedUntil: {},
    links: [{ relation: 'amends', target: '01ABC' }],
    target: { kind: 'new-branch', name: 'decision/scale-checkout-to-4-replicas' },
    push: true,
  })
  expect(Publication.safeParse(publication).success).toBe(true)
})

test('a record alone takes no change set, no reasons and no drafted title', () => {
  const publication = publicationOf(workspace, null, { ...form, title: 'keep gRPC' }, view, 'record')
  expect(publication).toMatchObject({ changeSetId: null, title: 'keep gRPC', kind: 'record' })
  expect(publication).not.toHaveProperty('reasons')
  expect(publication).not.toHaveProperty('environment')
})

test('the previewed message has the trailers that Git will read', () => {
  const message = previewMessage(form, view, 'draft', '2026-11-20')
  expect(message.split('\n')[0]).toBe('DECISION: scale checkout to 4 replicas')
  expect(splitTrailers(message).trailers).toEqual([
    { key: 'Decision-Id', value: '…' },
    { key: 'Decision-Kind', value: 'scale' },
    { key: 'Decision-Services', value: 'checkout' },
    { key: 'Decision-Gate', value: 'warn' },
    { key: 'Decision-Record', value: 'decisions/2026-11-20-scale-checkout-to-4-replicas-····/' },
    { key: 'Decision-Amends', value: '01ABC' },
    { key: 'Change-Set', value: '9f2c' },
  ])
})
