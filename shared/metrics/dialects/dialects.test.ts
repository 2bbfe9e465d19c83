import { expect, test } from 'vitest'
import type { Labels } from '../promql.ts'
import { callsOf } from '../read-prometheus.ts'
import { dialects, knownMetrics } from './dialects.ts'
import { peerOfCluster } from './envoy.ts'

const counterOf = (metric: string) =>
  dialects.flatMap(({ counters }) => counters).find(counter => counter.metric === metric)!

/** One series as each system gives it, and who calls whom in it. */
const series: readonly [metric: string, labels: Labels, means: string][] = [
  [
    'istio_requests_total',
    {
      source_workload: 'productpage-v1',
      source_workload_namespace: 'bookinfo',
      source_canonical_service: 'productpage',
      destination_workload: 'reviews-v2',
      destination_workload_namespace: 'bookinfo',
      destination_service_name: 'reviews',
      destination_service_namespace: 'bookinfo',
      destination_service: 'reviews.bookinfo.svc.cluster.local',
      destination_canonical_service: 'reviews',
      request_protocol: 'grpc',
    },
    'bookinfo/productpage-v1|productpage > bookinfo/reviews-v2|reviews|reviews.bookinfo.svc.cluster.local grpc requests',
  ],
  [
    'istio_requests_total',
    {
      source_workload: 'orders',
      source_workload_namespace: 'shop',
      destination_workload: 'unknown',
      destination_workload_namespace: 'unknown',
      destination_service_name: 'api.stripe.com',
      destination_service: 'api.stripe.com',
      destination_service_namespace: 'unknown',
      request_protocol: 'http',
    },
    'shop/orders > api.stripe.com http requests',
  ],
  [
    'istio_tcp_connections_opened_total',
    { source_workload: 'ledger', destination_workload: 'postgres', destination_workload_namespace: 'data' },
    'ledger > data/postgres tcp connections',
  ],
  [
    'response_total',
    {
      deployment: 'web',
      namespace: 'emojivoto',
      dst_deployment: 'voting',
      dst_namespace: 'emojivoto',
      dst_service: 'voting-svc',
      authority: 'voting-svc.emojivoto.svc.cluster.local:8080',
    },
    'emojivoto/web > emojivoto/voting|voting-svc|voting-svc.emojivoto.svc.cluster.local:8080 http requests',
  ],
  [
    'tcp_open_total',
    { statefulset: 'kafka', namespace: 'data', dst_statefulset: 'zookeeper', dst_namespace: 'data' },
    'data/kafka > data/zookeeper tcp connections',
  ],
  [
    'hubble_http_requests_total',
    {
      source: 'shop/frontend-6d8f9c5b7-x2k4m',
      source_workload: 'frontend',
      source_namespace: 'shop',
      destination: 'shop/cart-0',
      destination_workload: 'cart',
      destination_namespace: 'shop',
    },
    'shop/frontend|shop/frontend-6d8f9c5b7-x2k4m > shop/cart|shop/cart-0 http requests',
  ],
  [
    'hubble_flows_processed_total',
    { source: 'shop/frontend', destination: 'shop/cart', protocol: 'TCP' },
    'shop/frontend > shop/cart tcp flows either way',
  ],
  ['hubble_flows_processed_total', { source: 'reserved:world', destination: 'shop/cart', protocol: 'TCP' }, 'nobody'],
  [
    'traces_service_graph_request_total',
    { client: 'checkout', server: 'payment', connection_type: '', client_k8s_namespace_name: 'shop' },
    'shop/checkout > payment http requests',
  ],
  [
    'traces_service_graph_request_total',
    { client: 'cart', server: 'redis', connection_type: 'database' },
    'cart > redis  requests',
  ],
  ['traces_service_graph_request_total', { client: 'user', server: 'frontend', connection_type: '' }, 'nobody'],
  [
    'traces_spanmetrics_calls_total',
    { service: 'orders', server_address: 'ledger.shop.svc', rpc_system: 'grpc' },
    'orders > ledger.shop.svc grpc requests',
  ],
  [
    'traces_span_metrics_calls_total',
    { service_name: 'cart', db_system: 'redis', net_peer_name: 'redis', k8s_namespace_name: 'shop' },
    'shop/cart > redis redis requests',
  ],
  ['calls_total', { service_name: 'orders' }, 'nobody'],
  [
    'grpc_client_handled_total',
    { namespace: 'shop', pod: 'checkout', job: 'monitoring/apps', grpc_service: 'hipstershop.CartService' },
    'shop/checkout|apps > CartService grpc requests',
  ],
  [
    'grpc_client_attempt_duration_seconds_count',
    { exported_job: 'shop/checkout', job: 'otel-collector', grpc_target: 'dns:///cart:7070' },
    'shop/checkout|otel-collector > dns:///cart:7070 grpc requests',
  ],
  [
    'grpc_server_handled_total',
    { app: 'cart', namespace: 'shop', client_name: 'checkout' },
    'checkout > shop/cart grpc requests',
  ],
  ['grpc_server_handled_total', { app: 'cart', namespace: 'shop' }, 'nobody'],
  [
    'http_client_request_duration_seconds_count',
    { job: 'shop/orders', server_address: 'risk' },
    'shop/orders > risk http requests',
  ],
  [
    'http_client_requests_seconds_count',
    { app: 'orders', namespace: 'shop', client_name: 'risk.shop' },
    'shop/orders > risk.shop http requests',
  ],
  ['http_requests_total', { job: 'api', code: '200' }, 'nobody'],
  ['http_requests_total', { job: 'api', source: 'web' }, 'web > api http requests'],
  [
    'nginx_ingress_controller_requests',
    {
      ingress: 'shop',
      exported_service: 'web',
      service: 'ingress-nginx-metrics',
      exported_namespace: 'shop',
      namespace: 'ingress-nginx',
    },
    'shop/shop > shop/web http requests',
  ],
  [
    'envoy_cluster_upstream_rq_total',
    { pod: 'ingress', namespace: 'edge', envoy_cluster_name: 'shop/web/80/da39a3ee5e' },
    'edge/ingress > shop/web http requests',
  ],
  [
    'dapr_runtime_service_invocation_res_recv_total',
    { app_id: 'checkout', namespace: 'shop', src_app_id: 'order-processor' },
    'shop/checkout > order-processor http requests',
  ],
  [
    'dapr_runtime_service_invocation_req_sent_total',
    { app_id: 'checkout', dst_app_id: 'order-processor' },
    'checkout > order-processor http requests',
  ],
]

