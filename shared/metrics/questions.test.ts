import { expect, test } from 'vitest'
import { dialects } from './dialects/dialects.ts'
import { withFolded, workloadOfPod } from './promql.ts'
import { askedFor, questionsOf } from './questions.ts'
import { callsOf, readNames, readVector } from './read-prometheus.ts'

const counterOf = (metric: string) =>
  dialects.flatMap(({ counters }) => counters).find(counter => counter.metric === metric)!
const dapr = counterOf('dapr_runtime_service_invocation_res_recv_total')
const buckets = 'dapr_runtime_service_invocation_res_recv_latency_ms_bucket'

test('a counter is asked for rate, failures and percentiles, narrowed as the source says', () => {
  expect(questionsOf(dapr, '5m', new Set([dapr.metric, buckets]), ['cluster="eu"'])).toEqual({
    rate: `sum by (app_id, namespace, src_app_id) (rate(${dapr.metric}{cluster="eu"}[5m]))`,
    failed: `sum by (app_id, namespace, src_app_id) (rate(${dapr.metric}{status=~"5..",cluster="eu"}[5m]))`,
    p50: `histogram_quantile(0.5, sum by (app_id, namespace, src_app_id, le) (rate(${buckets}{cluster="eu"}[5m])))`,
    p95: `histogram_quantile(0.95, sum by (app_id, namespace, src_app_id, le) (rate(${buckets}{cluster="eu"}[5m])))`,
    p99: `histogram_quantile(0.99, sum by (app_id, namespace, src_app_id, le) (rate(${buckets}{cluster="eu"}[5m])))`,
  })
})

test('a native histogram is asked as one, a histogram that is not there is not asked, both sides count once', () => {
  const native = questionsOf(dapr, '1h', new Set([dapr.metric, buckets.replace('_bucket', '')]))
  expect(native.p95).toBe(
    `histogram_quantile(0.95, sum by (app_id, namespace, src_app_id) (rate(${buckets.replace('_bucket', '')}[1h])))`,
  )
  expect(Object.keys(questionsOf(dapr, '1h', new Set([dapr.metric])))).toEqual(['rate', 'failed'])
  const istio = counterOf('istio_requests_total')
  const { rate, failed } = questionsOf(istio, '5m', new Set([istio.metric]))
  expect(rate).toMatch(
    /^max by \([^)]*request_protocol\) \(sum by \([^)]*, reporter\) \(rate\(istio_requests_total\[5m\]\)\)\)$/,
  )
  expect(failed).toContain('rate(istio_requests_total{response_code=~"5..|0"}[5m]) or rate(istio_requests_total{grpc')
})

test('the Pods of a workload are folded into it', () => {
  expect(
    ['cart-6d8f9c5b7-x2k4m', 'agent-x2k4m', 'redis-0', 'cart', 'reviews-v1', 'orders-api'].map(workloadOfPod),
  ).toEqual(['cart', 'agent', 'redis', 'cart', 'reviews-v1', 'orders-api'])
  expect(withFolded('x', ['pod'])).toMatch(
    /^label_replace\(x, "folded_pod", "\$1\$2", "pod", "\(\.\+\?\).*\|\(\.\+\)"\)$/,
  )
})

const vector = (result: object[], more = {}) => ({ status: 'success', data: { resultType: 'vector', result }, ...more })
const labels = { app_id: 'a', namespace: 'shop', src_app_id: 'b' }
const sample = (value: string) => vector([{ metric: labels, value: [1, value] }])

test('answers become calls, in milliseconds, with what was asked', () => {
  const value = (text: string) => readVector(sample(text))!.value
  const answers = { rate: value('4'), failed: value('1'), p50: value('12.3456'), p95: value('NaN') }
  expect(callsOf(dapr, answers, '5m')).toEqual([
    {
      caller: { names: ['a'], namespace: 'shop' },
      callee: { names: ['b'] },
      counter: dapr.metric,
      protocol: 'http',
      unit: 'requests',
      rate: 4,
      errors: 0.25,
      p50: 12.3,
      p95: null,
      p99: null,
      detail: `rate(${dapr.metric}{app_id="a",namespace="shop",src_app_id="b"}[5m]) = 4`,
    },
  ])
  // No failure counted is none; no counter of failures is not known.
  expect(callsOf(dapr, { rate: value('4'), failed: [] }, '5m')[0]?.errors).toBe(0)
  expect(callsOf(dapr, { rate: value('4') }, '5m')[0]?.errors).toBeNull()
  const http = counterOf('http_client_request_duration_seconds_count')
  const seconds = readVector(vector([{ metric: { job: 'a', server_address: 'b' }, value: [1, '0.2'] }]))!.value
  expect(callsOf(http, { rate: seconds, p95: seconds }, '5m')[0]?.p95).toBe(200)
})

test('the detail says of each label what is new, and quotes what PromQL would not take', () => {
  const same = { app_id: 'say "hi"\\', namespace: 'shop', src_app_id: 'shop' }
  expect(askedFor(dapr, same, '5m', 1)).toBe(`rate(${dapr.metric}{app_id="say \\"hi\\"\\\\",namespace="shop"}[5m]) = 1`)
})

test('partial answers say so, and what is no answer is none', () => {
  expect(readVector(vector([], { warnings: ['store gateway-2 is down'] }))?.warnings).toEqual([
    'store gateway-2 is down',
  ])
  expect(readVector(vector([], { isPartial: true }))?.warnings).toEqual(['the answer is partial'])
  expect(readNames({ status: 'success', data: ['a'] })).toEqual({ value: ['a'], warnings: [] })
  expect(readNames({ status: 'success' })).toEqual({ value: [], warnings: [] })
  for (const wrong of [undefined, null, 'x', {}, { status: 'error', error: 'no' }, { status: 'success', data: {} }])
    expect([readVector(wrong), readNames(wrong)]).toEqual([null, null])
})
