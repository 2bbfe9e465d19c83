import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { DecisionLink } from '../../shared/decisions/decision.ts'
import { readAdr } from '../../shared/decisions/read-adr.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-records-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function opened(name: string, prepare: (clone: string) => void) {
  const clone = join(root, name)
  prepare(clone)
  const core = await createCore(testHost(join(root, `${name}-data`)))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api: Api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  const log = async (query: object = {}) => {
    for await (const page of api.decisions.log({ workspace, limit: 100, ...query })) return page.items
    throw new Error('no page')
  }
  const titles = async (query: object) => (await log(query)).map(({ title }) => title)
  const publish = async (
    title: string,
    edits: readonly Edit[],
    more: {
      links?: DecisionLink[]
      target?: { kind: 'branch'; name: string }
      reasons?: Record<string, string>
    } = {},
  ): Promise<string> => {
    const outcome = await api.draft.publish({
      workspace,
      changeSetId: null,
      ...(edits.length > 0 && { edits: [...edits] }),
      title,
      why: `Why: ${title}.`,
      kind: edits.length > 0 ? 'scale' : 'record',
      target: { kind: 'current-branch' },
      push: false,
      ...more,
    })
    if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome))
    return outcome.commit
  }
  const chain = async (decision: string) =>
    (await api.decisions.chain({ workspace, decision })).map(({ relation, title }) => `${relation} ${title}`)
  return {
    clone,
    api,
    workspace,
    log,
    titles,
    publish,
    chain,
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  }
}

const write = (clone: string, files: { readonly [path: string]: string }) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true })
    writeFileSync(join(clone, path), text)
  }
}
const commit = (clone: string, title: string, files: { readonly [path: string]: string }): string => {
  write(clone, files)
  git(clone, 'add', '-A')
  git(clone, 'commit', '-q', '-m', title)
  return git(clone, 'rev-parse', 'HEAD').trim()
}
const deployment = (k: number) => ({
  file: `manifests/svc-${k}.yaml`,
  kind: 'Deployment',
  name: `svc-${k}`,
})

test('records of other tools are in the log with their status; chains lead both ways, between them and ours', async () => {
  let mysql = ''
  await using world = await opened('adr', clone => {
    makeServiceChain(clone, 2)
    mysql = commit(clone, 'Add record 2', {
      'doc/adr/0002-use-mysql.md': '# 2. Use MySQL\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nx\n',
    })
    commit(clone, 'Something else', { 'notes.md': 'x' })
    commit(clone, 'Postgres it is', {
      'doc/adr/0005-use-postgres.md':
        '# 5. Use PostgreSQL\n\n## Status\n\nAccepted\n\nSupercedes [2. Use MySQL](0002-use-mysql.md)\n\n## Context\n\nFaster.\n',
      'doc/adr/0002-use-mysql.md':
        '# 2. Use MySQL\n\nDate: 2020-01-01\n\n## Status\n\nSuperceded by [5. Use PostgreSQL](0005-use-postgres.md)\n\n## Context\n\nx\n',
      'packages/api/docs/adr/20210101-use-grpc.md':
        '# Use gRPC\n\n- Status: proposed\n- Date: 2021-01-01\n\n## Context\n\nx\n',
    })
  })
  const { clone, log, titles, publish, chain, api, workspace } = world
  const found = await log({ decisionsOnly: true })
  expect(found.map(({ title, kind, status, record }) => [title, kind, status, record])).toEqual([
    ['Postgres it is', 'record', undefined, null],
    ['Use MySQL', 'record', 'superseded', 'doc/adr/0002-use-mysql.md'],
  ])
  expect(found[0]!.records?.map(({ title, status }) => `${title}: ${status}`)).toEqual([
    'Use PostgreSQL: accepted',
    'Use gRPC: proposed',
  ])
  // The newest page of everything is read from Git itself, and says the same.
  expect((await log()).map(({ title }) => title)).toEqual([
    'Postgres it is',
    'Something else',
    'Use MySQL',
    'Manifests',
  ])
  expect(await titles({ text: 'grpc' })).toEqual(['Postgres it is'])
  expect(await titles({ text: 'mysql', kinds: ['record'] })).toEqual(['Use MySQL'])
  expect(await titles({ kinds: ['commit'] })).toEqual(['Something else', 'Manifests'])

  expect(await chain(mysql)).toEqual(['superseded-by Use PostgreSQL'])
  expect(await chain(found[0]!.id)).toEqual(['supersedes Use MySQL'])

  const own = await publish('use CockroachDB', [], {
    links: [
      { relation: 'supersedes', target: 'doc/adr/0005-use-postgres.md' },
      { relation: 'links', target: mysql },
    ],
  })
  const postgres = git(clone, 'show', 'HEAD:doc/adr/0005-use-postgres.md')
  expect(readAdr(postgres).status).toBe('superseded')
  expect(postgres).toContain('Supercedes [2. Use MySQL](0002-use-mysql.md)')
  expect(await chain(found[0]!.id)).toEqual(['supersedes Use MySQL', 'superseded-by use CockroachDB'])
  expect(await chain(own)).toEqual(['supersedes Use PostgreSQL', 'links Use MySQL'])
  expect(await chain(mysql)).toEqual(['superseded-by Use PostgreSQL', 'linked-by use CockroachDB'])

  const next = await publish('use PostgreSQL after all', [], { links: [{ relation: 'supersedes', target: own }] })
  const readme = git(
    clone,
    'show',
    `HEAD:decisions/${readdirSync(join(clone, 'decisions')).find(name => name.includes('cockroach'))}/README.md`,
  )
  expect(readAdr(readme)).toMatchObject({ status: 'superseded', title: 'use CockroachDB' })
  expect(await chain(own)).toEqual([
    'supersedes Use PostgreSQL',
    'superseded-by use PostgreSQL after all',
    'links Use MySQL',
  ])
  expect(await chain(next)).toEqual(['supersedes use CockroachDB'])
  const statuses = async (query: object) =>
    (await log(query)).slice(0, 2).map(({ title, status }) => `${title}: ${status}`)
  for (const query of [{}, { decisionsOnly: true }])
    expect(await statuses(query)).toEqual(['use PostgreSQL after all: undefined', 'use CockroachDB: superseded'])
  expect(git(clone, 'status', '--porcelain')).toBe('')
  await expect(
    publish('x', [], { links: [{ relation: 'links', target: 'doc/adr/0099-none.md' }] }),
  ).rejects.toMatchObject({ key: 'record.linkNowhere' })

  // What supersedes a record is taken back with that mark.
  const plan = await api.draft.planRevert({ workspace, decision: next })
  expect(plan.edits).toHaveLength(1)
  await publish('revert', plan.edits, { links: [{ relation: 'reverts', target: plan.reverts }] })
  expect(await chain(next)).toEqual(['reverted-by revert', 'supersedes use CockroachDB'])
  expect((await log({ text: 'cockroachdb' })).at(-1)?.status).toBeUndefined()
})

