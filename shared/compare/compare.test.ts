import { describe, expect, test } from 'vitest'
import type { Gate } from '../gate/gate.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from '../topology/build-topology.ts'
import type { Topology } from '../topology/topology.ts'
import { alignTopology } from './align-topologies.ts'
import { compareManifests } from './compare-manifests.ts'
import { compareRules } from './compare-rules.ts'
import { compareTopology } from './compare-topology.ts'
import { compareVerdicts } from './compare-verdicts.ts'
import { saysRemoved, wordOf } from './difference.ts'
import { amountOf } from './manifest-noise.ts'
import { pointText, readPoint } from './point.ts'
import { routeWeights } from './route-weights.ts'
import { serviceOfObjects } from './service-of-object.ts'
import { manifestText } from './shown-value.ts'

const read = (text: string, file = 'deploy/all.yaml'): readonly Manifest[] => readManifestFile(file, text).manifests
const graph = (text: string, environment = 'deploy', file?: string): Topology =>
  buildTopology([readManifestFile(file ?? 'deploy/all.yaml', text)], { environment, revision: '' })
const fields = (before: string, after: string, across = false) =>
  compareManifests(read(before), read(after, across ? 'other/all.yaml' : undefined), across).flatMap(subject =>
    subject.fields.map(({ field, before, after, noise }) => [field, before, after, noise ?? '']),
  )

const deployment = (name: string, more = '', namespace = 'shop') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: web
          image: acme/${name}:1
          resources: {requests: {memory: 1Gi, cpu: 500m}}
          env:
            - {name: LEVEL, value: info}
            - {name: DB_PASSWORD, value: "hunter2hunter2"}
${more}`

test('a point is a moment and perhaps an environment of it', () => {
  expect(readPoint('v1.2')).toEqual({ revision: 'v1.2', environment: null })
  expect(readPoint('HEAD~2:deploy/prod')).toEqual({ revision: 'HEAD~2', environment: 'deploy/prod' })
  expect(readPoint(':helm:prod')).toEqual({ revision: 'now', environment: 'helm:prod' })
  expect(['draft', 'now:a:b'].map(text => pointText(readPoint(text)))).toEqual(['draft', 'now:a:b'])
})

test('what is not part of the other point is not said to be removed from it', () => {
  expect(wordOf('removed', saysRemoved('forward', true))).toBe('removed')
  for (const relation of ['backward', 'diverged', 'unrelated'] as const)
    expect(wordOf('removed', saysRemoved(relation, true))).toBe('only-a')
  expect(wordOf('added', saysRemoved('same', false))).toBe('only-b')
})

describe('objects', () => {
  test('are compared field by field, with named things by their names, whatever their order and spelling', () => {
    const after = deployment('cart')
      .replace('{name: LEVEL, value: info}', '{name: LEVEL, value: debug}')
      .replace('replicas: 2', 'replicas: 3 # more')
      .replace('memory: 1Gi, cpu: 500m', 'cpu: "0.5", memory: 1024Mi')
      .replace(
        /( +)- name: web\n/,
        '$1- name: proxy\n$1  image: envoy\n$1- name: web\n$1  terminationMessagePolicy: File\n',
      )
    expect(fields(deployment('cart'), after)).toEqual([
      ['spec.replicas', '2', '3', ''],
      ['spec.template.spec.containers[proxy]', null, '{"name":"proxy","image":"envoy"}', ''],
      ['spec.template.spec.containers[web].resources.requests.memory', '1Gi', '1024Mi', 'quantity'],
      ['spec.template.spec.containers[web].resources.requests.cpu', '500m', '0.5', 'quantity'],
      ['spec.template.spec.containers[web].env[LEVEL].value', 'info', 'debug', ''],
      ['spec.template.spec.containers[web].terminationMessagePolicy', null, 'File', 'default'],
    ])
  })

  test('never tell a credential, only that it differs', () => {
    const secret = (value: string) => `apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {url: "${value}"}