test.each(series)('%s %j', (metric, labels, means) => {
  const [call] = callsOf(counterOf(metric), { rate: [{ labels, value: 2 }] }, '5m')
  const said = (peer: { names: readonly string[]; namespace?: string }) =>
    `${peer.namespace === undefined ? '' : `${peer.namespace}/`}${peer.names.join('|')}`
  expect(
    call
      ? `${said(call.caller)} > ${said(call.callee)} ${call.protocol} ${call.unit}${call.eitherWay ? ' either way' : ''}`
      : 'nobody',
  ).toBe(means)
})

test('every counter is told by one of these series, and every dialect has a name of its own', () => {
  const tried = new Set(series.map(([metric]) => metric))
  const rest = dialects.flatMap(({ counters }) => counters.map(({ metric }) => metric)).filter(name => !tried.has(name))
  // The same labels as `response_total` and as the other counters of HTTP clients and connections.
  expect(rest).toEqual(['request_total', 'hubble_tcp_flags_total', 'http_client_duration_milliseconds_count'])
  expect(new Set(dialects.map(({ id }) => id)).size).toBe(dialects.length)
  for (const { counters } of dialects) for (const { metric } of counters) expect(knownMetrics()).toContain(metric)
})

test.each([
  ['outbound|8080||cart.shop.svc.cluster.local', 'cart.shop.svc.cluster.local'],
  ['outbound|8080|v2|cart.shop.svc.cluster.local', 'cart.shop.svc.cluster.local'],
  ['shop/cart/7070/da39a3ee5e', 'shop/cart'],
  ['httproute/shop/cart-route/rule/0', 'shop/cart-route'],
  ['cart.default.dc1.internal.1a2b.consul', 'cart'],
  ['cart.shop.dc1.internal.1a2b.consul', 'shop/cart'],
  ['cluster_cart_shop_shop', 'cluster_cart_shop_shop|cart-shop|cart'],
  ['outbound_.8080_._.cart.shop.svc.cluster.local', 'cart.shop.svc.cluster.local'],
  ['cart', 'cart'],
  ['inbound|8080||', ''],
  ['xds-grpc', ''],
  ['prometheus_stats', ''],
])('the Envoy cluster %s leads to %s', (cluster, means) => {
  const peer = peerOfCluster(cluster)
  const namespace = peer?.namespace === undefined ? '' : `${peer.namespace}/`
  expect(peer === null ? '' : `${namespace}${peer.names.join('|')}`).toBe(means)
})
