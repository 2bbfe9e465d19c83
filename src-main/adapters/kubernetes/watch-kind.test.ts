import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster, Clusters, WatchEvent } from '../../needs/cluster.ts'
import { type SandboxCluster, serveCluster } from '../../sandbox/cluster/serve-cluster.ts'
import { type ApiLine, openLine } from './api-line.ts'
import { createClusters } from './create-clusters.ts'
import { discoverKinds } from './discover-kinds.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import { foldEvents, type SharedWatches, shareWatches } from './share-watches.ts'
import { usualPace, watchKind } from './watch-kind.ts'

let folder: string
let server: SandboxCluster
let clusters: Clusters
let cluster: Cluster
let line: ApiLine
let watches: SharedWatches
let leaving: AbortController
/** As usual, and quicker. */
const pace = { ...usualPace, batch: 20, least: 20, most: 200, silence: 300, probe: 300 }
const soon = { timeout: 60_000, interval: 10 }
const configMaps = { kind: { group: '', kind: 'ConfigMap' }, namespace: 'default' }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-watch-'))
  server = await serveCluster({ controllers: false, nodes: 1 })
  await server.writeKubeconfig(join(folder, 'config'))
  clusters = createClusters([join(folder, 'config')])
  cluster = await clusters.open('sandbox')
  const { contexts } = await readKubeconfig([join(folder, 'config')], { inCluster: false })
  line = openLine(contexts[0]!)
  const needs = { line, discovery: discoverKinds(line, 'sandbox'), pace }
  watches = shareWatches((scope, tell, signal) => watchKind(needs, scope, tell, signal))
  leaving = new AbortController()
})
afterEach(async () => {
  leaving.abort()
  await watches[Symbol.asyncDispose]()
  await line[Symbol.asyncDispose]()
  await clusters[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const map = (name: string, n: number): LiveObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } },
  data: { n: String(n) },
})
const put = (name: string, n: number) =>
  cluster.apply(map(name, n), { fieldManager: 'pilothouse' }, new AbortController().signal)
const textOf = (object: LiveObject) => `${textAt(object, 'metadata', 'name')}=${textAt(object, 'data', 'n')}`

const isSnapshot = ({ kind }: WatchEvent) => kind === 'snapshot'
const objectIn = (event: WatchEvent | undefined, name: string) =>
  event?.kind === 'snapshot' ? event.objects.find(object => textAt(object, 'metadata', 'name') === name) : undefined

/** What a watch has told: the events by kind, and the objects as whoever looks would have them. */
function follow(watch: AsyncIterable<WatchEvent>) {
  const objects = new Map<string, string>()
  const seen = {
    events: [] as WatchEvent[],
    objects: () => [...objects.values()].sort(),
    count: (kind: WatchEvent['kind']) => seen.events.filter(event => event.kind === kind).length,
    failure: null as unknown,
    done: Promise.resolve(),
  }
  seen.done = (async () => {
    for await (const event of watch) {
      seen.events.push(event)
      if (event.kind === 'snapshot') objects.clear()
      const [changed, gone] =
        event.kind === 'snapshot'
          ? [event.objects, []]
          : event.kind === 'changes'
            ? [event.changed, event.gone]
            : [[], []]
      for (const object of gone) objects.delete(textAt(object, 'metadata', 'name') ?? '')
      for (const object of changed) objects.set(textAt(object, 'metadata', 'name') ?? '', textOf(object))
    }
  })().catch((error: unknown) => {
    seen.failure = error
  })
  return seen
}

test('a scope is watched once, however many look; dropped, it goes on from where it was; left, it is closed', async () => {
  await put('a', 1)
  const first = follow(watches.watch(configMaps, leaving.signal))
  await expect.poll(first.objects, soon).toEqual(['a=1'])
  const other = new AbortController()
  const second = follow(watches.watch({ ...configMaps }, other.signal))
  await expect.poll(second.objects, soon).toEqual(['a=1'])
  await expect.poll(() => server.watches, soon).toBe(1)

  for (let round = 1; round <= 2; round += 1) {
    server.faults.dropWatches()
    await put('a', 10 + round)
    await put(`b${round}`, round)
    await expect.poll(first.objects, soon).toContain(`a=${10 + round}`)
    await expect.poll(second.objects, soon).toContain(`b${round}=${round}`)
  }
  expect([first.count('snapshot'), first.count('stale')]).toEqual([1, 0])
  await expect.poll(() => server.watches, soon).toBe(1)

  other.abort()
  await second.done
  await put('a', 20)
  await expect.poll(first.objects, soon).toContain('a=20')
  await expect.poll(() => server.watches, soon).toBe(1)
  leaving.abort()
  await first.done
  await expect.poll(() => server.watches, soon).toBe(0)
})

test('a history that is lost is listed anew: what went meanwhile is gone', async () => {
  await put('a', 1)
  await put('b', 1)
  const seen = follow(watches.watch(configMaps, leaving.signal))
  await expect.poll(seen.objects, soon).toEqual(['a=1', 'b=1'])
  await expect.poll(() => server.watches, soon).toBe(1)
  server.faults.expire()
  await cluster.delete({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'b' }, {}, leaving.signal)
  await expect.poll(seen.objects, soon).toEqual(['a=1'])
  await expect.poll(() => seen.count('snapshot'), soon).toBeGreaterThan(1)
  // What is as it was is the same object, and nobody has to read it again.
  const [first, last] = [seen.events.find(isSnapshot), seen.events.findLast(isSnapshot)]
  expect(objectIn(last, 'a')).toBe(objectIn(first, 'a'))
  await put('c', 1)
  await expect.poll(seen.objects, soon).toEqual(['a=1', 'c=1'])
})

