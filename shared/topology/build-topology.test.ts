import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { buildTopology } from './build-topology.ts'
import { toJson } from './to-json.ts'
import type { Topology } from './topology.ts'

type Options = {
  image?: string
  env?: string
  envFrom?: string
  args?: string
  command?: string
  port?: number
  labels?: string
  namespace?: string
  more?: string
  init?: string
  volumes?: string
}
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by))
const workload = (name: string, options: Options = {}) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${options.namespace ? `  namespace: ${options.namespace}\n` : ''}spec:
  replicas: 2
  template:
    metadata:
      labels: {app: ${name}${options.labels ? `, ${options.labels}` : ''}}
    spec:
${options.init ? `      initContainers:\n${indent(options.init, 8)}\n` : ''}      containers:
        - name: main
          image: ${options.image ?? `acme/${name}:1`}
${options.port ? `          ports: [{containerPort: ${options.port}}]\n` : ''}${options.command ? `          command: ${options.command}\n` : ''}${options.args ? `          args: ${options.args}\n` : ''}${options.env ? `          env:\n${indent(options.env, 12)}\n` : ''}${options.envFrom ? `          envFrom: ${options.envFrom}\n` : ''}${options.more ? `${indent(options.more, 10)}\n` : ''}${options.volumes ? `      volumes: ${options.volumes}\n` : ''}`
const service = (
  name: string,
  port = 80,
  options: { namespace?: string; selector?: string; more?: string } = {},
) => `apiVersion: v1
kind: Service
metadata: {name: ${name}${options.namespace ? `, namespace: ${options.namespace}` : ''}}
spec:
  selector: {${options.selector ?? `app: ${name}`}}
  ports: [{port: ${port}}]
${options.more ?? ''}`
const configMap = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n${indent(data, 2)}\n`
const build = (...documents: string[]): Topology =>
  buildTopology([readManifestFile('all.yaml', documents.join('---\n'))], { environment: '.', revision: 'r' })
const edges = (topology: Topology) =>
  topology.edges.map(edge => `${edge.from} > ${edge.to} ${edge.protocol} ${edge.class}`)
const sentences = (topology: Topology, kind: string) =>
  topology.findings.filter(finding => finding.kind === kind).map(finding => translate('en', finding.message))

describe('hosts resolve as cluster DNS resolves them', () => {
  const cart = `${workload('cart', { namespace: 'shop' })}---\n${service('cart', 7070, { namespace: 'shop' })}`
  test.each([
    ['cart:7070', 'shop', true],
    ['http://cart:7070/x', 'shop', true],
    ['cart.shop:7070', 'other', true],
    ['cart.shop.svc:7070', 'other', true],
    ['cart.shop.svc.cluster.local:7070', 'other', true],
    ['CART.shop.svc.cluster.local.:7070', 'other', false],
    ['http://CART.shop.svc.cluster.local.:7070', 'other', true],
    ['cart:7070', 'other', false],
    ['cart.elsewhere:7070', 'shop', false],
    ['cart.example.com:7070', 'shop', false],
    ['mycart:7070', 'shop', false],
    ['cart-db:7070', 'shop', false],
    ['http://x.test/cart:7070', 'shop', false],
    ['jdbc:postgresql://u:p@cart:7070/db', 'shop', true],
    ['nothing', 'shop', false],
  ])('%s from %s: %s', (value, namespace, expected) => {
    const topology = build(cart, workload('web', { namespace, env: `- {name: CART_ADDR, value: "${value}"}` }))
    expect(topology.edges.some(edge => edge.from === 'web' && edge.to === 'cart')).toBe(expected)
  })

  test.each([
    ['the leader of a set', 'app: db, role: leader', '', ['web']],
    ['not the other one of two', 'app: db, role: leader', ', role: replica', []],
    ['nothing else that differs', 'app: db, tier: x', '', []],
  ])('a Service for %s', (_, selector, labels, callers) => {
    const topology = build(
      workload('db', { image: 'postgres:16' }).replace('{app: db}', `{app: db${labels}}`),
      service('main', 5432, { selector }),
      workload('web', { env: '- {name: DB_HOST, value: main}' }),
    )
    expect(topology.edges.filter(edge => edge.to === 'db').map(edge => edge.from)).toEqual(callers)
    expect(topology.findings.filter(finding => finding.kind === 'selector-selects-nothing')).toHaveLength(
      1 - callers.length,
    )
  })

  test('Pods of a StatefulSet, and ExternalName', () => {
    const set = workload('mysql', { image: 'mysql:8' }).replace('Deployment', 'StatefulSet')
    const headless = service('mysql-peers', 3306, { selector: 'app: mysql', more: '  clusterIP: None\n' })
    const alias =
      'apiVersion: v1\nkind: Service\nmetadata: {name: legacy}\nspec: {type: ExternalName, externalName: db.acme.com}\n'
    const topology = build(
      set,
      headless,
      alias,
      workload('web', {
        env: '- {name: DB_HOST, value: mysql-0.mysql-peers}\n- {name: LEGACY_URL, value: "postgres://legacy:5432/x"}',
      }),
    )
    expect(edges(topology)).toEqual(['web > db.acme.com postgresql external', 'web > mysql mysql app'])
    expect(topology.nodes.find(node => node.id === 'db.acme.com')?.kind).toBe('datastore')
  })
})

