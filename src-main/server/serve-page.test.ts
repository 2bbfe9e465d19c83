import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { channelConformance } from '../../shared/contract/channel.conformance.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import { type PageServer, servePage } from './serve-page.ts'
import { socketChannel } from './socket-channel.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilothouse-page-'))
const page = join(folder, 'renderer')
let server: PageServer
let answered: Channel[] = []
const reported: unknown[] = []

beforeAll(() => {
  mkdirSync(join(page, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-secret'))
  mkdirSync(join(page, '.git'))
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(page, 'assets/app-1a2b.js'), 'export {}')
  writeFileSync(join(page, 'notes'), 'no type')
  writeFileSync(join(page, '.git/config.json'), 'secret')
  writeFileSync(join(folder, 'outside.js'), 'secret')
  writeFileSync(join(folder, 'renderer-secret/sibling.js'), 'secret')
  symlinkSync(join(folder, 'outside.js'), join(page, 'linked.js'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeEach(async () => {
  answered = []
  server = await servePage({
    page,
    port: 0,
    locale: 'en',
    answer: channel => answered.push(channel),
    report: error => reported.push(error),
  })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  expect(reported).toEqual([])
})

type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: string }
/** A request as its bytes say, so that no client tidies the path or the headers. */
function send(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = ask({ host: '127.0.0.1', port: server.port, path, method, headers }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject).end()
  })
}
async function enter(): Promise<string> {
  const { pathname, search } = new URL(server.address())
  const { headers } = await send(pathname + search)
  return String(headers['set-cookie']).split(';')[0]!
}
const origin = () => `http://127.0.0.1:${server.port}`

/** Opens the line; resolves with the socket, or the status it was refused with. */
function open(headers: Record<string, string>, path = '/channel'): Promise<WebSocket | number> {
  return new Promise(resolve => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })
}

test('the one-time address gives a cookie, sends on to the page, and works once', async () => {
  const address = new URL(server.address())
  expect(address.origin).toBe(origin())
  const entered = await send(address.pathname + address.search)
  expect(entered).toMatchObject({ status: 303, body: '' })
  expect(entered.headers['location']).toBe('/')
  expect(entered.headers['set-cookie']).toEqual([
    expect.stringMatching(new RegExp(`^pilothouse-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`)),
  ])
  const cookie = String(entered.headers['set-cookie']).split(';')[0]!
  expect(await send('/', { cookie })).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' })
  expect(await send(address.pathname + address.search)).toMatchObject({ status: 401 })
})

test('looking at the one-time address without following it does not use it up', async () => {
  const { pathname, search } = new URL(server.address())
  expect((await send(pathname + search, {}, 'HEAD')).status).toBe(401)
  expect((await send(pathname + search)).status).toBe(303)
})

test('nothing is given without the cookie, whatever the path and method', async () => {
  const paths = [
    '/',
    '/index.html',
    '/assets/app-1a2b.js',
    '/channel',
    '/assets/../index.html',
    '//index.html',
    '/%69ndex.html',
    '/favicon.ico',
    '/.well-known/security.txt',
    '/?token=',
    '/?token=wrong',
    `/index.html?token=${new URL(server.address()).searchParams.get('token')}`,
    'http://evil.example/',
    '*',
  ]
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']
  for (const path of paths)
    for (const method of methods) {
      const { status, body, headers } = await send(path, {}, method)
      expect([path, method, [400, 401, 403, 421].includes(status)]).toEqual([path, method, true])
      expect(body).not.toContain('<title>page')
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['set-cookie']).toBeUndefined()
    }
  expect(await open({ origin: origin() })).toBe(401)
  expect(answered).toEqual([])
})

test('a good cookie does not help under a foreign name or from a foreign origin', async () => {
  const cookie = await enter()
  expect((await send('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(421)
  expect((await send('/', { cookie, origin: 'https://evil.example' })).status).toBe(403)
  expect((await send('/', { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(await open({ cookie, origin: 'https://evil.example' })).toBe(403)
  expect(await open({ cookie })).toBe(403)
  expect(await open({ cookie, origin: origin(), host: `evil.example:${server.port}` })).toBe(421)
  expect(answered).toEqual([])
})

test('every answer carries the headers that fence the page in', async () => {
  const cookie = await enter()
  for (const { headers } of [await send('/', { cookie }), await send('/'), await send('/none', { cookie })]) {
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("'unsafe-eval'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
  }
})

test('only files below the page folder, of a known type, by GET or HEAD', async () => {
  const cookie = await enter()
  const statusOf = async (path: string, method = 'GET') => (await send(path, { cookie }, method)).status
  expect(await statusOf('/assets/app-1a2b.js')).toBe(200)
  expect((await send('/assets/app-1a2b.js', { cookie })).headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'private, max-age=31536000, immutable',
  })
  expect(await send('/', { cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' })
  expect(await statusOf('/', 'POST')).toBe(405)
  for (const path of [
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/..%5coutside.js',
    '/../renderer-secret/sibling.js',
    '/%2e%2e%2frenderer-secret%2fsibling.js',
    '/linked.js',
    '/.git/config.json',
    '/notes',
    '/assets',
    '/assets/',
    '/index.html/x.js',
    '/index.html%00.js',
    '/none.js',
    `/${'a'.repeat(3000)}.js`,
  ]) {
    const { status, body } = await send(path, { cookie })
    expect([path, status]).toEqual([path, 404])
    expect(body).not.toContain('secret')
  }
  expect(await statusOf('/%E0%A4%A')).toBe(400)
})

test('a message beyond the limit ends the line', async () => {
  const cookie = await enter()
  const socket = await open({ cookie, origin: origin() })
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  const closed = new Promise<number>(resolve => socket.once('close', resolve))
  socket.send('x'.repeat(8 * 1024 * 1024 + 1))
  expect(await closed).toBe(1009)
})

test('only the path of the line is upgraded, and bytes that are no text end it', async () => {
  const cookie = await enter()
  expect(await open({ cookie, origin: origin() }, '/other')).toBe(404)
  const socket = await open({ cookie, origin: origin() })
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  answered[0]?.onText(() => {})
  const closed = new Promise<number>(resolve => socket.once('close', resolve))
  socket.send(Buffer.from([1, 2, 3]))
  expect(await closed).toBe(1003)
})

test('a port in use is said in words', async () => {
  const again = servePage({ page, port: server.port, locale: 'en', answer() {}, report() {} })
  await expect(again).rejects.toMatchObject({ code: 'invalid-input', key: 'error.portInUse' })
})

test('it ends with pages connected, and waits for none', async () => {
  const cookie = await enter()
  const socket = await open({ cookie, origin: origin() })
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  const closed = new Promise(resolve => socket.once('close', resolve))
  await server[Symbol.asyncDispose]()
  await closed
  await expect(send('/')).rejects.toThrow()
  server = await servePage({ page, port: 0, locale: 'en', answer() {}, report() {} })
})

channelConformance('web socket', async () => {
  const cookie = await enter()
  const socket = await open({ cookie, origin: origin() })
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  await expect.poll(() => answered.length).toBe(1)
  return { core: answered[0]!, page: socketChannel(socket), dispose: () => socket.terminate() }
})
