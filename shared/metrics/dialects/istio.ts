import { type Counter, type Dialect, peer } from './dialect.ts'

const ends: Pick<Counter, 'by' | 'side' | 'caller' | 'callee'> = {
  by: [
    'source_workload',
    'source_workload_namespace',
    'source_canonical_service',
    'destination_workload',
    'destination_workload_namespace',
    'destination_service_name',
    'destination_service_namespace',
    'destination_service',
    'destination_canonical_service',
    'request_protocol',
  ],
  side: 'reporter',
  caller: labels =>
    peer([labels['source_workload'], labels['source_canonical_service']], labels['source_workload_namespace']),
  // To an outside host Istio says the host as the Service, and "unknown" as the workload.
  callee: labels =>
    peer(
      [
        labels['destination_workload'],
        labels['destination_service_name'],
        labels['destination_service'],
        labels['destination_canonical_service'],
      ],
      known(labels['destination_workload_namespace']) ?? labels['destination_service_namespace'],
    ),
}
const known = (name: string | undefined): string | undefined => (name === 'unknown' ? undefined : name)

/** Istio's standard metrics (istio.io, "Istio Standard Metrics"), of sidecars, waypoints and ztunnel. */
export const istio: Dialect = {
  id: 'istio',
  name: 'Istio',
  counters: [
    {
      metric: 'istio_requests_total',
      unit: 'requests',
      where: [],
      ...ends,
      failed: [{ where: ['response_code=~"5..|0"'] }, { where: ['grpc_response_status=~"2|4|12|13|14|15"'] }],
      latency: { histogram: 'istio_request_duration_milliseconds', unit: 'ms' },
      protocol: labels => (labels['request_protocol'] === 'grpc' ? 'grpc' : 'http'),
    },
    {
      metric: 'istio_tcp_connections_opened_total',
      unit: 'connections',
      where: [],
      ...ends,
      failed: [],
      protocol: () => 'tcp',
    },
  ],
}