describe('where addresses are found', () => {
  const redis = `${workload('redis', { image: 'redis:7' })}---\n${service('redis', 6379)}`
  const api = `${workload('api')}---\n${service('api', 8080)}`
  test.each<[string, Options]>([
    ['host and port', { env: '- {name: REDIS_HOST, value: redis}\n- {name: REDIS_PORT, value: "6379"}' }],
    ['expansion', { env: '- {name: R, value: redis}\n- {name: CACHE_URL, value: "redis://$(R):6379/0"}' }],
    ['service links', { env: '- {name: CACHE_URL, value: "redis://$(REDIS_SERVICE_HOST):$(REDIS_SERVICE_PORT)"}' }],
    ['argument', { args: '["--redis-addr=redis:6379"]' }],
    ['flag and value', { args: '["--redis-host", "redis"]' }],
    ['shell', { command: '["sh", "-c"]', args: '["exec redis-cli -h redis ping"]' }],
    ['shell variable', { command: '["sh", "-c", "run --cache redis://$R"]', env: '- {name: R, value: "redis:6379"}' }],
    [
      'init container',
      { init: '- {name: wait, image: busybox, command: [sh, -c, "until nc -z redis 6379; do sleep 1; done"]}' },
    ],
    ['Go DSN', { env: '- {name: X, value: "u:p@tcp(redis:6379)/0"}' }],
    ['name and port', { env: '- {name: CACHE_NAME, value: redis}\n- {name: CACHE_PORT, value: "6379"}' }],
    ['connection string', { env: '- {name: ConnectionStrings__Cache, value: "Server=redis;Port=6379;Password=x"}' }],
  ])('%s', (_, options) => {
    const topology = build(redis, api, workload('web', options))
    expect(edges(topology)).toEqual(['web > redis redis app'])
    expect(toJson(topology)).not.toContain('Password=x')
  })

  test.each<[string, Options]>([
    [
      'a name that is only a word',
      { env: '- {name: APP_NAME, value: api}\n- {name: DB_USER, value: redis}\n- {name: CACHE_TYPE, value: redis}' },
    ],
    ['an image', { env: '- {name: RUNNER_IMAGE, value: "redis:6379"}' }],
    ['a way to look names up', { env: '- {name: GET_HOSTS_FROM, value: dns}' }],
    ['itself', { env: '- {name: PUBLIC_HOST, value: web}' }],
    ['a comment in a script', { command: '["sh", "-c", "# curl http://api:8080\\nexec app"]' }],
    ['part of a longer name', { env: '- {name: API_ADDR, value: "my-api:8080"}' }],
    ['a loopback', { env: '- {name: API_URL, value: "http://localhost:8080"}\n- {name: B, value: "127.0.0.1:6379"}' }],
    ['a bind address', { env: '- {name: LISTEN_ADDR, value: "api:8080"}' }],
  ])('not %s', (_, options) => {
    const topology = build(redis, api, workload('web', options))
    expect(edges(topology)).toEqual([])
    expect(sentences(topology, 'dangling-reference').filter(said => /\bdns\b/.test(said))).toEqual([])
  })

  test('keys of ConfigMaps and Secrets; a Secret tells its host and nothing else', () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  url: redis://:hunter2@redis:6379\ndata:\n  b64: aHR0cDovL2FwaTo4MDgwL2h1bnRlcjI=\n'
    const topology = build(
      redis,
      api,
      configMap('c', 'cache: redis:6379'),
      secret,
      workload('a', { env: '- {name: CACHE_ADDR, valueFrom: {configMapKeyRef: {name: c, key: cache}}}' }),
      workload('b', {
        env: '- {name: CACHE_URL, valueFrom: {secretKeyRef: {name: s, key: url}}}\n- {name: API_URL, valueFrom: {secretKeyRef: {name: s, key: b64}}}',
      }),
    )
    expect(edges(topology)).toEqual(['a > redis redis app', 'b > api http app', 'b > redis redis app'])
    expect(topology.edges[0]!.evidence.map(item => item.kind)).toEqual(['config', 'env'])
    expect(toJson(topology)).not.toMatch(/hunter2|aHR0/)
  })

  test('what everybody takes is not what everybody calls', () => {
    const all = configMap('all', 'A_ADDR: a:80\nB_ADDR: b:80\nC_ADDR: c:80')
    const use = { envFrom: '[{configMapRef: {name: all}}]' }
    const topology = build(
      all,
      ...['a', 'b', 'c', 'd'].flatMap(name => [
        workload(name, name === 'd' ? { ...use, args: '["--to=$(A_ADDR)"]' } : use),
        service(name),
      ]),
    )
    // Only what a container names in particular stays.
    expect(edges(topology)).toEqual(['d > a http app'])
    const own = build(
      configMap('own', 'A_ADDR: a:80\nB_ADDR: b:80'),
      workload('web', { envFrom: '[{configMapRef: {name: own}}]' }),
      workload('a'),
      service('a'),
      workload('b'),
      service('b'),
    )
    expect(edges(own)).toEqual(['web > a http app', 'web > b http app'])
  })

  test('a server, a worker and a schedule of one image keep their data in the same stores', () => {
    const settings = configMap('settings', 'DB_HOST: maria\nREDIS_HOST: valkey\nPDF_URL: http://pdf')
    const program = (name: string, image = 'acme/shop:8.1') =>
      workload(name, { image, envFrom: '[{configMapRef: {name: settings}}]' })
    const stores = [
      workload('maria', { image: 'mariadb:11' }),
      service('maria', 3306),
      workload('valkey', { image: 'valkey/valkey:7' }),
      service('valkey', 6379),
      workload('pdf'),
      service('pdf'),
    ]
    const kept = (name: string) => [`${name} > maria mysql app`, `${name} > valkey redis app`]
    const same = build(
      settings,
      ...stores,
      program('shop'),
      program('shop-jobs'),
      program('shop-mails', 'acme/shop:8.2'),
    )
    expect(edges(same)).toEqual(['shop', 'shop-jobs', 'shop-mails'].flatMap(kept))
    const others = build(
      settings,
      ...stores,
      program('shop'),
      program('jobs', 'acme/jobs:1'),
      program('mails', 'acme/mails:1'),
    )
    expect(edges(others)).toEqual([])
  })

  test('a directory of everybody says nothing, though each has a copy of its own', () => {
    const names = ['api', 'cart', 'mail', 'web']
    const settings = configMap('NAME-config', 'app.properties: |\n  store.host=redis\n  api.url=http://api')
    const set = (name: string) =>
      `${workload(name, {
        more: 'volumeMounts: [{name: c, mountPath: /c}]',
        volumes: `[{name: c, configMap: {name: ${name}-config}}]`,
      })}---\n${settings.replace('NAME', name)}`
    const served = [redis, api.replace('port: 8080', 'port: 80')]
    // What each is given a copy of, and nobody of them is named in, each uses.
    expect(edges(build(...served, ...['a', 'b', 'c'].map(set)))).toHaveLength(6)
    const directory = names.map(name => `  "${name}": {"addr": "${name}", "port": 80},`).join('\n')
    const mounting = (name: string) =>
      `${workload(name, {
        more: 'volumeMounts: [{name: c, mountPath: /c}]',
        volumes: `[{name: c, configMap: {name: ${name}-config}}]`,
      })}---\n${service(name)}---\n${configMap(`${name}-config`, `all.json: |\n  {\n${directory}\n  }`)}`
    expect(edges(build(...names.map(mounting)))).toEqual([])
    expect(
      edges(build(mounting('web'), ...names.slice(0, 3).map(name => `${workload(name)}---\n${service(name)}`))),
    ).toEqual(['web > api http app', 'web > cart http app', 'web > mail http app'])
  })

  test('a mounted file says it on the line where it stands', () => {
    const topology = build(
      configMap(
        'nginx',
        'default.conf: |\n  # proxy_pass http://old:80;\n  location / {\n    proxy_pass http://api:8080;\n  }',
      ),
      api,
      workload('web', {
        more: 'volumeMounts: [{name: conf, mountPath: /etc/nginx}]',
        volumes: '[{name: conf, configMap: {name: nginx}}]',
      }),
    )
    expect(edges(topology)).toEqual(['web > api http app'])
    const [evidence] = topology.edges[0]!.evidence
    expect(evidence).toMatchObject({ kind: 'config', line: 8, detail: 'default.conf: proxy_pass http://api:8080;' })
  })

  test('a bare name in the own domain is what the site is called; elsewhere, or with a port, it is called', () => {
    const route = (host: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: public}\nspec: {rules: [{host: ${host}, http: {paths: [{path: /, backend: {service: {name: api, port: {number: 8080}}}}]}}]}\n`
    const named = (host: string, env: string) =>
      edges(build(api, route(host), workload('web', { env: `- {name: PHX_HOST, value: "${env}"}` }))).filter(edge =>
        edge.startsWith('web'),
      )
    expect(named('shop.acme.com', 'img.acme.com')).toEqual([])
    expect(named('acme.com', 'img.acme.com')).toEqual([])
    expect(named('shop.acme.com', 'img.acme.com:5432')).toEqual(['web > img.acme.com postgresql external'])
    expect(named('shop.acme.com', 'acme.org')).toEqual(['web > acme.org tcp external'])
    expect(named('shop.co.uk', 'other.co.uk')).toEqual(['web > other.co.uk tcp external'])
  })

  test('where people find the site, who may ask, and what is led back to, is nobody called', () => {
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: public}\nspec: {rules: [{host: shop.acme.com, http: {paths: [{path: /, backend: {service: {name: api, port: {number: 8080}}}}]}}]}\n'
    const env =
      '- {name: APP_URL, value: "https://shop.acme.com"}\n- {name: CORS_ORIGINS, value: "http://api:8080"}\n- {name: rootUrl, value: "http://api:8080"}\n- {name: CHECK, value: "http://kube-dns.kube-system.svc"}'
    const realm = '"clients": [\n    {"redirectUris": ["http://api:8080/*"], "webOrigins": ["http://api:8080"]}\n  ]'
    const own =
      '- {name: SELF, value: "https://shop.acme.com/api"}\n- {name: NEXT_PUBLIC_SITE_URL, value: "https://x.io"}\n- {name: LINK_BASE, value: "https://x.io"}'
    const topology = build(
      api.replace('image: acme/api:1', `image: acme/api:1\n          env:\n${indent(own, 12)}`),
      ingress,
      configMap('realm', `realm.json: |\n  {\n  ${realm}\n  }`),
      workload('mail', {
        env,
        more: 'volumeMounts: [{name: r, mountPath: /r}]',
        volumes: '[{name: r, configMap: {name: realm}}]',
      }),
    )
    expect(edges(topology)).toEqual(['public > api http ingress'])
    expect(sentences(topology, 'dangling-reference')).toEqual([])
  })

  test.each([
    ['orders', 'orders-db', true],
    ['orders-service', 'orders-mysql', true],
    ['ordersservice', 'redis-orders', true],
    ['basket-api', 'basketdata', true],
    ['orders', 'accounts-db', false],
    ['orders', 'db', false],
    ['orders', 'shared-orders-and-users-db', false],
  ])('%s and a store %s that nobody is seen to call: %s', (name, store, expected) => {
    const both = [workload(name), service(name), workload(store, { image: 'mysql:8' }), service(store, 3306)]
    const topology = build(...both)
    expect(edges(topology)).toEqual(expected ? [`${name} > ${store} mysql app`] : [])
    for (const edge of topology.edges)
      expect(edge).toMatchObject({ confidence: 0.5, evidence: [{ line: expect.any(Number) }] })
    // Whoever is seen to call it is its caller.
    const other = workload('admin', { env: `- {name: DB_HOST, value: ${store}}` })
    expect(edges(build(...both, other))).toEqual([`admin > ${store} mysql app`])
  })

  test('an address that only asks how someone is', () => {
    const topology = build(api, workload('web', { env: '- {name: API_HC, value: "http://api:8080/hc"}' }))
    expect(edges(topology)).toEqual(['web > api http health'])
    expect(edges(build(api, workload('web', { env: '- {name: API_URL, value: "http://api:8080/hcs"}' })))).toEqual([
      'web > api http app',
    ])
  })

  test('upstreams of a mesh', () => {
    const topology = build(
      api,
      workload('web').replace(
        'labels: {app: web}',
        'labels: {app: web}\n      annotations: {consul.hashicorp.com/connect-service-upstreams: "api:9090"}',
      ),
    )
    expect(edges(topology)).toEqual(['web > api http app'])
  })

  test('systems outside are named by their host', () => {
    const topology = build(
      workload('web', {
        env: '- {name: STRIPE_URL, value: "https://api.stripe.com/v1"}\n- {name: DATABASE_URL, value: "postgres://a:hunter2@db.acme.internal:5432/x"}\n- {name: DOCS, value: "see https://www.example.com"}',
      }),
    )
    expect(edges(topology)).toEqual([
      'web > api.stripe.com https external',
      'web > db.acme.internal postgresql external',
    ])
    expect(topology.nodes.map(node => `${node.id} ${node.kind}`)).toEqual([
      'api.stripe.com external',
      'db.acme.internal datastore',
      'web service',
    ])
    expect(toJson(topology)).not.toContain('hunter2')
  })
})

describe('nodes', () => {
  test('versions behind one Service are one node', () => {
    const version = (name: string, number: string) =>
      workload(`${name}-${number}`, { labels: `version: ${number}` }).replace(
        `{app: ${name}-${number}`,
        `{app: ${name}`,
      )
    const topology = build(
      version('reviews', 'v1'),
      version('reviews', 'v2'),
      service('reviews'),
      version('details', 'v1'),
      service('details'),
      workload('web', { env: '- {name: REVIEWS_URL, value: "http://reviews"}' }),
    )
    expect(topology.nodes.map(node => node.id)).toEqual(['details-v1', 'reviews', 'web'])
    expect(topology.nodes[1]).toMatchObject({
      workload: { name: 'reviews-v1' },
      replicas: 2,
      versions: [{ workload: { name: 'reviews-v2' }, version: 'v2' }],
    })
    expect(edges(topology)).toEqual(['web > reviews http app'])
  })

  test('ids are names where unique, else with the namespace', () => {
    const topology = build(
      workload('a', { namespace: 'one' }),
      workload('a', { namespace: 'two' }),
      workload('b', { namespace: 'one' }),
    )
    expect(topology.nodes.map(node => node.id)).toEqual(['b', 'one/a', 'two/a'])
  })

  test('every kind that runs Pods; patches and templates do not', () => {
    const as = (kind: string, apiVersion: string, name: string) =>
      workload(name).replace('kind: Deployment', `kind: ${kind}`).replace('apps/v1', apiVersion)
    const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: cron}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: m, image: x:1}]}}}}}\n`
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec: {containers: [{name: m, image: x:1}]}\n`
    const patch = workload('patched').replace(/ *image: .*\n/, '')
    const topology = build(
      as('StatefulSet', 'apps/v1', 'set'),
      as('DaemonSet', 'apps/v1', 'daemon'),
      as('ReplicaSet', 'apps/v1', 'rs'),
      as('ReplicationController', 'v1', 'rc'),
      as('Job', 'batch/v1', 'job'),
      as('Rollout', 'argoproj.io/v1alpha1', 'rollout'),
      cron,
      pod,
      patch,
      as('PodTemplate', 'v1', 'template'),
    )
    expect(topology.nodes.map(node => node.id)).toEqual(['cron', 'daemon', 'job', 'pod', 'rc', 'rollout', 'rs', 'set'])
  })

  test.each([
    ['postgres:16', 'datastore', 'postgresql'],
    ['docker.io/bitnami/postgresql-repmgr:16', 'datastore', 'postgresql'],
    ['ghcr.io/x/redis-alpine@sha256:00', 'datastore', 'redis'],
    ['oliver006/redis_exporter:v1', 'service', undefined],
    ['confluentinc/cp-kafka:7', 'queue', 'kafka'],
    ['nats:2', 'queue', 'nats'],
    ['mcr.microsoft.com/mssql/server:2022', 'datastore', 'mssql'],
    ['container-registry.oracle.com/database/free', 'datastore', 'oracle'],
    ['acme/server:1', 'service', undefined],
    ['apache/rocketmq:5', 'queue', 'rocketmq'],
    ['traefik:v3', 'gateway', 'traefik'],
    ['nginx:1.27', 'service', 'nginx'],
    ['acme/orders:1', 'service', undefined],
    ['mongo-express', 'service', undefined],
  ])('%s is a %s', (image, kind, technology) => {
    const [node] = build(workload('thing', { image })).nodes
    expect([node!.kind, node!.technology]).toEqual([kind, technology])
  })

  test('a store is known by its port too, and a name that works with it is not it', () => {
    expect(build(workload('orders-db', { port: 5432 })).nodes[0]).toMatchObject({
      kind: 'datastore',
      technology: 'postgresql',
    })
    expect(build(workload('x', { image: 'acme/db-migrate:1', port: 5432 })).nodes[0]!.kind).toBe('service')
  })

  test('containers, Services, autoscaler; credentials left out', () => {
    const hpa =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 9}\n'
    const topology = build(
      workload('web', {
        port: 8080,
        args: '["--db-password", "hunter2", "--verbose"]',
        env: '- {name: DB_PASSWORD, value: hunter2}\n- name: TOKEN\n  valueFrom: {secretKeyRef: {name: s, key: k}}',
        more: 'resources: {requests: {cpu: 100m}, limits: {memory: 1Gi}}\nreadinessProbe: {httpGet: {path: /, port: 8080}}',
      }),
      service('web', 80, { more: '  type: LoadBalancer\n' }),
      hpa,
    )
    expect(topology.nodes).toHaveLength(1)
    expect(topology.nodes[0]).toMatchObject({
      id: 'web',
      file: 'all.yaml',
      line: 1,
      replicas: 2,
      resource: { file: 'all.yaml', kind: 'Deployment', name: 'web' },
      services: [{ resource: { kind: 'Service', name: 'web' }, type: 'LoadBalancer', ports: [{ port: 80 }] }],
      autoscaler: { min: 2, max: 9 },
      containers: [
        {
          image: 'acme/web:1',
          args: ['--db-password', '***', '--verbose'],
          ports: [{ port: 8080 }],
          env: [
            { name: 'DB_PASSWORD', value: '***' },
            { name: 'TOKEN', from: { kind: 'secret', name: 's', key: 'k' } },
          ],
          resources: { requests: { cpu: '100m' }, limits: { memory: '1Gi' } },
          probes: ['readinessProbe'],
        },
      ],
    })
    expect(toJson(topology)).not.toContain('hunter2')
  })

  test('what is spoken to as a store is one, whatever its image is called', () => {
    const topology = build(
      workload('documents', { image: 'acme/docs:1' }),
      service('documents', 10260),
      workload('web', { env: '- {name: DB_URI, value: "mongodb://documents:10260/x"}' }),
    )
    expect(topology.nodes[0]).toMatchObject({ id: 'documents', kind: 'datastore' })
  })

  test('a release name says nothing about what its members are', () => {
    const names = ['web', 'cart', 'otelcol', 'load-generator'].map(name => `opentelemetry-demo-${name}`)
    const env =
      '- {name: CART_ADDR, value: "opentelemetry-demo-cart:80"}\n- {name: COLLECT_ADDR, value: "opentelemetry-demo-otelcol:80"}'
    const topology = build(
      ...names.flatMap(name => [workload(name, /web|load/.test(name) ? { env } : {}), service(name)]),
    )
    expect(topology.edges.map(edge => `${edge.from.slice(19)} > ${edge.to.slice(19)} ${edge.class}`)).toEqual([
      'load-generator > cart load',
      'load-generator > otelcol telemetry',
      'web > cart app',
      'web > otelcol telemetry',
    ])
  })

  test('edge nodes, and what is placed on them', () => {
    const file = readManifestFile(
      '.pilothouse/edge/porto.yaml',
      'apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: {name: porto}\nspec: {address: 10.0.0.1}\n---\napiVersion: pilothouse.dev/v1alpha1\nkind: EdgeService\nmetadata: {name: till}\nspec:\n  node: porto\n  containers:\n    - name: till\n      image: acme/till:1\n      env: [{name: API_URL, value: "https://api.acme.com"}]\n',
    )
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: public}\nspec:\n  rules:\n    - host: api.acme.com\n      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}\n'
    const plain = readManifestFile('all.yaml', [workload('web'), service('web'), ingress].join('---\n'))
    const topology = buildTopology([plain, file], { environment: '.', revision: '' })
    expect(topology.nodes.find(node => node.id === 'till')).toMatchObject({ kind: 'service', runsOn: 'porto' })
    expect(topology.nodes.find(node => node.id === 'porto')?.kind).toBe('edge')
    // A public name leads to the gateway that serves it.
    expect(edges(topology)).toEqual(['public > web http ingress', 'till > public https app'])
  })
})

describe('routes and policies', () => {
  const web = `${workload('web')}---\n${service('web', 80)}`
  test('Ingress, Gateway API, Istio; a route of the mesh is no call', () => {
    const topology = build(
      web,
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: edge}\nspec: {listeners: []}\n',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: m}\nspec: {parentRefs: [{kind: Service, name: web}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n',
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v}\nspec: {hosts: ["*"], gateways: [istio], http: [{route: [{destination: {host: web}}]}]}\n',
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: mesh}\nspec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}\n',
      'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: web}\nspec: {backend: {serviceName: web, servicePort: 80}}\n',
    )
    expect(edges(topology)).toEqual([
      'edge > web http ingress',
      'ingress/web > web http ingress',
      'istio > web http ingress',
    ])
  })

  test('a LoadBalancer beside the inner Service is a gateway', () => {
    const outer = service('web-public', 80, { selector: 'app: web', more: '  type: LoadBalancer\n' })
    expect(edges(build(web, outer))).toEqual(['web-public > web http ingress'])
  })

  test('policies that name one caller; broad ones say nothing; a slip of one letter is read and reported', () => {
    const allow = (to: string, from: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "${to} ${from}"}\nspec: {podSelector: {matchLabels: {${to}}}, ingress: [{from: [{podSelector: {matchLabels: {${from}}}}], ports: [{port: 80}]}]}\n`
    const topology = build(
      web,
      workload('orders'),
      workload('a', { labels: 'tier: all' }),
      workload('b', { labels: 'tier: all' }),
      workload('c', { labels: 'tier: all' }),
      allow('app: web', 'app: orders'),
      allow('app: web', 'tier: all'),
      allow('app: order', 'app: a'),
      allow('', 'app: a'),
    )
    expect(edges(topology)).toEqual(['a > orders http app', 'orders > web http app'])
    expect(topology.edges.map(edge => edge.confidence)).toEqual([0.51, 0.55])
    expect(sentences(topology, 'selector-selects-nothing')).toEqual([
      expect.stringContaining('Did you mean app=orders?'),
    ])
  })
})

describe('findings', () => {
  test('each says what, where and what to do', () => {
    const topology = build(
      workload('web', { env: '- {name: CART_ADDR, value: "carrt:7070"}\n- {name: PAY_ADDR, value: "pay:80"}' }),
      workload('cart', { port: 7070 }),
      service('cart', 7070),
      workload('pay', { namespace: 'money' }),
      service('pay', 80, { namespace: 'money' }),
      service('gone', 80, { selector: 'app: nobody' }),
      workload('caller', { env: '- {name: CART_URL, value: "http://cart:9999"}' }),
      workload('web'),
      service('api', 80, { selector: 'app: cart' }).replace('{port: 80}', '{port: 80, targetPort: http}'),
    )
    expect(sentences(topology, 'dangling-reference')).toEqual([expect.stringContaining('names carrt (CART_ADDR)')])
    expect(topology.findings.find(finding => finding.kind === 'dangling-reference')).toMatchObject({
      node: 'web',
      line: 15,
      message: { params: { nearest: 'cart' } },
    })
    expect(sentences(topology, 'selector-selects-nothing')).toEqual([
      expect.stringContaining('Service gone selects app=nobody'),
    ])
    expect(sentences(topology, 'port-mismatch')).toEqual([
      'caller calls cart on port 9999, but Service cart offers 7070.',
      'Service api sends to port http, but the containers of cart declare 7070.',
    ])
    expect(sentences(topology, 'duplicate-resource')).toEqual([expect.stringContaining('at all.yaml:1')])
    for (const finding of topology.findings) {
      expect(translate('en', finding.message)).not.toContain('{{')
      expect(translate('zh', finding.message)).not.toContain('{{')
    }
  })

  test('a name that exists in another namespace only', () => {
    const topology = build(
      workload('web', { namespace: 'a', env: '- {name: PAY_ADDR, value: "pay:80"}' }),
      workload('pay', { namespace: 'b' }),
      service('pay', 80, { namespace: 'b' }),
    )
    expect(sentences(topology, 'dangling-reference')).toEqual([expect.stringContaining('Write pay.b.')])
  })

  test('broken files and templates are told; the rest loads', () => {
    const files = [
      readManifestFile('a/ok.yaml', workload('ok')),
      readManifestFile('a/broken.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: [x\n'),
      readManifestFile('a/no-manifest.yaml', 'a: [1\n'),
      readManifestFile('b/no-manifest.yaml', 'a: [1\n'),
      readManifestFile('c/template.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: {{ .x }}}\n'),
    ]
    const topology = buildTopology(files, { environment: '.', revision: '' })
    expect(topology.nodes.map(node => node.id)).toEqual(['ok'])
    expect(topology.findings.map(finding => `${finding.file} ${finding.severity}`)).toEqual([
      'a/broken.yaml error',
      'a/no-manifest.yaml warning',
      'c/template.yaml info',
    ])
  })
})

test('the same objects give the same bytes, in whatever order the files come', () => {
  const files = [
    workload('a', { env: '- {name: B_URL, value: "http://b"}\n- {name: C_URL, value: "http://c"}' }),
    `${workload('b')}---\n${service('b')}`,
    `${workload('c')}---\n${service('c')}`,
  ].map((text, index) => readManifestFile(`${index}.yaml`, text))
  const options = { environment: '.', revision: 'r' }
  expect(toJson(buildTopology([...files].reverse(), options))).toBe(toJson(buildTopology(files, options)))
  expect(Object.keys(JSON.parse(toJson(buildTopology(files, options))) as object)).toEqual([
    'environment',
    'revision',
    'nodes',
    'edges',
    'components',
    'findings',
  ])
})
