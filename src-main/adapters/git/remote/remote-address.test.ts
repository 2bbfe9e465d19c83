import { describe, expect, test } from 'vitest'
import { isSafeName } from '../files/safe-name.ts'
import { forPeople } from './packet-lines.ts'
import { mapRef, parseRefspec } from './refspec.ts'
import { parseAddress, quoteForShell } from './remote-address.ts'

const parse = (text: string) => parseAddress(text, '/base')

describe('addresses, as git reads them', () => {
  test.each([
    ['git@github.com:org/repo.git', { kind: 'ssh', host: 'github.com', user: 'git', port: null, path: 'org/repo.git' }],
    ['host:~user/x', { kind: 'ssh', host: 'host', user: null, port: null, path: '~user/x' }],
    ['[::1]:x', { kind: 'ssh', host: '::1', port: null, path: 'x' }],
    ['git@[host:2222]:/x', { kind: 'ssh', host: 'host', user: 'git', port: 2222, path: '/x' }],
    ['ssh://git@host:22/a%20b', { kind: 'ssh', host: 'host', user: 'git', port: 22, path: '/a b' }],
    ['ssh://host/~ada/x', { kind: 'ssh', host: 'host', user: null, path: '~ada/x' }],
    ['./a:b', { kind: 'local', path: '/base/a:b' }],
    ['../x', { kind: 'local', path: '/x' }],
    ['file:///a%20b', { kind: 'local', path: '/a b' }],
    [
      'https://ada:p%40ss@host/x.git/',
      { kind: 'http', username: 'ada', password: 'p@ss', shown: 'https://host/x.git/' },
    ],
  ])('%s', (text, expected) => expect(parse(text)).toMatchObject(expected))

  test.each([
    '',
    'ssh://-oProxyCommand=x/y',
    '-oProxyCommand=x:y',
    'host:-upload',
    'https://h/\nx',
    'git://host/x',
    'https://',
  ])('refused: %j', text => expect(() => parse(text)).toThrow())

  test('credentials are in no text that is shown, also when the address is broken', () => {
    for (const text of [
      'https://ada:s3cret@ho st/x',
      'https://ada:s3/s3cret@host/x',
      'ftp://ada:s3cret@host/x',
      'https://ada:s3cret@host:port/x',
    ]) {
      let told = ''
      try {
        parse(text)
      } catch (error) {
        told = `${(error as Error).stack} ${String((error as Error).cause)} ${JSON.stringify(error)}`
      }
      expect(told).not.toBe('')
      expect(told).not.toContain('s3cret')
    }
  })
})

test('a path is quoted as git quotes it', () => {
  expect(quoteForShell("it's!")).toBe(`'it'\\''s'\\!''`)
})

test('refspecs', () => {
  const spec = parseRefspec('+refs/heads/*:refs/remotes/origin/*')!
  expect(mapRef(spec, 'refs/heads/a/b$&')).toBe('refs/remotes/origin/a/b$&')
  expect(mapRef(spec, 'refs/tags/a')).toBe(null)
  expect(parseRefspec('^refs/heads/x')).toBe(null)
  expect(mapRef(parseRefspec('refs/heads/main:refs/remotes/o/main')!, 'refs/heads/main')).toBe('refs/remotes/o/main')
})

test('names that would lead out of a work tree', () => {
  for (const name of [
    '.git',
    '.GiT',
    '.git.',
    '.git ',
    'git~1',
    'GIT~1',
    '.git::$INDEX_ALLOCATION',
    '.g\u200cit',
    '..',
    '.',
    '',
    '.git\\x',
  ])
    expect(isSafeName(name), JSON.stringify(name)).toBe(false)
  for (const name of ['.gitignore', 'git', 'a b', 'ünï', '.github', 'a\\b']) expect(isSafeName(name), name).toBe(true)
})

test('what a remote says drives no terminal', () => {
  expect(forPeople('Counting: 1%\rCounting: 100%\n\u001b[31mred\u001b[0m\u0007\n')).toBe('Counting: 100%\nred')
})
