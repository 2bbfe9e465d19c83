import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { AppError } from '../errors.ts'
import { createClient } from './client.ts'
import { type Client, command, type Handlers, query, stream } from './define.ts'
import { latest, liveSource } from './live-source.ts'
import { serve } from './serve.ts'
import { type Channel, streamWindow } from './wire.ts'

const contract = {
  sums: {
    add: query(z.object({ a: z.number(), b: z.number() })).returns<number>(),
    labels: query(z.object({ labels: z.record(z.string(), z.string()) })).returns<{ keys: string[] }>(),
  },
  work: {
    fail: query(z.object({})).returns<void>(),
    bug: query(z.object({})).returns<void>(),
    wait: command(z.object({})).returns<string>(),
    deaf: command(z.object({})).returns<void>(),
  },
  live: {
    count: stream(z.object({ to: z.number() })).of<number>(),
    silent: stream(z.object({})).of<number>(),
    deaf: stream(z.object({})).of<number>(),
    breaks: stream(z.object({})).of<number>(),
    flood: stream(z.object({})).of<number>(),
  },
}

class World {
  aborted: string[] = []
  open = 0
  reported: unknown[] = []
  emit: (item: number) => void = () => {}
  produced = 0
  handlers: Handlers<typeof contract> = {
    sums: {
      add: async ({ a, b }) => a + b,
      labels: async ({ labels }) => ({ keys: Object.keys(labels) }),
    },
    work: {
      fail: async () => {
        throw new AppError('not-found', 'error.noSuchMethod', { method: 'x.y' })
      },
      bug: async () => {
        throw new TypeError('password=hunter2')
      },
      wait: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            this.aborted.push('wait')
            reject(new AppError('cancelled', 'error.cancelled'))
          }),
        ),
      deaf: () => new Promise(() => {}),
    },
    live: {
      count: async function* (this: void, { to }) {
        for (let item = 1; item <= to; item++) yield item
      },
      silent: (_, { signal }) =>
        liveSource<number>(signal, emit => {
          this.open++
          emit(0)
          return () => {
            this.open--
          }
        }),
      deaf: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => {
            this.aborted.push('deaf')
            return { done: true, value: undefined }
          },
        }),
      }),
      breaks: async function* (this: void) {
        yield 1
        throw new AppError('unreachable', 'error.noSuchMethod', { method: 'breaks' })
      },
      flood: (_, { signal }) =>
        liveSource<number>(
          signal,
          emit => {
            this.open++
            this.emit = item => {
              this.produced++
              emit(item)
            }
            this.emit(0)
            return () => {
              this.open--
            }
          },
          latest,
        ),
    },
  }
}

/** Both ends of one line. `core` is served, `page` is the untrusted side. */
export type Line = { readonly core: Channel; readonly page: Channel; dispose(): Promise<void> | void }

