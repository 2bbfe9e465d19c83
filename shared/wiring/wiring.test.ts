import { describe, expect, test } from 'vitest'
import { applyEdits } from '../edits/apply-edits.ts'
import type { Edit } from '../edits/edit.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { readWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { workspacePath } from '../workspace-file/workspace-schema.ts'
import { planConnect } from './connect.ts'
import { planDisconnect } from './disconnect.ts'
import { planInsert } from './insert.ts'
import type { WiringPlan } from './offer.ts'
import { planRepoint } from './repoint.ts'
import { readScene } from './scene.ts'

type Texts = Readonly<Record<string, string>>
const workload = (
  name: string,
  env: Readonly<Record<string, string>> = {},
  port = 80,
  more = '',
) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: server
          image: acme/${name}:1
          ports: [{containerPort: 8080, name: web}]
${more}          env:
            - name: LOG
              value: info
${Object.entries(env)
  .map(([key, value]) => `            - name: ${key}\n              value: ${value}\n`)
  .join('')}---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: ${port}, targetPort: web}]
`

function sceneOf(texts: Texts) {
  const files = Object.entries(texts).map(([path, text]) => readManifestFile(path, text))
  const notes = texts[workspacePath]
  const topology = buildTopology(files, {
    environment: '.',
    revision: '',
    ...(notes !== undefined && { workspace: readWorkspaceFile(workspacePath, notes) }),
  })
  return readScene(files, topology)
}
const chosen = (plan: WiringPlan): readonly Edit[] =>
  plan.offers.filter(offer => offer.chosen).flatMap(offer => offer.edits)
function edited(texts: Texts, edits: readonly Edit[]): Texts {
  const { files, outcomes } = applyEdits(new Map(Object.entries(texts)), edits)
  expect(outcomes.filter(outcome => outcome.kind !== 'applied')).toEqual([])
  return Object.fromEntries(files)
}
const calls = (texts: Texts): readonly string[] =>
  sceneOf(texts)
    .topology.edges.filter(edge => edge.state !== 'rejected')
    .map(edge => `${edge.from} → ${edge.to}`)

const shop: Texts = {
  'web.yaml': workload('web', { CART_SERVICE_ADDR: 'cart-service:7070' }),
  'cart.yaml': workload('cart-service', {}, 7070),
  'payment.yaml': workload('payment', {}, 9000),
}

describe('an edge that is drawn', () => {
  test('becomes a variable as the caller writes them, and is there then', () => {
    const plan = planConnect(sceneOf(shop), 'web', 'payment')
    expect(plan.offers.map(offer => offer.id)).toEqual(['variable', 'declare'])
    expect(plan.offers[0]?.variable).toMatchObject({ name: 'PAYMENT_SERVICE_ADDR', value: 'payment:9000' })
    const texts = edited(shop, chosen(plan))
    expect(calls(texts)).toContain('web → payment')
    expect(texts['web.yaml']?.split('\n').length).toBe((shop['web.yaml']?.split('\n').length ?? 0) + 2)
  })

  test('follows those who call the same store, else what is usual for its protocol', () => {
    const stores = {
      ...shop,
      'redis.yaml': workload('redis-main', {}, 6379).replaceAll('acme/redis-main:1', 'redis:7'),
      'api.yaml': workload('api', { SESSION_STORE_URL: 'redis://redis-main:6379/' }),
      'pg.yaml': workload('db', {}, 5432).replaceAll('acme/db:1', 'postgres:16'),
    }
    const scene = sceneOf(stores)
    expect(planConnect(scene, 'web', 'redis-main').offers[0]?.variable).toMatchObject({
      name: 'SESSION_STORE_URL',
      value: 'redis://redis-main:6379/',
    })
    expect(planConnect(scene, 'web', 'db').offers[0]?.edits).toMatchObject([
      { name: 'DB_HOST', value: { value: 'db' } },
      { name: 'DB_PORT', value: { value: '5432' } },
    ])
  })

  test('says the namespace of a Service in another one', () => {
    const far = {
      'web.yaml': workload('web')
        .replaceAll('metadata:\n  name: web', 'metadata:\n  name: web\n  namespace: front')
        .replaceAll('{name: web}', '{name: web, namespace: front}'),
      'pay.yaml': workload('pay', {}, 81)
        .replaceAll('metadata:\n  name: pay', 'metadata:\n  name: pay\n  namespace: money')
        .replaceAll('{name: pay}', '{name: pay, namespace: money}'),
    }
    const plan = planConnect(sceneOf(far), 'web', 'pay')
    expect(plan.offers[0]?.variable).toMatchObject({ name: 'PAY_URL', value: 'http://pay.money:81' })
    expect(calls(edited(far, chosen(plan)))).toEqual(['web → pay'])
  })

  test('takes what NetworkPolicies have to let through, DNS with it', () => {
    const guarded = {
      ...shop,
      'policies.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: {matchLabels: {app: cart-service}}
`,
    }
    const plan = planConnect(sceneOf(guarded), 'web', 'payment')
    expect(plan.offers.map(offer => [offer.id, offer.edits[0]?.kind])).toEqual([
      ['variable', 'set-env'],
      ['policy ingress', 'add-object'],
      ['policy egress', 'set-item'],
      ['policy names', 'set-item'],
      ['declare', 'declare-edge'],
    ])
    const texts = edited(guarded, chosen(plan))
    expect(texts['payment.yaml']).toContain('name: payment-from-web')
    // What was let through is not asked for again.
    expect(planConnect(sceneOf(texts), 'web', 'payment').offers.filter(offer => offer.part === 'policy')).toEqual([])
  })

  test.each([
    [
      'ingress.yaml',
      'Ingress',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: edge}\nspec:\n  rules:\n    - http:\n        paths:\n          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n',
    ],
    [
      'gateway.yaml',
      'HTTPRoute',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: edge}\nspec: {gatewayClassName: x, listeners: []}\n',
    ],
    [
      'istio.yaml',
      'VirtualService',
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: edge}\nspec: {servers: []}\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: all}\nspec:\n  hosts: ["*"]\n  gateways: [edge]\n  http:\n    - route: [{destination: {host: web}}]\n',
    ],
  ])('becomes a route where the caller is a gateway: %s', (file, _, text) => {
    const routed = { ...shop, [file]: text }
    const plan = planConnect(sceneOf(routed), 'edge', 'payment')
    expect(plan.offers[0]).toMatchObject({ id: 'route', chosen: true })
    const texts = edited(routed, chosen(plan))
    expect(calls(texts)).toContain('edge → payment')
    // And is taken out again as it came.
    const back = edited(texts, chosen(planDisconnect(sceneOf(texts), 'edge', 'payment')))
    expect(calls(back)).not.toContain('edge → payment')
  })

  test('can only be declared where nothing here decides it', () => {
    const plan = planConnect(
      sceneOf({ ...shop, 'out.yaml': workload('x', { URL: 'https://api.stripe.com' }) }),
      'api.stripe.com',
      'web',
    )
    expect(plan).toMatchObject({ offers: [{ id: 'declare', chosen: true }], notes: [{ key: 'wiring.notHere' }] })
  })
})

