import type { Labels, Series } from './evaluate-promql.ts'

/** Calls of the sandbox's services, made up: usual rate a second, share of failures, and times in milliseconds. */
export type Calls = {
  readonly from: string
  readonly to: string
  readonly protocol: 'http' | 'grpc' | 'tcp'
  readonly rate: number
  readonly errors: number
  readonly times: readonly [p50: number, p95: number, p99: number]
}

export const calls: readonly Calls[] = [
  { from: 'gateway', to: 'auth', protocol: 'http', rate: 214, errors: 0.0004, times: [4, 11, 23] },
  { from: 'gateway', to: 'orders', protocol: 'grpc', rate: 86, errors: 0.002, times: [38, 142, 260] },
  { from: 'gateway', to: 'recommendation', protocol: 'http', rate: 128, errors: 0.061, times: [61, 480, 940] },
  { from: 'orders', to: 'ledger', protocol: 'grpc', rate: 41, errors: 0.0007, times: [12, 31, 58] },
  { from: 'orders', to: 'risk', protocol: 'grpc', rate: 41, errors: 0.003, times: [19, 77, 130] },
  {
    from: 'orders',
    to: 'authorise.cardnet.example',
    protocol: 'http',
    rate: 38,
    errors: 0.012,
    times: [190, 410, 720],
  },
  // Nobody wrote this one down.
  { from: 'recommendation', to: 'ledger', protocol: 'grpc', rate: 5.4, errors: 0, times: [14, 36, 61] },
  { from: 'auth', to: 'postgres', protocol: 'tcp', rate: 0.8, errors: 0, times: [0, 0, 0] },
  { from: 'ledger', to: 'postgres', protocol: 'tcp', rate: 0.5, errors: 0, times: [0, 0, 0] },
  { from: 'recommendation', to: 'redis', protocol: 'tcp', rate: 2.1, errors: 0, times: [0, 0, 0] },
  { from: 'risk', to: 'redis', protocol: 'tcp', rate: 1.2, errors: 0, times: [0, 0, 0] },
]

/** One of the revisions that share a service's calls. */
export type Version = {
  /** 0 to 1 of the calls: always, or over the last so many seconds (0: now). */
  readonly share: number | ((seconds: number) => number)
  /** Share of failures, where it is not the usual one. */
  readonly errors?: number
  /** Times the usual time. */
  readonly slowness?: number
  /** Labels of its Pods that the metrics carry. */
  readonly labels: Labels
}

const bounds = [
  1, 2, 3, 4, 5, 7, 10, 13, 17, 23, 30, 40, 50, 65, 80, 100, 130, 160, 200, 260, 320, 400, 500, 650, 800, 1000, 1300,
  2000, 5000,
]
const day = 24 * 60 * 60 * 1000

/** Every series of the sandbox's mesh at a moment, as Istio counts them; `versionsOf` says who answers for a service. */
export function seriesAt(now: number, versionsOf: (service: string) => readonly Version[]): readonly Series[] {
  const elapsed = ((now % day) + day) / 1000
  const counter = (name: string, labels: Labels, rate: Series['rate']): Series => ({
    name,
    labels,
    rate,
    total: rate(0) * elapsed,
  })
  return calls.flatMap((each, index) => {
    const moved = movement(now, index)
    const labels = labelsOf(each)
    if (each.protocol === 'tcp') return [counter('istio_tcp_connections_opened_total', labels, () => each.rate * moved)]
    return versionsOf(each.to).flatMap(({ share, errors = each.errors, slowness = 1, labels: own }) => {
      const shareOver = typeof share === 'number' ? () => share : share
      const rate = (seconds: number) => each.rate * moved * shareOver(seconds)
      const all = { ...labels, ...own }
      const good = { ...all, response_code: '200', ...(each.protocol === 'grpc' && { grpc_response_status: '0' }) }
      const bad =
        each.protocol === 'grpc'
          ? { ...all, response_code: '200', grpc_response_status: '14' }
          : { ...all, response_code: '503' }
      const scale = (0.9 + moved / 10) * slowness
      const buckets = [...bounds, Number.POSITIVE_INFINITY].map(bound =>
        counter(
          'istio_request_duration_milliseconds_bucket',
          { ...all, le: Number.isFinite(bound) ? String(bound) : '+Inf' },
          seconds => rate(seconds) * shareBelow(bound / scale, each.times),
        ),
      )
      return [
        counter('istio_requests_total', good, seconds => rate(seconds) * (1 - errors)),
        ...(errors > 0 ? [counter('istio_requests_total', bad, seconds => rate(seconds) * errors)] : []),
        ...buckets,
        counter('istio_request_duration_milliseconds_count', all, rate),
      ]
    })
  })
}

/** Share of answers within a time, linear between what is known of them. */
function shareBelow(time: number, [p50, p95, p99]: Calls['times']): number {
  const points: readonly (readonly [number, number])[] = [
    [0, 0],
    [p50, 0.5],
    [p95, 0.95],
    [p99, 0.99],
    [p99 * 2, 1],
  ]
  for (let at = 1; at < points.length; at++) {
    const [left, low] = points[at - 1]!
    const [right, high] = points[at]!
    if (time < right) return low + ((high - low) * (time - left)) / (right - left || 1)
  }
  return 1
}

const labelsOf = ({ from, to, protocol }: Calls): Labels => {
  const outside = to.includes('.')
  return {
    reporter: 'destination',
    source_workload: from,
    source_workload_namespace: 'payments',
    destination_workload: outside ? 'unknown' : to,
    destination_workload_namespace: outside ? 'unknown' : 'payments',
    destination_service_name: to,
    ...(!outside && { destination_service_namespace: 'payments' }),
    request_protocol: protocol,
  }
}

/** Around 1: higher in the evening than at night, and never quite the same for two. */
const movement = (now: number, index: number): number => {
  const minutes = now / 60_000
  return 1 + 0.22 * Math.sin((minutes / 1440) * 2 * Math.PI - 2) + 0.06 * Math.sin(minutes / 1.7 + index * 2.4)
}
