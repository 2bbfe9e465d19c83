import type { Labels } from '../promql.ts'
import { type Counter, type Dialect, firstOf, peer } from './dialect.ts'

const services = ['service_name', 'service']
const peers = [
  'peer_service',
  'server_address',
  'net_peer_name',
  'messaging_destination_name',
  'db_name',
  'rpc_service',
]
const ofSpans = {
  unit: 'requests',
  // The caller's span names whom it calls; the callee's does not name its caller.
  where: ['span_kind=~"SPAN_KIND_CLIENT|SPAN_KIND_PRODUCER"'],
  by: [...services, 'service_namespace', 'k8s_namespace_name', ...peers, 'db_system', 'messaging_system', 'rpc_system'],
  failed: [{ where: ['status_code="STATUS_CODE_ERROR"'] }],
  protocol: (labels: Labels) =>
    firstOf(labels, ['db_system', 'messaging_system']) ?? (labels['rpc_system'] === 'grpc' ? 'grpc' : 'http'),
  caller: (labels: Labels) =>
    peer([firstOf(labels, services)], firstOf(labels, ['k8s_namespace_name', 'service_namespace'])),
  callee: (labels: Labels) => peer(peers.map(name => labels[name])),
} satisfies Partial<Counter>

/** Span metrics with a dimension that names the peer: the Collector's connector, old and new names, and Tempo's. */
export const spanMetrics: Dialect = {
  id: 'span-metrics',
  name: 'Span metrics',
  counters: [
    {
      metric: 'traces_span_metrics_calls_total',
      ...ofSpans,
      latency: { histogram: 'traces_span_metrics_duration_milliseconds', unit: 'ms' },
    },
    {
      metric: 'traces_spanmetrics_calls_total',
      ...ofSpans,
      latency: { histogram: 'traces_spanmetrics_latency', unit: 's' },
    },
    { metric: 'calls_total', ...ofSpans, latency: { histogram: 'duration_milliseconds', unit: 'ms' } },
  ],
}
