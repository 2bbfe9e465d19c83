import { type Dialect, peer } from './dialect.ts'

/** Dapr's service invocation as the caller's sidecar counts it: requests sent to an app, and answers that came from it. */
export const dapr: Dialect = {
  id: 'dapr',
  name: 'Dapr',
  counters: [
    {
      metric: 'dapr_runtime_service_invocation_res_recv_total',
      unit: 'requests',
      where: [],
      by: ['app_id', 'namespace', 'src_app_id'],
      failed: [{ where: ['status=~"5.."'] }],
      latency: { histogram: 'dapr_runtime_service_invocation_res_recv_latency_ms', unit: 'ms' },
      protocol: () => 'http',
      // An answer's source is whom the request went to.
      caller: labels => peer([labels['app_id']], labels['namespace']),
      callee: labels => peer([labels['src_app_id']]),
    },
    {
      metric: 'dapr_runtime_service_invocation_req_sent_total',
      unit: 'requests',
      where: [],
      by: ['app_id', 'namespace', 'dst_app_id'],
      failed: [],
      protocol: () => 'http',
      caller: labels => peer([labels['app_id']], labels['namespace']),
      callee: labels => peer([labels['dst_app_id']]),
    },
  ],
}
