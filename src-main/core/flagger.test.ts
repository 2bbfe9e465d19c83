import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDesk } from '../../e2e/clusters/open-desk.ts'
import { isObject, type Json, listAt, textAt, valueAt } from '../../shared/manifests/manifest.ts'
import type { RolloutAction } from '../../shared/rollouts/actions.ts'
import type { RolloutsView } from '../../shared/rollouts/contract.ts'
import { serveCluster } from '../sandbox/cluster/serve-cluster.ts'

const deployment = (name: string, image: string, replicas: number) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default' } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
  },
})
const hook = (type: string, path: string) => ({ name: type, type, url: `http://tester.default${path}` })
const canary = (webhooks: readonly Json[]) => ({
  ...{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata: { name: 'web', namespace: 'default' } },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    service: { port: 80 },
    analysis: { interval: '10s', threshold: 2, maxWeight: 40, stepWeight: 20, webhooks },
  },
})

/** A sandbox cluster with a Canary and a load tester, whose clock moves when it is told to, and a core beside it. */
async function flagger(webhooks: readonly Json[]) {
  const world = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-flagger-'))
  world.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const server = world.use(await serveCluster({ startAt: Date.parse('2026-11-20T10:00:00Z') }))
  await server.writeKubeconfig(join(folder, 'config'))
  const desk = world.use(await openDesk(join(folder, 'config'), 'sandbox'))
  writeFileSync(join(desk.directory, 'deploy/web.yaml'), JSON.stringify(deployment('web', 'web:1', 2)))
  desk.commit('Begin')
  const { simulation } = server
  const put = (kind: string, object: object) => simulation.world.create(kind, object as { kind: string }, 'test')
  put('apps/Deployment', deployment('web', 'web:1', 2))
  put('apps/Deployment', deployment('tester', 'ghcr.io/fluxcd/flagger-loadtester:0.36', 1))
  put('/Service', {
    metadata: { name: 'tester', namespace: 'default' },
    spec: { selector: { app: 'tester' }, ports: [{ port: 80, targetPort: 8080 }] },
  })
  simulation.advance(10_000)
  put('flagger.app/Canary', canary(webhooks))
  simulation.advance(20_000)
  const { workspace, environment } = desk.at
  const scope = { workspace, environment, context: 'sandbox' }
  const get = (kind: string, name: string) => simulation.world.get(kind, 'default', name)!
  return {
    simulation,
    get,
    status: () => {
      const route = get('networking.istio.io/VirtualService', 'web')
      return {
        phase: textAt(get('flagger.app/Canary', 'web'), 'status', 'phase'),
        weight: valueAt(listAt(route, 'spec', 'http', 0, 'route')[1], ['weight']),
        primary: textAt(get('apps/Deployment', 'web-primary'), 'spec', 'template', 'spec', 'containers', 0, 'image'),
      }
    },
    release(image: string) {
      const live = get('apps/Deployment', 'web')
      const spec = { ...deployment('web', image, 0).spec }
      simulation.world.replace('apps/Deployment', { ...live, spec }, 'test')
      simulation.settle()
    },
    act: (action: RolloutAction) =>
      desk.api.rollouts.act({ ...scope, rollout: 'Canary/default/web', action, reason: 'It is time.' }),
    /** The Canary as the page has it, once it is in that phase. */
    async told(phase: string, isSo: (view: RolloutsView['rollouts'][number]) => boolean = () => true) {
      const leaving = new AbortController()
      try {
        for await (const view of desk.api.rollouts.watch(scope, { signal: leaving.signal })) {
          const found = view.rollouts.find(({ id }) => id === 'Canary/default/web')
          if (view.state === 'live' && found?.status.phase === phase && isSo(found))
            return {
              weight: found.status.weight,
              offered: found.actions.filter(({ where }) => where === 'cluster').map(({ action }) => action),
              why: Object.fromEntries(
                found.actions.map(({ action, where, note }) => [action, where ? null : note?.key]),
              ),
            }
        }
      } finally {
        leaving.abort()
      }
      throw new Error('the rollouts ended')
    },
    [Symbol.asyncDispose]: () => world.disposeAsync(),
  }
}

