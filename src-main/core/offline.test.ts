import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { checkAudit } from '../../shared/audit/audit-log.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { auditHashes } from '../adapters/system/system.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-offline-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Hosts that anything in this process tried to reach. */
const tried: string[] = []
let answer: 'nothing' | 'unreachable' = 'nothing'
const connect = Socket.prototype.connect

/** A network that is cut: packets vanish (nothing ever answers), or the way out is refused. Loopback stays. */
beforeEach(() => {
  tried.length = 0
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given
    const options = typeof first === 'object' && first !== null ? (first as { host?: string; path?: unknown }) : null
    const host = options ? options.host : typeof second === 'string' ? second : undefined
    const isHere = typeof options?.path === 'string' || (typeof first === 'string' && Number.isNaN(Number(first)))
    if (isHere || host === undefined || /^(localhost|127\.|::1$)/.test(host))
      return Reflect.apply(connect, this, given) as Socket
    tried.push(host)
    if (answer === 'unreachable')
      queueMicrotask(() => this.destroy(Object.assign(new Error('network is unreachable'), { code: 'ENETUNREACH' })))
    return this
  } as typeof connect
})
afterEach(() => {
  Socket.prototype.connect = connect
})

const write = (clone: string, path: string, text: string): void => {
  mkdirSync(dirname(join(clone, path)), { recursive: true })
  writeFileSync(join(clone, path), text)
}
const lock = (version: string): string =>
  `${JSON.stringify({ name: 'web', lockfileVersion: 3, packages: { '': { dependencies: { left: version } }, 'node_modules/left': { version } } })}\n`

