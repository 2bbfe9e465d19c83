import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LiveObject } from '../health/health.ts'
import { translate } from '../messages/index.ts'
import { type JoinedNode, LiveJoin } from './join-live.ts'
import { LiveWorld } from './live-world.ts'

let version = 0
const meta = (name: string, more: LiveObject = {}) => ({
  namespace: 'shop',
  name,
  resourceVersion: String(++version),
  ...more,
})
const owned = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, controller: true }] })
const deployment = (name: string, replicas: number, status: LiveObject = {}): LiveObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: meta(name),
  spec: { replicas },
  status: { updatedReplicas: replicas, replicas, availableReplicas: replicas, ...status },
})
const replicaSet = (deploymentName: string, hash: string): LiveObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta(`${deploymentName}-${hash}`, owned('Deployment', deploymentName)),
  spec: { replicas: 1 },
  status: { availableReplicas: 1 },
})
const pod = (set: string, name: string, ready: boolean, image = 'acme/web:1', restarts = 0): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(`${set}-${name}`, { uid: name, ...owned('ReplicaSet', set) }),
  spec: { nodeName: 'm1', containers: [{ name: 'web', image }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [
      {
        name: 'web',
        ready,
        restartCount: restarts,
        imageID: `docker.io/acme/web@sha256:${'a'.repeat(64)}`,
        state: ready ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: ready ? {} : { terminated: { exitCode: 2, reason: 'Error' } },
      },
    ],
  },
})
const node = (name: string): JoinedNode => ({
  id: name,
  workload: { kind: 'Deployment', name },
  services: [{ resource: { file: 'x', kind: 'Service', name }, line: 1, type: 'ClusterIP', ports: [] }],
})
const everything = () => true

/** A world of `services` with `each` Pods, as first listed. */
function bigWorld(services: number, each: number): LiveWorld {
  const world = new LiveWorld()
  const names = Array.from({ length: services }, (_, index) => `s${index}`)
  world.take('deployments', { all: names.map(name => deployment(name, each)) })
  world.take('sets', { all: names.map(name => replicaSet(name, 'a')) })
  world.take('pods', {
    all: names.flatMap(name => Array.from({ length: each }, (_, index) => pod(`${name}-a`, `p${index}`, true))),
  })
  return world
}

describe('what runs', () => {
  test('Pods are joined to their Deployment through their ReplicaSet, whichever comes first', () => {
    const parts = [
      ['deployments', [deployment('web', 2)]],
      ['sets', [replicaSet('web', 'a'), replicaSet('web', 'b')]],
      ['pods', [pod('web-a', '1', true), pod('web-b', '2', false, 'acme/web:2', 3)]],
    ] as const
    for (const order of [parts, [...parts].reverse()]) {
      const world = new LiveWorld()
      for (const [source, all] of order) {
        world.take(source, { all })
        world.workloads()
      }
      expect(world.workloads()).toMatchObject([
        {
          key: 'Deployment shop/web',
          desired: 2,
          ready: 1,
          pods: 2,
          restarts: 3,
          health: 'Degraded',
          versions: [
            { name: 'web-a', pods: 1, ready: 1, images: [{ image: 'acme/web:1', digest: `sha256:${'a'.repeat(64)}` }] },
            { name: 'web-b', pods: 1, ready: 0, images: [{ image: 'acme/web:2' }] },
          ],
        },
      ])
      expect(translate('en', world.workloads()[0]!.why!)).toBe('Container web ends with exit code 2 (restarts: 3).')
    }
  })

  test('a snapshot replaces everything that its watch told before', () => {
    const world = bigWorld(2, 2)
    world.take('pods', { all: [pod('s0-a', 'p0', true)] })
    world.take('deployments', { all: [deployment('s0', 2)] })
    expect(world.workloads().map(({ key, pods }) => [key, pods])).toEqual([['Deployment shop/s0', 1]])
    expect(world.counts()).toEqual({ pods: 1, notReady: 0 })
  })

  test('warnings about a Pod say why, and no longer once they are gone', () => {
    const world = bigWorld(1, 1)
    const starting: LiveObject = {
      ...pod('s0-a', 'p0', false),
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }],
      },
    }
    const event: LiveObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: meta('e'),
      type: 'Warning',
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "v" : configmap "c" not found',
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 's0-a-p0' },
    }
    const words = () => translate('en', world.workloads()[0]!.why!)
    world.take('pods', { changed: [starting], gone: [] })
    expect(words()).toBe('It is being started.')
    world.take('events', { changed: [event], gone: [] })
    expect(words()).toBe('Volume v cannot be mounted: configmap "c" not found.')
    world.take('events', { all: [] })
    expect(words()).toBe('It is being started.')
  })

  test('Pods that a quota forbids are missed', () => {
    const world = new LiveWorld()
    world.take('deployments', { all: [deployment('web', 2, { availableReplicas: 0 })] })
    const set = replicaSet('web', 'a')
    const status = {
      conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'pods "web-a" is forbidden: exceeded quota: q' }],
    }
    world.take('sets', { all: [{ ...set, status }] })
    expect(world.workloads()).toMatchObject([{ ready: 0, health: 'Degraded', why: { key: 'live.whyQuota' } }])
  })

  test('nodes of a topology: there, missing only once all was listed, Services with their addresses', () => {
    const world = bigWorld(1, 3)
    const join = new LiveJoin([node('s0'), node('gone')], 'shop')
    const slice: LiveObject = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: meta('s0-x', { labels: { 'kubernetes.io/service-name': 's0' } }),
      endpoints: [{ conditions: { ready: true } }, { conditions: { ready: false } }, {}],
    }
    world.take('slices', { all: [slice] })
    expect(join.nodes(world, () => false)).toMatchObject([
      { id: 's0', state: 'there', ready: 3, endpoints: { ready: 2, all: 3 } },
    ])
    expect(join.nodes(world, everything)).toMatchObject([
      { id: 's0' },
      { id: 'gone', state: 'missing', health: 'Missing' },
    ])
  })

  test("what a Canary leads is told with Flagger's primary", () => {
    const world = new LiveWorld()
    world.take('deployments', { all: [deployment('web', 0), deployment('web-primary', 2)] })
    world.take('sets', { all: [replicaSet('web-primary', 'a')] })
    world.take('pods', { all: [pod('web-primary-a', '1', true), pod('web-primary-a', '2', true)] })
    const canary: LiveObject = {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: meta('web'),
      spec: { targetRef: { kind: 'Deployment', name: 'web' } },
      status: { phase: 'Succeeded' },
    }
    world.take('canaries', { all: [canary] })
    expect(new LiveJoin([node('web')], 'shop').nodes(world, everything)).toMatchObject([
      { ready: 2, desired: 2, ledBy: [{ kind: 'Canary', name: 'web' }] },
    ])
  })
})

