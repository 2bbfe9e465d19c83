import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog } from './open-log.ts'
import { redact } from './redact.ts'

test.each([
  ['https://me:hunter2@git.example/a.git', 'hunter2'],
  ['https://ghp_abcdefghijklmnopqrstuvwxyz012345@github.com/a', 'ghp_abc'],
  ['Authorization: Bearer abc.def-ghi', 'abc.def'],
  ["{ authorization: 'Basic dXNlcjpwYXNz' }", 'dXNlcjpwYXNz'],
  ['password=hunter2&x=1', 'hunter2'],
  ['"passphrase": "correct horse"', 'horse'],
  ['/?token=q9Xk3v_-zz', 'q9Xk3v'],
  ['set-cookie: pilothouse-4100=abcdef; Path=/', 'abcdef'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNz'],
  ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSF'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJhbGci'],
])('redacts %s', (text, secret) => {
  expect(redact(text)).not.toContain(secret)
})

test('leaves ordinary text as it is', () => {
  const text = 'Error: ENOENT: no such file, open /home/me/app/token-bucket.yaml:12 (https://example.org/a@b)'
  expect(redact(text)).toBe(text)
})

test('writes one redacted line a bug, with stack and causes, and no file before the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-log-'))
  const log = openLog(join(folder, 'logs'))
  expect(existsSync(join(folder, 'logs'))).toBe(false)
  log.report(new Error('outer', { cause: new Error('password=hunter2') }))
  log.report(new Error('second'))
  const lines = readFileSync(log.file, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(JSON.parse(lines[0]!).error).toMatch(/outer[\s\S]*open-log\.test\.ts[\s\S]*password=\*\*\*/)
  rmSync(folder, { recursive: true })
})