test('changes that come together are told together', async () => {
  const seen = follow(watches.watch(configMaps, leaving.signal))
  await expect.poll(() => seen.count('snapshot'), soon).toBe(1)
  const kind = server.state.kind('', 'ConfigMap')
  for (let index = 0; index < 60; index += 1) server.state.store.put(kind, map(`m${index}`, index))
  await expect.poll(() => seen.objects().length, soon).toBe(60)
  expect(seen.count('changes')).toBeLessThan(30)
})

test('a right that is taken away is told, what was known stays, and given back it goes on', async () => {
  await put('a', 1)
  const seen = follow(watches.watch(configMaps, leaving.signal))
  await expect.poll(seen.objects, soon).toEqual(['a=1'])
  server.faults.denied = ['watch configmaps', 'list configmaps']
  server.faults.dropWatches()
  await expect
    .poll(() => seen.events.at(-1), soon)
    .toMatchObject({
      kind: 'stale',
      problem: { key: 'cluster.forbidden', params: { verb: 'watch', resource: 'configmaps', namespace: 'default' } },
    })
  expect(seen.objects()).toEqual(['a=1'])
  expect(seen.failure).toBeNull()
  server.faults.denied = []
  await put('a', 2)
  await expect.poll(seen.objects, soon).toEqual(['a=2'])
  expect(seen.events.some(({ kind }) => kind === 'fresh')).toBe(true)
})

test('refused from the start it fails with the right that is missing, and so does a kind that is not served', async () => {
  server.faults.denied = ['list configmaps']
  const denied = follow(watches.watch(configMaps, leaving.signal))
  await denied.done
  expect(denied.failure).toMatchObject({ code: 'forbidden', params: { verb: 'list', resource: 'configmaps' } })
  const unknown = follow(watches.watch({ kind: { group: 'nowhere.org', kind: 'Thing' } }, leaving.signal))
  await unknown.done
  expect(unknown.failure).toMatchObject({ code: 'not-found', key: 'cluster.notServed' })
  expect(server.watches).toBe(0)
})

test('a server that is too busy is asked again when it says; one that is away is waited for', async () => {
  server.faults.tooMany = { requests: 2, retryAfter: 0 }
  expect(await cluster.list(configMaps, leaving.signal)).toEqual([])
  await server.faults.stop()
  const seen = follow(watches.watch(configMaps, leaving.signal))
  await expect
    .poll(() => seen.events[0], soon)
    // What is asked first may still be cut off; from then on nobody listens.
    .toMatchObject({ kind: 'stale', problem: { key: expect.stringMatching(/^cluster\.(unreachable|nobodyListens)$/) } })
  await server.faults.start()
  await expect.poll(() => seen.count('snapshot'), soon).toBe(1)
  await put('a', 1)
  await expect.poll(seen.objects, soon).toEqual(['a=1'])
})

test('a line that dies without a word is found out, and what it missed is caught up with', async () => {
  await put('a', 1)
  const seen = follow(watches.watch(configMaps, leaving.signal))
  await expect.poll(seen.objects, soon).toEqual(['a=1'])
  await expect.poll(() => server.watches, soon).toBe(1)
  server.faults.cut()
  await expect.poll(() => seen.count('stale'), soon).toBeGreaterThan(0)
  expect(seen.objects()).toEqual(['a=1'])
  server.faults.mend()
  await put('a', 2)
  await expect.poll(seen.objects, soon).toEqual(['a=2'])
  leaving.abort()
  await seen.done
  expect(watches.open).toBe(0)
})

test('a slow reader is told the sum: at most a snapshot, the changes since, and how it stands', () => {
  const [a1, a2, b] = [map('a', 1), map('a', 2), map('b', 1)]
  const changes = (changed: LiveObject[], gone: LiveObject[] = []): WatchEvent => ({ kind: 'changes', changed, gone })
  const stale: WatchEvent = {
    kind: 'stale',
    since: 1,
    problem: { key: 'cluster.historyGone', params: { context: 'x' } },
  }
  const fold = (...events: WatchEvent[]) => events.reduce<readonly WatchEvent[]>(foldEvents, [])
  const snapshot: WatchEvent = { kind: 'snapshot', objects: [a1] }
  expect(fold(changes([b]), stale, snapshot)).toEqual([snapshot])
  expect(fold(snapshot, changes([a1, b]), changes([a2]), changes([], [b]))).toEqual([snapshot, changes([a2], [b])])
  expect(fold(snapshot, changes([], [a1]), changes([a2]))).toEqual([snapshot, changes([a2])])
  expect(fold(snapshot, stale, { kind: 'fresh' }, stale)).toEqual([snapshot, stale])
  expect(fold(snapshot, stale, changes([b]))).toEqual([snapshot, changes([b]), { kind: 'fresh' }])
})