/** What every transport has to get right; run by each transport's own test. */
export function channelConformance(name: string, openLine: () => Promise<Line> | Line): void {
  async function connected(run: (api: Client<typeof contract>, world: World, line: Line) => Promise<void>) {
    const line = await openLine()
    const world = new World()
    serve(contract, world.handlers, line.core, error => world.reported.push(error))
    try {
      await run(createClient(contract, line.page), world, line)
    } finally {
      line.page.close()
      await line.dispose()
    }
  }
  const check = (what: string, run: Parameters<typeof connected>[0]) => test(`${name}: ${what}`, () => connected(run))
  const closed = (channel: Channel) => new Promise<void>(resolve => channel.onClose(resolve))

  check('answers calls, many at once and out of order', async (api, world) => {
    const slow = api.work.wait({}).catch(error => error.code)
    const sums = await Promise.all(Array.from({ length: 50 }, (_, a) => api.sums.add({ a, b: 1 })))
    expect(sums).toEqual(Array.from({ length: 50 }, (_, a) => a + 1))
    expect(world.aborted).toEqual([])
    expect(await Promise.race([slow, 'waiting'])).toBe('waiting')
  })

  check('carries text unchanged, in any script and of a megabyte', async api => {
    const text = '日本語 𝄞 \u2028 \0 "\\ '.repeat(60_000)
    expect((await api.sums.labels({ labels: { [text]: 'x' } })).keys).toEqual([text])
  })

  check('refuses wrong input before any handler sees it', async api => {
    const wrong = { a: 1, b: '2' } as unknown as { a: number; b: number }
    await expect(api.sums.add(wrong)).rejects.toMatchObject({ code: 'invalid-input', key: 'error.wrongInput' })
  })

  check('knows only its own methods, not those of every object', async (_api, _world, line) => {
    const answers: string[] = []
    line.page.onText(text => answers.push(text))
    const methods = [
      'constructor.name',
      '__proto__.toString',
      'sums.constructor',
      'sums.__proto__',
      'sums',
      'sums.add.x',
    ]
    for (const [index, method] of methods.entries())
      void line.page.send(JSON.stringify({ type: 'call', id: index + 1, method, input: {} }))
    await expect.poll(() => answers.length).toBe(methods.length)
    for (const text of answers)
      expect(JSON.parse(text)).toMatchObject({
        type: 'failed',
        error: { code: 'not-found', key: 'error.noSuchMethod' },
      })
  })

  check('lets no input reach a prototype', async (_api, world, line) => {
    const answers: string[] = []
    line.page.onText(text => answers.push(text))
    void line.page.send('{"type":"call","id":1,"method":"sums.labels","input":{"labels":{"__proto__":"x","a":"b"}}}')
    await expect.poll(() => answers.length).toBe(1)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    expect(Object.getPrototypeOf(world.handlers)).toBe(Object.prototype)
  })

  check('keeps the code, key and parameters of a failure', async api => {
    await expect(api.work.fail({})).rejects.toMatchObject({
      name: 'AppError',
      code: 'not-found',
      key: 'error.noSuchMethod',
      params: { method: 'x.y' },
    })
  })

  check('hides the text of a bug from the page and reports it in full', async (api, world, line) => {
    const answers: string[] = []
    line.page.onText(text => answers.push(text))
    await expect(api.work.bug({})).rejects.toMatchObject({ code: 'unexpected', key: 'error.unexpected' })
    expect(answers.join()).not.toContain('hunter2')
    expect(world.reported).toEqual([new TypeError('password=hunter2')])
  })

  check('cancels a call, and the handler hears of it', async (api, world) => {
    const abort = new AbortController()
    const call = api.work.wait({}, { signal: abort.signal })
    await api.sums.add({ a: 1, b: 1 })
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => world.aborted).toEqual(['wait'])
    await expect(api.work.wait({}, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })

  check('does not wait for a handler that heeds no signal', async api => {
    const abort = new AbortController()
    const call = api.work.deaf({}, { signal: abort.signal })
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  })

  check('streams every item in order to the end', async api => {
    const items: number[] = []
    for await (const item of api.live.count({ to: 1000 })) items.push(item)
    expect(items).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
  })

  check('gives the items before a failure, then the failure', async api => {
    const items: number[] = []
    const reading = async () => {
      for await (const item of api.live.breaks({})) items.push(item)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'unreachable' })
    expect(items).toEqual([1])
  })

  check('closes the source when a busy stream is left', async (api, world) => {
    const flow = setInterval(() => world.emit(1), 1)
    for await (const item of api.live.flood({})) if (item === 1) break
    await expect.poll(() => world.open).toBe(0)
    clearInterval(flow)
  })

  check('closes the source when a silent stream is aborted, without an error', async (api, world) => {
    const abort = new AbortController()
    const items: number[] = []
    for await (const item of api.live.silent({}, { signal: abort.signal })) {
      items.push(item)
      setTimeout(() => abort.abort(), 5)
    }
    expect(items).toEqual([0])
    await expect.poll(() => world.open).toBe(0)
  })

  check('leaves a source that heeds no signal', async (api, world) => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 5)
    for await (const _ of api.live.deaf({}, { signal: abort.signal })) expect.fail('it yields nothing')
    await expect.poll(() => world.aborted).toEqual(['deaf'])
  })

  check('merges for a slow reader instead of queueing', async (api, world) => {
    const items: number[] = []
    for await (const item of api.live.flood({})) {
      items.push(item)
      if (items.length === 1) {
        // Let the source run far ahead while this reader takes nothing.
        for (let produced = 1; produced <= 500; produced++) {
          world.emit(produced)
          if (produced % 10 === 0) await new Promise(resolve => setTimeout(resolve, 0))
        }
      }
      if (item === 500) break
    }
    expect(world.produced).toBe(501)
    expect(items.length).toBeLessThanOrEqual(2 * streamWindow + 2)
    expect([...items].sort((a, b) => a - b)).toEqual(items)
  })

  check('fails what waits when the line is lost, and every later call', async (api, world, line) => {
    const call = api.work.wait({})
    const reading = (async () => {
      for await (const _ of api.live.silent({})) line.core.close()
    })()
    await expect(call).rejects.toMatchObject({ code: 'connection-lost' })
    await expect(reading).rejects.toMatchObject({ code: 'connection-lost' })
    await expect(api.sums.add({ a: 1, b: 2 })).rejects.toMatchObject({ code: 'connection-lost' })
    await expect.poll(() => world.open).toBe(0)
    expect(world.aborted).toEqual(['wait'])
  })

  check('stops the work of a page that goes away', async (api, world, line) => {
    const call = api.work.wait({}).catch(error => error.code)
    await api.sums.add({ a: 1, b: 1 })
    line.page.close()
    await expect.poll(() => world.aborted).toEqual(['wait'])
    expect(await call).toBe('connection-lost')
  })

  check('tells a listener that comes after the end', async (_api, _world, line) => {
    line.page.close()
    await closed(line.page)
    await closed(line.page)
    await closed(line.core)
    await closed(line.core)
  })

  for (const [what, text] of [
    ['what is no JSON', '{'],
    ['what is no object', '"call"'],
    ['an unknown type', '{"type":"eval","id":1}'],
    ['an id that is no number', '{"type":"cancel","id":"1"}'],
    ['a call without a method', '{"type":"call","id":1}'],
    ['a taken count beyond the window', '{"type":"taken","id":1,"count":1000}'],
  ] as const)
    check(`closes on ${what}`, async (_api, _world, line) => {
      void line.page.send(text)
      await closed(line.page)
    })

  check('closes on an id that is in use', async (_api, _world, line) => {
    const text = JSON.stringify({ type: 'call', id: 1, method: 'work.wait', input: {} })
    void line.page.send(text)
    void line.page.send(text)
    await closed(line.page)
  })
}
