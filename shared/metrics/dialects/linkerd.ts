import type { Labels } from '../promql.ts'
import { type Counter, type Dialect, firstOf, peer } from './dialect.ts'

const kinds = ['deployment', 'statefulset', 'daemonset', 'job', 'cronjob', 'replicationcontroller', 'replicaset']
const from = [...kinds, 'k8s_job', 'workload', 'app', 'pod']
const to = [...kinds.map(kind => `dst_${kind}`), 'dst_k8s_job', 'dst_workload', 'dst_service', 'dst_pod', 'authority']

const ends: Pick<Counter, 'by' | 'where' | 'pods' | 'caller' | 'callee'> = {
  // The caller's proxy knows both ends; the callee's knows the caller by its certificate alone.
  where: ['direction="outbound"'],
  by: [...from, 'namespace', ...to, 'dst_namespace'],
  pods: ['pod', 'dst_pod'],
  caller: (labels: Labels) => peer([firstOf(labels, from)], labels['namespace']),
  callee: (labels: Labels) =>
    peer([firstOf(labels, to), labels['dst_service'], labels['authority']], labels['dst_namespace']),
}

/** Linkerd's proxy metrics (linkerd.io, "Proxy Metrics"), with the labels its extension or PodMonitor gives. */
export const linkerd: Dialect = {
  id: 'linkerd',
  name: 'Linkerd',
  counters: [
    {
      metric: 'response_total',
      unit: 'requests',
      ...ends,
      failed: [{ where: ['classification="failure"'] }],
      latency: { histogram: 'response_latency_ms', unit: 'ms' },
      protocol: () => 'http',
    },
    {
      metric: 'request_total',
      unit: 'requests',
      ...ends,
      failed: [],
      protocol: () => 'http',
    },
    {
      metric: 'tcp_open_total',
      unit: 'connections',
      ...ends,
      where: [...ends.where, 'peer="dst"'],
      failed: [],
      protocol: () => 'tcp',
    },
  ],
}