test('the log is searched by field, rule, dependency and machine, in commits made anywhere, and grouped by release', async () => {
  await using world = await opened('touched', clone => makeServiceChain(clone, 3))
  const { clone, titles, publish, log } = world
  const text = (k: number) => readFileSync(join(clone, `manifests/svc-${k}.yaml`), 'utf8')
  commit(clone, 'by hand', { 'manifests/svc-0.yaml': text(0).replace('replicas: 1', 'replicas: 2') })
  git(clone, 'tag', 'v1')
  commit(clone, 'only words', { 'manifests/svc-0.yaml': text(0).replace('# raised', '# was raised') })
  commit(clone, 'to the harbour', {
    'manifests/svc-1.yaml': text(1).replace(
      '    spec:\n',
      '    spec:\n      nodeSelector: {kubernetes.io/hostname: crane-7}\n',
    ),
  })
  const mod = (version: string) => `module example.org/x\n\ngo 1.24\n\nrequire google.golang.org/grpc ${version}\n`
  commit(clone, 'a module', { 'src/go.mod': mod('v1.60.0'), 'src/main.go': 'package main\n' })
  git(clone, 'tag', '-a', 'v2', '-m', 'two')
  commit(clone, 'a newer module', { 'src/go.mod': mod('v1.70.0') })
  await publish('raise', [{ kind: 'set-replicas', resource: deployment(2), replicas: 5 }])
  await publish('release', [
    { kind: 'set-image', resource: deployment(2), container: 'server', image: 'example.org/svc-2:2.0.0' },
  ])
  await publish('sleep', [{ kind: 'set-replicas', resource: deployment(1), replicas: 0 }], {
    reasons: { 'no-scale-to-zero-while-called': 'Nobody calls at night.' },
  })

  expect(await titles({ field: 'replicas' })).toEqual(['sleep', 'raise', 'by hand', 'Manifests'])
  expect(await titles({ field: 'spec.replicas', since: 0, text: 'hand' })).toEqual(['by hand'])
  expect(await titles({ field: 'containers.image' })).toEqual(['release', 'Manifests'])
  expect(await titles({ node: 'crane-7' })).toEqual(['to the harbour'])
  expect(await titles({ dependency: 'grpc' })).toEqual(['a newer module', 'a module'])
  expect(await titles({ dependency: 'google.golang.org/grpc@v1.60.0' })).toEqual(['a newer module', 'a module'])
  expect(await titles({ dependency: 'svc-2@2.0.0' })).toEqual(['release'])
  expect(await titles({ rule: 'no-scale-to-zero-while-called' })).toEqual(['sleep'])
  expect(await titles({ rule: 'no-removal-while-called' })).toEqual([])
  expect(await titles({ field: 'replicas', decisionsOnly: true })).toEqual(['sleep', 'raise'])

  const releases = (await log({ releases: true })).map(({ title, release }) => `${title}: ${release}`)
  expect(releases).toEqual([
    'sleep: null',
    'release: null',
    'raise: null',
    'a newer module: null',
    'a module: v2',
    'to the harbour: v2',
    'only words: v2',
    'by hand: v1',
    'Manifests: v1',
  ])
})

