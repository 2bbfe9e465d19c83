import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askRegistry } from './ask-registry.ts'

const held = new Map<string, string>()
const put = (value: unknown): string => {
  const text = JSON.stringify(value)
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
  held.set(digest, text)
  return digest
}
const index = put({ schemaVersion: 2, manifests: [{ platform: { os: 'linux', architecture: 'amd64' } }] })
const config = put({ architecture: 'arm64', os: 'linux', rootfs: {} })
const single = put({ schemaVersion: 2, config: { digest: config }, layers: [] })
const { signal } = new AbortController()

/** A registry that gives a token to anybody who asks, and what it holds to whoever shows it. */
const asked: string[] = []
const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://localhost')
  asked.push(url.pathname)
  if (url.pathname === '/token') {
    response.end(JSON.stringify({ token: `${url.searchParams.get('service')} ${url.searchParams.get('scope')}` }))
    return
  }
  if (request.headers.authorization !== 'Bearer registry repository:team/app:pull') {
    const realm = `http://${request.headers.host}/token`
    response.setHeader(
      'www-authenticate',
      `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull"`,
    )
    response.writeHead(401).end()
    return
  }
  const text = held.get(url.pathname.split('/').at(-1)!)
  if (text === undefined) response.writeHead(404).end()
  else response.end(url.pathname.includes('/lying/') ? `${text} ` : text)
})
let at: string
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  at = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

test('a registry is asked what an image is made for, and nothing of it is pulled', async () => {
  expect(await askRegistry(`${at}/team/app:1.2@${index}`, signal)).toEqual(['amd64'])
  expect(await askRegistry(`${at}/team/app@${single}`, signal)).toEqual(['arm64'])
  expect(asked.filter(path => path.includes('/blobs/'))).toEqual([`/v2/team/app/blobs/${config}`])
})

test('what cannot be known, or is not what its digest says, is not known', async () => {
  expect(await askRegistry(`${at}/team/app@sha256:${'0'.repeat(64)}`, signal)).toBeNull()
  expect(await askRegistry(`${at}/lying/app@${index}`, signal)).toBeNull()
  expect(await askRegistry(`127.0.0.1:1/team/app@${index}`, signal)).toBeNull()
})
