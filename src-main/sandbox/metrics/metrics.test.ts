import { expect, test } from 'vitest'
import { createMetricsWorld } from './metrics-world.ts'
import { keepShares } from './share-history.ts'

const now = Date.UTC(2026, 10, 20, 9)
const world = createMetricsWorld()
const one = (query: string): number => {
  const answer = world.ask(query, now)
  return typeof answer === 'number' ? answer : answer.length === 1 ? answer[0]!.value : Number.NaN
}

test('answers what a dashboard or an analysis asks, by the rules of PromQL', () => {
  world.setVersions(service =>
    service === 'auth'
      ? [
          { share: 0.75, labels: { rollouts_pod_template_hash: 'old' } },
          { share: 0.25, errors: 0.2, slowness: 3, labels: { rollouts_pod_template_hash: 'new' } },
        ]
      : [{ share: 1, labels: {} }],
  )
  const rate = (more: string) => `sum(rate(istio_requests_total{destination_workload="auth"${more}}[1m]))`
  expect(one(`${rate(',rollouts_pod_template_hash="new"')} / ${rate('')}`)).toBeCloseTo(0.25)
  expect(
    one(
      `${rate(',rollouts_pod_template_hash="new",response_code!~"5.*"')} / ${rate(',rollouts_pod_template_hash="new"')}`,
    ),
  ).toBeCloseTo(0.8)
  expect(one(`1 - ${rate(',response_code=~"5..",rollouts_pod_template_hash="old"')} / ${rate('')} > bool 0.99`)).toBe(1)
  const p95 = (hash: string) =>
    one(
      `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{destination_workload="auth", rollouts_pod_template_hash="${hash}"}[5m])))`,
    )
  expect(p95('old')).toBeGreaterThan(9)
  expect(p95('old')).toBeLessThan(14)
  expect(p95('new') / p95('old')).toBeGreaterThan(2)
  expect(
    one(
      'increase(istio_requests_total{source_workload="orders", destination_workload="risk", grpc_response_status="0"}[2m])',
    ),
  ).toBeCloseTo(
    120 *
      one(
        'rate(istio_requests_total{source_workload="orders", destination_workload="risk", grpc_response_status="0"}[2m])',
      ),
  )
  expect(one('count(count by (destination_workload) (istio_requests_total{destination_workload!="unknown"}))')).toBe(5)
  expect(one('sum(istio_requests_total{destination_workload="nobody"}) or vector(0)')).toBe(0)
  expect(one('-2 * (3 + 4) % 5')).toBe(-4)
  expect(
    world.ask('max by (source_workload) (rate(istio_requests_total{destination_workload="ledger"}[1m])) > 10', now),
  ).toHaveLength(1)
})

test('a rate over a window is what was counted in it, and what served before is still in it', () => {
  let at = now
  let share = 0
  const history = keepShares(
    () => [
      { share: 1 - share, labels: { version: 'old' } },
      { share, labels: { version: 'new' } },
    ],
    () => at,
  )
  world.setVersions(history.versionsOf)
  const of = (version: string, window: string) => {
    const answer = world.ask(
      `sum(rate(istio_requests_total{destination_workload="auth",version="${version}"}[${window}]))`,
      now,
    )
    return (answer as readonly { value: number }[])[0]?.value ?? 0
  }
  const all = of('old', '1m')
  at += 60_000
  share = 0.5
  history.note()
  at += 30_000
  expect([of('new', '1m') / all, of('new', '5m') / all]).toEqual([expect.closeTo(0.25), expect.closeTo(0.05)])
  share = 1
  history.note()
  at += 60_000
  expect(of('old', '5m') / all).toBeCloseTo(0.75)
  expect([of('old', '1m'), of('new', '1m') / all]).toEqual([0, expect.closeTo(1)])
})

test('says where a query cannot be read', () => {
  expect(() => world.ask('sum(rate(x[1m])', now)).toThrow('")" is missing')
  expect(() => world.ask('holt_winters(x[1m], 1, 1)', now)).toThrow('holt_winters')
})
