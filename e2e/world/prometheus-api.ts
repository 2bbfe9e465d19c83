import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers as Prometheus does for calls in an Istio mesh: each a rate, of which one in a hundred fails, at 40 ms. */
export async function servePrometheus(
  calls: readonly { readonly from: string; readonly to: string; readonly rate: number }[],
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const query = url.searchParams.get('query') ?? ''
    const share = query.includes('response_code=~') ? 0.01 : 1
    const result = calls.map(({ from, to, rate }) => ({
      metric: { source_workload: from, destination_workload: to, request_protocol: 'http' },
      value: [1, String(query.includes('histogram_quantile') ? 40 : rate * share)],
    }))
    const names = ['istio_requests_total', 'istio_request_duration_milliseconds_bucket']
    const data = url.pathname.endsWith('/values') ? names : { resultType: 'vector', result }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
