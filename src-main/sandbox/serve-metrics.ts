import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Calls of the sandbox's services, made up: usual rate a second, share of failures, and times in milliseconds. */
type Calls = {
  readonly from: string
  readonly to: string
  readonly protocol: 'http' | 'grpc' | 'tcp'
  readonly rate: number
  readonly errors: number
  readonly times: readonly [p50: number, p95: number, p99: number]
}

const calls: readonly Calls[] = [
  { from: 'gateway', to: 'auth', protocol: 'http', rate: 214, errors: 0.0004, times: [4, 11, 23] },
  { from: 'gateway', to: 'orders', protocol: 'grpc', rate: 86, errors: 0.002, times: [38, 142, 260] },
  { from: 'gateway', to: 'recommendation', protocol: 'http', rate: 128, errors: 0.061, times: [61, 480, 940] },
  { from: 'orders', to: 'ledger', protocol: 'grpc', rate: 41, errors: 0.0007, times: [12, 31, 58] },
  { from: 'orders', to: 'risk', protocol: 'grpc', rate: 41, errors: 0.003, times: [19, 77, 130] },
  {
    from: 'orders',
    to: 'authorise.cardnet.example',
    protocol: 'http',
    rate: 38,
    errors: 0.012,
    times: [190, 410, 720],
  },
  // Nobody wrote this one down.
  { from: 'recommendation', to: 'ledger', protocol: 'grpc', rate: 5.4, errors: 0, times: [14, 36, 61] },
  { from: 'auth', to: 'postgres', protocol: 'tcp', rate: 0.8, errors: 0, times: [0, 0, 0] },
  { from: 'ledger', to: 'postgres', protocol: 'tcp', rate: 0.5, errors: 0, times: [0, 0, 0] },
  { from: 'recommendation', to: 'redis', protocol: 'tcp', rate: 2.1, errors: 0, times: [0, 0, 0] },
  { from: 'risk', to: 'redis', protocol: 'tcp', rate: 1.2, errors: 0, times: [0, 0, 0] },
]

const requests = 'istio_requests_total'
const connections = 'istio_tcp_connections_opened_total'
const times = 'istio_request_duration_milliseconds_bucket'

/**
 * A server that answers as Prometheus would for the sandbox's services in an Istio mesh: as much of its API as the
 * graph asks for, with made-up numbers that move as those of a shop do over a day and from minute to minute.
 */
export async function serveMetrics(now: () => number): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const body =
      pathname === '/api/v1/label/__name__/values'
        ? { status: 'success', data: [connections, requests, times] }
        : pathname === '/api/v1/query'
          ? {
              status: 'success',
              data: { resultType: 'vector', result: answer(searchParams.get('query') ?? '', now()) },
            }
          : null
    response.statusCode = body ? 200 : 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body ?? { status: 'error', errorType: 'not_found', error: pathname }))
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

function answer(query: string, now: number): readonly object[] {
  const tcp = query.includes(connections)
  const quantile = /histogram_quantile\((0\.5|0\.95|0\.99),/.exec(query)?.[1]
  const failed = query.includes('response_code=~')
  return calls.flatMap((each, index) => {
    if ((each.protocol === 'tcp') !== tcp) return []
    const moved = movement(now, index)
    const rate = each.rate * moved
    const value =
      quantile === undefined
        ? rate * (failed ? each.errors : 1)
        : each.times[quantile === '0.5' ? 0 : quantile === '0.95' ? 1 : 2] * (0.9 + moved / 10)
    return [{ metric: labelsOf(each), value: [now / 1000, String(value)] }]
  })
}

const labelsOf = ({ from, to, protocol }: Calls) => {
  const outside = to.includes('.')
  return {
    source_workload: from,
    source_workload_namespace: 'payments',
    destination_workload: outside ? 'unknown' : to,
    destination_workload_namespace: outside ? 'unknown' : 'payments',
    destination_service_name: to,
    request_protocol: protocol,
  }
}

/** Around 1: higher in the evening than at night, and never quite the same for two. */
const movement = (now: number, index: number): number => {
  const minutes = now / 60_000
  return 1 + 0.22 * Math.sin((minutes / 1440) * 2 * Math.PI - 2) + 0.06 * Math.sin(minutes / 1.7 + index * 2.4)
}
