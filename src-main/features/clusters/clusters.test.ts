import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { git, makeServiceChain } from '../../../e2e/world/small-repository.ts'
import { testHost } from '../../../e2e/world/test-host.ts'
import type { LiveView, LogItem } from '../../../shared/clusters/contract.ts'
import { liveSource } from '../../../shared/contract/live-source.ts'
import { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { openRepositoryWith } from '../../adapters/git/open-repository.ts'
import { createHelm } from '../../adapters/helm/run-helm.ts'
import { sha256, systemClock, systemFolders } from '../../adapters/system/system.ts'
import { createGoParser } from '../../adapters/tree-sitter/create-go-parser.ts'
import type { Cluster, ClusterContext, Clusters, ObjectScope, WatchEvent } from '../../needs/cluster.ts'
import { openWorkspaces } from '../workspaces/index.ts'
import { mergeLines } from './follow-logs.ts'
import { clustersFeature } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-clusters-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const { signal } = new AbortController()

const context = (name: string): ClusterContext => ({
  ...{ name, cluster: name, user: 'ada', namespace: null, server: `https://${name}.example`, file: '~/.kube/config' },
  ...{ current: false, sandbox: false },
})
const forbidden = (verb: string, resource: string, namespace: string) =>
  new AppError('forbidden', 'cluster.forbidden', { verb, resource, namespace, context: 'prod' })

/** A cluster whose watches say what the test lets them say. */
class FakeCluster {
  readonly watches = new Map<string, (event: WatchEvent) => void>()
  readonly done: string[] = []
  refused: string | null = null
  unreachableThenRefused: string | null = null
  readonly cluster: Cluster

  constructor(name: string) {
    const did = (what: string) => async (): Promise<LiveObject> => {
      this.done.push(what)
      return {}
    }
    const kinds = ['Pod', 'Deployment', 'ReplicaSet', 'Event']
    this.cluster = {
      context: context(name),
      version: async () => 'v1.33.0',
      kinds: async () =>
        kinds.map(kind => ({
          ...{ group: kind === 'Pod' || kind === 'Event' ? '' : 'apps', version: 'v1', kind },
          ...{ resource: `${kind.toLowerCase()}s`, namespaced: true, verbs: ['list', 'watch'], subresources: [] },
        })),
      get: async () => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's', managedFields: [{ manager: 'x' }] },
        data: { password: 'aHVudGVyMg==' },
      }),
      list: async () => [],
      watch: (scope, own) => this.#watch(scope, own),
      create: did('create'),
      apply: did('apply'),
      patch: did('patch'),
      delete: async () => void this.done.push('delete'),
      mayI: async questions => questions.map(({ subresource }) => subresource !== 'exec'),
      logs: async function* (pod) {
        yield [`${pod.name} says`, 'hello']
        if (pod.name === 'b') throw forbidden('get', 'pods/log', 'default')
      },
      exec: async () => {
        throw new Error('nobody gets here')
      },
      forward: async () => ({ localPort: 40_000, [Symbol.asyncDispose]: async () => void this.done.push('unforward') }),
      grpcHealth: async () => ({ code: 0, message: '', serving: 1 }),
      proxyGet: async () => ({ status: 200, contentType: '', body: '{"status":"UP"}' }),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  async *#watch({ kind, namespace }: ObjectScope, own: AbortSignal): AsyncGenerator<WatchEvent> {
    if (this.refused === kind.kind) throw forbidden('list', 'deployments', namespace ?? '')
    if (this.unreachableThenRefused === kind.kind) {
      yield { kind: 'stale', since: 1, problem: { key: 'cluster.busy', params: { seconds: 1, context: 'prod' } } }
      throw forbidden('list', 'deployments', namespace ?? '')
    }
    yield* liveSource<WatchEvent>(own, emit => {
      this.watches.set(kind.kind, emit)
      emit({ kind: 'snapshot', objects: [] })
      return () => this.watches.delete(kind.kind)
    })
  }

  say(kind: string, event: WatchEvent): void {
    this.watches.get(kind)!(event)
  }
}

