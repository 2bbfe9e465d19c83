import type { Labels } from '../promql.ts'
import { type Dialect, grpcFailures, peer } from './dialect.ts'
import { scraped, scrapedBy, scrapedPods } from './scraped.ts'

const targets = [
  'grpc_target',
  'target',
  'peer_service',
  'peer',
  'peer_name',
  'server_address',
  'net_peer_name',
  'upstream',
]
const callers = ['peer_service', 'peer', 'peer_name', 'client', 'client_name', 'caller', 'source', 'source_service']

/** `hipstershop.CartService`: by convention a service is named like what serves it. */
const servedBy = (labels: Labels): string | undefined => labels['grpc_service']?.split('.').at(-1)

/** The Prometheus interceptors of gRPC (Go, Java, Python …) and gRPC's own OpenTelemetry metrics. */
export const grpc: Dialect = {
  id: 'grpc',
  name: 'gRPC',
  counters: [
    {
      metric: 'grpc_client_handled_total',
      unit: 'requests',
      where: [],
      by: [...scrapedBy, ...targets, 'grpc_service'],
      pods: scrapedPods,
      failed: [{ where: [`grpc_code=~"${grpcFailures.names}"`] }],
      latency: { histogram: 'grpc_client_handling_seconds', unit: 's' },
      protocol: () => 'grpc',
      caller: scraped,
      callee: labels => peer([...targets.map(name => labels[name]), servedBy(labels)]),
    },
    {
      metric: 'grpc_client_attempt_duration_seconds_count',
      unit: 'requests',
      where: [],
      by: [...scrapedBy, 'grpc_target'],
      pods: scrapedPods,
      failed: [{ where: [`grpc_status=~"${grpcFailures.names}"`] }],
      latency: { histogram: 'grpc_client_attempt_duration_seconds', unit: 's' },
      protocol: () => 'grpc',
      caller: scraped,
      callee: labels => peer([labels['grpc_target']]),
    },
    {
      metric: 'grpc_server_handled_total',
      unit: 'requests',
      // The server's own count says who called only where somebody taught it to.
      where: [],
      by: [...scrapedBy, ...callers],
      pods: scrapedPods,
      failed: [{ where: [`grpc_code=~"${grpcFailures.names}"`] }],
      latency: { histogram: 'grpc_server_handling_seconds', unit: 's' },
      protocol: () => 'grpc',
      caller: labels => peer(callers.map(name => labels[name])),
      callee: scraped,
    },
  ],
}