test('a gate holds the promotion; a person rolls back, tries again and promotes, as Flagger allows it', async () => {
  await using at = await flagger([hook('confirm-promotion', '/gate/check'), hook('rollback', '/rollback/check')])
  expect(at.status()).toEqual({ phase: 'Initialized', weight: 0, primary: 'web:1' })
  expect((await at.told('Initialized')).offered).toEqual(['pause'])
  at.release('web:2')
  at.simulation.advance(12_000)
  expect(at.status()).toMatchObject({ phase: 'Progressing', weight: 20 })
  const moving = await at.told('Progressing')
  expect(moving.offered).toEqual(['promote-full', 'pause', 'abort'])
  expect(moving.why['promote']).toBe('rollout.noGate')

  // Suspended it hears nothing, and nothing but to resume it is offered.
  await at.act('pause')
  at.simulation.advance(60_000)
  expect(at.status()).toMatchObject({ phase: 'Progressing', weight: 20 })
  const suspended = await at.told('Progressing', ({ standing }) => standing === 'waiting')
  expect([suspended.offered, suspended.why['abort']]).toEqual([['resume'], 'rollout.suspendedFirst'])
  await at.act('resume')
  at.simulation.advance(30_000)

  // Its status says no weight any more, and the route does.
  expect(at.status()).toMatchObject({ phase: 'WaitingPromotion', weight: 40, primary: 'web:1' })
  expect(valueAt(at.get('flagger.app/Canary', 'web'), ['status', 'canaryWeight'])).toBe(0)
  expect(await at.told('WaitingPromotion')).toMatchObject({
    ...{ weight: 40, offered: ['promote', 'promote-full', 'pause', 'abort'] },
  })
  await at.act('abort')
  at.simulation.advance(10_000)
  expect(at.status()).toEqual({ phase: 'Failed', weight: 0, primary: 'web:1' })
  expect((await at.told('Failed')).offered).toEqual(['pause', 'retry'])

  // The gate that rolled it back is shut first: else it would do so again.
  await at.act('retry')
  at.simulation.advance(50_000)
  expect(at.status()).toMatchObject({ phase: 'WaitingPromotion', weight: 40 })
  await at.act('promote')
  at.simulation.advance(12_000)
  expect(at.status()).toMatchObject({ phase: 'Promoting', weight: 40, primary: 'web:2' })
  const promoting = await at.told('Promoting')
  expect([promoting.weight, promoting.offered, promoting.why['abort']]).toEqual([40, ['pause'], 'rollout.promotingNow'])
  at.simulation.advance(30_000)
  expect(at.status()).toEqual({ phase: 'Succeeded', weight: 0, primary: 'web:2' })
})

test('before its first gate nothing can be skipped or rolled back; skipping passes every other gate', async () => {
  await using at = await flagger([
    hook('confirm-rollout', '/gate/check'),
    hook('confirm-promotion', '/gate/halt'),
    hook('rollout', '/'),
  ])
  at.release('web:2')
  at.simulation.advance(30_000)
  expect(at.status()).toMatchObject({ phase: 'Waiting', weight: 0 })
  const waiting = await at.told('Waiting')
  expect([waiting.offered, waiting.why]).toEqual([
    ['promote', 'pause'],
    expect.objectContaining({ abort: 'rollout.notBegun', 'promote-full': 'rollout.notBegun' }) as unknown,
  ])
  await at.act('promote')
  at.simulation.advance(50_000)
  expect(at.status()).toMatchObject({ phase: 'WaitingPromotion', weight: 40 })
  // A gate that always says no is opened by nobody.
  const held = await at.told('WaitingPromotion')
  expect([held.offered, held.why['promote'], held.why['abort']]).toEqual([
    ['promote-full', 'pause'],
    'rollout.noGate',
    'rollout.noRollbackGate',
  ])
  await at.act('promote-full')
  at.simulation.advance(12_000)
  expect(at.status()).toEqual({ phase: 'Succeeded', weight: 0, primary: 'web:2' })
})

test('checks that fail too often roll it back; a tester that is gone is a failed check', async () => {
  await using at = await flagger([hook('rollout', '/')])
  at.release('web:2')
  at.simulation.advance(12_000)
  expect(at.status()).toMatchObject({ phase: 'Progressing', weight: 20 })
  at.simulation.world.remove('/Service', at.get('/Service', 'tester'))
  at.simulation.advance(25_000)
  expect(valueAt(at.get('flagger.app/Canary', 'web'), ['status', 'failedChecks'])).toBe(2)
  at.simulation.advance(10_000)
  expect(at.status()).toEqual({ phase: 'Failed', weight: 0, primary: 'web:1' })
  const said = at.simulation.world.list('/Event').map(event => (isObject(event) ? textAt(event, 'message') : ''))
  expect(said).toContainEqual(expect.stringContaining('Halt web.default advancement external check rollout failed'))
  expect(said).toContain('Rolling back web.default failed checks threshold reached 2')

  // Back to what the primary runs is no release.
  at.release('web:1')
  at.simulation.advance(30_000)
  expect(at.status()).toEqual({ phase: 'Failed', weight: 0, primary: 'web:1' })
})
