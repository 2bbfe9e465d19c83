import { imageReference } from '../manifests/image-reference.ts'
import type { NodeKind } from './topology.ts'

/** What a container is, as far as its image, ports and name tell. */
export type Technology = {
  readonly name: string
  readonly kind: 'datastore' | 'queue' | 'gateway' | 'service'
  /** What is spoken to it, in OpenTelemetry's words. */
  readonly protocol?: string
  /** Part of watching the system, not of its work. */
  readonly telemetry?: true
  /** Discovery, configuration, flags. */
  readonly infra?: true
}

const store = (name: string, protocol = name): Technology => ({ name, kind: 'datastore', protocol })
const queue = (name: string, protocol = name): Technology => ({ name, kind: 'queue', protocol })
const gateway = (name: string): Technology => ({ name, kind: 'gateway', protocol: 'http' })
const telemetry = (name: string): Technology => ({ name, kind: 'service', telemetry: true })
const infra = (name: string, protocol?: string): Technology => ({
  name,
  kind: 'service',
  infra: true,
  ...(protocol && { protocol }),
})

/** First words of an image's last path segment (`bitnami/postgresql-repmgr:16` → `postgresql`). */
const byImage: readonly (readonly [RegExp, Technology])[] = [
  [/^(postgres|postgresql|postgis|timescaledb|timescaledb-ha|spilo|pgvector|alloydbomni)$/, store('postgresql')],
  [/^(mysql|percona|percona-server|percona-xtradb-cluster)$/, store('mysql')],
  [/^(mariadb|mariadb-galera)$/, store('mariadb', 'mysql')],
  [/^(mongo|mongodb|ferretdb)$/, store('mongodb')],
  [/^(redis|redis-stack|keydb|dragonfly)$/, store('redis')],
  [/^valkey$/, store('valkey', 'redis')],
  [/^memcached$/, store('memcached')],
  [/^(cassandra|scylla)$/, store('cassandra')],
  [/^elasticsearch$/, store('elasticsearch', 'http')],
  [/^opensearch$/, store('opensearch', 'http')],
  [/^(influxdb)$/, store('influxdb', 'http')],
  [/^clickhouse$/, store('clickhouse')],
  [/^(cockroach|cockroachdb|yugabyte)$/, store('cockroachdb', 'postgresql')],
  [/^(mssql|azure-sql-edge|sqlserver)$/, store('mssql')],
  [/^(oracle|oracle-xe|oracle-free)$/, store('oracle')],
  [
    /^(neo4j|arangodb|couchdb|couchbase|rethinkdb|surrealdb|dgraph|tidb|typesense|meilisearch|solr|qdrant|weaviate|milvus|chroma|eventstore|hazelcast|ignite|aerospike|tarantool|db2|questdb|orientdb|spanner|firestore|azurite|localstack)$/,
    store('database', 'tcp'),
  ],
  [/^(minio|seaweedfs)$/, store('minio', 'http')],
  [/^(dynamodb-local|dynamodb)$/, store('dynamodb', 'http')],
  [/^etcd$/, store('etcd', 'grpc')],
  [/^(rabbitmq|lavinmq)$/, queue('rabbitmq', 'amqp')],
  [/^(activemq|activemq-artemis|artemis)$/, queue('activemq', 'amqp')],
  [/^(kafka|cp-kafka|cp-server|redpanda|kafka-native)$/, queue('kafka')],
  [/^(nats|nats-streaming)$/, queue('nats')],
  [/^(pulsar|pulsar-all)$/, queue('pulsar')],
  [/^(mosquitto|eclipse-mosquitto|emqx|hivemq|vernemq)$/, queue('mqtt')],
  [/^(nsqd|beanstalkd|elasticmq|gearmand|rocketmq|pubsub|servicebus)$/, queue('queue', 'tcp')],
  [
    /^(traefik|kong|apisix|tyk-gateway|krakend|haproxy|emissary|gloo|ambassador|openresty-gateway)$/,
    gateway('gateway'),
  ],
  [/^(ingress-nginx|nginx-ingress|kubernetes-ingress|envoy-gateway|envoy)$/, gateway('envoy')],
  [/^(jaeger|all-in-one|jaeger-all-in-one)$/, telemetry('jaeger')],
  [/^zipkin(-slim)?$/, telemetry('zipkin')],
  [/^(opentelemetry-collector|opentelemetry-collector-contrib|otel-collector|otelcol)$/, telemetry('opentelemetry')],
  [/^(prometheus|victoria-metrics|vmagent|thanos|mimir|cortex|alertmanager)$/, telemetry('prometheus')],
  [/^(grafana|grafana-oss|grafana-enterprise|kibana)$/, telemetry('grafana')],
  [
    /^(loki|promtail|tempo|fluentd|fluent-bit|fluentbit|vector|logstash|filebeat|metricbeat|heartbeat|apm-server|telegraf|statsd|heapster|alloy|pyroscope|skywalking|signoz|kiali|datadog|newrelic|dynatrace|seq|graylog)$/,
    telemetry('logging'),
  ],
  [/^(node-exporter|kube-state-metrics|cadvisor|blackbox-exporter)$/, telemetry('exporter')],
  [/^(consul)$/, infra('consul', 'http')],
  [/^(eureka|eureka-server|config-server|discovery-server|nacos|apollo-configservice)$/, infra('discovery', 'http')],
  [/^(zookeeper|cp-zookeeper)$/, infra('zookeeper', 'tcp')],
  [/^(flagd|unleash-server|flipt)$/, infra('flags', 'grpc')],
  [/^(vault|schema-registry|cp-schema-registry|apicurio|karapace)$/, infra('registry', 'http')],
  [/^nginx(-unprivileged)?$/, { name: 'nginx', kind: 'service', protocol: 'http' }],
  [/^(httpd|caddy)$/, { name: 'httpd', kind: 'service', protocol: 'http' }],
]

