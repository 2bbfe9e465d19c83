import { expect, test } from 'vitest'
import { gitopsState } from '../../../shared/delivery/gitops-state.ts'
import { type JsonObject, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import type { Checkout } from './checkouts.ts'
import { createFluxControllers } from './flux.ts'
import { serveCluster } from './serve-cluster.ts'

const start = Date.UTC(2026, 10, 20, 9)
const [source, kustomization, release] = [
  'source.toolkit.fluxcd.io/GitRepository',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
] as const
const map = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: name },
})
const web = (image: string): JsonObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
})

/** A cluster with a Flux that follows what a test says the repository holds. */
async function fluxCluster() {
  const git = { checkout: { revision: 'a'.repeat(40), manifests: [map('one')] } as Checkout, fetched: 0 }
  const cluster = await serveCluster({
    startAt: start,
    controllers: state =>
      createFluxControllers(state, { latest: () => git.checkout, refresh: () => void git.fetched++ }),
  })
  const { simulation } = cluster
  const { world } = simulation
  const named = (name: string) => ({ name, namespace: 'default' })
  const get = (kind: string, name: string) => world.get(kind, 'default', name)!
  return {
    git,
    world,
    simulation,
    get,
    add(kind: string, name: string, spec: JsonObject) {
      world.create(kind, { metadata: named(name), spec }, 'test')
      simulation.advance(3000)
    },
    change(kind: string, name: string, spec: JsonObject, annotations: JsonObject = {}) {
      const object = get(kind, name)
      const metadata = { ...objectAt(object, 'metadata'), annotations }
      world.replace(kind, { ...object, metadata, spec: { ...objectAt(object, 'spec'), ...spec } }, 'test')
      simulation.advance(3000)
    },
    /** The repository holds this now, and the sources look. */
    push(checkout: Checkout) {
      git.checkout = checkout
      world.look(source, get(source, 'shop'))
      simulation.advance(3000)
    },
    told(kind: string, name: string) {
      const { sync, revision, errors, suspended } = gitopsState(get(kind, name))!
      return [sync, revision?.slice(0, 1) ?? null, suspended ? 'suspended' : errors.join()]
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}

const shop = { path: './deploy', prune: true, interval: '10m', sourceRef: { kind: 'GitRepository', name: 'shop' } }
const commit = (letter: string, more: Partial<Checkout> = {}): Checkout => ({
  ...{ revision: letter.repeat(40), manifests: [map('one')] },
  ...more,
})

test('a Kustomization applies what its source holds, prunes what it made, and says which revision that is', async () => {
  await using flux = await fluxCluster()
  const { world, get, told } = flux
  flux.add(kustomization, 'shop', shop)
  expect(told(kustomization, 'shop')).toEqual(['failed', null, "Source 'GitRepository/default/shop' not found"])
  flux.add(source, 'shop', { url: 'https://git.example/shop.git', ref: { branch: 'main' }, interval: '1m' })
  flux.simulation.advance(6000)
  expect(told(kustomization, 'shop')).toEqual(['synced', 'a', ''])
  expect(textAt(get(kustomization, 'shop'), 'status', 'lastAppliedRevision')).toBe(`main@sha1:${'a'.repeat(40)}`)
  expect(textAt(get('/ConfigMap', 'one'), 'metadata', 'labels', 'kustomize.toolkit.fluxcd.io/name')).toBe('shop')

  world.create('/ConfigMap', { metadata: { name: 'foreign', namespace: 'default' } }, 'test')
  flux.push(commit('b', { manifests: [map('two')] }))
  expect(told(kustomization, 'shop')).toEqual(['synced', 'b', ''])
  expect(['one', 'two', 'foreign'].map(name => get('/ConfigMap', name) !== undefined)).toEqual([false, true, true])

  flux.push(commit('c', { problem: { kind: 'broken', message: 'deploy/web.yaml:3: bad indentation' }, manifests: [] }))
  expect(told(kustomization, 'shop')).toEqual([
    ...['failed', 'b', 'kustomize build failed: deploy/web.yaml:3: bad indentation'],
  ])
  expect(textAt(get(kustomization, 'shop'), 'status', 'lastAttemptedRevision')).toContain('cccc')
  expect(get('/ConfigMap', 'two')).toBeDefined()
  flux.push(commit('d', { problem: { kind: 'no-path', message: 'deploy: no such file or directory' }, manifests: [] }))
  expect(told(kustomization, 'shop')[2]).toBe('kustomization path not found: stat deploy: no such file or directory')
  flux.push(commit('e', { manifests: [{ ...map('two'), kind: 'Config' }] }))
  expect(told(kustomization, 'shop')[2]).toBe(
    'Config/default/two dry-run failed: no matches for kind "Config" in version "v1"',
  )
})

test('suspended it does nothing; it looks anew when it is asked to, and waits for what it depends on', async () => {
  await using flux = await fluxCluster()
  const { git, get, told } = flux
  flux.add(source, 'shop', { url: 'https://git.example/shop.git', ref: { branch: 'main' }, interval: '1m' })
  flux.add(kustomization, 'shop', { ...shop, dependsOn: [{ name: 'infra' }] })
  expect(told(kustomization, 'shop')).toEqual(['failed', null, "dependency 'default/infra' is not ready"])
  flux.add(kustomization, 'infra', shop)
  flux.simulation.advance(3000)
  expect(told(kustomization, 'shop')).toEqual(['synced', 'a', ''])

  flux.change(kustomization, 'shop', { suspend: true })
  flux.push(commit('b'))
  flux.change(kustomization, 'shop', {}, { 'reconcile.fluxcd.io/requestedAt': '2026-11-20T09:01:00Z' })
  expect(told(kustomization, 'shop')).toEqual(['synced', 'a', 'suspended'])
  expect(textAt(get(kustomization, 'shop'), 'status', 'lastHandledReconcileAt')).toBeUndefined()
  flux.change(kustomization, 'shop', { suspend: false })
  expect(told(kustomization, 'shop')).toEqual(['synced', 'b', ''])

  // Somebody's hand in the cluster is undone when it is asked to look.
  const asked = '2026-11-20T09:02:00Z'
  flux.world.replace('/ConfigMap', { ...get('/ConfigMap', 'one'), data: { a: 'by hand' } }, 'kubectl')
  flux.simulation.advance(3000)
  expect(valueAt(get('/ConfigMap', 'one'), ['data', 'a'])).toBe('by hand')
  flux.change(kustomization, 'shop', {}, { 'reconcile.fluxcd.io/requestedAt': asked })
  expect(valueAt(get('/ConfigMap', 'one'), ['data', 'a'])).toBe('one')
  expect(textAt(get(kustomization, 'shop'), 'status', 'lastHandledReconcileAt')).toBe(asked)
  flux.change(source, 'shop', {}, { 'reconcile.fluxcd.io/requestedAt': asked })
  expect([git.fetched, textAt(get(source, 'shop'), 'status', 'lastHandledReconcileAt')]).toEqual([1, asked])

  git.checkout = commit('', {
    problem: { kind: 'no-revision', message: `couldn't find remote ref "gone"` },
    manifests: [],
  })
  flux.change(source, 'shop', { ref: { branch: 'gone' } })
  expect(textAt(get(source, 'shop'), 'status', 'conditions', 0, 'message')).toContain(`couldn't find remote ref "gone"`)
})

test('one that waits is ready when what it applied is, and a release says its chart and how often it was tried', async () => {
  await using flux = await fluxCluster()
  const { told } = flux
  flux.git.checkout = commit('a', { manifests: [web('web:1')] })
  flux.add(source, 'shop', { url: 'https://git.example/shop.git', ref: { branch: 'main' }, interval: '1m' })
  flux.add(kustomization, 'shop', { ...shop, wait: true, timeout: '30s' })
  flux.simulation.advance(5000)
  expect(told(kustomization, 'shop')).toEqual(['synced', 'a', ''])
  flux.push(commit('b', { manifests: [web('web:2-missing')] }))
  expect(told(kustomization, 'shop')).toEqual(['syncing', 'a', ''])
  flux.simulation.advance(30_000)
  expect(told(kustomization, 'shop')).toEqual([
    ...['failed', 'a', "health check failed: timeout waiting for: [Deployment/default/web status: 'InProgress']"],
  ])

  const chart = (version: string) => ({
    chart: { spec: { chart: 'redis', version, sourceRef: { kind: 'HelmRepository', name: 'x' } } },
  })
  flux.add(release, 'redis', chart('19.0.1'))
  expect(gitopsState(flux.get(release, 'redis'))).toMatchObject({
    sync: 'synced',
    revision: '19.0.1',
    target: '19.0.1',
  })
  flux.change(release, 'redis', { suspend: true, ...chart('19.1.0') })
  expect(told(release, 'redis')[2]).toBe('suspended')
  flux.change(release, 'redis', { suspend: false })
  expect(gitopsState(flux.get(release, 'redis'))).toMatchObject({ sync: 'synced', revision: '19.1.0' })
  flux.change(release, 'redis', chart('0.0.0'))
  expect(told(release, 'redis')).toEqual([
    'failed',
    '1',
    expect.stringContaining("no 'redis' chart with version matching '0.0.0'"),
  ])
})
