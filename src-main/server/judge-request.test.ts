import { expect, test } from 'vitest'
import { Access } from './access.ts'
import { type Asked, judgeRequest } from './judge-request.ts'

const own = '127.0.0.1:4100'
const fromOurPage: Asked = {
  host: own,
  origin: `http://${own}`,
  site: 'same-origin',
  session: 'good',
  token: null,
  upgrade: false,
}
const judge = (changes: Partial<Asked>) => {
  const judgement = judgeRequest({ ...fromOurPage, ...changes }, 4100, session => session === 'good')
  return judgement.kind === 'refuse' ? judgement.status : judgement.kind
}

test.each<[what: string, changes: Partial<Asked>, expected: 'admit' | 'enter' | number]>([
  ['our page', {}, 'admit'],
  ['our page under its other name', { host: 'localhost:4100', origin: 'http://localhost:4100' }, 'admit'],
  ['an address typed by hand', { origin: null, site: 'none' }, 'admit'],
  ['a client that is no browser', { origin: null, site: null }, 'admit'],
  ['the line to the core', { upgrade: true }, 'admit'],
  ['no cookie', { session: null }, 401],
  ['a wrong cookie', { session: 'bad' }, 401],
  ['no Host', { host: null }, 421],
  ['a name that resolves to loopback', { host: 'evil.example:4100', origin: 'http://evil.example:4100' }, 421],
  ['our address on another port', { host: '127.0.0.1:80' }, 421],
  ['our address without a port', { host: '127.0.0.1' }, 421],
  ['a call from another site', { origin: 'https://evil.example', site: 'cross-site' }, 403],
  ['a call from another port of this machine', { origin: 'http://127.0.0.1:9999', site: 'same-site' }, 403],
  ['an image tag on another port, which sends no Origin', { origin: null, site: 'same-site' }, 403],
  ['a link on another site', { origin: null, site: 'cross-site' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['our origin with https', { origin: `https://${own}` }, 403],
  ['localhost asking 127.0.0.1', { origin: 'http://localhost:4100' }, 403],
  ['an upgrade without Origin', { upgrade: true, origin: null }, 403],
  ['an upgrade from another site', { upgrade: true, origin: 'https://evil.example' }, 403],
  ['an upgrade with a token instead of a cookie', { upgrade: true, session: null, token: 'x' }, 401],
  [
    'the one-time address followed from a terminal in a browser',
    { token: 'x', site: 'cross-site', origin: null },
    'enter',
  ],
  ['the one-time address under a foreign name', { token: 'x', host: 'evil.example:4100', origin: null }, 421],
])('%s', (_, changes, expected) => {
  expect(judge(changes)).toBe(expected)
})

test('a token has 256 bits, works once, and dies when another is issued', () => {
  const access = new Access()
  const first = access.issue()
  expect(Buffer.from(first, 'base64url').byteLength).toBe(32)
  const token = access.issue()
  expect(access.redeem(first)).toBeNull()
  expect(access.redeem('')).toBeNull()
  const session = access.redeem(token)
  expect(access.redeem(token)).toBeNull()
  expect(access.admits(session ?? '')).toBe(true)
  expect(access.admits(token)).toBe(false)
  expect(access.admits('')).toBe(false)
})

test('an earlier session stays good when somebody enters again', () => {
  const access = new Access()
  const sessions = [access.redeem(access.issue()), access.redeem(access.issue())]
  for (const session of sessions) expect(access.admits(session ?? '')).toBe(true)
})