/** An image whose name holds one of these works with the thing, and is not the thing. */
const notTheThing =
  /(^|[-_.])(exporter|ui|operator|client|admin|proxy|backup|init|initdb|commander|express|manager|console|insight|dashboard|ctl|cli|adapter|sidecar|migrations?|migrate|seed|tools?|connect|mirror|import|populate|bouncer|myadmin)($|[-_.])/

/** IANA and customary ports of what is no plain web service. */
const byPort: { readonly [port: number]: Technology } = {
  5432: store('postgresql'),
  3306: store('mysql'),
  27017: store('mongodb'),
  6379: store('redis'),
  11211: store('memcached'),
  9042: store('cassandra'),
  1433: store('mssql'),
  1521: store('oracle'),
  26257: store('cockroachdb', 'postgresql'),
  5672: queue('rabbitmq', 'amqp'),
  5671: queue('rabbitmq', 'amqp'),
  9092: queue('kafka'),
  4222: queue('nats'),
  1883: queue('mqtt'),
  6650: queue('pulsar'),
}

/** Ports that say which protocol is spoken, beyond those of {@link byPort}. */
const protocolByPort: { readonly [port: number]: string } = {
  80: 'http',
  443: 'https',
  8080: 'http',
  8000: 'http',
  3000: 'http',
  8443: 'https',
  9411: 'http',
  4317: 'grpc',
  4318: 'http',
  50051: 'grpc',
  2181: 'tcp',
  9200: 'http',
  9000: 'tcp',
  25: 'smtp',
  587: 'smtp',
  1025: 'smtp',
  53: 'dns',
  22: 'ssh',
  389: 'ldap',
}

export const technologyOfPort = (port: number | undefined): Technology | undefined =>
  port === undefined ? undefined : byPort[port]
export const protocolOfPort = (port: number | undefined): string | undefined =>
  port === undefined ? undefined : (byPort[port]?.protocol ?? protocolByPort[port])

/** The last path segment of an image without tag and digest, in lower case: `ghcr.io/acme/Cart:1.2@sha256:…` → `cart`. */
export const imageName = (image: string): string => imageReference(image).name.toLowerCase()

/** Names of groups; what was recognised is then the word itself. */
const groups = new Set(['database', 'queue', 'gateway', 'logging', 'discovery', 'flags', 'registry'])

function technologyCalled(name: string): Technology | undefined {
  const found = byImage.find(([pattern]) => pattern.test(name))?.[1]
  return found && groups.has(found.name) ? { ...found, name } : found
}

/** Last segments that say nothing without the one before: `mssql/server`, `database/express`, `datadog/agent`. */
const ofBefore = /^(server|database|community|enterprise|express|free|standalone|agent|broker|all)$/

/** Recognised from the image alone. `redis-alpine` is Redis; `redis-exporter` is not. */
export function technologyOfImage(image: string): Technology | undefined {
  const last = imageName(image)
  const before = ofBefore.test(last) ? imageReference(image).repository.split('/').at(-2)?.toLowerCase() : undefined
  const name = before === undefined ? last : before === 'database' ? 'oracle' : before
  if (/(node-exporter|kube-state-metrics|blackbox-exporter)/.test(name)) return telemetry('exporter')
  if (notTheThing.test(name)) {
    return technologyCalled(name)
  }
  const words = name.split(/[-_]/)
  for (let count = words.length; count > 0; count -= 1) {
    const start = words.slice(0, count).join('-')
    const found = technologyCalled(start)
    if (found) return found
  }
  return undefined
}