`
    const [changed] = compareManifests(read(secret('first')), read(secret('second')))
    expect(changed?.fields).toMatchObject([{ field: 'stringData.url', before: '***', after: '***', hidden: true }])
    const [env] = compareManifests(
      read(deployment('cart')),
      read(deployment('cart').replace('hunter2hunter2', 'correct-horse')),
    )
    expect(env?.fields).toMatchObject([{ before: '***', after: '***', hidden: true }])
    for (const manifest of [...read(secret('first')), ...read(deployment('cart'))])
      expect(manifestText(manifest)).not.toMatch(/first|hunter2/)
  })

  test('of a generator are the same under the name of other content, and who reads them did not change by that', () => {
    const both = (hash: string, level: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings-${hash}}
data: {level: ${level}}
---
${deployment('cart', `          envFrom: [{configMapRef: {name: settings-${hash}}}]\n`)}`
    expect(fields(both('6ct58987ht', 'info'), both('9g67k2hctb', 'debug'))).toEqual([
      ['metadata.name', 'settings-6ct58987ht', 'settings-9g67k2hctb', 'generated-name'],
      ['data.level', 'info', 'debug', ''],
      [
        'spec.template.spec.containers[web].envFrom[0].configMapRef.name',
        'settings-6ct58987ht',
        'settings-9g67k2hctb',
        'generated-name',
      ],
    ])
  })

  test('of another environment are found under its namespace, and its own names are no difference', () => {
    const cart = (namespace: string, replicas: number) =>
      deployment('cart', `            - {name: PEER, value: "http://pay.${namespace}.svc:80"}\n`, namespace).replace(
        'replicas: 2',
        `replicas: ${replicas}`,
      )
    expect(fields(cart('dev', 1), cart('prod', 5), true)).toEqual([
      ['metadata.namespace', 'dev', 'prod', 'environment'],
      ['spec.replicas', '1', '5', ''],
      [
        'spec.template.spec.containers[web].env[PEER].value',
        'http://pay.dev.svc:80',
        'http://pay.prod.svc:80',
        'environment',
      ],
    ])
  })

  test('belong to the service that is, selects, reads or scales', () => {
    const manifests = read(`${deployment('cart', '          envFrom: [{configMapRef: {name: settings}}]\n')}---
${deployment('pay')}---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: alone, namespace: shop}}
---
{apiVersion: v1, kind: Service, metadata: {name: basket, namespace: shop}, spec: {selector: {app: cart}}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: more, namespace: shop}, spec: {scaleTargetRef: {kind: Deployment, name: pay}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: door, namespace: shop}, spec: {rules: [{http: {paths: [{backend: {service: {name: basket}}}]}}]}}
`)
    const topology = buildTopology([{ path: 'deploy/all.yaml', role: 'manifests', manifests, findings: [] }], {
      environment: 'deploy',
      revision: '',
    })
    const serviceOf = serviceOfObjects(manifests, topology)
    expect(manifests.map(manifest => `${manifest.kind} ${manifest.name}: ${serviceOf(manifest)}`)).toEqual([
      'Deployment cart: cart',
      'Deployment pay: pay',
      'ConfigMap settings: cart',
      'ConfigMap alone: null',
      'Service basket: cart',
      'HorizontalPodAutoscaler more: pay',
      'Ingress door: cart',
    ])
  })

  test.each([
    ['1', 1],
    ['1000m', 1],
    ['1Gi', 1024 ** 3],
    ['1e3', 1000],
    ['5', 5],
    ['many', null],
    ['1x', null],
  ])('an amount is a number: %s', (text, amount) => expect(amountOf(text)).toBe(amount))
})

