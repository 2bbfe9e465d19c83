// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages write their placeholders so
import { describe, expect, test } from 'vitest'
import { factsOfFile, referencesOfFile } from './file-references.ts'
import type { Variable } from './read-variables.ts'

const told = (name: string, text: string, variables: Record<string, string> = {}) => {
  const given = new Map(
    Object.entries(variables).map(([key, value]): [string, Variable] => [
      key.replaceAll('_', ''),
      { name: key, value, source: 'literal', evidence: [], places: [], used: false },
    ]),
  )
  return referencesOfFile(name, text, factsOfFile(name, text), given)
    .map(({ host, port, line }) => `${line + 1} ${host}${port ? `:${port}` : ''}`)
    .sort()
}

describe('files that containers are given', () => {
  test.each<[name: string, text: string, wanted: string[]]>([
    [
      'application.yml',
      'spring:\n  datasource:\n    url: jdbc:postgresql://db:5432/x\n  redis:\n    host: cache\n    port: 6379\nmanagement:\n  endpoints: {}\n',
      ['3 db:5432', '5 cache'],
    ],
    [
      'application.yml',
      'eureka:\n  client:\n    serviceUrl:\n      defaultZone: http://registry:8761/eureka/\n',
      ['4 registry:8761'],
    ],
    [
      'application.yml',
      'cart:\n  url: ${CART_URL:http://cart:8080}\norders:\n  url: ${A:${B:http://orders}}\n',
      ['2 cart:8080', '4 orders'],
    ],
    [
      'application.properties',
      'spring.kafka.bootstrap-servers=kafka:9092\nspring.rabbitmq.host = rabbit\nserver.port=8080\napp.name=cart\n',
      ['1 kafka:9092', '2 rabbit'],
    ],
    ['application.properties', 'cart.host=cart\ncart.url=http://${cart.host}:8080/x\n', ['1 cart', '2 cart:8080']],
    [
      'appsettings.json',
      '{\n  "ConnectionStrings": { "Db": "Server=sql;Database=x;User=sa" },\n  "Services": { "Cart": "http://cart" },\n  "EventBus": { "HostName": "rabbit" }\n}',
      ['2 sql', '3 cart', '4 rabbit'],
    ],
    [
      'appsettings.json',
      '{"ReverseProxy":{"Clusters":{"c":{"Destinations":{"d":{"Address":"http://cart:8080/"}}}}}}',
      ['1 cart:8080'],
    ],
    ['config.toml', '[database]\nserver = "db"\nports = [ 1 ]\n[cart]\naddr = "cart:7070"\n', ['2 db', '5 cart:7070']],
    [
      'nginx.conf',
      "log_format main '$remote_addr pay:8080';\nserver {\n  return 301 http://web;\n  location / { proxy_pass http://cart; }\n}",
      ['4 cart'],
    ],
    ['app.ini', '[redis]\nhost = cache\n; host = old\n', ['2 cache']],
    [
      'nginx.conf',
      'upstream api {\n  server api-v1:8080 weight=3;\n}\nserver {\n  listen 80;\n  location / { proxy_pass http://cart; }\n  location /g { grpc_pass grpc://pay:50051; }\n}',
      ['2 api-v1:8080', '6 cart', '7 pay:50051'],
    ],
    [
      'default.conf.template',
      'location / {\n  proxy_pass http://${CART_HOST}:8080;\n  proxy_pass http://orders;\n}',
      ['3 orders'],
    ],
    ['haproxy.cfg', 'frontend f\n  bind *:80\nbackend b\n  server s1 cart:8080 check\n', ['4 cart:8080']],
    [
      'envoy.yaml',
      'static_resources:\n  listeners:\n  - address:\n      socket_address: { address: 0.0.0.0, port_value: 80 }\n  clusters:\n  - name: x\n    load_assignment:\n      endpoints:\n      - lb_endpoints:\n        - endpoint: { address: { socket_address: { address: cart, port_value: 8080 } } }\n        - endpoint:\n            address:\n              socket_address:\n                address: orders\n                port_value: 81\n',
      ['10 cart', '14 orders'],
    ],
    ['envoy.yaml', 'clusters:\n- name: x\n  hosts: [{ socket_address: { address: web, port_value: 80 }}]\n', ['3 web']],
    [
      'dynamic.yml',
      'http:\n  services:\n    cart:\n      loadBalancer:\n        servers:\n          - url: http://cart:80\n',
      ['6 cart:80'],
    ],
    [
      'kong.yml',
      '_format_version: "3.0"\nservices:\n- name: cart\n  url: http://cart:8080\n- name: orders\n  host: orders\n',
      ['4 cart:8080', '6 orders'],
    ],
    [
      'krakend.json',
      '{"endpoints":[{"endpoint":"/cart","backend":[{"url_pattern":"/","host":["http://cart:8080"]}]}]}',
      ['1 cart:8080'],
    ],
    ['Caddyfile', ':80 {\n  reverse_proxy /api/* cart:8080\n}', ['2 cart:8080']],
    [
      'prometheus.yml',
      'scrape_configs:\n- job_name: x\n  static_configs:\n  - targets: ["cart:8080", "orders:81"]\n',
      ['4 cart:8080', '4 orders:81'],
    ],
    [
      'otel.yaml',
      'receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:4317\nexporters:\n  otlp:\n    endpoint: jaeger:4317\n  prometheusremotewrite:\n    endpoint: http://prometheus:9090/api/v1/write\n',
      ['10 prometheus:9090', '8 jaeger:4317'],
    ],
    [
      'fluent-bit.conf',
      '[OUTPUT]\n    Name  es\n    Match *\n    Host  elasticsearch\n    Port  9200\n',
      ['4 elasticsearch'],
    ],
    [
      'server.hcl',
      'storage "consul" {\n  address = "consul:8500"\n}\nlistener "tcp" {\n  address = "0.0.0.0:8200"\n}\n',
      ['2 consul:8500'],
    ],
    [
      'log4net.config',
      '<configuration>\n  <connectionStrings>\n    <add name="x" connectionString="Server=sql;Database=y" />\n  </connectionStrings>\n  <appSettings><add key="CartUrl" value="http://cart" /></appSettings>\n</configuration>',
      ['3 sql', '5 cart'],
    ],
    [
      'hazelcast.xml',
      '<a>\n  <host>cache</host>\n  <property name="connection.url">jdbc:mysql://db/x</property>\n</a>',
      ['2 cache', '3 db'],
    ],
    ['.env', 'CART_URL=http://cart:8080\n# ORDERS=http://orders\nDB_HOST=db\n', ['1 cart:8080', '3 db']],
    ['config', 'server:\n  port: 80\nclients:\n  cart: http://cart\n', ['4 cart']],
    ['settings', '{"redis":{"host":"cache"}}', ['1 cache']],
    [
      'k6.js',
      "import http from 'k6/http'\nexport default () => http.get('http://web:80/x')\n// http://old\n",
      ['2 web:80'],
    ],
    ['locustfile.py', 'class U(HttpUser):\n  host = "http://web"\n', ['2 web']],
    ['wait.sh', '#!/bin/sh\nuntil nc -z db 5432; do sleep 1; done\n', ['2 db:5432']],
    ['config.js', "window.env = { API_URL: 'http://api:8080' }", ['1 api:8080']],
    ['pgbouncer.ini', '[databases]\n* = host=db port=5432\n', ['2 db:5432']],
    ['redis.conf', 'bind 0.0.0.0\nreplicaof redis-0.redis 6379\n', []],
    ['logback.xml', '<configuration><logger name="com.acme.cart" level="info"/></configuration>', []],
    [
      'application.yml',
      'spring:\n  application:\n    name: cart\n  zipkin:\n    enabled: false\n    baseUrl: http://zipkin:9411\n',
      [],
    ],
  ])('%s %#', (name, text, wanted) => {
    expect(told(name, text)).toEqual([...wanted].sort())
  })

  test('variables of the container take the place of what the file says', () => {
    const file = 'a:\n  url: ${CART_URL:http://cart}\n  host: store\n'
    expect(told('x.yml', file)).toEqual(['2 cart', '3 store'])
    expect(told('x.yml', file, { CART_URL: 'http://other', A_HOST: 'elsewhere' })).toEqual(['2 other'])
  })
})
