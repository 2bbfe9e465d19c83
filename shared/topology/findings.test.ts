import { describe, expect, test } from 'vitest'
import { applyEdits } from '../edits/apply-edits.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { buildTopology } from './build-topology.ts'
import { stageOf } from './cross-environment.ts'
import { articulationPoints } from './find-risks.ts'
import type { Finding, Topology } from './topology.ts'

const service = (name: string, env: Record<string, string> = {}, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  ${more}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: acme/${name}:1
          env:
${Object.entries(env)
  .map(([key, value]) => `            - name: ${key}\n              value: ${JSON.stringify(value)} # keep\n`)
  .join('')}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
---
`
const build = (text: string, environment = '.'): Topology =>
  buildTopology([readManifestFile('all.yaml', text)], { environment, revision: '' })
const of = (topology: Topology, kind: Finding['kind']) => topology.findings.filter(finding => finding.kind === kind)

/** The text of the file with a finding's fix applied. */
function fixed(text: string, finding: Finding | undefined): string | undefined {
  const outcome = applyEdits(new Map([['all.yaml', text]]), finding?.fix ?? [])
  return outcome.files.get('all.yaml') ?? undefined
}
const changed = (before: string, after = '') => {
  const old = before.split('\n')
  return after.split('\n').filter(line => !old.includes(line))
}

describe('a fix is the edit that puts it right, and no more', () => {
  test.each([
    [
      'a misspelt host',
      service('web', { CART_URL: 'http://carrt:80/x' }) + service('cart'),
      '              value: "http://cart:80/x" # keep',
    ],
    [
      'one of a list',
      service('web', { URLS: 'http://cart,http://ordres' }) + service('cart') + service('orders'),
      '              value: "http://cart,http://orders" # keep',
    ],
    [
      'a name of another namespace',
      service('web', { CART_ADDR: 'cart:80' }).replaceAll('{name: web}', '{name: web, namespace: a}') +
        service('cart').replaceAll('{name: cart}', '{name: cart, namespace: b}'),
      '              value: "cart.b:80" # keep',
    ],
  ])('%s', (_, text, line) => {
    const topology = build(text)
    const [finding, more] = of(topology, 'dangling-reference')
    expect(more).toBeUndefined()
    const after = fixed(text, finding)
    expect(changed(text, after)).toEqual([line])
    expect(of(build(after!), 'dangling-reference')).toEqual([])
  })

  test('in a ConfigMap, through a variable, in an argument and in a route', () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  CART_ADDR: carrt:80 # keep\n---\n'
    const text =
      map +
      service('cart') +
      service('orders') +
      service('web', { CART: 'ordres', U: 'http://$(CART):80' }).replace(
        '          env:',
        '          args: ["--orders=http://ordres:80"]\n          envFrom: [{configMapRef: {name: c}}]\n          env:',
      ) +
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{http: {paths: [{path: /, backend: {service: {name: carts, port: {number: 80}}}}]}}]}\n'
    const topology = build(text)
    let after = text
    for (const finding of of(topology, 'dangling-reference')) {
      const outcome = applyEdits(new Map([['all.yaml', after]]), finding.fix ?? [])
      after = outcome.files.get('all.yaml') ?? after
    }
    expect(of(build(after), 'dangling-reference')).toEqual([])
    expect(after).toContain('CART_ADDR: cart:80 # keep')
    expect(after).toContain('backend: {service: {name: cart, port')
  })

  test('a port that the Service does not offer', () => {
    const text = service('web', { CART_URL: 'http://cart:9999/x' }) + service('cart')
    const [finding] = of(build(text), 'port-mismatch')
    expect(changed(text, fixed(text, finding))).toEqual(['              value: "http://cart:80/x" # keep'])
    // Two ports: nobody knows which is meant.
    const two = text.replace('{app: cart}, ports: [{port: 80}]', '{app: cart}, ports: [{port: 80}, {port: 81}]')
    expect(of(build(two), 'port-mismatch')[0]?.fix).toBeUndefined()
  })

  test('what a namespace that is not here holds is not known', () => {
    const [finding] = of(
      build(service('web', { OTLP_URL: 'http://otel.watch.svc.cluster.local:4317' })),
      'dangling-reference',
    )
    expect(finding).toMatchObject({
      severity: 'info',
      message: { key: 'finding.beyond', params: { namespace: 'watch' } },
    })
  })

  test('none where no name is near', () => {
    expect(
      of(build(service('web', { PAY_URL: 'http://somewhere' }) + service('cart')), 'dangling-reference')[0],
    ).toMatchObject({ node: 'web', line: 14 })
  })
})

describe('risks of the graph', () => {
  test('a circle is told with its way', () => {
    const topology = build(
      service('a', { B_URL: 'http://b' }) +
        service('b', { C_URL: 'http://c' }) +
        service('c', { A_URL: 'http://a' }) +
        service('d', { A_URL: 'http://a' }),
    )
    const [finding, more] = of(topology, 'cycle')
    expect(more).toBeUndefined()
    expect(finding).toMatchObject({
      node: 'a',
      file: 'all.yaml',
      line: 14,
      message: { params: { path: 'a → b → c → a' } },
    })
    expect(translate('en', finding!.message)).toContain('in a circle')
  })

  test('one replica between others, unless it scales', () => {
    const text = (more: string) =>
      service('web', { HUB_URL: 'http://hub' }) +
      service('till', { HUB_URL: 'http://hub' }) +
      service('hub', { CART_URL: 'http://cart' }, more) +
      service('cart')
    const [finding, more] = of(build(text('replicas: 1')), 'single-point-of-failure')
    expect(more).toBeUndefined()
    expect(finding).toMatchObject({ node: 'hub', fix: [{ kind: 'set-replicas', replicas: 2 }] })
    expect(of(build(text('replicas: 3')), 'single-point-of-failure')).toEqual([])
  })

  test('articulation points', () => {
    const edges = ['ab', 'bc', 'ca', 'cd', 'de', 'fg'].map(pair => ({ from: pair[0]!, to: pair[1]! }))
    expect([...articulationPoints([...'abcdefg'], edges)].sort()).toEqual(['c', 'd'])
    const chain = Array.from({ length: 20_000 }, (_, index) => ({ from: `${index}`, to: `${index + 1}` }))
    expect(
      articulationPoints(
        Array.from({ length: 20_001 }, (_, index) => `${index}`),
        chain,
      ).size,
    ).toBe(19_999)
  })

  test('an address that by its words belongs to another environment', () => {
    const text = service('web', { DB_URL: 'postgres://db.prod.acme.com/x', OK_URL: 'https://api.staging.acme.com' })
    const [finding, more] = of(build(text, 'overlays/staging'), 'crosses-environments')
    expect(more).toBeUndefined()
    expect(translate('en', finding!.message)).toContain('web of staging names db.prod.acme.com')
    expect(of(build(text, 'base'), 'crosses-environments')).toEqual([])
    expect([stageOf('shop-prod')?.stage, stageOf('production-dev'), stageOf('products')]).toEqual([
      'prod',
      undefined,
      undefined,
    ])
  })
})

test('nothing seen is not nothing there', () => {
  const alone = of(build(service('web', { CART_URL: 'http://cart' }) + service('cart') + service('alone')), 'orphan')
  expect(alone.map(finding => translate('en', finding.message))).toEqual([
    expect.stringContaining('not the same as none'),
  ])
  const topology = build(
    service('web', { CART_URL: 'http://cart' }) +
      service('cart', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4317' }) +
      service('jaeger').replace('acme/jaeger:1', 'jaegertracing/all-in-one:1') +
      service('store').replace('acme/store:1', 'redis:7'),
  )
  expect(topology.nodes.map(node => `${node.id} ${node.callsKnown}`)).toEqual([
    'cart unknown',
    'jaeger unknown',
    'store none-found',
    'web found',
  ])
})
