import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSshWorld, type SshServer, type SshWorld, sshdPath } from '../../../e2e/world/sshd.ts'
import type { SshConnection } from '../../needs/ssh.ts'
import { memorySecrets } from '../secrets/memory-secrets.ts'
import { createSsh } from './create-ssh.ts'

describe.runIf(sshdPath !== null)('more sessions than a connection may have', () => {
  let world: SshWorld
  beforeAll(async () => {
    world = await createSshWorld()
    await world.config(`IdentityFile ${await world.key('id')}\n`)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const connect = async (server: SshServer) => {
    await world.trust(server)
    const ask = () => Promise.reject(new Error('nobody is here to be asked'))
    const configFiles = [join(world.home, '.ssh', 'config')]
    const ssh = createSsh({ prompter: { ask }, secrets: memorySecrets(), home: world.home, configFiles, env: {} })
    return await ssh.connect({ host: '127.0.0.1', port: server.port, user: world.user })
  }
  /** Commands that run at the same time: none ends before all have begun. */
  const together = async (connection: SshConnection, count: number) => {
    const processes = await Promise.all(Array.from({ length: count }, (_, n) => connection.exec(`cat; echo ${n}`)))
    return await Promise.all(
      processes.map(async process => {
        await process.stdin.end()
        let said = ''
        for await (const bytes of process.stdout) said += Buffer.from(bytes).toString()
        return said.trim()
      }),
    )
  }
  const signedIn = (server: SshServer) => server.log().match(/Accepted publickey/g)?.length ?? 0

  test('have connections of their own, which are closed with the first', async () => {
    const server = await world.server({ config: 'MaxSessions 2\nSubsystem sftp internal-sftp\n' })
    const connection = await connect(server)
    expect(await together(connection, 5)).toEqual(['0', '1', '2', '3', '4'])
    expect(signedIn(server)).toBe(3)
    // A terminal and files are sessions, too.
    const held = [await connection.exec('cat'), await connection.exec('cat')]
    await using files = await connection.files()
    await using _terminal = await connection.terminal({ columns: 80, rows: 24 })
    expect(await files.resolve('/')).toBe('/')
    for (const process of held) await process[Symbol.asyncDispose]()
    await connection[Symbol.asyncDispose]()
    await expect.poll(() => server.log().match(/Closing connection|Disconnected from user/g)?.length).toBeGreaterThan(2)
  })

  test('are refused by a server that permits none, with the remedy', async () => {
    const server = await world.server({ config: 'MaxSessions 0\n' })
    await using connection = await connect(server)
    await expect(connection.exec('true')).rejects.toMatchObject({ key: 'transport.sshNoSession' })
    expect(signedIn(server)).toBe(2)
  })
})
