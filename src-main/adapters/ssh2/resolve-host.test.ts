import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SshTarget } from '../../needs/ssh.ts'
import { readSshConfig } from './read-ssh-config.ts'
import { parseHop, resolveHost } from './resolve-host.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pilothouse-config-'))
  await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true })
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function settings(text: string, target: SshTarget) {
  const file = join(home, '.ssh', 'config')
  await writeFile(file, text)
  return await resolveHost(target, await readSshConfig(file, home), {
    home,
    user: 'me',
    hostName: 'laptop.local',
    env: { SSH_AUTH_SOCK: '/agent', KEYS: '/keys' },
    succeeds: async command => command === 'is box',
  })
}

test('the first value wins, files of keys add up, and what was asked for comes before the file', async () => {
  const text = `
User early
Host box *.example !bad.example
  HostName %h.example
  Port 2222
  IdentityFile ~/.ssh/one
  IdentityFile "/keys/two words"
Host *
  Port 22
  IdentityFile \${KEYS}/%r-%h
  UserKnownHostsFile ~/.ssh/a ~/.ssh/b
`
  expect(await settings(text, { host: 'box' })).toMatchObject({
    hostName: 'box.example',
    port: 2222,
    user: 'early',
    identityFiles: [join(home, '.ssh/one'), '/keys/two words', '/keys/early-box.example'],
    userKnownHosts: [join(home, '.ssh/a'), join(home, '.ssh/b')],
    identityAgent: '/agent',
  })
  expect(await settings(text, { host: 'bad.example', user: 'other', port: 7 })).toMatchObject({
    hostName: 'bad.example',
    port: 7,
    user: 'other',
  })
})

test('Include stands where it is written, and counts only where its block does', async () => {
  await writeFile(join(home, '.ssh', 'conf.d', '1'), 'Port 1\nHost deep\n  User deep\n')
  await writeFile(join(home, '.ssh', 'conf.d', '2'), 'Port 2\n')
  const text = 'Host deep\n  Include conf.d/*\nHost *\n  Port 9\n'
  expect(await settings(text, { host: 'deep' })).toMatchObject({ port: 1, user: 'deep' })
  expect(await settings(text, { host: 'else' })).toMatchObject({ port: 9, user: 'me' })
  await writeFile(join(home, '.ssh', 'conf.d', '1'), 'Include conf.d/1\n')
  await expect(settings(text, { host: 'deep' })).rejects.toMatchObject({ key: 'transport.sshConfigTooDeep' })
})

test('Match: all that it says must hold, and a mark of exclamation turns it round', async () => {
  const text = `
Host box
  HostName real.example
Match host real.example !user root
  Port 1
Match originalhost box exec "is %n"
  User found
Match host nowhere
  Port 3
Match final host real.example
  IdentitiesOnly yes
`
  expect(await settings(text, { host: 'box' })).toMatchObject({ port: 1, user: 'found', identitiesOnly: true })
  expect(await settings(text, { host: 'box', user: 'root' })).toMatchObject({ port: 22, user: 'root' })
})

test('jumps, commands, times, and values nobody understands', async () => {
  expect(await settings('ProxyJump a@one:2,ssh://two\nProxyCommand no\n', { host: 'x' })).toMatchObject({
    proxyJump: ['a@one:2', 'ssh://two'],
    proxyCommand: null,
  })
  expect(await settings('ProxyCommand nc -q "%h" %p # and more\nProxyJump a\n', { host: 'x' })).toMatchObject({
    proxyJump: [],
    proxyCommand: 'nc -q "x" 22 # and more',
  })
  expect(await settings('ProxyJump none\nConnectTimeout 2m\nServerAliveInterval 15\n', { host: 'x' })).toMatchObject({
    proxyJump: [],
    connectTimeout: 120_000,
    aliveInterval: 15_000,
  })
  await expect(settings('Port many\n', { host: 'x' })).rejects.toMatchObject({ key: 'transport.sshConfigValue' })
  expect(parseHop('a@[::1]:22')).toEqual({ host: '::1', user: 'a', port: 22 })
})