test('with the network cut and remotes that nobody reaches, all of the history works, and nothing asks for the network', async () => {
  const clone = join(root, 'clone')
  makeServiceChain(clone, 3)
  write(clone, 'docs/adr/0001-use-http.md', '# 1. Use HTTP\n\n## Status\n\nAccepted\n\n## Context\n\nx\n')
  write(clone, 'src/package-lock.json', lock('1.0.0'))
  git(clone, 'add', '-A')
  git(clone, 'commit', '-q', '-m', 'Records and a lock')
  write(clone, 'src/package-lock.json', lock('2.0.0'))
  git(clone, 'commit', '-q', '-am', 'A newer library')
  git(clone, 'tag', 'v1')
  git(clone, 'branch', 'stable')
  git(clone, 'remote', 'add', 'origin', 'https://git.invalid/shop.git')
  git(clone, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
  git(clone, 'branch', '-q', '--set-upstream-to=origin/main', 'main')
  git(clone, 'remote', 'add', 'backup', 'ssh://git@192.0.2.1/shop.git')

  answer = 'nothing'
  await using core = await createCore(testHost(join(root, 'data')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api: Api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  const first = async <T>(stream: AsyncIterable<T>): Promise<T> => {
    for await (const item of stream) return item
    throw new Error('The stream ended without a word')
  }
  const titles = async (query: object = {}) =>
    (await first(api.decisions.log({ workspace, limit: 50, ...query }))).items.map(({ title }) => title)
  const view = () => first(api.draft.view({ workspace }))
  const publish = async (title: string, more: object = {}) => {
    const made = await api.draft.publish({
      workspace,
      changeSetId: (await view()).changeSetId,
      title,
      why: `Why: ${title}.`,
      kind: 'scale',
      target: { kind: 'current-branch' },
      push: false,
      ...more,
    })
    if (made.kind !== 'published') throw new Error(JSON.stringify(made))
    return made
  }
  const resource = { file: 'manifests/svc-0.yaml', kind: 'Deployment', name: 'svc-0' }

  // Open, read, search, filter, group.
  expect(await titles()).toEqual(['A newer library', 'Use HTTP', 'Manifests'])
  expect((await first(api.workspaces.status({ workspace }))).branch).toBe('main')
  expect(await titles({ text: 'http' })).toEqual(['Use HTTP'])
  expect(await titles({ dependency: 'left@2.0.0' })).toEqual(['A newer library'])
  expect(await titles({ field: 'replicas', kinds: ['commit'] })).toEqual(['Manifests'])
  expect((await first(api.decisions.log({ workspace, limit: 9, releases: true }))).items[0]?.release).toBe('v1')

  // Dependencies, now and between two points.
  const deps = await api.dependencies.diff({ workspace, from: 'HEAD~1', to: 'HEAD', edges: 100 })
  expect(deps.sets.flatMap(({ diff }) => diff.changed.map(({ name, from, to }) => `${name} ${from} ${to}`))).toEqual([
    'left 1.0.0 2.0.0',
  ])
  const { libraries } = await api.dependencies.overview({ workspace })
  expect(libraries.map(({ name }) => name)).toContain('left')

  // A decision from a draft, its revert as a draft, its promotion to another branch.
  await api.draft.edit({ workspace, edits: [{ kind: 'set-replicas', resource, replicas: 4 }] })
  const raised = await publish('raise svc-0')
  const plan = await api.draft.planRevert({ workspace, decision: raised.commit })
  await api.draft.edit({ workspace, edits: [...plan.edits] })
  await api.draft.note({ workspace, note: { title: plan.title, kind: 'rollback', reverts: plan.reverts } })
  expect((await view()).note.reverts).toBe(plan.reverts)
  const reverted = await publish(plan.title, { kind: 'rollback', reverts: plan.reverts })
  const promotion = await api.draft.planPromotion({ workspace, decision: raised.commit, to: { branch: 'stable' } })
  expect(promotion.rows.map(({ state, there, next }) => [state, there, next])).toEqual([['change', '1', '4']])
  await publish(promotion.title, {
    changeSetId: null,
    edits: [...promotion.edits],
    links: [{ relation: 'promotes', target: promotion.promotes }],
    target: { kind: 'branch', name: 'stable' },
  })
  expect(git(clone, 'show', 'stable:manifests/svc-0.yaml')).toContain('replicas: 4')

  // Two points compared, and who made the difference; a snapshot of a commit that left none.
  const points = { workspace, a: 'v1', b: 'stable' }
  const { subjects } = await first(api.compare.manifests(points))
  expect(subjects.flatMap(({ fields }) => fields.map(({ before, after }) => `${before} ${after}`))).toEqual(['1 4'])
  for await (const { done, makers } of api.compare.blame({ ...points, part: 'manifests' })) {
    if (!done) continue
    expect(makers.map(({ title }) => title)).toEqual([promotion.title])
    break
  }
  expect((await api.compare.snapshot({ workspace, decision: 'v1' })).from).toBe('computed')

  // A record is written, another edited; chains lead through them.
  const recorded = await publish('use gRPC', {
    changeSetId: null,
    kind: 'record',
    links: [{ relation: 'supersedes', target: 'docs/adr/0001-use-http.md' }],
  })
  const path = `${recorded.record}README.md`
  const { after: text } = await api.draft.file({ workspace, path })
  await api.draft.write({ workspace, writing: { path, base: text ?? '', text: `${text}\nMore.\n` } })
  expect((await view()).writing?.text).toContain('More.')
  await api.draft.edit({ workspace, edits: [{ kind: 'set-file', file: path, text: `${text}\nMore.\n` }] })
  expect((await view()).suggestedKind).toBe('record')
  await publish('say more', { kind: 'record' })
  const chain = async (decision: string) =>
    (await api.decisions.chain({ workspace, decision })).map(({ relation, title }) => `${relation} ${title}`)
  expect(await chain(raised.commit)).toEqual([`reverted-by ${plan.title}`])
  expect(await chain(recorded.commit)).toEqual(['supersedes Use HTTP'])
  const detail = await api.decisions.show({ workspace, decision: reverted.commit })
  expect(detail.record?.markdown).toContain(plan.title)
  expect(detail.snapshot).not.toBeNull()

  // Taken along and checked.
  const { text: html } = await api.decisions.document({
    workspace,
    decisions: 'v1..HEAD',
    format: 'html',
    locale: 'en',
  })
  expect(html).toContain('raise svc-0')
  const { text: markdown } = await api.decisions.document({
    workspace,
    decisions: [raised.commit, recorded.commit],
    format: 'markdown',
    locale: 'zh',
  })
  expect(markdown).toContain('use gRPC')
  let audit = ''
  for await (const part of api.decisions.audit({ workspace, range: 'HEAD' })) audit += part
  const check = (log: string) => checkAudit(log, auditHashes, base64 => Buffer.from(base64, 'base64'))
  expect(check(audit)).toMatchObject({ kind: 'intact', commits: 7 })
  expect(check(audit.replace('raise svc-0', 'raise svc-1')).kind).toBe('altered')
  expect(tried).toEqual([])

  // Only a push asks, is told that nobody is there, and the decision waits in the branch.
  answer = 'unreachable'
  await api.draft.edit({ workspace, edits: [{ kind: 'set-replicas', resource, replicas: 7 }] })
  expect(await publish('raise again', { push: true })).toMatchObject({ pushed: 'queued', branch: 'main' })
  expect(tried).toContain('git.invalid')
  expect((await first(api.workspaces.status({ workspace }))).sync).toMatchObject({ kind: 'offline', ahead: 5 })
  expect(git(clone, 'status', '--porcelain')).toBe('')
})
