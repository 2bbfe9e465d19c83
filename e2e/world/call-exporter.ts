import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Calls from one service to another, made up: `rate` a second, `errors` a share of it, each taking up to `slowest` ms. */
export type MadeUpCalls = {
  readonly from: string
  readonly to: string
  readonly rate: number
  readonly errors: number
  readonly slowest: number
}

/** Calls counted by clients themselves, Pod by Pod. */
export const byPod = [
  { pod: 'svc-190-6d8f9c5b7-x2k4m', target: 'dns:///svc-10.shop:8080', rate: 3 },
  { pod: 'svc-190-6d8f9c5b7-b7c9z', target: 'dns:///svc-10.shop:8080', rate: 4 },
] as const

const bounds = [10, 25, 50, 100, 250, 500, 1000] as const

/**
 * Serves calls as Istio's sidecars count them. Each sample says its own time, so the rates are exact however late the
 * scrape was.
 */
export async function serveCalls(
  calls: readonly MadeUpCalls[],
): Promise<{ readonly address: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server: Server = createServer((_, response) => {
    const now = Date.now()
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(expose(calls, now))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function expose(calls: readonly MadeUpCalls[], now: number): string {
  // Counted from a day ago on, as if the services ran since then.
  const seconds = (now % 1e9) / 1000 + 86_400
  const lines: string[] = ['# TYPE istio_requests_total counter']
  const labels = ({ from, to }: MadeUpCalls, more: string) =>
    `reporter="destination",source_workload="${from}",source_workload_namespace="shop",destination_workload="${to}",destination_workload_namespace="shop",destination_service_name="${to}",request_protocol="http",${more}`
  for (const call of calls) {
    const failed = call.rate * call.errors * seconds
    lines.push(`istio_requests_total{${labels(call, 'response_code="200"')}} ${call.rate * seconds - failed} ${now}`)
    if (call.errors > 0) lines.push(`istio_requests_total{${labels(call, 'response_code="503"')}} ${failed} ${now}`)
  }
  lines.push('# TYPE istio_request_duration_milliseconds histogram')
  for (const call of calls)
    for (const bound of [...bounds, Number.POSITIVE_INFINITY]) {
      // All of them spread evenly over the bucket that ends at the slowest.
      const below = bound >= call.slowest ? 1 : 0
      const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound)
      lines.push(
        `istio_request_duration_milliseconds_bucket{${labels(call, `response_code="200",le="${le}"`)}} ${call.rate * below * seconds} ${now}`,
      )
    }
  lines.push('# TYPE grpc_client_handled_total counter')
  for (const { pod, target, rate } of byPod)
    lines.push(
      `grpc_client_handled_total{namespace="shop",pod="${pod}",grpc_code="OK",grpc_target="${target}"} ${rate * seconds} ${now}`,
    )
  return `${lines.join('\n')}\n`
}
