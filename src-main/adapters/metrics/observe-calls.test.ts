import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { MetricsAddress } from '../../needs/metrics-source.ts'
import { observeCalls } from './observe-calls.ts'

/** A server that answers by path, and remembers what it was asked. */
async function serve(answer: (url: URL) => unknown) {
  const asked: { url: URL; headers: NodeJS.Dict<string | string[]> }[] = []
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    asked.push({ url, headers: request.headers })
    const body = answer(url)
    if (typeof body === 'number') response.writeHead(body, { location: 'https://sso.example.com/login?x=1' }).end()
    else if (body instanceof Buffer) response.setHeader('content-encoding', 'gzip').end(body)
    else response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
const ask = (url: string, more: Partial<MetricsAddress> = {}, signal = new AbortController().signal) =>
  observeCalls({ kind: 'prometheus', url, headers: {}, match: {}, ...more }, '5m', signal)

const vector = (result: object[]) => ({ status: 'success', data: { resultType: 'vector', result } })
const names = { status: 'success', data: ['istio_requests_total'], warnings: ['one store is down'] }
const mesh = (url: URL) =>
  url.pathname.endsWith('/values')
    ? names
    : vector([{ metric: { source_workload: 'a', destination_workload: 'b' }, value: [1, '3'] }])

test('Prometheus is asked with its headers and labels, below its path, and its warnings are told', async () => {
  await using server = await serve(mesh)
  const { calls, dialects, warnings } = await ask(`${server.url}/prometheus/graph`, {
    headers: { Authorization: 'Bearer t', 'X-Scope-OrgID': 'shop' },
    match: { cluster: 'e"u' },
  })
  expect(calls).toMatchObject([{ caller: { names: ['a'] }, callee: { names: ['b'] }, rate: 3, errors: 1 }])
  expect([dialects, warnings]).toEqual([['Istio'], ['one store is down']])
  const [first, ...others] = server.asked
  expect(first?.url.pathname).toBe('/prometheus/api/v1/label/__name__/values')
  expect(first?.headers).toMatchObject({ authorization: 'Bearer t', 'x-scope-orgid': 'shop' })
  for (const { url } of others) {
    expect(url.pathname).toBe('/prometheus/api/v1/query')
    expect(url.searchParams.get('query')).toContain('cluster="e\\"u"')
  }
  // All at one moment.
  expect(new Set(others.map(({ url }) => url.searchParams.get('time'))).size).toBe(1)
})

test('a name that is there and names nobody is no dialect', async () => {
  await using server = await serve(url =>
    url.pathname.endsWith('/values')
      ? { status: 'success', data: ['http_requests_total', 'http_request_duration_seconds_bucket'] }
      : vector([{ metric: { job: 'api' }, value: [1, '3'] }]),
  )
  expect(await ask(server.url)).toMatchObject({ dialects: [], calls: [] })
  expect(server.asked).toHaveLength(2)
})

test.each([
  [401, 'unauthorized', 'metrics.unauthorized'],
  [403, 'unauthorized', 'metrics.forbidden'],
  [302, 'unsupported', 'metrics.moved'],
  ['<html>', 'unsupported', 'metrics.notPrometheus'],
  [503, 'unreachable', 'metrics.status'],
  [{ status: 'error', errorType: 'bad_data', error: 'parse error' }, 'invalid-input', 'metrics.refused'],
  [gzipSync(Buffer.alloc(33 * 1024 * 1024, 32)), 'invalid-input', 'metrics.tooLarge'],
])('an answer that is none is told as what it is: %#', async (body, code, key) => {
  await using server = await serve(() => body)
  await expect(ask(server.url)).rejects.toMatchObject({ code, key })
})

test('nobody there, a certificate authority that is no file, and a person who goes', async () => {
  const server = await serve(mesh)
  await server[Symbol.asyncDispose]()
  await expect(ask(server.url)).rejects.toMatchObject({ code: 'unreachable', key: 'metrics.unreachable' })
  await expect(ask('https://127.0.0.1:1', { caFile: '/nowhere.pem' })).rejects.toMatchObject({ key: 'metrics.caFile' })
  const gone = new AbortController()
  await using deaf = await serve(() => {
    gone.abort()
    return names
  })
  await expect(ask(deaf.url, {}, gone.signal)).rejects.toMatchObject({ code: 'cancelled' })
})

test('Jaeger is asked for the window, and for the day its sums are made for where that is empty', async () => {
  const day = String(86_400_000)
  await using server = await serve(url => ({
    data: url.searchParams.get('lookback') === day ? [{ parent: 'a', child: 'b', callCount: 86_400 }] : [],
    errors: null,
  }))
  const { calls, window, dialects } = await ask(`${server.url}/jaeger/search`, { kind: 'jaeger' })
  expect([calls[0]?.rate, window, dialects]).toEqual([1, '1d', ['Jaeger']])
  expect(server.asked.map(({ url }) => url.pathname)).toEqual(Array(2).fill('/jaeger/api/dependencies'))
  await using other = await serve(() => '<html>')
  await expect(ask(other.url, { kind: 'jaeger' })).rejects.toMatchObject({ key: 'metrics.notJaeger' })
})

test('Tempo is asked for one value, and an older one for samples', async () => {
  const labels = [
    { key: 'resource.service.name', value: { stringValue: 'a' } },
    { key: 'span.server.address', value: { stringValue: 'b' } },
  ]
  await using server = await serve(url =>
    url.pathname.endsWith('/query') ? 404 : { series: [{ labels, samples: [{ value: 1 }, { value: 3 }] }] },
  )
  const { calls } = await ask(server.url, { kind: 'tempo' })
  expect(calls).toMatchObject([{ caller: { names: ['a'] }, callee: { names: ['b'] }, rate: 2 }])
  await using other = await serve(() => 404)
  await expect(ask(other.url, { kind: 'tempo' })).rejects.toMatchObject({ key: 'metrics.notTempo' })
})
