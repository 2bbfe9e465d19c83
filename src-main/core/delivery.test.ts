import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { DeliveryProgress, FollowView } from '../../shared/delivery/delivery.ts'
import type { LiveObject } from '../../shared/health/health.ts'
import { textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { translate } from '../../shared/messages/index.ts'
import { memoryDocuments } from '../adapters/app-data/memory-documents.ts'
import { serveCluster } from '../sandbox/cluster/serve-cluster.ts'
import { plainHost } from '../server/plain-host.ts'
import { type Core, createCore } from './create-core.ts'

let world: AsyncDisposableStack
let directory: string
let core: Core
let api: Api
let at: { workspace: string; environment: string; context: string }
const signal = new AbortController().signal
const soon = { timeout: 60_000, interval: 20 }

const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull },
  }).trim()

function commit(message: string, data: string): string {
  writeFileSync(
    join(directory, 'deploy/web.yaml'),
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\ndata: {a: "${data}"}\n`,
  )
  git('add', '-A')
  git('commit', '-q', '-m', message)
  return git('rev-parse', 'HEAD')
}

beforeEach(async () => {
  world = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-delivery-'))
  world.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  directory = join(folder, 'repository')
  mkdirSync(join(directory, 'deploy'), { recursive: true })
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'Ada Lovelace')
  git('config', 'user.email', 'ada@example.org')
  git('remote', 'add', 'origin', 'https://git.example.com/shop/deploy.git')
  const server = world.use(await serveCluster({ controllers: false, nodes: 1 }))
  await server.writeKubeconfig(join(folder, 'config'), 'all')
  const host = plainHost({ version: '0', directory: null, sandbox: false, documents: memoryDocuments() })
  core = world.use(await createCore({ ...host, kubeconfigFiles: [join(folder, 'config')] }))
  const [coreSide, ourSide] = inMemoryChannel()
  core.answer(coreSide)
  world.defer(() => ourSide.close())
  api = createClient(contract, ourSide)
})
afterEach(() => world.disposeAsync())

async function open(): Promise<void> {
  const { workspace } = await api.workspaces.open({ directory })
  at = { workspace, environment: 'deploy', context: 'sandbox' }
}
const put = async (object: LiveObject) =>
  (await core.clusters.open('sandbox')).apply(object, { fieldManager: 'test', force: true }, signal)
const status = async (name: string, body: LiveObject) =>
  (await core.clusters.open('sandbox')).patch(
    { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', namespace: 'default', name },
    { type: 'merge', subresource: 'status', body: { status: { observedGeneration: 9, ...body } } },
    signal,
  )

/** Lets the developer do something in the namespace default. */
async function allow(rule: LiveObject): Promise<void> {
  const group = 'rbac.authorization.k8s.io'
  const role = { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name: 'dev', namespace: 'default' } }
  await put({ ...role, rules: [rule] })
  await put({
    ...{ ...role, kind: 'RoleBinding' },
    roleRef: { apiGroup: group, kind: 'Role', name: 'dev' },
    subjects: [{ apiGroup: group, kind: 'User', name: 'developer' }],
  })
}

const source = (name: string, url: string): LiveObject => ({
  ...{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name, namespace: 'default' } },
  spec: { url, interval: '1m' },
})
const kustomization = (name: string, from: string, path: string): LiveObject => ({
  ...{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name, namespace: 'default' } },
  spec: { path, interval: '1m', sourceRef: { kind: 'GitRepository', name: from } },
})
const ready = (state: 'True' | 'False', message = '') => ({
  conditions: [{ type: 'Ready', status: state, reason: 'X', message, lastTransitionTime: '2026-03-01T00:00:00Z' }],
})

test('an engine is followed: what it delivers, how far it is, and what that means for decisions', async () => {
  const first = commit('DECISION: open the shop\n\nPeople come.\n\nDecision-Kind: record\n', '1')
  const second = commit('DECISION: greet them\n\nThey are glad.\n\nDecision-Kind: record\n', '2')
  await open()
  // The same repository by another way, the same folder; a second one is about something else.
  await put(source('deploy', 'ssh://git@git.example.com/shop/deploy'))
  await put(source('other', 'https://git.example.com/other/deploy.git'))
  await put(kustomization('shop', 'deploy', './deploy'))
  await put(kustomization('others', 'other', './deploy'))
  await put(kustomization('elsewhere', 'deploy', './platform'))

  const leaving = new AbortController()
  let view: FollowView | null = null
  const following = (async () => {
    for await (const next of api.delivery.follow(at, { signal: leaving.signal })) view = next
  })().catch(() => {})
  const member = () => view?.members[0]
  await expect.poll(() => view?.members.map(({ name }) => name), soon).toEqual(['shop'])
  expect(view!).toMatchObject({ context: 'sandbox', sandbox: true, revision: second, stale: null })

  await status('shop', { lastAppliedRevision: `main@sha1:${first}`, ...ready('True') })
  await expect.poll(() => [member()?.sync, member()?.standing, member()?.behind], soon).toEqual(['synced', 'behind', 1])
  const results = async (decision: string) =>
    (await api.decisions.show({ workspace: at.workspace, decision })).results.map(({ kind, reason }) => [kind, reason])
  await expect.poll(() => results(first), soon).toEqual([['converged', null]])

  const invalid = { lastAttemptedRevision: `main@sha1:${second}`, ...ready('False', 'Service/web is invalid') }
  await status('shop', invalid)
  await expect
    .poll(() => [member()?.sync, member()?.attempted, member()?.errors], soon)
    .toEqual(['failed', second, ['Service/web is invalid']])
  await expect.poll(() => results(second), soon).toEqual([['failed', 'Service/web is invalid']])

  const both = { lastAppliedRevision: `main@sha1:${second}`, lastAttemptedRevision: `main@sha1:${second}` }
  await status('shop', { ...both, ...ready('True') })
  await expect.poll(() => [member()?.sync, member()?.standing], soon).toEqual(['synced', 'here'])
  await expect.poll(async () => (await results(second)).at(-1), soon).toEqual(['converged', null])

  // Somebody has it go back: what had arrived is told to be rolled back.
  const back = { lastAppliedRevision: `main@sha1:${first}`, lastAttemptedRevision: `main@sha1:${first}` }
  await status('shop', { ...back, ...ready('True') })
  await expect.poll(async () => (await results(second)).at(-1), soon).toEqual(['rolled-back', null])
  leaving.abort()
  await following
})

test('where an engine delivers nobody else does; suspended with a reason, which becomes a decision, it stands still', async () => {
  commit('DECISION: open the shop\n\nPeople come.\n\nDecision-Kind: record\n', '1')
  await open()
  await put(source('deploy', 'https://git.example.com/shop/deploy'))
  await put(kustomization('shop', 'deploy', 'deploy'))
  const deliver = async () => {
    let phase = ''
    for await (const progress of api.delivery.deliver({ ...at, patience: 60 })) phase = progress.phase
    return phase
  }
  await expect(deliver()).rejects.toMatchObject({ code: 'refused-by-rule', key: 'delivery.engineDelivers' })

  const object = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization', namespace: 'default', name: 'shop' }
  await api.delivery.act({ ...at, object, action: 'sync' })
  const cluster = await core.clusters.open('sandbox')
  const asked = await cluster.get(object, signal)
  expect(textAt(asked, 'metadata', 'annotations', 'reconcile.fluxcd.io/requestedAt')).toMatch(/^20\d\d-/)

  const { decision } = await api.delivery.suspend({ ...at, object, reason: 'The sale runs until Sunday.' })
  expect(valueAt(await cluster.get(object, signal), ['spec', 'suspend'])).toBe(true)
  expect(git('rev-parse', 'HEAD')).toBe(decision)
  expect(git('log', '-1', '--format=%s%n%b')).toMatch(
    /^DECISION: suspend shop on sandbox\n[\s\S]*The sale runs until Sunday\./,
  )
  for await (const { members } of api.delivery.follow(at)) {
    expect(members).toMatchObject([
      { suspended: { reason: 'The sale runs until Sunday.', by: 'Ada Lovelace <ada@example.org>' }, automatic: false },
    ])
    break
  }
  expect(await deliver()).toBe('done')

  await api.delivery.resume({ ...at, object, reason: 'The sale is over.' })
  const resumed = await cluster.get(object, signal)
  expect(valueAt(resumed, ['spec', 'suspend'])).toBe(false)
  expect(textAt(resumed, 'metadata', 'annotations', 'pilothouse.dev/suspended')).toBeUndefined()
})

test('a protected environment is changed by whoever types its name', async () => {
  writeFileSync(
    join(directory, 'pilothouse.yaml'),
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments: [{ path: deploy, name: production, protected: true }]\n',
  )
  commit('Begin', '1')
  await open()
  const deliver = async (confirm?: string) => {
    for await (const { phase } of api.delivery.deliver({ ...at, patience: 60, ...(confirm && { confirm }) }))
      if (phase === 'done') return true
    return false
  }
  await expect(deliver()).rejects.toMatchObject({ code: 'refused-by-rule', key: 'delivery.protected' })
  await expect(deliver('deplyo')).rejects.toMatchObject({ key: 'delivery.protected' })
  expect(await deliver('production')).toBe(true)
  const objects = [{ group: '', kind: 'ConfigMap', namespace: 'default', name: 'web' }]
  await expect(api.drift.reapply({ ...at, objects })).rejects.toMatchObject({ key: 'delivery.protected' })
  expect((await api.drift.reapply({ ...at, objects, confirm: 'deploy' })).after).toMatchObject([{ state: 'same' }])
})

test('who may not look at engines is told that nobody knows, and whose mark the objects carry', async () => {
  commit('Begin', '1')
  await open()
  await allow({ apiGroups: ['', 'apps'], resources: ['*'], verbs: ['*'] })
  const deliver = async (context: string, dryRun: boolean) => {
    let last: DeliveryProgress | null = null
    for await (const each of api.delivery.deliver({ ...at, context, dryRun, patience: 60 })) last = each
    return { phase: last?.phase, notes: last?.notes.map(note => translate('en', note)) }
  }
  expect(await deliver('sandbox', true)).toEqual({ phase: 'done', notes: [] })
  const unknown =
    'You may not list applications.argoproj.io, kustomizations.kustomize.toolkit.fluxcd.io, helmreleases.helm.toolkit.fluxcd.io, gitrepositories.source.toolkit.fluxcd.io, so nobody knows whether an engine delivers these objects. One that does will undo what is applied here.'
  expect(await deliver('developer', true)).toEqual({ phase: 'done', notes: [unknown] })
  const view = await first(api.delivery.follow({ ...at, context: 'developer' }))
  expect([view?.members, view?.problems.length]).toEqual([[], 4])

  // Argo CD in another cluster: all that is seen of it here is what it wrote on the objects.
  const tracked = {
    name: 'web',
    namespace: 'default',
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:default/web' },
  }
  await put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: tracked, data: { a: '1' } })
  const marked =
    '1 of these objects carries the mark of Application shop, which is not seen in this cluster. If that still delivers, it will undo what is applied here.'
  expect((await deliver('sandbox', true)).notes).toEqual([marked])
  expect(await deliver('developer', false)).toEqual({ phase: 'done', notes: [unknown, marked] })
})

test('who may look into one namespace sees what delivers there, and which right changing it takes', async () => {
  writeFileSync(
    join(directory, 'deploy/more.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, namespace: default}\n',
  )
  commit('Begin', '1')
  await open()
  await allow({ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] })
  const mine = { ...at, context: 'developer' }
  const right = (verb: string, group: string, resource: string) => ({ verb, group, resource, namespace: 'default' })

  const nobody = await first(api.delivery.follow(mine))
  expect(nobody).toMatchObject({ members: [], missing: [right('patch', '', 'configmaps')] })
  expect(nobody?.problems.map(({ key, params }) => [key, params?.['namespaces']])).toEqual([
    ['delivery.lookedOnlyIn', 'default'],
  ])
  const drift = await api.drift.check(mine)
  expect(drift.objects.map(({ state, missing }) => [state, missing?.map(({ verb }) => verb)])).toEqual([
    ['missing', ['patch', 'create']],
    ['missing', ['patch', 'create']],
  ])

  // What Git has no more would be deleted: nobody but the access review can say whether it may be.
  for await (const _ of api.delivery.deliver({ ...at, patience: 60 }));
  rmSync(join(directory, 'deploy/more.yaml'))
  commit('Less', '1')
  let plan: DeliveryProgress | null = null
  for await (const each of api.delivery.deliver({ ...mine, dryRun: true, prune: true })) plan = each
  expect(plan!.steps.find(({ action }) => action === 'prune')).toMatchObject({
    name: 'more',
    state: 'failed',
    problem: { key: 'cluster.forbidden', params: { verb: 'delete', resource: 'configmaps', namespace: 'default' } },
  })

  await put(source('deploy', 'https://git.example.com/shop/deploy'))
  await put(kustomization('shop', 'deploy', 'deploy'))
  const followed = await first(api.delivery.follow(mine))
  expect(followed?.problems).toEqual([])
  expect(followed?.members).toMatchObject([
    { name: 'shop', missing: [right('patch', 'kustomize.toolkit.fluxcd.io', 'kustomizations')] },
  ])
})

test('suspended by hand only stays so when it goes on, and a reason that cannot be recorded is told', async () => {
  commit('Begin', '1')
  await open()
  const application = (automated?: LiveObject): LiveObject => ({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'shop', namespace: 'default' } },
    spec: {
      source: { repoURL: 'https://git.example.com/shop/deploy', path: 'deploy', targetRevision: 'main' },
      ...(automated && { syncPolicy: { automated } }),
    },
  })
  const object = { group: 'argoproj.io', kind: 'Application', namespace: 'default', name: 'shop' }
  const automated = async () =>
    valueAt(await (await core.clusters.open('sandbox')).get(object, signal), ['spec', 'syncPolicy', 'automated'])
  await put(application())
  await api.delivery.suspend({ ...at, object, reason: 'Wait.' })
  await api.delivery.resume({ ...at, object, reason: 'Go.' })
  expect(await automated()).toBeUndefined()
  await put(application({ prune: true }))
  await api.delivery.suspend({ ...at, object, reason: 'Wait.' })
  expect(await automated()).toBeUndefined()
  // Nobody is known who could have decided it: the engine stands still all the same, and that is said.
  git('config', 'user.name', '.')
  const kept = await api.delivery.resume({ ...at, object, reason: 'Go.' })
  expect([kept.decision, kept.problem?.key]).toEqual([null, 'draft.noIdentity'])
  expect(await automated()).toEqual({ prune: true })
})

async function first<T>(stream: AsyncIterable<T>): Promise<T | null> {
  for await (const item of stream) return item
  return null
}
