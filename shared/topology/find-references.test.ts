import { describe, expect, test } from 'vitest'
import { type Reference, referencesOfCommand, referencesOfPair } from './find-references.ts'

const told = (references: readonly Reference[]) =>
  references.map(({ scheme, host, port }) => `${scheme ? `${scheme}://` : ''}${host}${port ? `:${port}` : ''}`)

describe('addresses as the drivers of the world write them', () => {
  test.each<[key: string, value: string, wanted: string[]]>([
    [
      'DATABASE_URL',
      'postgres://$(DB_USER):$(DB_PASSWORD)@orders-db:5432/orders?sslmode=disable',
      ['postgres://orders-db:5432'],
    ],
    ['DATABASE_URL', 'postgresql+asyncpg://u:p@ss@db/x', ['postgresql+asyncpg://db']],
    ['DB', 'jdbc:mysql://mysql:3306/x?useSSL=false', ['mysql://mysql:3306']],
    ['DB', 'jdbc:sqlserver://sql:1433;databaseName=x;user=sa', ['sqlserver://sql:1433']],
    ['DB', 'jdbc:oracle:thin:@ora:1521:XE', ['oracle://ora:1521']],
    ['DB', 'jdbc:oracle:thin:@//ora:1521/XE', ['oracle://ora:1521']],
    ['DB', 'r2dbc:postgresql://db:5432/x', ['postgresql://db:5432']],
    ['PDO_URL', 'mysql:host=mysql;dbname=ratings;charset=utf8mb4', ['mysql://mysql']],
    ['DSN', 'host=db port=5432 user=app password=x dbname=y', ['db:5432']],
    ['DSN', 'app:secret@tcp(mysql:3306)/shop?parseTime=true', ['mysql:3306']],
    ['ConnectionStrings__Default', 'Server=tcp:sql,1433;Database=x;User Id=sa', ['sql:1433']],
    ['ConnectionStrings__Default', 'Data Source=sql;Initial Catalog=x', ['sql']],
    ['ConnectionStrings__Redis', 'basket:6379,password=x,ssl=False', ['basket:6379']],
    [
      'MONGO_URI',
      'mongodb://u:p@mongo-0.mongo:27017,mongo-1.mongo:27017/x?replicaSet=rs0',
      ['mongodb://mongo-0.mongo:27017', 'mongodb://mongo-1.mongo:27017'],
    ],
    ['RABBIT', 'amqp://$(U):$(P)@rabbit:5672/%2f', ['amqp://rabbit:5672']],
    ['URLS', 'http://a:80,http://b:81', ['http://a:80', 'http://b:81']],
    ['UPSTREAMS', 'cart=http://cart:80;orders=http://orders:81/x', ['http://cart:80', 'http://orders:81']],
    ['KAFKA_BOOTSTRAP_SERVERS', 'kafka-0.kafka:9092,kafka-1.kafka:9092', ['kafka-0.kafka:9092', 'kafka-1.kafka:9092']],
    ['KAFKA_BROKERS', 'PLAINTEXT://kafka:9092', ['plaintext://kafka:9092']],
    ['spring.kafka.bootstrap-servers', 'kafka:9092', ['kafka:9092']],
    ['CART_TARGET', 'dns:///cart.shop.svc.cluster.local:50051', ['dns://cart.shop.svc.cluster.local:50051']],
    ['CART_TARGET', 'dns://8.8.8.8/cart:50051', ['dns://cart:50051']],
    ['CART_TARGET', 'dns:cart:50051', ['dns://cart:50051']],
    ['CART_TARGET', 'kubernetes:///cart.shop:grpc', ['kubernetes://cart.shop']],
    [
      'NATS',
      'nats://nats-0.nats:4222, nats://nats-1.nats:4222',
      ['nats://nats-0.nats:4222', 'nats://nats-1.nats:4222'],
    ],
    ['ELASTIC', '["http://es:9200"]', ['http://es:9200']],
    ['CART_URL', 'http://cart.shop.svc.cluster.local./x', ['http://cart.shop.svc.cluster.local']],
    ['cartServiceHost', 'cart', ['cart']],
    ['Services__Cart__Url', 'http://cart', ['http://cart']],
    ['ReverseProxy__Clusters__cart__Destinations__d1__Address', 'http://cart:8080/', ['http://cart:8080']],
    ['NEXT_PUBLIC_API_URL', 'http://api:8080', ['http://api:8080']],
    ['JWT_ISSUER', 'http://identity', ['http://identity']],
    ['CORS_ALLOWED_ORIGINS', 'http://web:3000', []],
    ['OAUTH_REDIRECT_URL', 'http://web/callback', []],
    ['KAFKA_ADVERTISED_LISTENERS', 'PLAINTEXT://kafka:9092', []],
    ['HELP_URL', 'https://acme.com/help', []],
    ['CSRF_TRUSTED_ORIGINS', 'http://web:3000', []],
    ['PROMPT', 'Fetch http://cart and summarise', []],
    ['MLLP', 'hl7.lab.com:6661', ['hl7.lab.com:6661']],
    ['DOCS_URL', 'http://docs/guide', []],
    ['NEXT_PUBLIC_DOCS', 'http://search/docs', []],
    ['DOCS_URL', 'http://documents:8080', ['http://documents:8080']],
    ['DOCS_API_URL', 'http://search', ['http://search']],
    ['TRACKING_PIXEL', 'https://px.acme.com/t.gif', []],
    ['SCHEMA_REGISTRY_URL', 'http://registry:8081', ['http://registry:8081']],
    ['IMAGE', 'redis:6379', []],
    ['OTEL_SERVICE_NAME', 'cart', []],
    ['TZ', 'Europe/Berlin', []],
    ['LOG_LEVEL', 'info', []],
    ['JAVA_OPTS', '-Xmx512m -Dcart.url=http://cart:8080', ['http://cart:8080']],
  ])('%s=%s', (key, value, wanted) => {
    expect(told(referencesOfPair(key, value)).sort()).toEqual([...wanted].sort())
  })

  test.each<[string[], string[]]>([
    [['sh', '-c', 'until nc -z db 5432; do sleep 1; done'], ['db:5432']],
    [['sh', '-c', 'until pg_isready -h db -p 5432; do sleep 1; done'], ['db']],
    [['sh', '-c', 'until curl -sf http://config:8888/health; do sleep 2; done'], ['http://config:8888']],
    [['sh', '-c', 'until getent hosts kafka; do sleep 2; done'], ['kafka']],
    [['sh', '-c', 'until nslookup db.shop.svc.cluster.local; do sleep 2; done'], ['db.shop.svc.cluster.local']],
    [['sh', '-c', 'while ! timeout 1 bash -c "</dev/tcp/rabbit/5672"; do sleep 1; done'], ['rabbit:5672']],
    [['./wait-for-it.sh', 'db:5432', '--', 'node', 'server.js'], ['db:5432']],
    [['dockerize', '-wait', 'tcp://db:5432', '-timeout', '60s'], ['tcp://db:5432']],
    [['java', '-Dspring.redis.host=cache', '-jar', 'app.jar'], ['cache']],
    [['--brokers', 'kafka:9092', '--topic', 'x'], ['kafka:9092']],
    [['k6', 'run', '-e', 'TARGET_URL=http://web', 'x.js'], ['http://web']],
    [['mysqladmin', 'ping', '-h', 'mysql'], ['mysql']],
    [['/bridge', '--mllp', 'hl7.lab.com:6661'], ['hl7.lab.com:6661']],
    [['redis-cli', '-h', 'cache', 'ping'], ['cache']],
    [['locust', '--host=http://web:8080', '-f', 'x.py'], ['http://web:8080']],
  ])('%j', (items, wanted) => {
    expect([...new Set(told(referencesOfCommand(items)))]).toEqual(wanted)
  })

  test('arguments of what the image runs', () => {
    expect(told(referencesOfCommand(['-s', 'cart/ping'], 'curl'))).toEqual(['cart'])
    expect(told(referencesOfCommand(['-s', 'cart/ping'], 'cart-worker'))).toEqual([])
  })
})

test('a script of any length is read', () => {
  expect(referencesOfCommand(['sh', '-c', `${'x;'.repeat(100_000)} nc -z db 5432`]).map(({ host }) => host)).toEqual([
    'db',
  ])
})
