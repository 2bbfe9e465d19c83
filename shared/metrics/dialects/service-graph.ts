import type { Labels } from '../promql.ts'
import { type Dialect, firstOf, peer } from './dialect.ts'

const namespaces = (side: 'client' | 'server') => [
  `${side}_k8s_namespace_name`,
  `${side}_service_namespace`,
  `${side}_namespace`,
]
const names = (side: 'client' | 'server') => [`${side}_k8s_deployment_name`, `${side}_k8s_statefulset_name`]
const end = (side: 'client' | 'server') => (labels: Labels) =>
  peer([firstOf(labels, names(side)), labels[side]], firstOf(labels, namespaces(side)))

/** Service graphs of Grafana Tempo's metrics-generator and of the OpenTelemetry Collector's `servicegraph` connector. */
export const serviceGraph: Dialect = {
  id: 'service-graph',
  name: 'Service graph',
  counters: [
    {
      metric: 'traces_service_graph_request_total',
      unit: 'requests',
      where: [],
      by: [
        'client',
        'server',
        'connection_type',
        ...(['client', 'server'] as const).flatMap(side => [...namespaces(side), ...names(side)]),
      ],
      failed: [{ metric: 'traces_service_graph_request_failed_total', where: [] }],
      latency: { histogram: 'traces_service_graph_request_server_seconds', unit: 's' },
      // What a store or queue speaks is the node's to say.
      protocol: labels =>
        labels['connection_type'] === 'database' || labels['connection_type'] === 'messaging_system' ? '' : 'http',
      caller: end('client'),
      callee: end('server'),
    },
  ],
}
