import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ManifestFile, readManifestFile } from '../manifests/read-manifests.ts'
import { readWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { buildTopology } from './build-topology.ts'
import { Parts } from './parts.ts'
import type { WorkloadSources } from './source/source-calls.ts'
import type { FileFacts } from './source/source-facts.ts'
import type { Topology } from './topology.ts'

const names = ['cart', 'carts', 'cart-v2', 'pay', 'web', 'db', 'queue', 'jaeger'] as const
const name = fc.constantFrom(...names)
const namespace = fc.constantFrom('', '', 'shop', 'default')
const inNamespace = (space: string): string => (space === '' ? '' : `, namespace: ${space}`)
const port = fc.constantFrom(80, 5432, 9090)
const host = fc.oneof(
  name,
  name,
  fc.tuple(name, fc.constantFrom('shop', 'default', 'elsewhere.svc')).map(parts => parts.join('.')),
  fc.constantFrom('api.partner.example.org', 'db.partner.example.org', 'web.example.net'),
)
const address = fc
  .tuple(fc.constantFrom('', 'http://', 'postgres://'), host, fc.option(port))
  .map(([scheme, at, number]) => `${scheme}${at}${number === null ? '' : `:${number}`}`)
const key = fc.constantFrom('PAY_URL', 'DB_HOST', 'DB_PORT', 'CART', 'LOG_LEVEL', 'OTEL_ENDPOINT')
const quoted = (text: string): string => JSON.stringify(text)

const variable = fc.oneof(
  fc.tuple(key, address).map(([of, value]) => `{ name: ${of}, value: ${quoted(value)} }`),
  fc.constant('{ name: WHOLE_URL, value: "http://$(DB_HOST):$(CART_SERVICE_PORT)" }'),
  fc
    .tuple(key, fc.constantFrom('configMapKeyRef', 'secretKeyRef'), name, key)
    .map(([of, kind, from, at]) => `{ name: ${of}, valueFrom: { ${kind}: { name: ${from}, key: ${at} } } }`),
)
const container = fc
  .record({
    image: fc.constantFrom('acme/app:1', 'acme/app:2', 'postgres:17', 'redis', 'acme/loadgenerator'),
    env: fc.array(variable, { maxLength: 4 }),
    from: fc.option(name),
    mounts: fc.boolean(),
    args: fc.array(address, { maxLength: 2 }),
  })
  .map(
    ({ image, env, from, mounts, args }) =>
      `{ name: main, image: "${image}", ports: [{ name: http, containerPort: 80 }], env: [${env.join(', ')}], args: [${args.map(each => quoted(`--peer=${each}`)).join(', ')}]` +
      `${from === null ? '' : `, envFrom: [{ configMapRef: { name: ${from} } }]`}${mounts ? ', volumeMounts: [{ name: files, mountPath: /etc/x }]' : ''} }`,
  )
const workload = fc
  .record({
    kind: fc.constantFrom('Deployment', 'Deployment', 'StatefulSet', 'Job'),
    of: name,
    space: namespace,
    app: name,
    replicas: fc.nat(5),
    main: container,
    wait: fc.option(host),
    map: name,
  })
  .map(
    ({ kind, of, space, app, replicas, main, wait, map }) => `kind: ${kind}
apiVersion: apps/v1
metadata: { name: ${of}${inNamespace(space)} }
spec:
  replicas: ${replicas}
  template:
    metadata: { labels: { app: ${app} } }
    spec:
      serviceAccountName: ${app}
      containers: [${main}]
      initContainers: [${wait === null ? '' : `{ name: wait, image: busybox, command: [sh, -c, "nc -z ${wait} 80"] }`}]
      volumes: [{ name: files, configMap: { name: ${map} } }]
`,
  )
const service = fc
  .record({
    of: name,
    space: namespace,
    app: name,
    port,
    type: fc.constantFrom('ClusterIP', 'ClusterIP', 'LoadBalancer', 'ExternalName'),
  })
  .map(
    each => `kind: Service
apiVersion: v1
metadata: { name: ${each.of}${inNamespace(each.space)} }
spec: { type: ${each.type}, externalName: api.partner.example.org, selector: { app: ${each.app} }, ports: [{ name: http, port: ${each.port}, targetPort: http }] }
`,
  )
const map = fc
  .record({
    kind: fc.constantFrom('ConfigMap', 'Secret'),
    of: name,
    space: namespace,
    data: fc.array(fc.tuple(key, address), { maxLength: 4 }),
    file: fc.option(address),
  })
  .map(
    ({ kind, of, space, data, file }) => `kind: ${kind}
apiVersion: v1
metadata: { name: ${of}${inNamespace(space)} }
${kind === 'Secret' ? 'stringData' : 'data'}:
${[...new Map(data)].map(([at, value]) => `  ${at}: ${quoted(value)}\n`).join('')}${file === null ? '' : `  app.properties: |\n    # settings\n    pay.url=${file}\n    db.host=db\n`}`,
  )
const route = fc
  .record({
    of: name,
    space: namespace,
    to: name,
    port,
    kind: fc.constantFrom('Ingress', 'HTTPRoute', 'Gateway', 'VirtualService'),
  })
  .map(({ of, space, to, port: number, kind }) => {
    const metadata = `metadata: { name: ${of}${inNamespace(space)} }`
    if (kind === 'Ingress')
      return `kind: Ingress\napiVersion: networking.k8s.io/v1\n${metadata}\nspec: { rules: [{ host: web.example.net, http: { paths: [{ backend: { service: { name: ${to}, port: { number: ${number} } } } }] } }] }\n`
    if (kind === 'Gateway')
      return `kind: Gateway\napiVersion: gateway.networking.k8s.io/v1\n${metadata}\nspec: { listeners: [{ hostname: web.example.net }] }\n`
    if (kind === 'HTTPRoute')
      return `kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v1\n${metadata}\nspec: { parentRefs: [{ name: ${to} }], hostnames: [api.partner.example.org], rules: [{ backendRefs: [{ name: ${to}, port: ${number} }] }] }\n`
    return `kind: VirtualService\napiVersion: networking.istio.io/v1\n${metadata}\nspec: { gateways: [${to}], hosts: [web.example.net], http: [{ route: [{ destination: { host: ${to} } }] }] }\n`
  })
const policy = fc
  .record({ of: name, space: namespace, own: name, from: name, egress: fc.boolean() })
  .map(
    ({ of, space, own, from, egress }) =>
      `kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: { name: ${of}${inNamespace(space)} }\nspec: { podSelector: { matchLabels: { app: ${own} } }, ${egress ? 'egress: [{ to' : 'ingress: [{ from'}: [{ podSelector: { matchLabels: { app: ${from} } } }] }] }\n`,
  )
const authorization = fc
  .tuple(name, name)
  .map(
    ([of, from]) =>
      `kind: AuthorizationPolicy\napiVersion: security.istio.io/v1\nmetadata: { name: ${of} }\nspec: { selector: { matchLabels: { app: ${of} } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/${from}] } }] }] }\n`,
  )
const autoscaler = fc
  .tuple(name, namespace)
  .map(
    ([of, space]) =>
      `kind: HorizontalPodAutoscaler\napiVersion: autoscaling/v2\nmetadata: { name: ${of}${inNamespace(space)} }\nspec: { maxReplicas: 9, scaleTargetRef: { kind: Deployment, name: ${of} } }\n`,
  )
const edge = fc.constantFrom(
  'kind: EdgeNode\napiVersion: pilothouse.dev/v1alpha1\nmetadata: { name: cart }\n',
  'kind: EdgeService\napiVersion: pilothouse.dev/v1alpha1\nmetadata: { name: web }\nspec: { node: cart, containers: [{ name: main, image: acme/app:1 }] }\n',
  'kind: Namespace\napiVersion: v1\nmetadata: { name: shop }\n',
  'kind: ConfigMap\napiVersion: v1\nmetadata: [broken\n',
)
const document = fc.oneof(
  { weight: 5, arbitrary: workload },
  { weight: 4, arbitrary: service },
  { weight: 2, arbitrary: map },
  { weight: 2, arbitrary: route },
  policy,
  authorization,
  autoscaler,
  edge,
)
const text = fc.array(document, { minLength: 1, maxLength: 3 }).map(documents => documents.join('---\n'))
const path = fc.nat(11).map(number => `apps/${number % 3}/${number}.yaml`)

const said = fc
  .array(
    fc.tuple(
      name,
      fc.oneof(name, fc.constant('api.partner.example.org')),
      fc.constantFrom('confirmed', 'rejected', 'declared'),
    ),
    {
      maxLength: 3,
    },
  )
  .map(
    edges =>
      `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nedges:\n${edges.map(([from, to, state]) => `  - { from: ${from}, to: ${to}, state: ${state} }\n`).join('')}services:\n  cart: { owner: team-a }\n`,
  )
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), path, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path, to: path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('say' as const), text: said }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('source' as const), names: fc.subarray([...names]) }) },
)