const overlay = (name: string, patch: string) => ({
  [`overlays/${name}/kustomization.yaml`]: `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\nnamePrefix: ${name}-\n${patch}`,
})
const base = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: server
          image: example.org/web:1.0.0
`

test('a decision is promoted to another environment: what differs is told, what it names is recorded', async () => {
  await using world = await opened('promote', clone => {
    mkdirSync(clone, { recursive: true })
    git(clone, 'init', '-q', '-b', 'main')
    git(clone, 'config', 'user.name', 'Ada Lovelace')
    git(clone, 'config', 'user.email', 'ada@example.org')
    commit(clone, 'Manifests', {
      'base/deployment.yaml': base,
      'base/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [deployment.yaml]\n',
      ...overlay(
        'staging',
        'images:\n  - name: example.org/web\n    newTag: 1.0.0\nreplicas:\n  - name: web\n    count: 2\n',
      ),
      ...overlay(
        'production',
        'images:\n  - name: example.org/web\n    newTag: 0.9.0\nreplicas:\n  - name: web\n    count: 5\n',
      ),
    })
  })
  const { clone, api, workspace, publish, chain } = world
  const environments = (await api.workspaces.environments({ workspace })).map(({ id }) => id)
  const staging = environments.find(id => id.includes('staging'))!
  const production = environments.find(id => id.includes('production'))!
  const made = commit(clone, 'DECISION: release to staging\n\nDecision-Kind: upgrade', {
    ...overlay(
      'staging',
      'images:\n  - name: example.org/web\n    newTag: 2.0.0\nreplicas:\n  - name: web\n    count: 5\n',
    ),
  })
  const plan = await api.draft.planPromotion({ workspace, decision: made, to: { environment: production } })
  expect(plan.from).toBe(staging)
  expect(
    plan.rows.map(({ object, field, was, there, next, state }) => [object, field, was, there, next, state]),
  ).toEqual([
    ['Deployment/production-web', 'spec.replicas', '2', '5', '5', 'same'],
    [
      'Deployment/production-web',
      'spec.template.spec.containers.server.image',
      'example.org/web:1.0.0',
      'example.org/web:0.9.0',
      'example.org/web:2.0.0',
      'change',
    ],
  ])
  const before = git(clone, 'show', 'HEAD:overlays/staging/kustomization.yaml')
  const promoted = await publish(plan.title, plan.edits, { links: [{ relation: 'promotes', target: plan.promotes }] })
  expect(git(clone, 'show', 'HEAD:overlays/production/kustomization.yaml')).toContain('newTag: 2.0.0')
  expect(git(clone, 'show', 'HEAD:overlays/staging/kustomization.yaml')).toBe(before)
  expect(git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Promotes,valueonly)').trim()).toBe(made)
  expect(await chain(promoted)).toEqual(['promotes release to staging'])
  expect(await chain(made)).toEqual([`promoted-by ${plan.title}`])
  await expect(
    api.draft.planPromotion({ workspace, decision: made, to: { environment: staging } }),
  ).rejects.toMatchObject({ key: 'record.promoteSame' })

  // To a branch that is not checked out, which has moved on by itself.
  git(clone, 'branch', 'stable', 'HEAD~2')
  const other = await api.draft.planPromotion({ workspace, decision: promoted, to: { branch: 'stable' } })
  expect(other.rows.map(({ state, next }) => [state, next])).toEqual([['change', 'example.org/web:2.0.0']])
  const onStable = await publish('to stable', other.edits, {
    links: [{ relation: 'promotes', target: other.promotes }],
    target: { kind: 'branch', name: 'stable' },
  })
  expect(git(clone, 'rev-parse', 'stable').trim()).toBe(onStable)
  expect(git(clone, 'rev-parse', 'HEAD').trim()).toBe(promoted)
  expect(git(clone, 'show', 'stable:overlays/production/kustomization.yaml')).toContain('newTag: 2.0.0')
  expect(git(clone, 'show', 'stable:overlays/staging/kustomization.yaml')).toContain('newTag: 1.0.0')
  expect(git(clone, 'status', '--porcelain')).toBe('')
})
