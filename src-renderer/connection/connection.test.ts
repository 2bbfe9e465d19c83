import { afterEach, expect, test, vi } from 'vitest'
import type { Handlers } from '../../shared/contract/define.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import type { AppContract } from '../../shared/contract/index.ts'
import { contract } from '../../shared/contract/index.ts'
import { serve } from '../../shared/contract/serve.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/host/contract.ts'
import { type Connection, connect } from './connection.ts'
import { openLiveView } from './live-view.ts'

/** A core that can be taken away and given back. Only what these tests ask for is answered. */
class World {
  answering = true
  refusing = false
  opened = 0
  calls: string[] = []
  settings: Settings = { theme: 'dark', locale: 'en', fetchMinutes: 5 }
  lines: Channel[] = []

  open = async (): Promise<Channel> => {
    this.opened++
    if (this.refusing) throw new AppError('unauthorized', 'app.lineRefused')
    if (!this.answering) throw new AppError('unreachable', 'app.lineUnreachable')
    const [core, page] = inMemoryChannel()
    this.lines.push(core)
    const { calls } = this
    const handlers = {
      host: {
        describe: async () => ({
          version: '1',
          canPickFolder: false,
          canKeepSecrets: false,
          home: '/',
          directory: null,
          sandbox: false,
        }),
        changeSettings: async () => void calls.push('changeSettings'),
        settings: async function* (this: void, _: object, { signal }: { signal: AbortSignal }) {
          calls.push('settings')
          yield world.settings
          await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
          calls.push('left settings')
        },
      },
    } as unknown as Handlers<AppContract>
    serve(contract, handlers, core, error => calls.push(String(error)))
    return page
  }
  lose(): void {
    for (const line of this.lines) line.close()
    this.lines = []
  }
}

let world: World
let connection: Connection
const start = (prepare: (world: World) => void = () => {}) => {
  world = new World()
  prepare(world)
  connection = connect(world.open)
}
afterEach(() => connection.close())

const state = () => connection.line.getState().state

test('a query that starts before there is a line waits for it', async () => {
  start(it => {
    it.answering = false
  })
  const asked = connection.api.host.describe({})
  await expect.poll(() => world.opened).toBeGreaterThan(1)
  world.answering = true
  expect((await asked).version).toBe('1')
  expect(state()).toBe('open')
})

test('a waiting query can be cancelled, and one that is cancelled already never starts', async () => {
  start(it => {
    it.answering = false
  })
  const abort = new AbortController()
  const asked = connection.api.host.describe({}, { signal: abort.signal })
  abort.abort()
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  await expect(connection.api.host.describe({}, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
})

test('after a loss the next line is opened by itself; a command meanwhile is refused and never sent later', async () => {
  start()
  await connection.api.host.describe({})
  world.answering = false
  world.lose()
  await expect.poll(state).toBe('lost')
  await expect(connection.api.host.changeSettings({ theme: 'light' })).rejects.toMatchObject({
    code: 'connection-lost',
    key: 'app.commandNotSent',
  })
  world.answering = true
  await expect.poll(state).toBe('open')
  await connection.api.host.describe({})
  expect(world.calls).not.toContain('changeSettings')
  await connection.api.host.changeSettings({ theme: 'light' })
  expect(world.calls).toContain('changeSettings')
})

test('retry does not wait for the back-off', async () => {
  start(it => {
    it.answering = false
  })
  await expect.poll(() => world.opened).toBe(3)
  world.answering = true
  connection.retry()
  await expect.poll(state, { timeout: 300 }).toBe('open')
})

test('a core that does not know this page is said to refuse it', async () => {
  start(it => {
    it.refusing = true
  })
  await expect.poll(state).toBe('refused')
})

test('a live view keeps its value over a lost line, says stale, and takes the new snapshot', async () => {
  start()
  const view = openLiveView(connection.api.host.settings, {}, () => {})
  const statuses: string[] = []
  view.store.subscribe(now => statuses.push(`${now.status} ${now.value?.theme ?? '-'}`))
  const leave = view.use()
  const alsoLeave = view.use()
  await expect.poll(() => view.store.getState().status).toBe('live')
  expect(world.calls).toEqual(['settings'])

  world.answering = false
  world.settings = { ...world.settings, theme: 'light' }
  world.lose()
  await expect.poll(() => view.store.getState()).toMatchObject({ status: 'stale', value: { theme: 'dark' } })
  world.answering = true
  await expect.poll(() => view.store.getState()).toMatchObject({ status: 'live', value: { theme: 'light' } })
  expect(statuses).toEqual(['live dark', 'stale dark', 'live light'])
  leave()
  alsoLeave()
})

test('the stream is left a while after its last user, and not when another comes back in time', async () => {
  start()
  const idle = vi.fn()
  const view = openLiveView(connection.api.host.settings, {}, idle)
  const first = view.use()
  await expect.poll(() => view.store.getState().status).toBe('live')
  vi.useFakeTimers()
  try {
    first()
    vi.advanceTimersByTime(4000)
    const second = view.use()
    vi.advanceTimersByTime(60_000)
    expect(idle).not.toHaveBeenCalled()
    second()
    second()
    vi.advanceTimersByTime(60_000)
    expect(idle).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
  await expect.poll(() => world.calls).toContain('left settings')
})

test('a failure without a value is failed; one after a value leaves the value; retry starts again', async () => {
  start()
  let fail = true
  const view = openLiveView(
    () => ({
      async *[Symbol.asyncIterator]() {
        if (fail) throw new AppError('not-found', 'error.noSuchMethod', { method: 'x' })
        yield 1
        throw new AppError('conflict', 'error.noSuchMethod', { method: 'y' })
      },
    }),
    {},
    () => {},
  )
  const leave = view.use()
  await expect.poll(() => view.store.getState()).toMatchObject({ status: 'failed', value: null })
  expect(view.store.getState().error?.code).toBe('not-found')
  fail = false
  view.retry()
  await expect.poll(() => view.store.getState()).toMatchObject({ status: 'stale', value: 1 })
  expect(view.store.getState().error?.code).toBe('conflict')
  leave()
})

test('what failed is asked anew for who comes back to it', async () => {
  let there = false
  const view = openLiveView(
    () => ({
      async *[Symbol.asyncIterator]() {
        if (!there) throw new AppError('not-found', 'error.noSuchMethod', { method: 'x' })
        yield 1
      },
    }),
    {},
    () => {},
  )
  const leave = view.use()
  await expect.poll(() => view.store.getState().status).toBe('failed')
  leave()
  there = true
  const back = view.use()
  await expect.poll(() => view.store.getState()).toMatchObject({ status: 'live', value: 1 })
  back()
})