let made = 0
async function world(names: string[] = ['prod'], notes = 'environments: [{path: manifests, cluster: prod}]') {
  const folder = join(root, String(++made))
  const clone = join(folder, 'clone')
  makeServiceChain(clone, 2)
  writeFileSync(join(clone, 'pilothouse.yaml'), `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n${notes}\n`)
  git(clone, 'add', '-A')
  git(clone, 'commit', '-q', '-m', 'Notes')
  const host = testHost(join(folder, 'data'))
  const opening = new AsyncDisposableStack()
  const workspaces = opening.use(
    openWorkspaces({
      openRepository: openRepositoryWith({ clock: systemClock }),
      documents: host.documents,
      folders: systemFolders,
      clock: systemClock,
      digest: sha256,
      parseGo: createGoParser(),
      helm: createHelm(),
    }),
  )
  const fakes = new Map(names.map(name => [name, new FakeCluster(name)]))
  let asked = 0
  const edited = new Set<() => void>()
  const clusters: Clusters = {
    contexts: async () => ({ contexts: names.map(context), problems: [] }),
    async open(name) {
      asked += 1
      return fakes.get(name)!.cluster
    },
    [Symbol.asyncDispose]: async () => {},
  }
  const feature = opening.use(
    clustersFeature({
      ...{ workspaces, clusters, documents: host.documents, clock: systemClock, report: host.report },
      onContextsChange(listener) {
        edited.add(listener)
        return () => edited.delete(listener)
      },
    }),
  )
  const { id: workspace } = await workspaces.open(clone)
  return {
    ...{ feature, handlers: feature.handlers, workspace, fake: fakes.get('prod')! },
    asked: () => asked,
    /** The kubeconfig names one more. */
    add(name: string) {
      names.push(name)
      for (const listener of edited) listener()
    },
    [Symbol.asyncDispose]: () => opening.disposeAsync(),
  }
}

/** Reads a live view until it is as wanted. */
async function until<T>(stream: AsyncIterable<T>, wanted: (item: T) => boolean): Promise<T> {
  for await (const item of stream) if (wanted(item)) return item
  throw new Error('The stream ended')
}
const pod = (name: string, ready: boolean): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'default',
    name,
    resourceVersion: `${name}${ready}`,
    ownerReferences: [{ kind: 'ReplicaSet', name: 'svc-0-a', controller: true }],
  },
  spec: { nodeName: 'm', containers: [{ name: 'server', image: 'x:1' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})
const set: LiveObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { namespace: 'default', name: 'svc-0-a', ownerReferences: [{ kind: 'Deployment', name: 'svc-0' }] },
  spec: { replicas: 2 },
}
const deployment: LiveObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'svc-0' },
  spec: { replicas: 2 },
}

