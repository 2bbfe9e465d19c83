import { expect, test } from 'vitest'
import { hostName, judgeHostKey, knownAlgorithms, knownHostLine, namesHost, parseKnownHosts } from './known-hosts.ts'

const key = (algorithm: string, body: string): Buffer => {
  const name = Buffer.from(algorithm)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(name.length)
  return Buffer.concat([length, name, Buffer.from(body)])
}
const ed = key('ssh-ed25519', 'one')
const other = key('ssh-ed25519', 'two')
const rsa = key('ssh-rsa', 'three')
const line = (names: string, bytes: Buffer, marker = '') => `${marker}${knownHostLine(names, bytes)}`
const judge = (text: string, name: string, bytes: Buffer) =>
  judgeHostKey(parseKnownHosts(text, 'known_hosts'), name, bytes)

test('a host is known by its name, a pattern, a port, or the hash of its name', () => {
  const salt = Buffer.alloc(20, 7)
  for (const names of ['git.example', 'other,git.example', '*.example', 'git.exampl?', 'GIT.EXAMPLE'])
    expect(judge(line(names, ed), 'git.example', ed)).toEqual({ kind: 'known' })
  expect(judge(knownHostLine('git.example', ed, salt), 'git.example', ed)).toEqual({ kind: 'known' })
  expect(judge(knownHostLine('git.example', ed, salt), 'git.example2', ed)).toEqual({ kind: 'unknown' })
  expect(hostName('git.example', 22)).toBe('git.example')
  expect(judge(line('[git.example]:2222', ed), hostName('git.example', 2222), ed)).toEqual({ kind: 'known' })
  expect(judge(line('git.example', ed), hostName('git.example', 2222), ed)).toEqual({ kind: 'unknown' })
  expect(namesHost('*.example,!git.example', 'git.example')).toBe(false)
})

test('a changed key is told by file and line, past comments and lines nobody can read', () => {
  const text = `# comment\n\nnonsense\n${line('git.example', other)}${line('git.example', rsa)}`
  expect(judge(text, 'git.example', ed)).toEqual({ kind: 'changed', file: 'known_hosts', line: 4 })
  expect(judge(line('git.example', rsa), 'git.example', ed)).toMatchObject({ kind: 'other-algorithm', line: 1 })
  expect(judge(`${text}${line('git.example', ed)}`, 'git.example', ed)).toEqual({ kind: 'known' })
})

test('a revoked key is revoked though it is also known; an authority is no host', () => {
  expect(judge(`${line('git.example', ed)}${line('*', ed, '@revoked ')}`, 'git.example', ed)).toMatchObject({
    kind: 'revoked',
    line: 2,
  })
  const authority = line('*.example', ed, '@cert-authority ')
  expect(judge(authority, 'git.example', ed)).toEqual({ kind: 'unknown' })
  expect(knownAlgorithms(parseKnownHosts(`${authority}${line('git.example', rsa)}`, ''), 'git.example')).toEqual([
    'ssh-rsa',
  ])
})
