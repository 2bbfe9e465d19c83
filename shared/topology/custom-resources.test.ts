import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from './build-topology.ts'
import type { Topology } from './topology.ts'

type More = { readonly env?: string; readonly annotations?: string; readonly image?: string; readonly labels?: string }
const app = (name: string, { env = '', annotations = '', image = `acme/${name}:1`, labels = '' }: More = {}) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {metadata: {labels: {app: ${name}}, annotations: {${annotations}}}, spec: {containers: [{name: m, image: "${image}", env: [${env}]}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, labels: {app: ${name}${labels}}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n---\n`
const object = (apiVersion: string, kind: string, name: string, rest: string, metadata = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${metadata}}\n${rest}\n---\n`
const build = (...texts: string[]): Topology =>
  buildTopology([readManifestFile('all.yaml', texts.join(''))], { environment: '.', revision: '' })
const edges = (topology: Topology) =>
  topology.edges.map(edge => `${edge.from} > ${edge.to} ${edge.protocol} ${edge.class}`)

describe('what operators make answers to the names they give it', () => {
  test.each([
    ['postgresql.cnpg.io/v1', 'Cluster', 'orders', 'postgres://u:p@orders-rw:5432/x', 'postgresql'],
    ['acid.zalan.do/v1', 'postgresql', 'acme-orders', 'postgres://acme-orders/x', 'postgresql'],
    [
      'postgres-operator.crunchydata.com/v1beta1',
      'PostgresCluster',
      'hippo',
      'postgres://hippo-primary.default.svc:5432/x',
      'postgresql',
    ],
    [
      'psmdb.percona.com/v1',
      'PerconaServerMongoDB',
      'm',
      'mongodb://m-rs0-0.m-rs0.default.svc.cluster.local:27017,m-rs0-1.m-rs0.default.svc.cluster.local:27017/x',
      'mongodb',
    ],
    ['mongodbcommunity.mongodb.com/v1', 'MongoDBCommunity', 'm', 'mongodb://m-svc:27017/x', 'mongodb'],
    ['databases.spotahome.com/v1', 'RedisFailover', 'cache', 'redis://rfs-cache:26379', 'redis'],
    ['redis.redis.opstreelabs.in/v1beta2', 'RedisCluster', 'cache', 'redis://cache-leader:6379', 'redis'],
    ['rabbitmq.com/v1beta1', 'RabbitmqCluster', 'bus', 'amqp://bus.default.svc:5672', 'amqp'],
    ['elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', 'logs', 'https://logs-es-http:9200', 'https'],
    ['k8s.mariadb.com/v1alpha1', 'MariaDB', 'maria', 'mysql://maria-primary:3306/x', 'mysql'],
    ['kubedb.com/v1', 'MySQL', 'my', 'mysql://my:3306/x', 'mysql'],
  ])('%s %s', (apiVersion, kind, name, url, protocol) => {
    const topology = build(
      app('web', { env: `{name: DATABASE_URL, value: "${url}"}` }),
      object(apiVersion, kind, name, 'spec: {}'),
    )
    expect(edges(topology)).toEqual([`web > ${name} ${protocol} app`])
    expect(topology.nodes.find(node => node.id === name)).toMatchObject({
      kind: kind === 'RabbitmqCluster' ? 'queue' : 'datastore',
      workload: { kind, name },
    })
    expect(topology.findings.filter(finding => finding.kind === 'dangling-reference')).toEqual([])
  })

  test('Kafka, its brokers in a list, what connects to it, and a connector', () => {
    const topology = build(
      app('web', { env: '{name: KAFKA_BROKERS, value: "bus-kafka-bootstrap:9092"}' }),
      app('db', { image: 'postgres:16' }).replace('port: 80', 'port: 5432'),
      object('kafka.strimzi.io/v1beta2', 'Kafka', 'bus', 'spec: {}'),
      object('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'orders', 'spec: {}'),
      object(
        'kafka.strimzi.io/v1beta2',
        'KafkaConnect',
        'connect',
        'spec: {bootstrapServers: "bus-kafka-bootstrap:9093"}',
      ),
      object(
        'kafka.strimzi.io/v1beta2',
        'KafkaConnector',
        'source',
        'spec: {config: {database.hostname: db, database.port: 5432}}',
        ', labels: {strimzi.io/cluster: connect}',
      ),
    )
    expect(edges(topology)).toEqual(['connect > bus kafka app', 'connect > db postgresql app', 'web > bus kafka app'])
  })

  test('a Keycloak and its database, a collector and its exporters, Kibana and its store', () => {
    const topology = build(
      object('postgresql.cnpg.io/v1', 'Cluster', 'users', 'spec: {}'),
      object('k8s.keycloak.org/v2alpha1', 'Keycloak', 'login', 'spec: {db: {vendor: postgres, host: users-rw}}'),
      object(
        'opentelemetry.io/v1beta1',
        'OpenTelemetryCollector',
        'otel',
        'spec:\n  config:\n    exporters: {otlp: {endpoint: "traces-collector:4317"}}',
      ),
      object('jaegertracing.io/v1', 'Jaeger', 'traces', 'spec: {}'),
      object('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', 'logs', 'spec: {}'),
      object('kibana.k8s.elastic.co/v1', 'Kibana', 'look', 'spec: {elasticsearchRef: {name: logs}}'),
    )
    expect(edges(topology)).toEqual([
      'login > users postgresql app',
      'look > logs http telemetry',
      'otel > traces grpc telemetry',
    ])
  })

  test('the Services of a Flagger canary lead to what it rolls out', () => {
    const cart = app('cart').replace(/apiVersion: v1\nkind: Service[\s\S]*/, '')
    const topology = build(
      app('web', { env: '{name: CART_URL, value: "http://cart:9898"}, {name: OLD_URL, value: "http://cart-primary"}' }),
      cart,
      object(
        'flagger.app/v1beta1',
        'Canary',
        'cart',
        'spec: {targetRef: {kind: Deployment, name: cart}, service: {port: 9898}}',
      ),
    )
    expect(edges(topology)).toEqual(['web > cart http app'])
    expect(topology.findings.filter(finding => finding.kind === 'dangling-reference')).toEqual([])
  })

  test('what the mesh is told of by hand is outside, not missing', () => {
    const entry = object(
      'networking.istio.io/v1',
      'ServiceEntry',
      'x',
      'spec: {hosts: [db.legacy], location: MESH_EXTERNAL}',
    )
    const topology = build(app('web', { env: '{name: DB_URL, value: "postgres://db.legacy:5432/x"}' }), entry)
    expect(edges(topology)).toEqual(['web > db.legacy postgresql external'])
    expect(topology.findings.filter(finding => finding.kind === 'dangling-reference')).toEqual([])
  })
})

describe('who takes the credentials of a store calls it', () => {
  const secret = (name: string, key: string, variable = 'X') =>
    `{name: ${variable}, valueFrom: {secretKeyRef: {name: ${name}, key: ${key}}}}`
  const store = (env: string) => app('db', { image: 'postgres:16', env })
  test.each<[string, string, string[]]>([
    [
      'the same key',
      store(secret('all', 'db-password')) + app('web', { env: secret('all', 'db-password') }),
      ['web > db'],
    ],
    [
      'another key of a Secret of all',
      store(secret('all', 'db-password')) + app('web', { env: secret('all', 'jwt') }),
      [],
    ],
    [
      'a Secret called after the store',
      store(secret('db-login', 'password')) + app('web', { env: secret('db-login', 'user') }),
      ['web > db'],
    ],
    [
      'one that two stores take',
      store(secret('x', 'p')) +
        app('mysql', { image: 'mysql:8', env: secret('x', 'p') }) +
        app('web', { env: secret('x', 'p') }),
      [],
    ],
    [
      'CloudNativePG',
      object('postgresql.cnpg.io/v1', 'Cluster', 'orders', 'spec: {}') +
        app('web', { env: secret('orders-app', 'uri') }),
      ['web > orders'],
    ],
    [
      'Crunchy',
      object('postgres-operator.crunchydata.com/v1beta1', 'PostgresCluster', 'hippo', 'spec: {}') +
        app('web', { env: secret('hippo-pguser-web', 'uri') }),
      ['web > hippo'],
    ],
    [
      'RabbitMQ',
      object('rabbitmq.com/v1beta1', 'RabbitmqCluster', 'bus', 'spec: {}') +
        app('web', { env: secret('bus-default-user', 'host') }),
      ['web > bus'],
    ],
  ])('%s', (_, text, wanted) => {
    expect(build(text).edges.map(edge => `${edge.from} > ${edge.to}`)).toEqual(wanted)
  })
})

describe('resources that tell who asks whom', () => {
  test('what scales by a queue works it off; what scales by a metric does not call Prometheus', () => {
    const topology = build(
      app('worker'),
      app('rabbit', { image: 'rabbitmq:3' }),
      app('prometheus', { image: 'prom/prometheus:v2' }),
      object(
        'keda.sh/v1alpha1',
        'ScaledObject',
        's',
        'spec: {scaleTargetRef: {name: worker}, triggers: [{type: rabbitmq, metadata: {host: "amqp://u:p@rabbit:5672/x"}}, {type: prometheus, metadata: {serverAddress: "http://prometheus:80"}}]}',
      ),
    )
    expect(edges(topology)).toEqual(['worker > rabbit amqp app'])
  })

  test('ServiceMonitors are telemetry', () => {
    const topology = build(
      app('cart', { labels: ', watched: "yes"' }),
      app('web'),
      app('prometheus', { image: 'prom/prometheus:v2' }),
      object(
        'monitoring.coreos.com/v1',
        'ServiceMonitor',
        'm',
        'spec: {selector: {matchLabels: {watched: "yes"}}, endpoints: [{port: http}]}',
      ),
    )
    expect(edges(topology)).toEqual(['prometheus > cart http telemetry'])
  })

  test('a Knative broker sends to who subscribes', () => {
    const topology = build(
      app('cart'),
      object('eventing.knative.dev/v1', 'Broker', 'events', 'spec: {}'),
      object(
        'eventing.knative.dev/v1',
        'Trigger',
        't',
        'spec: {broker: events, subscriber: {ref: {apiVersion: v1, kind: Service, name: cart}}}',
      ),
    )
    expect(edges(topology)).toEqual(['events > cart http app'])
  })

  test('what a SinkBinding is bound to sends there', () => {
    const bound = (kind: string, name: string) =>
      object(
        'sources.knative.dev/v1',
        'SinkBinding',
        `to-${name}`,
        `spec: {subject: {apiVersion: apps/v1, kind: Deployment, name: web}, sink: {ref: {kind: ${kind}, name: ${name}}}}`,
      )
    const topology = build(
      app('web'),
      app('cart'),
      object('eventing.knative.dev/v1', 'Broker', 'events', 'spec: {}'),
      bound('Broker', 'events'),
      bound('Service', 'cart'),
    )
    expect(edges(topology)).toEqual(['web > cart http app', 'web > events http app'])
  })
})

describe('Dapr', () => {
  const dapr = (id: string) => ({
    annotations: `dapr.io/enabled: "true", dapr.io/app-id: ${id}, dapr.io/config: ${id}-config`,
  })
  const component = (name: string, type: string, metadata: string, rest = '') =>
    object('dapr.io/v1alpha1', 'Component', name, `spec: {type: ${type}, version: v1, metadata: [${metadata}]}${rest}`)
  test('sidecars send their traces where their configuration says', () => {
    const topology = build(
      app('orders', dapr('order-app')),
      app('cart', dapr('cart-app')),
      app('zipkin', { image: 'openzipkin/zipkin' }),
      object(
        'dapr.io/v1alpha1',
        'Configuration',
        'order-app-config',
        'spec: {tracing: {samplingRate: "1", zipkin: {endpointAddress: "http://zipkin:8080/api/v2/spans"}}}',
      ),
    )
    expect(edges(topology)).toEqual(['orders > zipkin http telemetry'])
  })

  test('a variable that names a component tells who uses it', () => {
    const env = '{name: PUBSUB_NAME, value: pubsub}, {name: TITLE, value: statestore}'
    const topology = build(
      app('orders', { ...dapr('order-app'), env }),
      app('cart', dapr('cart-app')),
      component('statestore', 'state.redis', ''),
      component('pubsub', 'pubsub.redis', ''),
    )
    expect(edges(topology)).toEqual(['orders > pubsub http app'])
  })

  test('components keep their state in stores; apps use those they are scoped to', () => {
    const topology = build(
      app('orders', dapr('order-app')),
      app('cart', dapr('cart-app')),
      app('redis', { image: 'redis:7' }),
      component(
        'statestore',
        'state.redis',
        '{name: redisHost, value: "redis:6379"}, {name: redisPassword, value: hunter2}',
        '\nscopes: [order-app]',
      ),
      component('pubsub', 'pubsub.kafka', '{name: brokers, value: "kafka.acme.com:9092"}'),
      component('tick', 'bindings.cron', '{name: schedule, value: "@every 15m"}'),
      object(
        'dapr.io/v1alpha1',
        'Subscription',
        's',
        'spec: {topic: t, route: /t, pubsubname: pubsub}\nscopes: [cart-app]',
      ),
      object(
        'dapr.io/v1alpha1',
        'Configuration',
        'cart-app-config',
        'spec: {accessControl: {defaultAction: deny, policies: [{appId: order-app, defaultAction: allow}]}}',
      ),
    )
    expect(edges(topology)).toEqual([
      'cart > pubsub http app',
      'orders > cart http app',
      'orders > statestore http app',
      'pubsub > kafka.acme.com kafka backing',
      'statestore > redis redis backing',
    ])
    expect(topology.nodes.map(node => `${node.id} ${node.kind}`)).toEqual([
      'cart service',
      'kafka.acme.com queue',
      'orders service',
      'pubsub queue',
      'redis datastore',
      'statestore datastore',
    ])
    expect(JSON.stringify(topology)).not.toContain('hunter2')
  })
})
