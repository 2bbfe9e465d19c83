import { listAt, type Manifest, objectAt, textAt } from '../manifests/manifest.ts'
import type { Technology } from './recognise-technology.ts'

/** Names in cluster DNS that an operator makes for a custom resource, and what answers there. */
export type Made = {
  readonly names: readonly string[]
  /** Absent where workloads of this environment answer: `target` says which. */
  readonly technology?: Technology
  readonly target?: { readonly kind: string; readonly name: string }
}

const store = (name: string, protocol = name): Technology => ({ name, kind: 'datastore', protocol })
const queue = (name: string, protocol = name): Technology => ({ name, kind: 'queue', protocol })
const watcher = (name: string): Technology => ({ name, kind: 'service', telemetry: true })
const program = (name: string): Technology => ({ name, kind: 'service', protocol: 'http' })

const postgres = store('postgresql')
const redis = store('redis')
const elastic = store('elasticsearch', 'http')

/**
 * By `group kind`: what is made, and the endings of the names it answers to, as each operator documents them (`''` is
 * the resource's own name; `$` stands for that name inside a longer one).
 */
const makers: { readonly [groupAndKind: string]: readonly [Technology, ...string[]] } = {
  'postgresql.cnpg.io Cluster': [postgres, '-rw', '-ro', '-r'],
  'postgresql.cnpg.io Pooler': [postgres, ''],
  'acid.zalan.do postgresql': [postgres, '', '-repl', '-pooler', '-pooler-repl'],
  'postgres-operator.crunchydata.com PostgresCluster': [postgres, '-primary', '-ha', '-replicas', '-pgbouncer'],
  'pgv2.percona.com PerconaPGCluster': [postgres, '-primary', '-ha', '-replicas', '-pgbouncer'],
  'stackgres.io SGCluster': [postgres, '', '-primary', '-replicas'],
  'pxc.percona.com PerconaXtraDBCluster': [store('mysql'), '-haproxy', '-haproxy-replicas', '-proxysql', '-pxc'],
  'ps.percona.com PerconaServerMySQL': [store('mysql'), '-mysql', '-mysql-primary', '-haproxy', '-router'],
  'mysql.oracle.com InnoDBCluster': [store('mysql'), '', '-instances'],
  'k8s.mariadb.com MariaDB': [store('mariadb', 'mysql'), '', '-primary', '-secondary', '-internal'],
  'k8s.mariadb.com MaxScale': [store('mariadb', 'mysql'), '', '-internal'],
  'psmdb.percona.com PerconaServerMongoDB': [store('mongodb'), '-rs0', '-mongos', '-cfg'],
  'mongodbcommunity.mongodb.com MongoDBCommunity': [store('mongodb'), '-svc'],
  'mongodb.com MongoDB': [store('mongodb'), '-svc'],
  'databases.spotahome.com RedisFailover': [redis, 'rfs-$', 'rfrm-$', 'rfrs-$', 'rfr-$'],
  'redis.redis.opstreelabs.in Redis': [redis, '', '-headless', '-additional'],
  'redis.redis.opstreelabs.in RedisCluster': [redis, '', '-leader', '-follower', '-master', '-leader-headless'],
  'redis.redis.opstreelabs.in RedisReplication': [redis, '', '-master', '-replica', '-headless'],
  'redis.redis.opstreelabs.in RedisSentinel': [redis, '-sentinel', ''],
  'app.redislabs.com RedisEnterpriseDatabase': [redis, ''],
  'dragonflydb.io Dragonfly': [redis, ''],
  'cache.kubedb.com Memcached': [store('memcached'), ''],
  'rabbitmq.com RabbitmqCluster': [queue('rabbitmq', 'amqp'), '', '-nodes'],
  'kafka.strimzi.io Kafka': [
    queue('kafka'),
    '-kafka-bootstrap',
    '-kafka-brokers',
    '-kafka-external-bootstrap',
    '-zookeeper-client',
  ],
  'kafka.strimzi.io KafkaConnect': [program('kafka-connect'), '-connect-api'],
  'kafka.strimzi.io KafkaBridge': [program('kafka-bridge'), '-bridge-service'],
  'kafka.strimzi.io KafkaMirrorMaker2': [program('kafka-mirror'), '-mirrormaker2-api'],
  'platform.confluent.io Kafka': [queue('kafka'), ''],
  'cluster.redpanda.com Redpanda': [queue('kafka'), '', '-external'],
  'nats.io NatsCluster': [queue('nats'), ''],
  'activemq.apache.org ActiveMQArtemis': [queue('activemq', 'amqp'), '-hdls-svc', '-all-0-svc'],
  'elasticsearch.k8s.elastic.co Elasticsearch': [elastic, '-es-http', '-es-internal-http', '-es-transport'],
  'opensearch.opster.io OpenSearchCluster': [elastic, ''],
  'kibana.k8s.elastic.co Kibana': [watcher('kibana'), '-kb-http'],
  'apm.k8s.elastic.co ApmServer': [watcher('apm-server'), '-apm-http'],
  'cassandra.datastax.com CassandraDatacenter': [store('cassandra'), '-service'],
  'scylla.scylladb.com ScyllaCluster': [store('cassandra'), '-client'],
  'clickhouse.altinity.com ClickHouseInstallation': [store('clickhouse'), 'clickhouse-$', 'chi-$'],
  'crdb.cockroachlabs.com CrdbCluster': [store('cockroachdb', 'postgresql'), '-public', ''],
  'minio.min.io Tenant': [store('minio', 'http'), '-hl', '-console', ''],
  'solr.apache.org SolrCloud': [store('solr', 'http'), '-solrcloud-common', '-solrcloud-headless'],
  'zookeeper.pravega.io ZookeeperCluster': [
    { name: 'zookeeper', kind: 'service', infra: true },
    '-client',
    '-headless',
  ],
  'k8s.keycloak.org Keycloak': [program('keycloak'), '-service', '-discovery'],
  'keycloak.org Keycloak': [program('keycloak'), 'keycloak'],
  'jaegertracing.io Jaeger': [watcher('jaeger'), '-collector', '-query', '-agent', '-collector-headless'],
  'opentelemetry.io OpenTelemetryCollector': [watcher('opentelemetry'), '-collector', '-collector-headless'],
  'grafana.integreatly.org Grafana': [watcher('grafana'), '-service'],
  'tempo.grafana.com TempoStack': [watcher('tempo'), 'tempo-$-distributor', 'tempo-$-query-frontend'],
  'monitoring.coreos.com Prometheus': [watcher('prometheus'), '', 'prometheus-operated'],
  'monitoring.coreos.com Alertmanager': [watcher('prometheus'), 'alertmanager-operated'],
}

