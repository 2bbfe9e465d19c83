import { describe, expect, test } from 'vitest'
import { isSecretName, redact, redactArguments, redactValue } from './redact.ts'

describe('redact', () => {
  test.each([
    ['postgresql://admin:s3cr3t@accounts-db:5432/accounts', 'postgresql://***@accounts-db:5432/accounts'],
    ['jdbc:postgresql://u:p@db:5432/x', 'jdbc:postgresql://***@db:5432/x'],
    ['mongodb+srv://u:p%40ss@cluster0.abc.mongodb.net/app', 'mongodb+srv://***@cluster0.abc.mongodb.net/app'],
    ['mongodb://u:p@a:27017,b:27017/app', 'mongodb://***@a:27017,b:27017/app'],
    ['redis://:hunter2@redis:6379/0', 'redis://***@redis:6379/0'],
    ['amqp://guest:guest@rabbit:5672', 'amqp://***@rabbit:5672'],
    ['https://ghs_abc@github.com/x.git', 'https://***@github.com/x.git'],
    ['http://u:pa/ss@host:80/x', 'http://***@host:80/x'],
    ['root:hunter2@tcp(mysql:3306)/socks', '***@tcp(mysql:3306)/socks'],
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=***'],
    ['export API_KEY="abc def"', 'export API_KEY="***"'],
    ['{"password": "hunter2", "host": "db"}', '{"password": "***", "host": "db"}'],
    ["clientSecret: 'hunter2'", "clientSecret: '***'"],
    ['Server=db;User Id=sa;Password=hunter2;Encrypt=true', 'Server=db;User Id=sa;Password=***;Encrypt=true'],
    [
      'host=db port=5432 user=a password=hunter2 sslmode=disable',
      'host=db port=5432 user=a password=*** sslmode=disable',
    ],
    ['https://x.blob.core.windows.net/c?sig=abcdef&sv=1', 'https://x.blob.core.windows.net/c?sig=***&sv=1'],
    ['AccountName=a;AccountKey=Zm9vYmFyYmF6;Endpoint=e', 'AccountName=a;AccountKey=***;Endpoint=e'],
    ['curl -H "Authorization: Bearer abcdefghij" http://x', 'curl -H "Authorization: Bearer ***" http://x'],
    ['redis-server --requirepass hunter2 --port 6379', 'redis-server --requirepass *** --port 6379'],
    ['mysql -h db -uroot -phunter2 -e "select 1"', 'mysql -h db -uroot -p*** -e "select 1"'],
    ['redis-cli -h redis -a hunter2 ping', 'redis-cli -h redis -a *** ping'],
    ['curl -u admin:hunter2 http://x', 'curl -u *** http://x'],
    ['PGPASSWORD=hunter2 psql -h db', 'PGPASSWORD=*** psql -h db'],
    ['--db-password=hunter2', '--db-password=***'],
    ['-Dspring.datasource.password=hunter2', '-Dspring.datasource.password=***'],
    ['AKIAIOSFODNN7EXAMPLE in text', '*** in text'],
    ['ghp_0123456789abcdefghijABCDEFGHIJ012345', '***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.sflKxwRJSMeKKF2QT4', '***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '***'],
  ])('%s', (text, expected) => expect(redact(text)).toBe(expected))

  test.each([
    'CART_ADDR=cart:7070',
    'http://auth:8080/token?grant=code',
    'TOKEN_URL=http://auth/token',
    'secretName: tls-cert',
    'DB_PASSWORD=$(PASSWORD_FROM_SECRET)',
    `password=${'$'}{DB_PASSWORD}`,
    'PASSWORD_FILE=/run/secrets/db',
    'tokenTtl: 3600',
    'passive: true',
    'kafka-0.kafka:9092,kafka-1.kafka:9092',
    'compass: north',
    'KEY=value',
  ])('leaves %s', text => expect(redact(text)).toBe(text))

  test('is stable when applied twice', () => {
    for (const text of [
      'postgresql://a:b@c:1/d',
      'Password=x;Token=y',
      '--api-key abcdef',
      'Authorization: Basic YWxhZGRpbg==',
    ])
      expect(redact(redact(text))).toBe(redact(text))
  })
})

test('a value under a secret name goes whole, unless it is an address or a path', () => {
  expect(redactValue('DB_PASSWORD', 'correct horse battery staple')).toBe('***')
  expect(redactValue('JWT_SECRET', 'x')).toBe('***')
  expect(redactValue('SESSION_TOKEN', '0123456789')).toBe('***')
  expect(redactValue('AUTH_TOKEN_URL', 'http://auth:80/t')).toBe('http://auth:80/t')
  expect(redactValue('SECRET', '/run/secrets/x')).toBe('/run/secrets/x')
  expect(redactValue('DB_PASSWORD', '$(FROM_SECRET)')).toBe('$(FROM_SECRET)')
  expect(redactValue('DATABASE_URL', 'postgres://a:b@db/x')).toBe('postgres://***@db/x')
  expect(redactValue('SECRET_URL', 'postgres://a:b@db/x')).toBe('postgres://***@db/x')
})

test('names', () => {
  for (const name of [
    'DB_PASSWORD',
    'dbPassword',
    'API_KEY',
    'apiKey',
    'client-secret',
    'GITHUB_TOKEN',
    'MYSQL_PWD',
    'SLACK_WEBHOOK_URL',
    'aws.secret.access.key',
    'POSTGRES_PASS',
  ])
    expect([name, isSecretName(name)]).toEqual([name, true])
  for (const name of [
    'SECRET_NAME',
    'TOKEN_URL',
    'PASSWORD_FILE',
    'KEY',
    'MONKEY',
    'COMPASS_MODE',
    'tokenTtl',
    'AUTH_SERVICE_ADDR',
    'PASSIVE',
  ])
    expect([name, isSecretName(name)]).toEqual([name, false])
})

test('a secret flag hides the next item of a command line', () => {
  expect(redactArguments(['redis-server', '--requirepass', 'hunter2', '--port', '6379'])).toEqual([
    'redis-server',
    '--requirepass',
    '***',
    '--port',
    '6379',
  ])
  expect(redactArguments(['--token-file', '/run/t', '--password=x'])).toEqual([
    '--token-file',
    '/run/t',
    '--password=***',
  ])
})
