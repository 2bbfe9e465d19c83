import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server } from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer, Asking } from '../../needs/prompter.ts'
import { createSsh } from './create-ssh.ts'

// OpenSSH's server checks passwords of the machine's accounts alone, so here ssh2's own server stands in for it.
let home: string
let server: Server
let ways: string[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pilothouse-password-'))
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  server = new Server({ hostKeys: [privateKey] }, client => {
    client.on('error', () => {}) // the client leaves as it likes
    client.on('authentication', context => {
      if (context.method === 'password' && ways.includes('password') && context.password === 'right') context.accept()
      else if (context.method === 'keyboard-interactive' && ways.includes('keyboard-interactive'))
        context.prompt(
          [
            { prompt: 'Password: ', echo: false },
            { prompt: 'One-time code: ', echo: true },
          ],
          answers =>
            answers[0] === 'right' && answers[1] === '123' ? context.accept() : context.reject(ways as never),
        )
      else context.reject(ways as never)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise<void>(resolve => server.close(() => resolve()))
  await rm(home, { recursive: true, force: true })
})

async function connect(answer: (question: Asking) => Answer | null, kept = new Map<string, string>()) {
  const asked: Asking[] = []
  const ssh = createSsh({
    home,
    configFiles: [],
    env: { USER: 'me' },
    prompter: {
      ask: async question => {
        if (question.kind === 'host-key') return { secret: '', remember: false }
        asked.push(question)
        return answer(question)
      },
    },
    secrets: {
      durable: false,
      get: async name => kept.get(name) ?? null,
      set: async (name, secret) => void kept.set(name, secret),
      delete: async name => void kept.delete(name),
    },
  })
  const { port } = server.address() as AddressInfo
  try {
    await using connection = await ssh.connect({ host: '127.0.0.1', port })
    return { address: connection.address, asked, kept }
  } catch (error) {
    return { error: error as { code: string; message: string }, asked, kept }
  }
}

test('a password is asked for again when it was wrong, and kept only when asked', async () => {
  ways = ['password']
  const answers = ['wrong', 'right']
  const first = await connect(() => ({ secret: answers.shift() ?? null, remember: answers.length === 0 }))
  expect(first.address).toMatch(/^me@127/)
  expect(first.asked).toEqual(Array(2).fill({ kind: 'password', host: '127.0.0.1', username: 'me' }))
  expect([...first.kept.values()]).toEqual(['right'])
  const second = await connect(() => null, first.kept)
  expect(second.asked).toEqual([])
  expect(second.address).toBeDefined()
})

test('a host with questions of its own has them asked in its own words', async () => {
  ways = ['keyboard-interactive']
  const { address, asked } = await connect(question => ({
    secret: question.kind === 'password' && question.prompt ? '123' : 'right',
    remember: false,
  }))
  expect(address).toBeDefined()
  expect(asked).toEqual([
    { kind: 'password', host: '127.0.0.1', username: 'me' },
    { kind: 'password', host: '127.0.0.1', username: 'me', prompt: 'One-time code:' },
  ])
})

test('who declines is not asked again, and no answer is in the error', async () => {
  ways = ['keyboard-interactive', 'password']
  const declined = await connect(() => null)
  expect(declined.error).toMatchObject({ code: 'unauthorized' })
  expect(declined.asked).toHaveLength(1)
  ways = ['password']
  const wrong = await connect(() => ({ secret: 'hunter2', remember: false }))
  expect(wrong.asked).toHaveLength(3)
  expect(wrong.error?.message).not.toContain('hunter2')
})
