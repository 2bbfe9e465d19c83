import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { Ssh, SshConnection } from '../../needs/ssh.ts'
import { limitHandshakes } from './limit-handshakes.ts'
import { poolSsh } from './pool-ssh.ts'

/** An SSH that counts, and opens only when told to. */
function countingSsh() {
  const opened: { host: string; end: () => void; closed: boolean; signal: AbortSignal | undefined }[] = []
  let fail: AppError | null = null
  const ssh: Ssh = {
    async connect({ host }, signal) {
      if (fail) throw fail
      const ended = Promise.withResolvers<void>()
      const one = { host, end: ended.resolve, closed: false, signal }
      opened.push(one)
      const unused = () => Promise.reject(new Error('not used here'))
      return {
        address: `me@${host}:22`,
        closed: ended.promise,
        exec: unused,
        terminal: unused,
        files: unused,
        async [Symbol.asyncDispose]() {
          one.closed = true
          ended.resolve()
        },
      } satisfies SshConnection
    },
  }
  return {
    ssh,
    opened,
    failWith: (error: AppError | null) => {
      fail = error
    },
  }
}

describe('a pool of connections', () => {
  test('all who ask at once share one, and the last to leave closes it', async () => {
    const { ssh, opened } = countingSsh()
    await using pool = poolSsh(ssh, { now: () => 0, idle: 0 })
    const leases = await Promise.all([1, 2, 3].map(() => pool.connect({ host: 'box' })))
    await pool.connect({ host: 'other' })
    expect(opened.map(({ host }) => host)).toEqual(['box', 'other'])
    for (const lease of leases) {
      expect(opened[0]!.closed).toBe(false)
      await lease[Symbol.asyncDispose]()
      await lease[Symbol.asyncDispose]()
    }
    while (!opened[0]!.closed) await nextTurn()
    expect(opened[1]!.closed).toBe(false)
  })

  test('one that idles is taken up again; one that ended is opened anew', async () => {
    const { ssh, opened } = countingSsh()
    await using pool = poolSsh(ssh, { now: () => 0 })
    await (await pool.connect({ host: 'box' }))[Symbol.asyncDispose]()
    await (await pool.connect({ host: 'box' }))[Symbol.asyncDispose]()
    expect(opened).toHaveLength(1)
    opened[0]!.end()
    await nextTurn()
    await pool.connect({ host: 'box' })
    expect(opened).toHaveLength(2)
  })

  test('a host that failed is left alone for a time that grows, unless a person asks', async () => {
    const { ssh, opened, failWith } = countingSsh()
    let now = 0
    await using pool = poolSsh(ssh, { now: () => now, random: () => 1 })
    const error = new AppError('unreachable', 'transport.sshTimeout', { host: 'box', seconds: 1 })
    const connect = (anew?: boolean) => pool.connect({ host: 'box' }, undefined, anew)
    failWith(error)
    await expect(connect()).rejects.toBe(error)
    failWith(null)
    now = 1999
    await expect(connect()).rejects.toBe(error)
    failWith(error)
    now = 2000
    await expect(connect()).rejects.toBe(error)
    failWith(null)
    now = 5999
    await expect(connect()).rejects.toBe(error)
    await connect(true)
    expect(opened).toHaveLength(1)
    await connect()
    expect(opened).toHaveLength(1)
  })

  test('who gives up does not take the connection from the others; the last one gives the opening up', async () => {
    const started: AbortSignal[] = []
    const ssh: Ssh = {
      connect: (_, signal) =>
        new Promise((_resolve, reject) => {
          started.push(signal!)
          signal!.addEventListener('abort', () => reject(new AppError('cancelled', 'error.cancelled')))
        }),
    }
    await using pool = poolSsh(ssh, { now: () => 0 })
    const [one, two] = [new AbortController(), new AbortController()]
    const first = pool.connect({ host: 'box' }, one.signal)
    const second = pool.connect({ host: 'box' }, two.signal)
    one.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect(started.map(signal => signal.aborted)).toEqual([false])
    two.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    expect(started.map(signal => signal.aborted)).toEqual([true])
  })
})

test('five hundred handshakes: never more at once than stated, nor more with one server', async () => {
  const limit = limitHandshakes({ all: 48, server: 6 })
  const { signal } = new AbortController()
  let [running, most, mostOfOne, done] = [0, 0, 0, 0]
  const ofServer = new Map<string, number>()
  const runs = Array.from({ length: 500 }, (_, index) => {
    // Every fifth is behind one jump host.
    const server = index % 5 === 0 ? 'jump' : `node-${index}`
    return limit(
      server,
      async () => {
        most = Math.max(most, ++running)
        ofServer.set(server, (ofServer.get(server) ?? 0) + 1)
        mostOfOne = Math.max(mostOfOne, ofServer.get(server)!)
        await nextTurn()
        running--
        ofServer.set(server, ofServer.get(server)! - 1)
        done++
        if (index % 7 === 0) throw new Error('refused')
      },
      signal,
    ).catch(() => {})
  })
  await Promise.all(runs)
  expect([done, most, mostOfOne, running]).toEqual([500, 48, 6, 0])
})
