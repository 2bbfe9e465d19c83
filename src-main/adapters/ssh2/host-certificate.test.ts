import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSshWorld, type SshWorld, sshdPath } from '../../../e2e/world/sshd.ts'
import { memorySecrets } from '../secrets/memory-secrets.ts'
import { createSsh } from './create-ssh.ts'
import { faultOfCertificate, isSigned, readHostCertificate } from './host-certificate.ts'

describe.runIf(sshdPath !== null)('certificates of hosts', () => {
  let world: SshWorld
  const authorities = new Map<string, string>()
  beforeAll(async () => {
    world = await createSshWorld()
    for (const type of ['ed25519', 'ecdsa', 'rsa'])
      authorities.set(type, await world.key(`authority-${type}`, { authorized: false, type }))
    await world.config(`IdentityFile ${await world.key('id')}\nStrictHostKeyChecking yes\n`)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const connect = async (port: number) => {
    const ask = () => Promise.reject(new Error('nobody is here to be asked'))
    const ssh = createSsh({
      prompter: { ask },
      secrets: memorySecrets(),
      home: world.home,
      configFiles: [join(world.home, '.ssh', 'config')],
      env: { USER: world.user },
    })
    await using connection = await ssh.connect({ host: '127.0.0.1', port })
    await using process = await connection.exec('echo in')
    let said = ''
    for await (const bytes of process.stdout) said += Buffer.from(bytes).toString()
    return said
  }
  let hosts = 0
  /** A server whose key is signed by an authority, with what `ssh-keygen` is told beside it. */
  const server = async (authority: string, type: string, ...told: string[]) => {
    const hostKey = await world.key(`host-${hosts++}`, { authorized: false, type })
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'host', ...told, `${hostKey}.pub`])
    return await world.server({ hostKey, config: `HostCertificate ${hostKey}-cert.pub\n` })
  }
  const publicHalf = (file: string) => readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
  const know = (line: string) => appendFileSync(join(world.home, '.ssh/known_hosts'), `${line}\n`)

  test.each([
    ['ed25519', 'ed25519'],
    ['ecdsa', 'rsa'],
    ['rsa', 'ecdsa'],
  ])('an authority with a key of %s is believed about a host with one of %s', async (by, type) => {
    const authority = authorities.get(by)!
    const one = await server(authority, type, '-h', '-n', '127.0.0.1,box')
    await expect(connect(one.port)).rejects.toMatchObject({ key: 'transport.hostKeyUnknown' })
    know(`@cert-authority [127.0.0.1]:${one.port} ${publicHalf(authority)}`)
    expect(await connect(one.port)).toBe('in\n')
  })

  test('one that has expired or is for another name is refused with the remedy', async () => {
    const authority = authorities.get('ed25519')!
    for (const [told, key] of [
      [['-h', '-n', 'box'], 'transport.certificateOtherName'],
      [['-h', '-V', '20200101:20200201'], 'transport.certificateExpired'],
    ] as const) {
      const one = await server(authority, 'ed25519', ...told)
      know(`@cert-authority [127.0.0.1]:${one.port} ${publicHalf(authority)}`)
      await expect(connect(one.port)).rejects.toMatchObject({ code: 'unauthorized', key })
      // What is on file itself needs nobody's word.
      await world.trust(one)
      expect(await connect(one.port)).toBe('in\n')
    }
  })

  test('a host, and an authority, that is revoked is refused whatever else is on file', async () => {
    const authority = authorities.get('ed25519')!
    const host = await server(authority, 'ed25519', '-h')
    know(`@cert-authority [127.0.0.1]:${host.port} ${publicHalf(authority)}`)
    know(`@revoked [127.0.0.1]:${host.port} ${publicHalf(host.hostKey)}`)
    await expect(connect(host.port)).rejects.toMatchObject({ key: 'transport.hostKeyRevoked' })
    const other = await server(authority, 'ed25519', '-h')
    await world.trust(other)
    know(`@cert-authority [127.0.0.1]:${other.port} ${publicHalf(authority)}`)
    know(`@revoked [127.0.0.1]:${other.port} ${publicHalf(authority)}`)
    await expect(connect(other.port)).rejects.toMatchObject({ key: 'transport.hostKeyRevoked' })
  })

  test('another authority of the same host is believed in nothing', async () => {
    const one = await server(authorities.get('ecdsa')!, 'ed25519', '-h')
    know(`@cert-authority [127.0.0.1]:${one.port} ${publicHalf(authorities.get('ed25519')!)}`)
    await expect(connect(one.port)).rejects.toMatchObject({ key: 'transport.hostKeyUnknown' })
  })

  test('a certificate in which anything was changed holds no more, and breaks nothing', async () => {
    const key = await world.key('changed', { authorized: false })
    execFileSync('ssh-keygen', ['-q', '-s', authorities.get('ed25519')!, '-I', 'host', '-h', `${key}.pub`])
    const blob = Buffer.from(readFileSync(`${key}-cert.pub`, 'utf8').split(' ')[1]!, 'base64')
    expect(isSigned(readHostCertificate(blob)!)).toBe(true)
    expect(faultOfCertificate(readHostCertificate(blob)!, 'box', BigInt(Math.floor(Date.now() / 1000)))).toBeNull()
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(blob.length), (at, by, length) => {
        const changed = Buffer.from(blob)
        changed[at]! ^= by
        const read = readHostCertificate(changed)
        expect(read !== null && isSigned(read)).toBe(false)
        const cut = length === blob.length ? null : readHostCertificate(blob.subarray(0, length))
        expect(cut).toBeNull()
      }),
    )
  })
})