describe('contexts', () => {
  test('nothing is asked of a cluster before a person lets this machine, which it remembers', async () => {
    await using it = await world()
    const scope = { workspace: it.workspace, environment: 'manifests' }
    const offered = await until(it.handlers.live(scope, { signal }), () => true)
    expect(offered).toMatchObject({ state: 'offered', context: { name: 'prod', allowed: false }, nodes: [] })
    await expect(it.handlers.kinds({ context: 'prod' }, { signal })).rejects.toMatchObject({
      code: 'refused-by-rule',
      key: 'live.notAllowed',
    })
    expect(it.asked()).toBe(0)
    await it.handlers.allow({ context: 'prod' }, { signal })
    expect(await it.handlers.kinds({ context: 'prod' }, { signal })).toHaveLength(4)
    const { contexts } = await until(it.handlers.contexts({ workspace: it.workspace }, { signal }), () => true)
    expect(contexts).toMatchObject([{ allowed: true, environments: [{ id: 'manifests' }], policy: 'open' }])
  })

  test('another context in the kubeconfig is there at once, and what is open goes on', async () => {
    await using it = await world()
    await it.handlers.allow({ context: 'prod' }, { signal })
    const leaving = new AbortController()
    const seen: string[][] = []
    const listing = (async () => {
      for await (const { contexts } of it.handlers.contexts({}, leaving)) seen.push(contexts.map(({ name }) => name))
    })()
    const live = it.handlers
      .live({ workspace: it.workspace, environment: 'manifests' }, leaving)
      [Symbol.asyncIterator]()
    while ((await live.next()).value?.state !== 'live') {}
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toEqual(['prod'])
    const before = it.asked()
    it.add('other')
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toEqual(['prod', 'other'])
    expect((await live.next()).value).toMatchObject({ state: 'live', context: { name: 'prod' } })
    expect(it.asked()).toBe(before)
    leaving.abort()
    await listing
  })

  test('an environment that names no cluster runs where a person says it does', async () => {
    await using it = await world(['prod', 'other'], 'metadata: {name: x}')
    const scope = { workspace: it.workspace, environment: 'manifests' }
    expect((await until(it.handlers.live(scope, { signal }), () => true)).state).toBe('none')
    await it.handlers.allow({ ...scope, context: 'other' }, { signal })
    expect(await it.feature.book.contextOf(it.workspace, 'manifests')).toMatchObject({ name: 'other' })
  })

  test('a read-only context takes no change, a protected one after its name was typed; dry runs pass', async () => {
    await using it = await world(['prod'], 'environments: [{path: manifests, cluster: prod, protected: true}]')
    const cluster = await it.feature.guarded.open('prod')
    const change = () => cluster.apply({}, { fieldManager: 'pilothouse' }, signal)
    await expect(change()).rejects.toMatchObject({ code: 'refused-by-rule', key: 'live.contextProtected' })
    await cluster.apply({}, { fieldManager: 'pilothouse', dryRun: true }, signal)
    await expect(it.handlers.unlock({ context: 'prod', typed: 'Prod' }, { signal })).rejects.toMatchObject({
      key: 'live.unlockName',
    })
    await it.handlers.unlock({ context: 'prod', typed: 'prod' }, { signal })
    await change()
    await it.handlers.setPolicy({ context: 'prod', policy: 'read-only' }, { signal })
    for (const act of [
      change,
      () => cluster.create({}, {}, signal),
      () => cluster.patch({ group: '', kind: 'Pod', name: 'x' }, { type: 'merge', body: {} }, signal),
      () => cluster.delete({ group: '', kind: 'Pod', name: 'x' }, {}, signal),
      () => cluster.exec({ namespace: 'a', name: 'b' }, ['sh'], {}, signal),
    ])
      await expect(act()).rejects.toMatchObject({ key: 'live.contextReadOnly', params: { context: 'prod' } })
    expect(it.fake.done).toEqual(['apply', 'apply'])
    await it.handlers.allow({ context: 'prod' }, { signal })
    expect(await it.handlers.access({ context: 'prod', namespace: 'shop' }, { signal })).toMatchObject([
      { action: 'logs', allowed: true, refused: null, right: { verb: 'get', resource: 'pods/log', namespace: 'shop' } },
      {
        action: 'exec',
        allowed: false,
        refused: { key: 'live.contextReadOnly' },
        right: { verb: 'create', resource: 'pods/exec' },
      },
      { action: 'forward', allowed: true, refused: null },
    ])
  })
})

