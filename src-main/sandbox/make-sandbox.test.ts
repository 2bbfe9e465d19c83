import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { DecisionSummary } from '../../shared/decisions/decision.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { createCore } from '../core/create-core.ts'
import type { Clock } from '../needs/clock.ts'
import { environment, history, people } from './history.ts'
import { makeSandbox, type Sandbox } from './make-sandbox.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-sandbox-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const now = Date.UTC(2026, 10, 20, 8, 30)
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8' }).trimEnd()

async function openCore(clock?: Clock): Promise<AsyncDisposable & { api: Api }> {
  const core = await createCore(testHost(join(root, 'data')), clock)
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  return { api: createClient(contract, ours), [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() }
}
async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item
  throw new Error('nothing came')
}

let sandbox: Sandbox
let decisions: readonly DecisionSummary[]
let topology: Topology
beforeAll(async () => {
  const done: number[] = []
  sandbox = await makeSandbox(root, {
    now,
    openCore,
    openRepository: (directory, clock) => openRepositoryWith({ clock })(directory),
    progress: (count, total) => done.push(count / total),
  })
  expect(done.at(-1)).toBe(1)
  await using core = await openCore()
  const { workspace } = await core.api.workspaces.open({ directory: sandbox.directory })
  expect((await first(core.api.workspaces.status({ workspace }))).sandbox).toBe(true)
  const environments = await core.api.workspaces.environments({ workspace })
  expect(environments.map(({ id, workloads }) => `${id} ${workloads}`)).toEqual([`${environment} 10`])
  decisions = (await first(core.api.decisions.log({ workspace, limit: 50, decisionsOnly: true }))).items
  topology = (await first(core.api.topology.graph({ workspace, environment }))).base
}, 120_000)

test('is a clean clone of a sound remote, which has all of it', () => {
  for (const directory of [sandbox.directory, sandbox.remote]) expect(git(directory, 'fsck', '--strict')).toBe('')
  expect(git(sandbox.directory, 'status', '--porcelain=v2', '--branch').split('\n').slice(1)).toEqual([
    '# branch.head main',
    '# branch.upstream origin/main',
    '# branch.ab +0 -0',
  ])
  expect(git(sandbox.remote, 'rev-parse', 'main')).toBe(git(sandbox.directory, 'rev-parse', 'HEAD'))
  expect(git(sandbox.directory, 'var', 'GIT_AUTHOR_IDENT')).toMatch(/^You </)
})

test('has every decision, by its author, at its time, with its gate and record', () => {
  expect(decisions.map(decision => decision.title)).toEqual(history.map(decision => decision.title).reverse())
  for (const [index, decision] of [...decisions].reverse().entries()) {
    const told = history[index]!
    expect(decision.author.name).toBe(people[told.author].name)
    expect(decision.author.offset).toBe(people[told.author].offset)
    expect(decision.author.time * 1000).toBeLessThan(now)
    expect(decision).toMatchObject({ kind: told.kind, gate: told.reasons ? 'warn' : 'pass' })
    expect(git(sandbox.directory, 'cat-file', '-t', `HEAD:${decision.record}README.md`)).toBe('blob')
  }
  expect(git(sandbox.directory, 'log', '--format=%at %cn').split('\n')).toEqual(
    git(sandbox.directory, 'log', '--format=%ct %an').split('\n'),
  )
  const times = decisions.map(decision => decision.author.time)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(git(sandbox.directory, 'log', '--format=%s', '--reverse').split('\n').slice(0, 2)).toEqual([
    'Move the manifests out of the old monorepo',
    'Say who owns what, and where the two sites are',
  ])
  const taken = git(sandbox.directory, 'log', '--format=%(trailers:key=Decision-Reverts,valueonly)').trim()
  expect(taken).toBe(decisions.find(decision => decision.title.startsWith('try the latest'))!.decisionId)
})

test('shows a payments platform without a fault', () => {
  expect(topology.nodes.map(node => `${node.id} ${node.kind}`)).toEqual([
    'auth service',
    'authorise.cardnet.example external',
    'gateway service',
    'gdynia edge',
    'ledger service',
    'lisbon edge',
    'lists.sanctions.example external',
    'nats queue',
    'orders service',
    'postgres datastore',
    'public gateway',
    'receipts service',
    'recommendation service',
    'redis datastore',
    'risk service',
    'rotterdam edge',
    'till-lisbon service',
    'till-rotterdam service',
    'trieste edge',
  ])
  const edges = topology.edges.map(edge => `${edge.from} ${edge.to} ${edge.protocol}`)
  for (const edge of [
    'public gateway http',
    'gateway orders grpc',
    'orders risk http',
    'orders ledger grpc',
    'orders nats nats',
    'ledger postgres postgresql',
    'auth redis redis',
    'till-lisbon public https',
  ])
    expect(edges).toContain(edge)
  // One database of each kind is a choice a small platform makes; it is said, and is no fault.
  expect(topology.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  expect(topology.findings.map(({ kind, node }) => `${kind} ${node}`)).toEqual([
    'single-point-of-failure postgres',
    'single-point-of-failure redis',
  ])
  expect(topology.nodes.find(node => node.id === 'gateway')?.replicas).toBe(4)
  expect(topology.nodes.find(node => node.id === 'orders')?.autoscaler?.max).toBe(12)
  expect(topology.nodes.find(node => node.id === 'till-lisbon')?.runsOn).toBe('lisbon')
})