const wired: Texts = {
  ...shop,
  'jobs.yaml': `${workload('jobs', { PAYMENT_HOST: 'payment', PAYMENT_PORT: '"9000"', BOTH: 'cart-service:7070,payment:9000' }, 80, '          args: ["--verbose", "--payment-url=http://user:secret@payment:9000/v1"]\n          envFrom: [{configMapRef: {name: shared}}]\n')}`,
  'other.yaml': workload('other', {}, 80, '          envFrom: [{configMapRef: {name: shared}}]\n'),
  'shared.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata:\n  LEDGER_URL: http://payment:9000/ledger # kept\n',
}

test('an edge that is deleted: each thing that makes it, and who else reads it', () => {
  const plan = planDisconnect(sceneOf(wired), 'jobs', 'payment')
  expect(plan.offers.map(({ part, chosen: taken }) => `${part} ${taken}`).sort()).toEqual([
    'argument true',
    'config false',
    'variable true',
    'variable true',
    'verdict false',
  ])
  expect(plan.offers.find(offer => offer.part === 'config')?.notes).toMatchObject([
    { key: 'wiring.alsoRead', params: { others: 'other' } },
  ])
  const texts = edited(
    wired,
    plan.offers.filter(offer => offer.part !== 'verdict').flatMap(offer => offer.edits),
  )
  expect(calls(texts)).not.toContain('jobs → payment')
  expect(calls(texts)).toContain('jobs → cart-service')
  expect(texts['jobs.yaml']).not.toMatch(/PAYMENT_HOST|PAYMENT_PORT|--payment-url/)
  expect(texts['jobs.yaml']).toContain('--verbose')
  expect(JSON.stringify(plan)).not.toContain('secret')
})

test('an edge that leads elsewhere keeps form, path and credentials; the port follows', () => {
  const plan = planRepoint(sceneOf(wired), 'jobs', 'payment', 'cart-service')
  const texts = edited(wired, chosen(plan))
  expect(texts['jobs.yaml']).toContain('--payment-url=http://user:secret@cart-service:7070/v1')
  expect(texts['jobs.yaml']).toMatch(/PAYMENT_PORT\n\s+value: "7070"/)
  expect(texts['shared.yaml']).toContain('http://cart-service:7070/ledger # kept')
  expect(calls(texts)).not.toContain('jobs → payment')
  expect(JSON.stringify(plan)).not.toContain('secret')
})

test('a service between two is one plan', () => {
  const between = { ...wired, 'proxy.yaml': workload('proxy', {}, 8000) }
  const plan = planInsert(sceneOf(between), 'web', 'cart-service', 'proxy')
  const all = calls(edited(between, chosen(plan)))
  expect(all).toEqual(expect.arrayContaining(['web → proxy', 'proxy → cart-service']))
  expect(all).not.toContain('web → cart-service')
})

test('a name that nothing answers to is led to the one that is meant, in its own form', () => {
  const misspelt = {
    ...shop,
    'web.yaml': workload('web', { CART_SERVICE_URL: 'http://cart-servise.default.svc.cluster.local:7070/v1' }),
  }
  const host = 'cart-servise.default.svc.cluster.local'
  const texts = edited(misspelt, chosen(planRepoint(sceneOf(misspelt), 'web', host, 'cart-service')))
  expect(texts['web.yaml']).toContain('http://cart-service.default.svc.cluster.local:7070/v1')
  expect(sceneOf(texts).topology.findings.filter(finding => finding.kind === 'dangling-reference')).toEqual([])
})

test('what stands in source is told, and can be rejected', () => {
  const noted = {
    ...shop,
    [workspacePath]:
      'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nedges:\n  - {from: payment, to: web, state: declared}\n',
  }
  const plan = planDisconnect(sceneOf(noted), 'payment', 'web')
  expect(plan.offers.map(offer => offer.id)).toEqual(['forget', 'reject'])
  expect(calls(edited(noted, chosen(plan)))).not.toContain('payment → web')
})