/** Programs of these names, which all call `pay`. */
function sourcesOf(called: readonly string[]): WorkloadSources {
  const facts: FileFacts = {
    addresses: [
      { key: 'PAY_URL', template: `$\{PAY_URL:-http://pay:80}`, shown: 'PAY_URL', line: 3, place: 'code' },
      { key: 'url', template: 'http://carts:80', shown: 'http://carts:80', line: 4, place: 'code' },
    ],
    clients: [{ name: 'db', by: 'grpc', shown: 'DbClient', line: 5 }],
    endpoints: [],
    switches: [],
  }
  const found = { folder: 'src', how: { key: 'topology.orphan', params: { node: '' } } } as const
  return {
    find: seeker => (called.includes(seeker.name) ? found : undefined),
    facts: () => new Map([['src/main.go', facts]]),
  }
}

const runs = process.env['PILOTHOUSE_RUNS']

describe('a graph made from parts of the one before', () => {
  it('takes nothing from a build that the one before did not use', () => {
    const build = (before: Parts | undefined, found: string, asks: boolean): readonly [Parts, string | undefined] => {
      const parts = new Parts(before)
      const look = parts.table('names', new Map([['cart', found]]))
      return [parts, asks ? parts.part('calls', 'web', () => look('cart')) : undefined]
    }
    const [first] = build(undefined, 'old', true)
    const [second] = build(first, 'new', false)
    // The table is as it was in the second, and not as in the first, which made the part.
    expect(build(second, 'new', true)[1]).toBe('new')
    // What was taken over by one is there for no other.
    expect(build(first, 'newest', true)[1]).toBe('newest')
  })

  it('is the graph made from nothing, in the same order, whatever was edited', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(path, text), { maxLength: 12 }),
        fc.array(step, { maxLength: 12 }),
        (start, steps) => {
          const files = new Map<string, ManifestFile>()
          const write = (at: string, content: string) => files.set(at, readManifestFile(at, content))
          for (const [at, content] of start) write(at, content)
          let parts = new Parts()
          let workspace = readWorkspaceFile('pilothouse.yaml', '')
          let sources: WorkloadSources | undefined
          const again = (): Topology => {
            parts = new Parts(parts)
            return build(parts)
          }
          const build = (known?: Parts): Topology =>
            buildTopology(
              [...files.values()],
              { environment: 'apps', revision: '', workspace, ...(sources && { sources }) },
              known,
            )
          expect(JSON.stringify(again())).toBe(JSON.stringify(build()))
          const texts = new Map(start)
          for (const next of steps) {
            if (next.do === 'say') workspace = readWorkspaceFile('pilothouse.yaml', next.text)
            else if (next.do === 'source') sources = sourcesOf(next.names)
            else if (next.do === 'write') {
              texts.set(next.path, next.text)
              write(next.path, next.text)
            } else {
              const content = texts.get(next.path)
              files.delete(next.path)
              texts.delete(next.path)
              if (next.do === 'rename' && content !== undefined) {
                texts.set(next.to, content)
                write(next.to, content)
              }
            }
            expect(JSON.stringify(again())).toBe(JSON.stringify(build()))
          }
        },
      ),
      // The same sequences every time; more and others where somebody asks for them.
      runs === undefined ? { numRuns: 60, seed: 20261120 } : { numRuns: Number(runs) },
    )
  })
})
