import type { Labels } from '../promql.ts'
import { type Counter, type Dialect, peer } from './dialect.ts'
import { scraped, scrapedBy, scrapedPods } from './scraped.ts'

const targets = [
  'peer_service',
  'server_address',
  'net_peer_name',
  'client_name',
  'clientName',
  'host',
  'target',
  'destination',
  'upstream',
]
const callers = [
  'source',
  'source_service',
  'source_workload',
  'peer_service',
  'peer',
  'caller',
  'client',
  'client_name',
  'consumer',
]

const byClient: Pick<Counter, 'unit' | 'where' | 'by' | 'pods' | 'protocol' | 'caller' | 'callee'> = {
  unit: 'requests',
  where: [],
  by: [...scrapedBy, ...targets],
  pods: scrapedPods,
  protocol: () => 'http',
  caller: scraped,
  callee: (labels: Labels) => peer(targets.map(name => labels[name])),
}

/** HTTP clients that say whom they call: OpenTelemetry (stable and older names), Micrometer; servers that say who calls. */
export const http: Dialect = {
  id: 'http',
  name: 'HTTP',
  counters: [
    {
      metric: 'http_client_request_duration_seconds_count',
      ...byClient,
      failed: [{ where: ['http_response_status_code=~"5.."'] }],
      latency: { histogram: 'http_client_request_duration_seconds', unit: 's' },
    },
    {
      metric: 'http_client_duration_milliseconds_count',
      ...byClient,
      failed: [{ where: ['http_status_code=~"5.."'] }],
      latency: { histogram: 'http_client_duration_milliseconds', unit: 'ms' },
    },
    {
      metric: 'http_client_requests_seconds_count',
      ...byClient,
      failed: [{ where: ['status=~"5..|CLIENT_ERROR|IO_ERROR"'] }],
      latency: { histogram: 'http_client_requests_seconds', unit: 's' },
    },
    {
      metric: 'http_requests_total',
      unit: 'requests',
      where: [],
      by: [...scrapedBy, ...callers],
      pods: scrapedPods,
      failed: [{ where: ['code=~"5.."'] }, { where: ['status=~"5.."'] }, { where: ['status_code=~"5.."'] }],
      latency: { histogram: 'http_request_duration_seconds', unit: 's' },
      protocol: () => 'http',
      caller: labels => peer(callers.map(name => labels[name])),
      callee: scraped,
    },
  ],
}
