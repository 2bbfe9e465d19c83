import type { NodeKind } from '../../../../shared/topology/topology.ts'
import styles from './kind-glyph.module.css'

/** Outlines of 28 by 28: the shape says the kind, the letters in it what was recognised. */
const outlines: Record<NodeKind, { readonly paths: readonly string[]; readonly letters: number }> = {
  service: { paths: ['M14 2.6 23.9 8.3V19.7L14 25.4 4.1 19.7V8.3Z'], letters: 17.6 },
  datastore: {
    paths: [
      'M4.5 6.6c0-2 4.2-3.6 9.5-3.6s9.5 1.6 9.5 3.6v14.8c0 2-4.2 3.6-9.5 3.6s-9.5-1.6-9.5-3.6Z',
      'M4.5 6.6c0 2 4.2 3.6 9.5 3.6s9.5-1.6 9.5-3.6',
    ],
    letters: 20.4,
  },
  queue: { paths: ['M6.5 6.5h15a5 7.5 0 0 1 0 15h-15a5 7.5 0 0 1 0-15Z'], letters: 17.6 },
  gateway: { paths: ['M3 8.5 14 2.8 25 8.5V25H3Z'], letters: 19 },
  external: {
    paths: ['M9 23a5.8 5.8 0 0 1-1.2-11.5A7.2 7.2 0 0 1 21.6 10 6.6 6.6 0 0 1 20.4 23Z'],
    letters: 19.2,
  },
  edge: {
    paths: ['M5 11.5h18v12H5Z', 'M14 11.5V7', 'M9.6 6.8a6 6 0 0 1 8.8 0', 'M6.8 4a10 10 0 0 1 14.4 0'],
    letters: 20.6,
  },
}
/** What stands inside a shape that has no letters. */
const marks: Partial<Record<NodeKind, string>> = {
  service: 'M14 10.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6Z',
  datastore: 'M4.5 14c0 2 4.2 3.6 9.5 3.6s9.5-1.6 9.5-3.6',
  queue: 'M9 11v6M14 11v6M19 11v6',
  gateway: 'M8.5 25v-8h11v8',
  external: '',
  edge: 'M8.5 19.5h3M8.5 16h7',
}
const monograms: Readonly<Record<string, string>> = {
  postgresql: 'Pg',
  postgres: 'Pg',
  mysql: 'My',
  mariadb: 'Ma',
  mongodb: 'Mg',
  redis: 'Rd',
  valkey: 'Vk',
  memcached: 'Mc',
  cassandra: 'Ca',
  elasticsearch: 'Es',
  opensearch: 'Os',
  etcd: 'Et',
  minio: 'S3',
  s3: 'S3',
  spanner: 'Sp',
  cockroachdb: 'Cr',
  clickhouse: 'Ch',
  influxdb: 'If',
  kafka: 'Kf',
  nats: 'Nt',
  rabbitmq: 'Rb',
  amqp: 'Mq',
  pulsar: 'Pu',
  mqtt: 'Mq',
  mosquitto: 'Mq',
  nginx: 'Nx',
  envoy: 'Ev',
  traefik: 'Tr',
  haproxy: 'Ha',
  istio: 'Is',
  kong: 'Kg',
  prometheus: 'Pm',
  grafana: 'Gf',
  jaeger: 'Jg',
  zipkin: 'Zk',
  opentelemetry: 'Ot',
  'opentelemetry-collector': 'Ot',
}

/** Two letters of a technology: its usual short form, else how it begins. */
export const monogram = (technology: string): string => {
  const known = monograms[technology.toLowerCase()]
  if (known) return known
  const letters = technology.replace(/[^a-z0-9]/gi, '')
  return letters.slice(0, 1).toUpperCase() + letters.slice(1, 2).toLowerCase()
}

export function KindGlyph({
  kind,
  technology,
  size = 28,
}: {
  kind: NodeKind
  technology?: string | undefined
  size?: number
}) {
  const { paths, letters } = outlines[kind]
  return (
    <svg className={styles['glyph']} data-kind={kind} width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      {paths.map(path => (
        <path key={path} d={path} />
      ))}
      {technology ? (
        <text x="14" y={letters} textAnchor="middle">
          {monogram(technology)}
        </text>
      ) : (
        marks[kind] && <path d={marks[kind]} className={styles['mark']} />
      )}
    </svg>
  )
}