describe('ten thousand Pods', () => {
  test('a batch of 200 changes costs the Pods of what it touches, and leaves the rest the same objects', () => {
    const [services, each] = [500, 20]
    const world = bigWorld(services, each)
    const join = new LiveJoin(
      Array.from({ length: services }, (_, index) => node(`s${index}`)),
      'shop',
    )
    const before = join.nodes(world, everything)
    const looked = world.looks
    // Four Pods of each of 50 services.
    const changed = Array.from({ length: 200 }, (_, index) =>
      pod(`s${index % 50}-a`, `p${Math.floor(index / 50)}`, false),
    )
    world.take('pods', { changed, gone: [] })
    const after = join.nodes(world, everything)
    expect(world.looks - looked).toBeLessThanOrEqual(200 + 50 * each)
    expect(after.filter((each, index) => each !== before[index]).map(({ id }) => id)).toHaveLength(50)
    expect(world.problems(10)).toMatchObject({ pods: { length: 10 }, leftOut: 190 })
    // Nothing told, nothing done.
    const again = world.looks
    expect(join.nodes(world, everything)).toBe(after)
    expect(world.workloads()).toBe(world.workloads())
    // A list that says what is known already changes nothing either.
    world.take('pods', { changed, gone: [] })
    expect(join.nodes(world, everything)).toBe(after)
    expect(world.looks).toBe(again)
  })

  test('whatever comes in whatever order, the end is that of a fresh list', () => {
    const names = ['a', 'b', 'c']
    const step = fc.record({
      set: fc.constantFrom('web-a', 'web-b', 'api-a'),
      name: fc.constantFrom(...names),
      act: fc.constantFrom('ready', 'broken', 'gone', 'set', 'set-gone'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const world = new LiveWorld()
        const pods = new Map<string, LiveObject>()
        const sets = new Map<string, LiveObject>()
        for (const { set, name, act } of steps) {
          const isSet = act === 'set' || act === 'set-gone'
          const kept = isSet ? sets : pods
          const source = isSet ? 'sets' : 'pods'
          const key = isSet ? set : `${set} ${name}`
          const [owner = '', hash = ''] = set.split('-')
          if (act === 'gone' || act === 'set-gone') {
            const gone = kept.get(key)
            if (gone) world.take(source, { changed: [], gone: [gone] })
            kept.delete(key)
          } else {
            const object = isSet ? replicaSet(owner, hash) : pod(set, name, act === 'ready')
            kept.set(key, object)
            world.take(source, { changed: [object], gone: [] })
          }
          world.workloads()
        }
        const fresh = new LiveWorld()
        fresh.take('sets', { all: [...sets.values()] })
        fresh.take('pods', { all: [...pods.values()] })
        const sorted = (of: LiveWorld) =>
          [...of.workloads()]
            .map(({ key, pods: count, ready, restarts, health, why, versions }) => ({
              ...{ key, count, ready, restarts, health, why },
              versions: [...versions].sort((a, b) => (a.name < b.name ? -1 : 1)),
            }))
            .sort((a, b) => (a.key < b.key ? -1 : 1))
        expect(sorted(world)).toEqual(sorted(fresh))
        expect(world.counts()).toEqual(fresh.counts())
      }),
    )
  })
})
