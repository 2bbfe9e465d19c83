import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MetricsWorld } from './metrics/metrics-world.ts'

const mostSteps = 11_000

/**
 * A server that answers as Prometheus would for the sandbox's services in an Istio mesh: names of metrics, instant and
 * range queries, with made-up numbers that move as those of a shop do over a day and from minute to minute.
 */
export async function serveMetrics(
  world: MetricsWorld,
  now: () => number,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    let asked = searchParams
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      asked = new URLSearchParams(Buffer.concat(chunks).toString())
    }
    const { code, body } = answer(world, pathname, asked, now())
    response.writeHead(code, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // The demo ends when a person ends it, not when this does.
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

type Answer = { readonly code: number; readonly body: object }
const success = (data: unknown): Answer => ({ code: 200, body: { status: 'success', data } })
const failure = (code: number, errorType: string, error: string): Answer => ({
  code,
  body: { status: 'error', errorType, error },
})

function answer(world: MetricsWorld, path: string, asked: URLSearchParams, now: number): Answer {
  const query = asked.get('query') ?? ''
  try {
    if (path === '/api/v1/label/__name__/values') return success(world.names(now))
    if (path === '/api/v1/query') return success(instant(world, query, timeOf(asked.get('time'), now)))
    if (path === '/api/v1/query_range') {
      const start = timeOf(asked.get('start'), now)
      const end = timeOf(asked.get('end'), now)
      const step = Math.max(1, Number(asked.get('step')?.replace(/s$/, '')) || 15) * 1000
      if ((end - start) / step > mostSteps) return failure(400, 'bad_data', `exceeded ${mostSteps} points a series`)
      return success(range(world, query, start, end, step))
    }
  } catch (error) {
    return failure(400, 'bad_data', error instanceof Error ? error.message : String(error))
  }
  return failure(404, 'not_found', path)
}

/** Seconds since the epoch or RFC 3339, in milliseconds. */
const timeOf = (text: string | null, now: number): number => {
  if (text === null || text === '') return now
  const seconds = Number(text)
  return Number.isNaN(seconds) ? Date.parse(text) : seconds * 1000
}

function instant(world: MetricsWorld, query: string, at: number): object {
  const value = world.ask(query, at)
  if (typeof value === 'number') return { resultType: 'scalar', result: [at / 1000, String(value)] }
  const result = value.map(sample => ({ metric: sample.labels, value: [at / 1000, String(sample.value)] }))
  return { resultType: 'vector', result }
}

function range(world: MetricsWorld, query: string, start: number, end: number, step: number): object {
  const series = new Map<string, { readonly metric: object; readonly values: [number, string][] }>()
  for (let at = start; at <= end; at += step) {
    const value = world.ask(query, at)
    for (const sample of typeof value === 'number' ? [{ labels: {}, value }] : value) {
      const key = JSON.stringify(sample.labels)
      const known = series.get(key) ?? { metric: sample.labels, values: [] }
      known.values.push([at / 1000, String(sample.value)])
      series.set(key, known)
    }
  }
  return { resultType: 'matrix', result: [...series.values()] }
}
