import { expect, test } from 'vitest'
import { type JsonObject, listAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import type { Checkout } from './checkouts.ts'
import { createFaultControl, faultConfigMap } from './fault-control.ts'
import { faultMap } from './faults.ts'
import { createGitOpsController } from './gitops.ts'
import { type SandboxCluster, serveCluster } from './serve-cluster.ts'

const start = Date.UTC(2026, 10, 20, 9)
const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: {
    source: { repoURL: 'https://git.example/shop.git', path: 'deploy', targetRevision: 'main' },
    destination: { namespace: 'shop' },
    syncPolicy: { automated: { prune: true } },
    ignoreDifferences: [
      { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] },
      {
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        jqPathExpressions: ['.spec.rules[].backendRefs[].weight'],
      },
    ],
  },
}
const map = (name: string, data: JsonObject) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
const deployment = (image: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
})
const route = (weight: number, port = 80) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'web' },
  spec: {
    rules: [
      {
        backendRefs: [
          { name: 'a', port, weight: 100 - weight },
          { name: 'b', port, weight },
        ],
      },
    ],
  },
})
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }

test('what is pushed is applied, what is taken out is pruned, what others move is left; a refusal is told', async () => {
  let checkout: Checkout = {
    revision: 'a'.repeat(40),
    manifests: [route(0), deployment('web:1', 2), map('settings', { level: 'info' }), namespace],
  }
  let refreshed = 0
  await using cluster: SandboxCluster = await serveCluster({
    startAt: start,
    controllers: state => [
      createGitOpsController(state, { latest: () => checkout, refresh: () => refreshed++ }),
      createFaultControl(() => cluster.faults, fail),
    ],
  })
  const { state, simulation } = cluster
  const { world } = simulation
  world.create('/Namespace', { metadata: { name: 'argocd' } }, 'test')
  world.create('argoproj.io/Application', application, 'test')
  const app = () => world.get('argoproj.io/Application', 'argocd', 'shop')!
  const told = () => [
    textAt(app(), 'status', 'sync', 'status'),
    textAt(app(), 'status', 'health', 'status'),
    textAt(app(), 'status', 'sync', 'revision')?.slice(0, 1),
  ]
  const push = (revision: string, manifests: readonly JsonObject[]) => {
    checkout = { revision: revision.repeat(40), manifests }
    world.look('argoproj.io/Application', app())
    simulation.advance(15_000)
  }
  simulation.advance(15_000)
  expect(told()).toEqual(['Synced', 'Healthy', 'a'])
  expect(textAt(world.get('apps/Deployment', 'shop', 'web'), 'status', 'availableReplicas')).toBe('2')

  // Others move what they own; Git's next word does not undo it.
  const patch = (group: string, kind: string, name: string, body: JsonObject) =>
    state.writer.patch(state.kind(group, kind), { namespace: 'shop', name }, 'merge', body, { manager: 'kubectl' })
  patch('apps', 'Deployment', 'web', { spec: { replicas: 3 } })
  patch('gateway.networking.k8s.io', 'HTTPRoute', 'web', { spec: { rules: route(30).spec.rules } })
  simulation.advance(15_000)
  expect(told()).toEqual(['Synced', 'Healthy', 'a'])
  push('b', [namespace, deployment('web:2', 2), route(0, 8080)])
  expect(told()).toEqual(['Synced', 'Healthy', 'b'])
  expect(world.get('/ConfigMap', 'shop', 'settings')).toBe(undefined)
  expect(valueAt(world.get('apps/Deployment', 'shop', 'web'), ['spec', 'replicas'])).toBe(3)
  expect(
    valueAt(world.get('gateway.networking.k8s.io/HTTPRoute', 'shop', 'web'), ['spec', 'rules', 0, 'backendRefs']),
  ).toEqual([
    { name: 'a', port: 8080, weight: 70 },
    { name: 'b', port: 8080, weight: 30 },
  ])

  // A hand in the cluster is told as drift, and not undone without selfHeal.
  patch('apps', 'Deployment', 'web', {
    spec: { template: { spec: { containers: [{ name: 'web', image: 'web:by-hand' }] } } },
  })
  simulation.advance(15_000)
  expect(told()[0]).toBe('OutOfSync')
  world.replace('argoproj.io/Application', { ...app(), operation: { sync: { revision: checkout.revision } } }, 'test')
  simulation.advance(15_000)
  expect(told()).toEqual(['Synced', 'Healthy', 'b'])

  push('c', [
    namespace,
    {
      ...deployment('web:3', 2),
      spec: { ...deployment('web:3', 2).spec, selector: { matchLabels: { app: 'other' } } },
    },
  ])
  expect(textAt(app(), 'status', 'operationState', 'phase')).toBe('Failed')
  expect(textAt(app(), 'status', 'operationState', 'message')).toContain('field is immutable')
  expect(listAt(app(), 'status', 'history').map(each => textAt(each, 'revision')?.slice(0, 1))).toEqual(['a', 'b', 'b'])

  const annotated = {
    ...app(),
    metadata: { ...(app()['metadata'] as JsonObject), annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
  }
  world.replace('argoproj.io/Application', annotated, 'test')
  simulation.settle()
  expect([refreshed, textAt(app(), 'metadata', 'annotations', 'argocd.argoproj.io/refresh')]).toEqual([1, undefined])

  // Faults are asked for with a ConfigMap.
  world.create('/Namespace', { metadata: { name: faultMap.namespace } }, 'test')
  world.create(
    '/ConfigMap',
    { ...faultConfigMap, data: { 'canaries-fail': 'true', denied: 'list pods, * secrets', 'too-many': '2' } },
    'test',
  )
  simulation.settle()
  expect(cluster.faults).toMatchObject({
    canariesFail: true,
    denied: ['list pods', '* secrets'],
    tooMany: { requests: 2, retryAfter: 1 },
  })
})

const fail = (error: unknown): never => {
  throw error
}