/**
 * What a workload is: by the image of its first container, else by a well-known port it listens on where its name
 * does not speak against it, else by a name that ends in `-db`, `-cache`, `-queue`.
 */
export function technologyOf(
  name: string,
  images: readonly string[],
  ports: readonly number[],
): { readonly kind: NodeKind; readonly technology?: Technology } {
  for (const image of images.slice(0, 2)) {
    const found = technologyOfImage(image)
    // A second container that is a store beside an application is its sidecar.
    if (found && (image === images[0] || imageName(image) === name)) return { kind: found.kind, technology: found }
  }
  if (!notTheThing.test(images[0] === undefined ? name : imageName(images[0]))) {
    const found = ports.map(technologyOfPort).find(technology => technology !== undefined)
    if (found) return { kind: found.kind, technology: found }
  }
  if (/(^|[-_.])(db|database|postgres|postgresql|mysql|mongo|mongodb|redis)\d*$/.test(name))
    return { kind: 'datastore' }
  if (/(^|[-_.])(queue|kafka|rabbitmq|nats)$/.test(name) && !/(work|service|consumer)/.test(name))
    return { kind: 'queue' }
  return { kind: 'service' }
}

const schemes: { readonly [scheme: string]: string } = {
  http: 'http',
  https: 'https',
  ws: 'websocket',
  wss: 'websocket',
  grpc: 'grpc',
  grpcs: 'grpc',
  dns: 'grpc',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pgsql: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  mongodb: 'mongodb',
  redis: 'redis',
  rediss: 'redis',
  valkey: 'redis',
  amqp: 'amqp',
  amqps: 'amqp',
  nats: 'nats',
  kafka: 'kafka',
  mqtt: 'mqtt',
  mqtts: 'mqtt',
  sqlserver: 'mssql',
  mssql: 'mssql',
  oracle: 'oracle',
  cassandra: 'cassandra',
  clickhouse: 'clickhouse',
  memcached: 'memcached',
  pulsar: 'pulsar',
  smtp: 'smtp',
  smtps: 'smtp',
  ldap: 'ldap',
  ldaps: 'ldap',
  bolt: 'neo4j',
  neo4j: 'neo4j',
}

/** Protocol of a URL's scheme; `mongodb+srv` and `postgresql+asyncpg` count as their first part. */
export const protocolOfScheme = (scheme: string | undefined): string | undefined =>
  scheme === undefined ? undefined : schemes[scheme.toLowerCase().split('+')[0]!]

const stores = new Set([
  'postgresql',
  'mysql',
  'mongodb',
  'redis',
  'mssql',
  'oracle',
  'cassandra',
  'clickhouse',
  'memcached',
  'neo4j',
])
const queues = new Set(['amqp', 'kafka', 'nats', 'mqtt', 'pulsar'])
/** What kind of thing is at the other end, when only the protocol is known. */
export const kindOfProtocol = (protocol: string | undefined): 'datastore' | 'queue' | undefined =>
  protocol === undefined ? undefined : stores.has(protocol) ? 'datastore' : queues.has(protocol) ? 'queue' : undefined

/** Protocol of a Service port's name or `appProtocol` (Kubernetes and Istio: `<protocol>[-<suffix>]`). */
export function protocolOfPortName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const word = name
    .toLowerCase()
    .replace(/^kubernetes\.io\//, '')
    .split(/[-_/]/)[0]!
  const known: { readonly [word: string]: string } = {
    http: 'http',
    http1: 'http',
    http2: 'http',
    h2c: 'http',
    https: 'https',
    web: 'http',
    grpc: 'grpc',
    grpcs: 'grpc',
    mongo: 'mongodb',
    mongodb: 'mongodb',
    redis: 'redis',
    mysql: 'mysql',
    postgres: 'postgresql',
    postgresql: 'postgresql',
    psql: 'postgresql',
    pg: 'postgresql',
    amqp: 'amqp',
    kafka: 'kafka',
    nats: 'nats',
    mqtt: 'mqtt',
    ws: 'websocket',
    wss: 'websocket',
  }
  return Object.hasOwn(known, word) ? known[word] : undefined
}