describe('graphs', () => {
  const side = (text: string, promises: [string, { availability: number }][] = []) => ({
    topology: graph(text),
    promises: new Map(promises),
    weights: routeWeights(read(text)),
  })
  const split = (canary: number) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart}
spec: {rules: [{backendRefs: [{name: cart, weight: ${100 - canary}}, {name: cart-next, weight: ${canary}}]}]}
`
  test('differ in nodes, promises, measured rates and weights', () => {
    const before = side(deployment('cart') + split(0), [['cart', { availability: 99 }]])
    const after = side(deployment('cart').replace('replicas: 2', 'replicas: 4') + split(10), [
      ['cart', { availability: 99.9 }],
    ])
    const { subjects } = compareTopology(before, after)
    expect(
      subjects.flatMap(({ key, fields }) => fields.map(({ field, before, after }) => [key, field, before, after])),
    ).toEqual([
      ['node cart', 'replicas', '2', '4'],
      ['node cart', 'slo availability', '99 %', '99.9 %'],
      ['route HTTPRoute cart', 'weight cart', '100 %', '90 %'],
      ['route HTTPRoute cart', 'weight cart-next', '0 %', '10 %'],
    ])
  })

  test('tell a rate where both points counted one, and a call that only one counted is not gone', () => {
    const calls =
      deployment('cart', '            - {name: PAY_ADDR, value: "pay:80"}\n') +
      `---\n${deployment('pay')}---
{apiVersion: v1, kind: Service, metadata: {name: pay, namespace: shop}, spec: {selector: {app: pay}, ports: [{port: 80}]}}
`
    const at = (rate: number | null) => {
      const topology = graph(calls)
      return {
        topology: { ...topology, edges: topology.edges.map(edge => ({ ...edge, rate })) },
        promises: new Map(),
        weights: [],
      }
    }
    expect(compareTopology(at(10), at(25)).subjects).toMatchObject([
      {
        key: 'edge cart pay',
        change: 'changed',
        fields: [{ field: 'rate', before: '10/s', after: '25/s', measured: true }],
      },
    ])
    expect(compareTopology(at(10), at(10.4)).subjects).toEqual([])
    expect(compareTopology(at(10), at(null)).subjects).toEqual([])
  })

  test('of two environments are laid on each other under a prefix and in another namespace', () => {
    const dev = graph(deployment('dev-cart', '', 'dev'), 'dev', 'base/cart.yaml')
    const prod = graph(
      deployment('prod-cart', '', 'prod').replace('replicas: 2', 'replicas: 6'),
      'prod',
      'base/cart.yaml',
    )
    const { topology, names } = alignTopology(dev, prod)
    expect([...names]).toEqual([['dev-cart', 'prod-cart']])
    const none = { promises: new Map(), weights: [] }
    const { subjects } = compareTopology({ topology, ...none }, { topology: prod, ...none }, true)
    expect(subjects.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['image', 'replicas'])
  })
})

test('rules, trees and promises are told by name, the parts that differ alone', () => {
  const files = (severity: string, p99: number, extra = '') =>
    new Map(
      Object.entries({
        '.pilothouse/rules/a.yaml': `- id: two\n  expression: "true"\n  severity: ${severity}\n${extra}`,
        '.pilothouse/trees/t.yaml': `id: storage\nnodes: [{id: first, question: ${p99}}]\n`,
        'pilothouse.yaml': `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nservices: {cart: {slo: {p99: ${p99}}}}\n`,
        'deploy/x.yaml': 'a: 1\n',
      }).map(([path, text]) => [path, { path, text }]),
    )
  const changes = compareRules(files('warn', 300), files('block', 250, '- id: three\n  expression: "true"\n'))
  expect(
    changes.map(({ kind, name, change, fields }) => [
      kind,
      name,
      change,
      fields.map(({ field, before, after }) => `${field} ${before} ${after}`),
    ]),
  ).toEqual([
    ['promise', 'cart', 'changed', ['slo.p99 300 250']],
    ['rule', 'three', 'added', []],
    ['rule', 'two', 'changed', ['severity warn block']],
    ['tree', 'storage', 'changed', ['nodes.first.question 300 250']],
  ])
})

test('verdicts differ by rule and service, and by what is said', () => {
  const gate = (verdict: 'pass' | 'warn' | 'block', ...said: [string, string, 'pass' | 'warn' | 'block'][]): Gate => ({
    verdict,
    items: said.map(([rule, service, each]) => ({
      rule,
      verdict: each,
      services: [service],
      message: { key: 'rule.holds' },
      waivable: true,
    })),
  })
  const compared = compareVerdicts(
    gate('warn', ['a', 'cart', 'warn'], ['b', 'cart', 'pass'], ['c', 'pay', 'warn']),
    gate('block', ['a', 'cart', 'block'], ['b', 'cart', 'pass'], ['d', 'pay', 'warn']),
  )
  expect([compared.before, compared.after]).toEqual(['warn', 'block'])
  expect(compared.items.map(({ rule, before, after }) => [rule, before?.verdict, after?.verdict])).toEqual([
    ['a', 'warn', 'block'],
    ['c', 'warn', undefined],
    ['d', undefined, 'warn'],
  ])
  expect(compareVerdicts(null, gate('pass')).before).toBe(null)
})

test('weights are shares of what a rule gives out, as each kind of route means them', () => {
  const percents = (text: string) => routeWeights(read(text)).map(({ target, percent }) => `${target} ${percent}`)
  expect(
    percents(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec: {http: [{route: [{destination: {host: cart, subset: v1}, weight: 75}, {destination: {host: cart, subset: v2}, weight: 25}]}, {route: [{destination: {host: cart}}]}]}
`),
  ).toEqual(['cart v1 75', 'cart v2 25'])
  expect(
    percents(`apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: cart}
spec: {rules: [{backendRefs: [{name: a}, {name: b}, {name: c}]}]}
`),
  ).toEqual(['a 33.33', 'b 33.33', 'c 33.33'])
  expect(
    percents(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: cart, annotations: {nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "5"}}
`),
  ).toEqual(['canary 5'])
})
