import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Api } from '../../shared/contract/index.ts'
import type { DeliveryProgress } from '../../shared/delivery/delivery.ts'
import { AppError } from '../../shared/errors.ts'
import { assessHealth } from '../../shared/health/assess-health.ts'
import type { LiveObject } from '../../shared/health/health.ts'
import { textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { createClusters } from '../../src-main/adapters/kubernetes/create-clusters.ts'
import type { Cluster, Clusters, KindName } from '../../src-main/needs/cluster.ts'
import {
  configMap,
  configMaps,
  definition,
  everything,
  nameIn,
  nameOf,
  namespaceOf,
  object,
  pods,
  secrets,
  shop,
  soon,
  wrong,
} from './cluster-objects.ts'
import { follow, listing, type Seen } from './follow-watch.ts'
import { openDesk } from './open-desk.ts'

/** An API server with its data, that may go and come back. */
export type Ground = AsyncDisposable & {
  readonly kubeconfig: string
  /** A context that may everything, with a client certificate. */
  readonly byCertificate: string
  /** A context that may nothing, with a token, and its user. */
  readonly byToken: string
  readonly tokenUser: string
  stop(): Promise<void>
  start(): Promise<void>
}

/** What the adapter, drift and delivery do, the same on every API server. */
export function clusterSuite(makeGround: () => Promise<Ground>): void {
  let ground: Ground
  let clusters: Clusters
  let cluster: Cluster
  const leaving = new AbortController()
  const { signal } = leaving

  beforeAll(async () => {
    ground = await makeGround()
    clusters = createClusters([ground.kubeconfig])
    cluster = await clusters.open(ground.byCertificate)
    // The server listens before it answers, answers before it has a namespace, and has that before it says all it serves.
    const isReady = async (): Promise<boolean> => {
      const served = new Set((await cluster.kinds(signal, true).catch(() => [])).map(({ group }) => group))
      const groups = ['apps', 'batch', 'rbac.authorization.k8s.io', 'apiextensions.k8s.io']
      if (!groups.every(group => served.has(group))) return false
      return (await cluster.get(namespaceOf('default'), signal).catch(() => null)) !== null
    }
    while (!(await isReady())) await new Promise(resolve => setTimeout(resolve, 100))
  }, 180_000)
  afterAll(async () => {
    leaving.abort()
    await clusters[Symbol.asyncDispose]()
    await ground[Symbol.asyncDispose]()
  }, 120_000)

  test('a certificate and a token each let their user in, and what is wrong with others is said', async () => {
    expect(await cluster.version(signal)).toMatch(/^v\d+\.\d+\./)
    const kinds = await cluster.kinds(signal)
    expect(kinds.find(({ kind }) => kind === 'Deployment')).toMatchObject({
      ...{ group: 'apps', version: 'v1', resource: 'deployments', namespaced: true },
      subresources: expect.arrayContaining(['status', 'scale']) as unknown,
    })
    const developer = await clusters.open(ground.byToken)
    expect(await developer.version(signal)).toBe(await cluster.version(signal))

    const file = `${ground.kubeconfig}.wrong`
    const secret = 'not-the-right-token'
    const config = parse(readFileSync(ground.kubeconfig, 'utf8')) as { users: { user: { token?: string } }[] }
    for (const { user } of config.users) if (user.token !== undefined) user.token = secret
    writeFileSync(file, stringify(config))
    await using others = createClusters([file, ground.kubeconfig])
    const stranger = await others.open(ground.byToken)
    const refused = await failureOf(stranger.list({ kind: pods }, signal))
    expect([refused.code, refused.key]).toEqual(['unauthorized', 'cluster.unauthorized'])
    expect(JSON.stringify(refused)).not.toContain(secret)
    expect((await failureOf(others.open('nobody'))).key).toBe('cluster.noSuchContext')
  })

  test('a missing right is named, and offered once it is given', async () => {
    const developer = await clusters.open(ground.byToken)
    const everywhere = await failureOf(developer.list({ kind: pods }, signal))
    expect(everywhere).toMatchObject({ code: 'forbidden', params: { verb: 'list', resource: 'pods' } })
    await namespace('rights')
    const question = { verb: 'list', group: '', resource: 'configmaps', namespace: 'rights' }
    const denied = await failureOf(developer.list({ kind: configMaps, namespace: 'rights' }, signal))
    expect(denied).toMatchObject({
      code: 'forbidden',
      params: { verb: 'list', resource: 'configmaps', namespace: 'rights', context: ground.byToken },
    })
    expect(await developer.mayI([question], signal)).toEqual([false])
    const write = await failureOf(developer.apply(configMap('rights', 'a', {}), { fieldManager: 'x' }, signal))
    expect(write).toMatchObject({ code: 'forbidden', params: { verb: 'patch', resource: 'configmaps' } })

    await apply({
      ...object('rbac.authorization.k8s.io/v1', 'Role', 'rights', 'reader'),
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
    })
    await apply({
      ...object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rights', 'reader'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: ground.tokenUser }],
    })
    const scope = { kind: configMaps, namespace: 'rights' }
    await expect
      .poll(
        () =>
          developer.list(scope, signal).then(
            () => true,
            () => false,
          ),
        soon,
      )
      .toBe(true)
    // Answers are kept for a minute; another line asks anew.
    await using fresh = createClusters([ground.kubeconfig])
    const again = await fresh.open(ground.byToken)
    expect(await again.mayI([question, { ...question, verb: 'delete' }], signal)).toEqual([true, false])
  })

  test('pages, labels and fields: a list has every object, each with its kind', async () => {
    await namespace('pages')
    const names = Array.from({ length: 520 }, (_, index) => `c-${index}`)
    for (let from = 0; from < names.length; from += 40)
      await Promise.all(
        names.slice(from, from + 40).map(name => cluster.create(configMap('pages', name, {}), {}, signal)),
      )
    const scope = { kind: configMaps, namespace: 'pages', fieldSelector: 'metadata.name!=kube-root-ca.crt' }
    const all = await cluster.list(scope, signal)
    expect(all.map(nameOf).sort()).toEqual([...names].sort())
    expect(all.every(each => each['kind'] === 'ConfigMap' && each['apiVersion'] === 'v1')).toBe(true)
    expect(all.some(each => valueAt(each, ['metadata', 'resourceVersion']) !== undefined)).toBe(false)
    expect((await cluster.list({ ...scope, fieldSelector: 'metadata.name=c-7' }, signal)).map(nameOf)).toEqual(['c-7'])
  })

  test('a watch lives through a restart of the server: stale while it is away, and then as a fresh list', async () => {
    await namespace('restart')
    await apply(configMap('restart', 'before', { n: '1' }))
    const scope = { kind: configMaps, namespace: 'restart' }
    const ending = new AbortController()
    const seen = follow(cluster.watch(scope, ending.signal))
    const beside = follow(cluster.watch(scope, ending.signal))
    await expect.poll(() => seen.names(), soon).toContain('before')
    await apply(configMap('restart', 'during', { n: '1' }))
    await expect.poll(() => seen.names(), soon).toContain('during')

    await ground.stop()
    await expect.poll(() => seen.stale, soon).toBe(true)
    expect(seen.names()).toEqual(expect.arrayContaining(['before', 'during']))
    const away = await failureOf(cluster.list(scope, signal))
    expect(away.code).toBe('unreachable')
    await ground.start()
    await expect.poll(() => seen.stale, soon).toBe(false)

    await apply(configMap('restart', 'after', { n: '1' }))
    await cluster.delete(nameIn(configMaps, 'restart', 'before'), {}, signal)
    await apply(configMap('restart', 'during', { n: '2' }))
    const isAsListed = async (each: Seen) =>
      JSON.stringify(each.listing()) === JSON.stringify(listing(await cluster.list(scope, signal)))
    await expect.poll(() => seen.names(), soon).not.toContain('before')
    await expect.poll(() => isAsListed(seen), soon).toBe(true)
    await expect.poll(() => isAsListed(beside), soon).toBe(true)
    ending.abort()
    await Promise.all([seen.done, beside.done])
  })

  test('server-side apply: a conflict names the field and its holder, and force takes it over', async () => {
    await namespace('apply')
    await apply(configMap('apply', 'shared', { color: 'blue' }))
    const red = configMap('apply', 'shared', { color: 'red' })
    const conflict = await failureOf(cluster.apply(red, { fieldManager: 'others' }, signal))
    expect(conflict).toMatchObject({ code: 'conflict', key: 'cluster.fieldsHeld' })
    expect(String(conflict.params['fields'])).toMatch(/color.*pilothouse/)
    const tried = await cluster.apply(red, { fieldManager: 'others', force: true, dryRun: true }, signal)
    expect(valueAt(tried, ['data', 'color'])).toBe('red')
    expect(valueAt(await get('apply', 'shared'), ['data', 'color'])).toBe('blue')
    await cluster.apply(red, { fieldManager: 'others', force: true }, signal)
    expect(valueAt(await get('apply', 'shared'), ['data', 'color'])).toBe('red')
    const again = await failureOf(cluster.create(red, {}, signal))
    expect(again).toMatchObject({ code: 'conflict', key: 'cluster.alreadyThere' })
    const wrong = configMap('apply', 'Not_A_Name', {})
    expect((await failureOf(apply(wrong))).code).toBe('invalid-input')
  })

  test('drift: who changed what since when, by the word of the server; re-applying and adopting end it', async () => {
    await using desk = await openDesk(ground.kubeconfig, ground.byCertificate)
    const { api, at, directory } = desk
    await namespace('shop')
    writeFileSync(join(directory, 'deploy/shop.yaml'), shop)
    desk.commit('DECISION: open the shop\n\nPeople want to buy.\n\nDecision-Kind: scale\n')
    const check = () => api.drift.check({ ...at })
    expect((await check()).counts).toMatchObject({ missing: 4, same: 0 })
    const applied = await deliver(api, { ...at })
    expect(applied.problem).toBeNull()
    expect(applied.phase).toBe('done')
    expect((await check()).counts).toMatchObject({ same: 4, changed: 0, missing: 0, extra: 0 })

    const settings = nameIn(configMaps, 'shop', 'settings')
    const byHand = { type: 'merge', fieldManager: 'kubectl-edit' } as const
    await cluster.patch(settings, { ...byHand, body: { data: { level: 'debug', more: 'yes' } } }, signal)
    await cluster.patch(
      { group: '', kind: 'Service', namespace: 'shop', name: 'web' },
      { type: 'json', body: [{ op: 'replace', path: '/spec/ports/0/targetPort', value: 9090 }] },
      signal,
    )
    await cluster.delete(nameIn(secrets, 'shop', 'web'), {}, signal)
    const view = await check()
    const drifted = view.objects.filter(({ state }) => state !== 'same')
    expect(drifted.map(({ state, kind, name }) => [state, kind, name])).toEqual([
      ['missing', 'Secret', 'web'],
      ['changed', 'ConfigMap', 'settings'],
      ['changed', 'Service', 'web'],
    ])
    const [, map, service] = drifted
    expect(map!.told).toBe('server')
    expect(map!.fields.map(({ field, state, desired, live }) => [field, state, desired, live])).toEqual([
      ['data.level', 'changed', 'info', 'debug'],
      ['data.more', 'extra', null, 'yes'],
    ])
    const [level] = map!.fields
    expect(level!.by).toMatchObject({ manager: 'kubectl-edit', sort: 'person' })
    expect(Date.parse(level!.by!.since!)).toBeGreaterThan(0)
    expect(level).toMatchObject({ file: 'deploy/shop.yaml', change: { title: 'open the shop', kind: 'scale' } })
    expect(shop.split('\n')[level!.line! - 1]).toContain('level: info')
    expect(service!.fields).toMatchObject([{ field: 'spec.ports[80].targetPort', desired: '8080', live: '9090' }])

    const named = (each: { group: string; kind: string; namespace: string; name: string }) => ({
      ...{ group: each.group, kind: each.kind, namespace: each.namespace, name: each.name },
    })
    const adopted = await api.drift.adopt({ ...at, objects: [named(map!)] })
    expect(adopted).toEqual({ edits: 2, refused: [] })
    const draft = await api.draft.file({ workspace: at.workspace, path: 'deploy/shop.yaml' })
    expect(draft.after).toContain('level: debug # how much is said')
    expect(draft.after).toContain('more: "yes"')
    await api.draft.discard({ workspace: at.workspace })

    const resolved = await api.drift.reapply({ ...at, objects: drifted.map(named) })
    expect(resolved.resolved.map(({ problem }) => problem)).toEqual([null, null, null])
    expect((await check()).objects.filter(({ state }) => state === 'missing' || state === 'changed')).toMatchObject([
      // What a person added is theirs: applying does not take it away, and it is still told.
      { name: 'settings', fields: [{ field: 'data.more', state: 'extra' }] },
    ])
  })

  test('delivery: in order, its definitions first; pruning takes what it brought and nothing else', async () => {
    await using desk = await openDesk(ground.kubeconfig, ground.byCertificate)
    const { api, at, directory } = desk
    writeFileSync(join(directory, 'deploy/all.yaml'), everything)
    desk.commit('Everything')
    const tried = await deliver(api, { ...at, dryRun: true })
    expect(tried.steps.map(({ state }) => state)).toEqual(tried.steps.map(() => 'ready'))
    expect((await failureOf(cluster.get(namespaceOf('market'), signal))).code).toBe('not-found')

    const done = await deliver(api, { ...at, prune: true, patience: 60 })
    expect([done.phase, done.problem]).toEqual(['done', null])
    expect(done.steps.map(({ kind, state }) => [kind, state])).toContainEqual(['Widget', 'ready'])
    const market = await cluster.list(
      { kind: configMaps, namespace: 'market', labelSelector: 'pilothouse.dev/set' },
      signal,
    )
    expect(market.map(nameOf).sort()).toEqual(['first', 'second'])

    // Of another's making, and with the very label but made by a controller: both stay.
    await apply(configMap('market', 'foreign', {}))
    const owner = await get('market', 'first')
    const copy = configMap('market', 'copy', {})
    const set = textAt(owner, 'metadata', 'labels', 'pilothouse.dev/set')!
    const references = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'first', uid: textAt(owner, 'metadata', 'uid')! }]
    await cluster.create(
      {
        ...copy,
        metadata: { ...(copy.metadata as object), labels: { 'pilothouse.dev/set': set }, ownerReferences: references },
      },
      {},
      signal,
    )
    writeFileSync(join(directory, 'deploy/all.yaml'), everything.replace(/---\n# goes[\s\S]*$/, ''))
    desk.commit('Less')
    const drift = await api.drift.check({ ...at })
    expect(drift.objects.filter(({ state }) => state === 'extra').map(({ kind, name }) => [kind, name])).toEqual([
      ['ConfigMap', 'second'],
      ['Widget', 'w'],
    ])
    const pruned = await deliver(api, { ...at, prune: true, patience: 60 })
    expect(
      pruned.steps.filter(({ action }) => action === 'prune').map(({ kind, name, state }) => [kind, name, state]),
    ).toEqual(
      expect.arrayContaining([
        ['ConfigMap', 'second', 'pruned'],
        ['Widget', 'w', 'pruned'],
      ]),
    )
    await expect
      .poll(
        async () => (await cluster.list({ kind: configMaps, namespace: 'market' }, signal)).map(nameOf).sort(),
        soon,
      )
      .toEqual(expect.arrayContaining(['copy', 'first', 'foreign']))
    expect((await failureOf(get('market', 'second'))).code).toBe('not-found')

    // A failure stops it, and what comes after is left.
    writeFileSync(join(directory, 'deploy/wrong.yaml'), wrong)
    desk.commit('Wrong')
    const stopped = await deliver(api, { ...at, patience: 60 })
    expect(stopped.phase).toBe('failed')
    const states = new Map(stopped.steps.map(({ kind, name, state }) => [`${kind} ${name}`, state]))
    expect(states.get('Service Broken_Name')).toBe('failed')
    expect(states.get('Ingress late')).toBe('left')
    expect(
      (
        await failureOf(
          cluster.get({ group: 'networking.k8s.io', kind: 'Ingress', namespace: 'market', name: 'late' }, signal),
        )
      ).code,
    ).toBe('not-found')
  })

  test('Rollouts and Canaries: their phases as a controller writes them come through the watch', async () => {
    await namespace('canary')
    await defineKind('argoproj.io', 'v1alpha1', 'Rollout', 'rollouts')
    await defineKind('flagger.app', 'v1beta1', 'Canary', 'canaries')
    const rollouts = { group: 'argoproj.io', kind: 'Rollout' }
    const canaries = { group: 'flagger.app', kind: 'Canary' }
    await cluster.kinds(signal, true)
    await apply({ ...object('argoproj.io/v1alpha1', 'Rollout', 'canary', 'web'), spec: { replicas: 2 } })
    await apply({ ...object('flagger.app/v1beta1', 'Canary', 'canary', 'pay'), spec: { analysis: { maxWeight: 50 } } })
    const ending = new AbortController()
    const scope = (kind: KindName) => ({ kind, namespace: 'canary' })
    const [web, pay] = [rollouts, canaries].map(kind => follow(cluster.watch(scope(kind), ending.signal))) as [
      Seen,
      Seen,
    ]
    const status = (kind: KindName, name: string, body: LiveObject) =>
      cluster.patch(
        { ...kind, namespace: 'canary', name },
        { type: 'merge', subresource: 'status', body: { status: body } },
        signal,
      )
    const health = (seen: Seen, name: string) => () => {
      const found = seen.object(name)
      return found && assessHealth(found).health
    }
    for (const [phase, expected] of [
      ['Progressing', 'Progressing'],
      ['Paused', 'Suspended'],
      ['Degraded', 'Degraded'],
      ['Healthy', 'Healthy'],
    ] as const) {
      const generation = String(
        valueAt(await cluster.get({ ...rollouts, namespace: 'canary', name: 'web' }, signal), [
          'metadata',
          'generation',
        ]),
      )
      await status(rollouts, 'web', { phase, observedGeneration: generation, message: phase })
      await expect.poll(health(web, 'web'), soon).toBe(expected)
    }
    for (const [phase, expected] of [
      ['Progressing', 'Progressing'],
      ['Failed', 'Degraded'],
      ['Succeeded', 'Healthy'],
    ] as const) {
      await status(canaries, 'pay', { phase, canaryWeight: 20, failedChecks: 0 })
      await expect.poll(health(pay, 'pay'), soon).toBe(expected)
    }
    ending.abort()
    await Promise.all([web.done, pay.done])
  })

  test('into a Pod leads its node: one that was never chosen, is gone, or does not answer is told as that', async () => {
    await namespace('ways')
    const nodes = { group: '', kind: 'Node' }
    await apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'dead' } })
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
    }
    await cluster.patch({ ...nodes, name: 'dead' }, { type: 'merge', subresource: 'status', body: { status } }, signal)
    const pod = (name: string, nodeName?: string): LiveObject => ({
      ...object('v1', 'Pod', 'ways', name),
      spec: { containers: [{ name: 'web', image: 'example.org/web:1' }], ...(nodeName && { nodeName }) },
    })
    // A real server takes Pods once the namespace has its account.
    const create = (each: LiveObject) =>
      expect
        .poll(
          () =>
            cluster.create(each, {}, signal).then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(true)
    await create(pod('unplaced'))
    await create(pod('lost', 'gone'))
    await create(pod('silent', 'dead'))
    const ways: { readonly [way: string]: (at: { namespace: string; name: string }) => Promise<unknown> } = {
      exec: at => cluster.exec({ ...at, container: 'web' }, ['sh'], {}, signal),
      forward: at => cluster.forward(at, 8080, signal),
      gRPC: at => cluster.grpcHealth(at, { port: 50051, service: '', tls: false }, signal),
      logs: at => cluster.logs(at, {}, signal)[Symbol.asyncIterator]().next(),
    }
    for (const [way, go] of Object.entries(ways)) {
      const refused = (name: string) => failureOf(go({ namespace: 'ways', name }))
      expect(await refused('lost'), way).toMatchObject({
        ...{ code: 'unreachable', key: 'cluster.nodeGone', params: { pod: 'ways/lost', node: 'gone' } },
      })
      const silent = await refused('silent')
      expect(silent, way).toMatchObject({ code: 'unreachable', key: 'cluster.nodeSilent' })
      expect(String(silent.params['reason']), way).toContain('connection refused')
      // Nothing was ever said there: an empty log is what a server has of it.
      if (way !== 'logs')
        expect(await refused('unplaced'), way).toMatchObject({ code: 'unreachable', key: 'cluster.podUnplaced' })
      expect(await failureOf(go({ namespace: 'ways', name: 'nobody' })), way).toMatchObject({ code: 'not-found' })
    }
    // The API server speaks for a Pod that it did not reach: that is no answer of the Pod's.
    for (const name of ['unplaced', 'silent'])
      expect(
        await failureOf(cluster.proxyGet({ kind: 'pods', namespace: 'ways', name, port: '8080' }, '/healthz', signal)),
      ).toMatchObject({ code: 'unreachable', key: 'cluster.proxyFailed' })
    for (const name of ['unplaced', 'lost', 'silent'])
      await cluster.delete({ group: '', kind: 'Pod', namespace: 'ways', name }, {}, signal)
    await cluster.delete({ ...nodes, name: 'dead' }, {}, signal)
  })

  test('events of one object are watched by its name, and end with their namespace', async () => {
    await namespace('events')
    const ending = new AbortController()
    const events = { group: '', kind: 'Event' }
    const scope = { kind: events, namespace: 'events', fieldSelector: 'involvedObject.name=web' }
    const seen = follow(cluster.watch(scope, ending.signal))
    await expect.poll(() => seen.snapshots, soon).toBe(1)
    for (const [name, involved] of [
      ['one', 'web'],
      ['two', 'other'],
    ] as const)
      await cluster.create(
        {
          ...object('v1', 'Event', 'events', name),
          involvedObject: { kind: 'Pod', namespace: 'events', name: involved },
          ...{ reason: 'BackOff', message: 'Back-off pulling image', type: 'Warning', count: 1 },
        },
        {},
        signal,
      )
    await expect.poll(() => seen.names(), soon).toEqual(['one'])
    ending.abort()
    await seen.done
  })

  test('delete: another object of the same name is not taken for it', async () => {
    await namespace('delete')
    await apply(configMap('delete', 'gone', {}))
    const name = nameIn(configMaps, 'delete', 'gone')
    const ending = new AbortController()
    const seen = follow(cluster.watch({ kind: configMaps, namespace: 'delete' }, ending.signal))
    await expect.poll(() => seen.names(), soon).toContain('gone')
    const other = await failureOf(cluster.delete(name, { uid: '00000000-0000-0000-0000-000000000000' }, signal))
    expect(other.code).toBe('conflict')
    const uid = textAt(await get('delete', 'gone'), 'metadata', 'uid')!
    await cluster.delete(name, { uid }, signal)
    await expect.poll(() => seen.names(), soon).not.toContain('gone')
    expect((await failureOf(cluster.delete(name, {}, signal))).code).toBe('not-found')
    ending.abort()
    await seen.done
  })

  const apply = (each: LiveObject): Promise<LiveObject> =>
    cluster.apply(each, { fieldManager: 'pilothouse', force: true }, signal)
  const namespace = (name: string): Promise<LiveObject> =>
    apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const get = (space: string, name: string): Promise<LiveObject> => cluster.get(nameIn(configMaps, space, name), signal)

  async function defineKind(group: string, version: string, kind: string, plural: string): Promise<void> {
    await apply(definition(group, version, kind, plural))
    const name = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: `${plural}.${group}` }
    await expect.poll(async () => JSON.stringify(await cluster.get(name, signal)), soon).toMatch(/Established/)
    await expect
      .poll(
        async () => (await cluster.kinds(signal, true)).some(each => each.group === group && each.kind === kind),
        soon,
      )
      .toBe(true)
  }
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error ?? new Error('It was not refused')
}

async function deliver(api: Api, input: Parameters<Api['delivery']['deliver']>[0]): Promise<DeliveryProgress> {
  let last: DeliveryProgress | null = null
  for await (const progress of api.delivery.deliver(input)) last = progress
  return last!
}
