import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSshWorld, type SshServer, type SshWorld, sshdPath } from '../../../e2e/world/sshd.ts'
import type { Answer, Asking, Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'
import type { RemoteProcess, Ssh } from '../../needs/ssh.ts'
import { createSsh } from './create-ssh.ts'

if (sshdPath === null) console.log('NOT RUN: SSH against a real server, because there is no sshd on this machine')

const memory = () => {
  const kept = new Map<string, string>()
  const secrets: Secrets = {
    durable: false,
    get: async name => kept.get(name) ?? null,
    set: async (name, secret) => void kept.set(name, secret),
    delete: async name => void kept.delete(name),
  }
  return { kept, secrets }
}

const person = (answer: (question: Asking) => Answer | null) => {
  const asked: Asking[] = []
  const prompter: Prompter = {
    ask: async question => {
      asked.push(question)
      return answer(question)
    },
  }
  return { asked, prompter }
}
const nobody = () => person(() => null)

async function outputOf(process: RemoteProcess): Promise<{ out: string; err: string; code: number | null }> {
  const text = async (stream: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const [out, err, exit] = await Promise.all([text(process.stdout), text(process.stderr), process.exit])
  return { out, err, code: exit.code }
}

describe.runIf(sshdPath !== null)('SSH against a real OpenSSH server', () => {
  let world: SshWorld
  let server: SshServer
  beforeEach(async () => {
    world = await createSshWorld()
    server = await world.server()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  const make = (options: { prompter?: Prompter; secrets?: Secrets; agent?: string } = {}): Ssh =>
    createSsh({
      prompter: options.prompter ?? nobody().prompter,
      secrets: options.secrets ?? memory().secrets,
      home: world.home,
      configFiles: [join(world.home, '.ssh', 'config')],
      env: { USER: world.user, ...(options.agent && { SSH_AUTH_SOCK: options.agent }) },
    })
  const here = () => ({ host: '127.0.0.1', port: server.port })

  test('runs a command with a key file: both outputs, exit code, input', async () => {
    const key = await world.key('id')
    await world.trust(server)
    await world.config(`Host box\n  HostName 127.0.0.1\n  Port ${server.port}\n  IdentityFile ${key}\n`)
    await using connection = await make().connect({ host: 'box' })
    expect(connection.address).toBe(`${world.user}@127.0.0.1:${server.port}`)
    await using process = await connection.exec('cat; echo oops >&2; exit 3')
    await process.stdin.write(Buffer.from('hello'))
    await process.stdin.end()
    expect(await outputOf(process)).toEqual({ out: 'hello', err: 'oops\n', code: 3 })
  })

  test('signs in with the agent, and carries a megabyte both ways', async () => {
    const agent = await world.agent(await world.key('id'))
    await world.trust(server)
    await using connection = await make({ agent }).connect(here())
    await using process = await connection.exec('cat')
    const sent = Buffer.alloc(5 << 20, 'abcdefg')
    const output = outputOf(process)
    for (let at = 0; at < sent.length; at += 65_536) await process.stdin.write(sent.subarray(at, at + 65_536))
    await process.stdin.end()
    expect((await output).out.length).toBe(sent.length)
  })

  test.each([
    ['ed25519', undefined],
    ['rsa', undefined],
    ['rsa', 'PEM' as const],
    ['ecdsa', undefined],
  ])('unlocks a locked %s key (%s) with what a person says, once', async (type, format) => {
    const key = await world.key('locked', { passphrase: 'open sesame', type, ...(format && { format }) })
    await world.trust(server)
    await world.config(`IdentityFile ${key}\n`)
    const answers = ['wrong', 'open sesame']
    const { asked, prompter } = person(() => ({ secret: answers.shift() ?? null, remember: false }))
    const { kept, secrets } = memory()
    const ssh = make({ prompter, secrets })
    for (let time = 0; time < 2; time++) {
      await using connection = await ssh.connect(here())
      expect((await outputOf(await connection.exec('echo in'))).out).toBe('in\n')
    }
    expect(asked).toEqual([
      { kind: 'passphrase', key },
      { kind: 'passphrase', key },
    ])
    expect([...kept]).toEqual([])
  })

  test.each(['ed25519', 'rsa', 'ecdsa'])(
    'signs in with a certificate on a %s key, held by a file or by the agent',
    async type => {
      const authority = await world.key('authority', { authorized: false })
      const key = await world.key('id', { authorized: false, type })
      execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'test', '-n', world.user, `${key}.pub`])
      const strict = await world.server({ config: `TrustedUserCAKeys ${authority}.pub\n` })
      await world.trust(strict)
      const there = { host: '127.0.0.1', port: strict.port }
      const entry = `IdentityFile ${key}\n`
      await world.config(entry)
      await using connection = await make().connect(there)
      expect((await outputOf(await connection.exec('echo in'))).out).toBe('in\n')

      // The private half with the agent alone, the certificate by name.
      execFileSync('mv', [`${key}-cert.pub`, `${key}.cert`])
      const agent = await world.agent(key)
      await rm(key)
      await world.config(`${entry}CertificateFile ${key}.cert\n`)
      await using another = await make({ agent }).connect(there)
      expect((await outputOf(await another.exec('echo in'))).out).toBe('in\n')

      await world.config(entry)
      await expect(make({ agent }).connect(there)).rejects.toMatchObject({ key: 'transport.sshDenied' })
    },
  )

  test('keeps a passphrase only when told to, and forgets it when it is wrong', async () => {
    const key = await world.key('locked', { passphrase: 'open sesame' })
    await world.trust(server)
    await world.config(`IdentityFile ${key}\n`)
    const { kept, secrets } = memory()
    const first = person(() => ({ secret: 'open sesame', remember: true }))
    await (await make({ prompter: first.prompter, secrets }).connect(here()))[Symbol.asyncDispose]()
    expect([...kept]).toEqual([[`ssh-passphrase:${key}`, 'open sesame']])
    const second = nobody()
    await (await make({ prompter: second.prompter, secrets }).connect(here()))[Symbol.asyncDispose]()
    expect(second.asked).toEqual([])
    kept.set(`ssh-passphrase:${key}`, 'stale')
    await expect(make({ secrets }).connect(here())).rejects.toMatchObject({ code: 'unauthorized' })
    expect([...kept]).toEqual([])
  })

  test('does not ask for the passphrase of a key the host would not take', async () => {
    const key = await world.key('stranger', { passphrase: 'x y z', authorized: false })
    await world.trust(server)
    await world.config(`IdentityFile ${key}\n`)
    const { asked, prompter } = nobody()
    await expect(make({ prompter }).connect(here())).rejects.toMatchObject({
      code: 'unauthorized',
      key: 'transport.sshDenied',
      params: { tried: key },
    })
    expect(asked).toEqual([])
  })

  test('goes through two jump hosts, each with its own entry', async () => {
    const [one, two, key] = [await world.key('one'), await world.key('two'), await world.key('three')]
    const [first, second] = [await world.server(), await world.server()]
    for (const each of [server, first, second]) await world.trust(each)
    await writeFile(
      join(world.home, '.ssh', 'jumps.conf'),
      `Host first\n  HostName 127.0.0.1\n  Port ${first.port}\n  IdentityFile ${one}\n` +
        `Host second\n  HostName 127.0.0.1\n  Port ${second.port}\n  IdentityFile ${two}\n`,
    )
    await world.config(
      `Include jumps.conf\nMatch originalhost target user ${world.user}\n  ProxyJump first,second\n` +
        `Host target\n  HostName 127.0.0.1\n  Port ${server.port}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n`,
    )
    await using connection = await make().connect({ host: 'target' })
    expect((await outputOf(await connection.exec('echo $SSH_CONNECTION'))).out).toMatch(/^127\.0\.0\.1 /)
    for (const each of [server, first, second]) expect(each.log()).toMatch(/Accepted publickey/)
  })

  test('goes through a ProxyCommand', async () => {
    const key = await world.key('id')
    await world.trust(server, { name: 'behind' })
    const relay =
      'const s=require("net").connect(+process.argv[1],"127.0.0.1");process.stdin.pipe(s);s.pipe(process.stdout)'
    await world.config(
      `Host behind\n  Port ${server.port}\n  HostKeyAlias behind\n  IdentityFile ${key}\n  ProxyCommand ${process.execPath} -e '${relay}' %p\n`,
    )
    await using connection = await make().connect({ host: 'behind' })
    expect((await outputOf(await connection.exec('echo in'))).out).toBe('in\n')
  })

  test('asks about a host it has never met, and remembers it for OpenSSH too', async () => {
    const key = await world.key('id')
    await world.config(`IdentityFile ${key}\n`)
    await expect(make().connect(here())).rejects.toMatchObject({ key: 'transport.hostKeyNotConfirmed' })
    const { asked, prompter } = person(() => ({ secret: 'yes', remember: false }))
    await using _connection = await make({ prompter }).connect(here())
    const shown = execFileSync('ssh-keygen', ['-lf', `${server.hostKey}.pub`], { encoding: 'utf8' }).split(' ')[1]
    expect(asked).toEqual([
      { kind: 'host-key', host: `[127.0.0.1]:${server.port}`, algorithm: 'ssh-ed25519', fingerprint: shown },
    ])
    const found = execFileSync(
      'ssh-keygen',
      ['-F', `[127.0.0.1]:${server.port}`, '-f', join(world.home, '.ssh', 'known_hosts')],
      { encoding: 'utf8' },
    )
    expect(found).toContain('ssh-ed25519')
    await using _again = await make().connect(here())
  })

  test('reads hashed known_hosts and refuses a changed key with file, line and remedy', async () => {
    const key = await world.key('id')
    await world.config(`IdentityFile ${key}\nStrictHostKeyChecking no\n`)
    await world.trust(server, { hashed: true })
    expect(await world.knownHosts()).toMatch(/^\|1\|/)
    const connection = await make().connect(here())
    await connection[Symbol.asyncDispose]()

    const file = join(world.home, '.ssh', 'known_hosts')
    const other = await world.server()
    const [type, wrong] = (await readFile(`${other.hostKey}.pub`, 'utf8')).split(' ')
    await writeFile(file, `# a comment\n[127.0.0.1]:${server.port} ${type} ${wrong}\n`)
    const { asked, prompter } = person(() => ({ secret: 'yes', remember: false }))
    const refused = make({ prompter }).connect(here())
    await expect(refused).rejects.toMatchObject({
      code: 'unauthorized',
      key: 'transport.hostKeyChanged',
      params: { file, line: 2 },
    })
    await expect(refused).rejects.toThrow(`ssh-keygen -R "[127.0.0.1]:${server.port}"`)
    expect(asked).toEqual([])
    expect(server.log().match(/Accepted publickey/g)).toHaveLength(1)
  })

  test('prefers the algorithm on file, and refuses a host that lost it', async () => {
    const key = await world.key('id')
    await world.config(`IdentityFile ${key}\n`)
    const rsa = await world.key('host-rsa', { type: 'rsa', authorized: false })
    const both = await world.server({ config: `HostKey ${rsa}` })
    const [type, known] = (await readFile(`${rsa}.pub`, 'utf8')).split(' ')
    const file = join(world.home, '.ssh', 'known_hosts')
    await writeFile(file, `[127.0.0.1]:${both.port} ${type} ${known}\n[127.0.0.1]:${server.port} ${type} ${known}\n`)
    await using _connection = await make().connect({ host: '127.0.0.1', port: both.port })
    await expect(make().connect(here())).rejects.toMatchObject({ key: 'transport.hostKeyChanged', params: { line: 2 } })
  })

  test('refuses a revoked key', async () => {
    await world.trust(server)
    const lines = await world.knownHosts()
    await writeFile(
      join(world.home, '.ssh', 'known_hosts'),
      `${lines}@revoked * ${lines.split(' ').slice(1).join(' ')}`,
    )
    await expect(make().connect(here())).rejects.toMatchObject({ key: 'transport.hostKeyRevoked', params: { line: 2 } })
  })

  test('is unreachable where nobody listens, and unauthorized without a key', async () => {
    await world.trust(server)
    await expect(make().connect(here())).rejects.toMatchObject({ code: 'unauthorized', key: 'transport.sshNoKey' })
    await server.stop()
    await expect(make().connect(here())).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('is cancelled at once, also while a person is asked', async () => {
    const key = await world.key('locked', { passphrase: 'open sesame' })
    await world.trust(server)
    await world.config(`IdentityFile ${key}\n`)
    const cancel = new AbortController()
    const prompter: Prompter = {
      ask: (_question, signal) =>
        new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason))
          setTimeout(() => cancel.abort(), 20)
        }),
    }
    await expect(make({ prompter }).connect(here(), cancel.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await expect(make().connect(here(), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('ends what runs when it is cancelled or the line is cut', async () => {
    const agent = await world.agent(await world.key('id'))
    await world.trust(server)
    await using connection = await make({ agent }).connect(here())
    const cancel = new AbortController()
    const first = await connection.exec('sleep 60', cancel.signal)
    const cancelled = outputOf(first)
    setTimeout(() => cancel.abort(), 50)
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })

    const second = await connection.exec('sleep 60')
    const output = outputOf(second)
    await server.stop()
    await connection.closed
    expect((await output).code).toBe(null)
    await expect(second.stdin.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'connection-lost' })
    await expect(connection.exec('true')).rejects.toMatchObject({ code: 'connection-lost' })
  })

  test('a passphrase is in no log, no error and no file', async () => {
    const secret = 'correct horse battery staple 4711'
    const key = await world.key('locked', { passphrase: secret })
    await world.trust(server)
    await world.config(`IdentityFile ${key}\n`)
    const written: string[] = []
    const streams = [process.stdout, process.stderr]
    const writes = streams.map(stream => stream.write)
    for (const stream of streams)
      stream.write = (chunk: string | Uint8Array) => {
        written.push(Buffer.from(chunk).toString('latin1'))
        return true
      }
    const failures: unknown[] = []
    try {
      const right = make({ prompter: person(() => ({ secret, remember: false })).prompter })
      await using connection = await right.connect(here())
      await outputOf(await connection.exec('echo in'))
      const wrong = person(() => ({ secret: `${secret}!`, remember: false }))
      await make({ prompter: wrong.prompter })
        .connect(here())
        .catch(error => failures.push(error))
    } finally {
      for (const [index, stream] of streams.entries()) stream.write = writes[index]!
    }
    expect(failures).toHaveLength(1)
    const told: string[] = []
    for (let error = failures[0]; error instanceof Error; error = error.cause)
      told.push(error.stack ?? '', JSON.stringify(error, Object.getOwnPropertyNames(error)))
    const files = spawnSync('grep', ['-rl', '--', secret, world.directory], { encoding: 'utf8' }).stdout
    for (const text of [...written, ...told, server.log(), files]) expect(text).not.toContain(secret)
    expect(files).toBe('')
  })
})