/** KubeDB gives each of its kinds a Service of the resource's own name. */
const kubedb: { readonly [kind: string]: Technology } = {
  Postgres: postgres,
  MySQL: store('mysql'),
  MariaDB: store('mariadb', 'mysql'),
  MongoDB: store('mongodb'),
  Redis: redis,
  Elasticsearch: elastic,
  Kafka: queue('kafka'),
  RabbitMQ: queue('rabbitmq', 'amqp'),
  Memcached: store('memcached'),
}

/** What an operator makes of a custom resource that others can reach by name; undefined where that is not known. */
export function madeBy(manifest: Manifest): Made | undefined {
  // Kubernetes' own kinds are most of all objects, and no operator's.
  if (!manifest.group.includes('.') || manifest.group.endsWith('.k8s.io')) return undefined
  let made = known.get(manifest)
  if (made === undefined) {
    made = findMade(manifest) ?? null
    known.set(manifest, made)
  }
  return made ?? undefined
}
const known = new WeakMap<Manifest, Made | null>()

function findMade(manifest: Manifest): Made | undefined {
  const { group, kind, name, value } = manifest
  if (group === 'flagger.app' && kind === 'Canary') {
    const target = objectAt(value, 'spec', 'targetRef')
    const workload = textAt(target, 'name')
    if (workload === undefined) return undefined
    const service = textAt(value, 'spec', 'service', 'name') ?? workload
    return {
      names: [service, `${service}-primary`, `${service}-canary`],
      target: { kind: textAt(target, 'kind') ?? 'Deployment', name: workload },
    }
  }
  if (group === 'kubedb.com' && Object.hasOwn(kubedb, kind))
    return { names: [name, `${name}-pods`, `${name}-standby`, `${name}-stats`], technology: kubedb[kind]! }
  if (kind === 'CassandraDatacenter') {
    const cluster = (textAt(value, 'spec', 'clusterName') ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '')
    return {
      names: [`${cluster}-${name}-service`, `${cluster}-${name}-all-pods-service`],
      technology: store('cassandra'),
    }
  }
  const maker = makers[`${group} ${kind}`]
  if (!maker || !Object.hasOwn(makers, `${group} ${kind}`)) return undefined
  const [technology, ...endings] = maker
  const given = [
    textAt(value, 'spec', 'general', 'serviceName'),
    ...listAt(value, 'spec', 'managed', 'services', 'additional').map(item =>
      textAt(item, 'serviceTemplate', 'metadata', 'name'),
    ),
    ...listAt(value, 'spec', 'replsets').map(item => `${name}-${textAt(item, 'name') ?? 'rs0'}`),
    ...listAt(value, 'spec', 'kafka', 'listeners').map(item => `${name}-kafka-${textAt(item, 'name')}-bootstrap`),
    ...listAt(value, 'spec', 'nodeSets').map(item => `${name}-es-${textAt(item, 'name')}`),
  ].filter(text => text !== undefined)
  const names = endings.map(ending =>
    ending.includes('$')
      ? ending.replace('$', name)
      : ending === '' || ending.startsWith('-')
        ? `${name}${ending}`
        : ending,
  )
  return { names: [...new Set([...names, ...given])], technology }
}
