import type { Labels } from '../promql.ts'
import { type Counter, type Dialect, peer } from './dialect.ts'

/** `source_*` and `destination_*` come from `labelsContext`, `source` and `destination` from `sourceContext` and its like. */
const end = (side: 'source' | 'destination') => (labels: Labels) => {
  const context = labels[side] ?? ''
  // `reserved:world` and its like are no workloads.
  const reserved = context.startsWith('reserved:') || context.startsWith('cidr:')
  return peer(
    [
      labels[`${side}_workload`],
      labels[`${side}_app`],
      labels[`${side}_pod`],
      reserved ? undefined : context.split(/[,|]/)[0],
      labels[`${side}_service_name`],
    ],
    labels[`${side}_namespace`],
  )
}
const ends: Pick<Counter, 'by' | 'pods' | 'caller' | 'callee'> = {
  by: ['source', 'destination'].flatMap(side => [
    side,
    ...['workload', 'namespace', 'app', 'pod', 'service_name'].map(label => `${side}_${label}`),
  ]),
  pods: ['source_pod', 'destination_pod'],
  caller: end('source'),
  callee: end('destination'),
}

/**
 * Cilium's Hubble metrics (docs.cilium.io, "Monitoring & Metrics"). Requests where HTTP is seen, else connections by
 * their first packet, else flows, which do not tell a call from its answer.
 */
export const hubble: Dialect = {
  id: 'hubble',
  name: 'Cilium Hubble',
  counters: [
    {
      metric: 'hubble_http_requests_total',
      unit: 'requests',
      where: [],
      ...ends,
      side: 'reporter',
      // With `httpV2` the status is a label of the requests; with `http` it is one of the responses.
      failed: [{ where: ['status=~"5.."'] }, { metric: 'hubble_http_responses_total', where: ['status=~"5.."'] }],
      latency: { histogram: 'hubble_http_request_duration_seconds', unit: 's' },
      protocol: () => 'http',
    },
    {
      metric: 'hubble_tcp_flags_total',
      unit: 'connections',
      where: ['flag="SYN"'],
      ...ends,
      failed: [],
      protocol: () => 'tcp',
    },
    {
      metric: 'hubble_flows_processed_total',
      unit: 'flows',
      where: ['verdict="FORWARDED"'],
      ...ends,
      by: [...ends.by, 'protocol'],
      failed: [],
      eitherWay: true,
      protocol: labels => (labels['protocol'] === 'HTTP' ? 'http' : 'tcp'),
    },
  ],
}
