import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import { applyEdit, applyEdits } from './apply-edits.ts'
import { conflictOf } from './conflict-of.ts'
import { describeEdit } from './describe-edit.ts'
import { Edit } from './edit.ts'
import { editKey } from './edit-key.ts'
import type { Files } from './edit-outcome.ts'
import { invertEdit } from './invert-edit.ts'

const none: Files = new Map()
const at = (text: string): Files => new Map([['pilothouse.yaml', text]])
const after = (files: Files, edit: Edit): string | null | undefined => {
  const outcome = applyEdit(files, Edit.parse(edit))
  return outcome.kind === 'applied' ? outcome.files.get('pilothouse.yaml') : undefined
}

const written = `# who answers for what
apiVersion: pilothouse.dev/v1alpha1
kind: Workspace
services:
  cart: { owner: team-cart } # since May
edges:
  - from: cart
    to: store # seen in the dump
    state: declared
    protocol: redis
    why: the driver finds it by itself

  - { from: web, to: cart, state: confirmed }
`

test('the file is made where there is none, and goes with its last entry', () => {
  const edit: Edit = { kind: 'confirm-edge', from: 'web', to: 'cart' }
  const text = `apiVersion: pilothouse.dev/v1alpha1
kind: Workspace
edges:
- from: web
  to: cart
  state: confirmed
`
  expect(after(none, edit)).toBe(text)
  expect(invertEdit(none, edit)).toEqual([{ kind: 'forget-edge', from: 'web', to: 'cart' }])
  expect(after(at(text), { kind: 'forget-edge', from: 'web', to: 'cart' })).toBeNull()
  expect(applyEdit(none, { kind: 'forget-edge', from: 'a', to: 'b' })).toEqual({ kind: 'unchanged' })
})

test('only the lines of the entry change, and comments stay', () => {
  expect(after(at(written), { kind: 'reject-edge', from: 'cart', to: 'store', why: 'gone' })).toBe(
    written.replace('state: declared', 'state: rejected').replace('the driver finds it by itself', 'gone'),
  )
  expect(after(at(written), { kind: 'declare-edge', from: 'cart', to: 'store', protocol: null, why: null })).toBe(
    written.replace('    protocol: redis\n    why: the driver finds it by itself\n', ''),
  )
  expect(after(at(written), { kind: 'confirm-edge', from: 'web', to: 'cart' })).toBeUndefined()
  expect(after(at(written), { kind: 'declare-edge', from: 'pay', to: 'bank.example.com', protocol: 'http' })).toBe(
    written.replace(
      '\n  - { from: web',
      '  - from: pay\n    to: bank.example.com\n    state: declared\n    protocol: http\n\n  - { from: web',
    ),
  )
  const services = 'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nservices: {}\n'
  expect(after(at(services), { kind: 'reject-edge', from: 'a', to: 'b', environment: 'deploy/eu' })).toBe(
    `${services}edges:\n- from: a\n  to: b\n  state: rejected\n  environment: deploy/eu\n`,
  )
})

test('each kind is undone to the byte by an edit of its own', () => {
  const edits: Edit[] = [
    { kind: 'confirm-edge', from: 'cart', to: 'store' },
    { kind: 'reject-edge', from: 'cart', to: 'store', why: 'gone' },
    { kind: 'declare-edge', from: 'web', to: 'cart', protocol: 'grpc' },
    { kind: 'reject-edge', from: 'web', to: 'cart' },
    { kind: 'confirm-edge', from: 'a', to: 'b' },
    { kind: 'declare-edge', from: 'x', to: 'y', environment: 'e', why: 'because: "so"' },
    { kind: 'forget-edge', from: 'web', to: 'cart' },
  ]
  for (const edit of edits) {
    const done = applyEdits(at(written), [edit])
    expect(done.outcomes[0]?.kind).toBe('applied')
    const back = invertEdit(at(written), edit)
    expect(applyEdits(done.files, back).files.get('pilothouse.yaml')).toBe(written)
  }
  expect(invertEdit(at(written), edits[1]!)).toEqual([
    {
      kind: 'declare-edge',
      from: 'cart',
      to: 'store',
      protocol: 'redis',
      why: 'the driver finds it by itself',
    },
  ])
})

test('what is said later of one edge takes the place of what was said before', () => {
  expect(editKey({ kind: 'confirm-edge', from: 'a', to: 'b' })).toBe(
    editKey({ kind: 'reject-edge', from: 'a', to: 'b', why: 'no' }),
  )
  expect(editKey({ kind: 'confirm-edge', from: 'a', to: 'b' })).not.toBe(
    editKey({ kind: 'confirm-edge', from: 'a', to: 'b', environment: 'e' }),
  )
})

test('it conflicts only where somebody else said something else', () => {
  const theirs = at(written.replace('state: confirmed', 'state: rejected'))
  const base = at(written)
  expect(conflictOf({ kind: 'declare-edge', from: 'web', to: 'cart' }, base, theirs)).toEqual([
    {
      field: 'web → cart',
      file: 'pilothouse.yaml',
      line: 13,
      base: 'confirmed',
      ours: 'declared',
      theirs: 'rejected',
    },
  ])
  expect(conflictOf({ kind: 'reject-edge', from: 'web', to: 'cart' }, base, theirs)).toEqual([])
  expect(conflictOf({ kind: 'confirm-edge', from: 'cart', to: 'store' }, base, theirs)).toEqual([])
})

test('it is told in words, and a file that cannot be read is refused with its line', () => {
  const edit: Edit = { kind: 'declare-edge', from: 'a', to: 'b', protocol: 'grpc' }
  expect(translate('en', describeEdit(edit, applyEdit(none, edit)))).toBe('Declare that a calls b over grpc')
  expect(applyEdit(at('apiVersion: [\n'), edit)).toMatchObject({ kind: 'refused', file: 'pilothouse.yaml' })
})