describe('live', () => {
  test('what runs is joined to the graph; what was lost is stale and dated; what came back is live', async () => {
    await using it = await world()
    await it.handlers.allow({ context: 'prod' }, { signal })
    const leaving = new AbortController()
    const views = it.handlers
      .live({ workspace: it.workspace, environment: 'manifests' }, { signal: leaving.signal })
      [Symbol.asyncIterator]()
    const next = async (wanted: (view: LiveView) => boolean): Promise<LiveView> => {
      for (;;) {
        const { value, done } = await views.next()
        if (done) throw new Error('The stream ended')
        if (wanted(value)) return value
      }
    }
    const empty = await next(({ state }) => state === 'live')
    expect(empty).toMatchObject({ version: 'v1.33.0', namespaces: ['default'] })
    expect(empty.nodes).toMatchObject([
      { id: 'svc-0', state: 'missing' },
      { id: 'svc-1', state: 'missing' },
    ])
    it.fake.say('Deployment', { kind: 'snapshot', objects: [deployment] })
    it.fake.say('ReplicaSet', { kind: 'snapshot', objects: [set] })
    it.fake.say('Pod', { kind: 'snapshot', objects: [pod('a', true), pod('b', false)] })
    const running = await next(({ pods, nodes }) => pods === 2 && nodes[0]?.state === 'there')
    expect(running.nodes[0]).toMatchObject({ id: 'svc-0', ready: 1, desired: 2, pods: 2 })
    expect(running.problems.pods).toMatchObject([{ name: 'b' }])

    const since = Date.parse('2026-01-02T03:04:05Z')
    it.fake.say('Pod', {
      kind: 'stale',
      since,
      problem: { key: 'cluster.busy', params: { seconds: 3, context: 'prod' } },
    })
    const stale = await next(({ state }) => state === 'stale')
    expect(stale).toMatchObject({ since: '2026-01-02T03:04:05.000Z', problem: { key: 'cluster.busy' }, pods: 2 })
    it.fake.say('Pod', { kind: 'fresh' })
    it.fake.say('Pod', { kind: 'changes', changed: [pod('b', true)], gone: [] })
    const back = await next(({ state, notReady }) => state === 'live' && notReady === 0)
    expect(back.nodes[0]).toMatchObject({ ready: 2 })
    expect(back.nodes[1]).toEqual(stale.nodes[1])
    leaving.abort()
  })

  test('a kind that may not be read is named by its right, and the rest is shown', async () => {
    await using it = await world()
    it.fake.refused = 'Deployment'
    await it.handlers.allow({ context: 'prod' }, { signal })
    const scope = { workspace: it.workspace, environment: 'manifests' }
    const view = await until(
      it.handlers.live(scope, { signal }),
      ({ state, missing }) => state === 'live' && missing.length > 0,
    )
    expect(view.missing).toEqual([{ verb: 'list', group: 'apps', resource: 'deployments', namespace: 'default' }])
    // Who may not look cannot say that something is missing.
    expect(view.nodes).toEqual([])
  })

  test('what could not be reached and then may not be read is missing, and the rest is live again', async () => {
    await using it = await world()
    it.fake.unreachableThenRefused = 'Deployment'
    await it.handlers.allow({ context: 'prod' }, { signal })
    const scope = { workspace: it.workspace, environment: 'manifests' }
    const view = await until(it.handlers.live(scope, { signal }), ({ missing }) => missing.length > 0)
    expect(view).toMatchObject({ state: 'live', since: null, missing: [{ resource: 'deployments' }] })
  })

  test('logs of several Pods side by side; one that fails does not end the other', async () => {
    await using it = await world()
    await it.handlers.allow({ context: 'prod' }, { signal })
    const items: LogItem[] = []
    const input = { context: 'prod', namespace: 'default', pods: [{ name: 'a' }, { name: 'b' }], follow: true }
    for await (const item of it.handlers.logs(input, { signal })) {
      items.push(item)
      if (items.filter(({ kind }) => kind !== 'lines').length === 2) break
    }
    expect(items).toContainEqual({ kind: 'ended', pod: 'a', container: '' })
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'failed',
        pod: 'b',
        problem: expect.objectContaining({ key: 'cluster.forbidden' }),
      }),
    )
    expect(items.filter(({ kind }) => kind === 'lines')).toHaveLength(2)
  })

  test('a page that reads too slowly hears how many lines it missed', () => {
    let waiting: readonly LogItem[] = []
    for (let batch = 0; batch < 60; batch++)
      waiting = mergeLines(waiting, { kind: 'lines', pod: 'a', container: '', lines: Array(1000).fill(`b${batch}`) })
    const lines = waiting.flatMap(item => (item.kind === 'lines' ? item.lines : []))
    const skipped = waiting.reduce((sum, item) => sum + (item.kind === 'skipped' ? item.count : 0), 0)
    expect(lines.length + skipped).toBe(60_000)
    expect(lines.length).toBeLessThanOrEqual(20_000)
    expect(lines.at(-1)).toBe('b59')
  })

  test('a Secret is described without its values, ports are forwarded until they are stopped', async () => {
    await using it = await world()
    await it.handlers.allow({ context: 'prod' }, { signal })
    const { yaml } = await it.handlers.describe({ context: 'prod', group: '', kind: 'Secret', name: 's' }, { signal })
    expect(yaml).toContain('password: "***"')
    expect(yaml).not.toContain('aHVudGVyMg')
    expect(yaml).not.toContain('managedFields')
    const input = { context: 'prod', namespace: 'a', pod: 'p', port: 80 }
    const { id } = await it.handlers.forward(input, { signal })
    expect(await until(it.handlers.forwards({}, { signal }), () => true)).toMatchObject([{ id, localPort: 40_000 }])
    await it.handlers.stopForward({ id }, { signal })
    expect(it.fake.done).toEqual(['unforward'])
    await expect(it.handlers.stopForward({ id }, { signal })).rejects.toMatchObject({ key: 'live.forwardGone' })
  })
})
