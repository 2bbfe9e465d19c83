import { expect, test } from 'vitest'
import { applyEdit } from './apply-edits.ts'
import type { Edit } from './edit.ts'

const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: server
          image: x/web:1
          args: [--db-password=hunter2, --port, "80", --token, q9x]
          env:
            - {name: DSN, value: "postgres://u:hunter2@db/web"}
            - {name: MODE, value: "***"}
`
const files = new Map([['web.yaml', text]])
const at = { resource: { file: 'web.yaml', kind: 'Deployment', name: 'web' }, container: 'server' } as const
const args = (...values: string[]): Edit => ({ kind: 'set-arguments', ...at, field: 'args', values })
const env = (name: string, value: string): Edit => ({ kind: 'set-env', ...at, name, value: { value } })
const done = (edit: Edit): string => {
  const outcome = applyEdit(files, edit)
  return outcome.kind === 'applied' ? outcome.files.get('web.yaml')! : outcome.kind
}

test('what was left out of the page is as it was, when something else is changed', () => {
  expect(done(args('--db-password=***', '--port', '81', '--token', '***'))).toBe(text.replace('"80"', '"81"'))
  expect(done(args('--port', '80', '--db-password=***'))).toMatch(/args: \[.*80.*, "?--db-password=hunter2"?\]/)
  expect(done(args('--db-password=***', '--port', '80', '--token', '***'))).toBe('unchanged')
  expect(done(env('DSN', 'postgres://***@db/web'))).toBe('unchanged')
})

test('the mark is never written in the place of a credential', () => {
  expect(applyEdit(files, env('DSN', 'postgres://***@other/web'))).toMatchObject({
    kind: 'refused',
    reason: { key: 'edit.hiddenValue' },
  })
  expect(done(args('--db-password=x***', '--port', '80'))).toBe('refused')
})

test('where nothing was left out, the mark is what was typed', () => {
  expect(done(env('MODE', '***'))).toBe('unchanged')
  expect(done(env('MODE', '*** stop ***'))).toContain('value: "*** stop ***"')
  expect(done(env('NEW', '***'))).toContain('***')
})
