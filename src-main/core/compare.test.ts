import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import type { Blame, Part } from '../../shared/compare/contract.ts'
import { fieldKey } from '../../shared/compare/difference.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { formatSnapshot } from '../../shared/decisions/snapshot.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-compare-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const workload = (name: string, replicas: number, env = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "acme/${name}:1", env: [${env}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`
const callsPay = '{name: PAY_ADDR, value: "pay:80"}'

function repository(name: string): string {
  const directory = join(root, name)
  mkdirSync(directory)
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada')
  git(directory, 'config', 'user.email', 'ada@example.org')
  return directory
}
/** Every commit has a second of its own, as people's have. */
let clock = 1_790_000_000
function commit(directory: string, message: string, files: { readonly [path: string]: string | null }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    if (text === null) rmSync(join(directory, path))
    else writeFileSync(join(directory, path), text)
  }
  git(directory, 'add', '-A')
  inTime(() => git(directory, 'commit', '-q', '-m', message))
}
function inTime(work: () => void): void {
  clock += 60
  process.env['GIT_COMMITTER_DATE'] = process.env['GIT_AUTHOR_DATE'] = `${clock} +0000`
  work()
  delete process.env['GIT_COMMITTER_DATE']
  delete process.env['GIT_AUTHOR_DATE']
}

async function withApp<T>(
  directory: string,
  work: (api: Api, workspace: string, data: string) => Promise<T>,
): Promise<T> {
  const data = join(root, 'data')
  await using core = await createCore(testHost(data))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory })
  return await work(api, workspace, data)
}

async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item
  throw new Error('nothing came')
}
async function whole(blames: AsyncIterable<Blame>): Promise<Blame> {
  for await (const blame of blames) if (blame.done) return blame
  throw new Error('the blame ended')
}

type Points = { readonly a: string; readonly b: string; readonly environment?: string }
/** `~ cart replicas: 2 → 4 < title of the commit`, in the order of the answer. */
async function lines(api: Api, workspace: string, part: Part, points: Points): Promise<string[]> {
  const input = { workspace, ...points }
  const { makers, made } = await whole(api.compare.blame({ ...input, part }))
  const by = (key: string) => {
    const at = made[key]
    return at === undefined ? '?' : at < 0 ? 'draft' : makers[at]!.title
  }
  if (part === 'dependencies')
    return (await first(api.compare.dependencies(input))).sets.flatMap(({ key, change, folder, services, diff }) =>
      change === 'changed'
        ? diff.changed.map(({ name, from, to }) => `${folder} ${name}: ${from} → ${to} < ${by(fieldKey(key, name))}`)
        : [`${change} ${folder} (${services.join()}) < ${by(key)}`],
    )
  const { subjects } =
    part === 'topology'
      ? await first(api.compare.topology(input))
      : part === 'rules'
        ? await first(api.compare.rules(input))
        : await first(api.compare.manifests(input))
  return subjects.flatMap(({ key, change, kind, name, fields }) => [
    ...(change === 'changed' ? [] : [`${change} ${kind} ${name} < ${by(key)}`]),
    ...fields
      .filter(({ noise }) => noise === undefined)
      .map(({ key: field, field: path, before, after }) => `${name} ${path}: ${before} → ${after} < ${by(field)}`),
  ])
}

test('two moments of a branch: what came, went and changed, each with the commit that made it as it is', async () => {
  const directory = repository('branch')
  const cart = (replicas: number, env = '') => ({ 'deploy/cart.yaml': workload('cart', replicas, env) })
  commit(directory, 'all', { ...cart(1), 'deploy/pay.yaml': workload('pay', 1), 'deploy/old.yaml': workload('old', 1) })
  git(directory, 'tag', 'v1')
  commit(directory, 'DECISION: cart to 4', cart(4))
  commit(directory, 'words', { 'README.md': 'Shop\n' })
  commit(directory, 'DECISION: cart to 2 for the night', cart(2))
  commit(directory, 'DECISION: cart pays', cart(4, callsPay))
  commit(directory, 'old goes', { 'deploy/old.yaml': null })

  await withApp(directory, async (api, workspace) => {
    const points = { a: 'v1', b: 'now' }
    expect(await lines(api, workspace, 'topology', points)).toEqual([
      'cart env PAY_ADDR: null → pay:80 < cart pays',
      // Four was decided twice; the later word is the one that holds.
      'cart replicas: 1 → 4 < cart pays',
      'removed node old < old goes',
      'added edge cart → pay < cart pays',
    ])
    expect(await lines(api, workspace, 'manifests', points)).toEqual([
      'cart spec.replicas: 1 → 4 < cart pays',
      'cart spec.template.spec.containers[main].env[PAY_ADDR]: null → pay:80 < cart pays',
      'removed Deployment old < old goes',
      'removed Service old < old goes',
    ])
    // The way back takes nothing away: what came later is not part of what was.
    expect(await lines(api, workspace, 'topology', { a: 'now', b: 'v1' })).toEqual([
      'cart env PAY_ADDR: pay:80 → null < cart pays',
      'cart replicas: 4 → 1 < cart pays',
      'only-b node old < old goes',
      'only-a edge cart → pay < cart pays',
    ])
    const { relation, a } = await first(api.compare.topology({ workspace, a: 'now', b: 'v1' }))
    expect([relation, a.kind, a.commit?.title]).toEqual(['backward', 'now', 'old goes'])
    expect(await lines(api, workspace, 'manifests', { a: 'now', b: 'HEAD' })).toEqual([])
  })
})

test('a draft is a point, and what it changes is its own', async () => {
  const directory = repository('draft')
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 1) })
  commit(directory, 'DECISION: cart to 2', { 'deploy/cart.yaml': workload('cart', 2) })
  await withApp(directory, async (api, workspace) => {
    const resource = { file: 'deploy/cart.yaml', kind: 'Deployment', name: 'cart' }
    await api.draft.edit({
      workspace,
      edits: [{ kind: 'set-image', resource, container: 'main', image: 'acme/cart:2' }],
    })
    expect(await lines(api, workspace, 'manifests', { a: 'HEAD~1', b: 'draft' })).toEqual([
      'cart spec.replicas: 1 → 2 < cart to 2',
      'cart spec.template.spec.containers[main].image: acme/cart:1 → acme/cart:2 < draft',
    ])
    expect(await lines(api, workspace, 'dependencies', { a: 'now', b: 'draft' })).toEqual([
      'deploy acme/cart: 1 → 2 < draft',
    ])
  })
})

test('two branches: what only one has is not removed by the other; a merge that says another thing made it', async () => {
  const directory = repository('diverged')
  const pay = (replicas: number) => ({ 'deploy/pay.yaml': workload('pay', replicas) })
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 1), ...pay(1) })
  git(directory, 'branch', 'night')
  commit(directory, 'more cart', { 'deploy/cart.yaml': workload('cart', 5), ...pay(2) })
  git(directory, 'switch', '-q', 'night')
  commit(directory, 'a watchman', { 'deploy/watch.yaml': workload('watch', 1), ...pay(3) })
  await withApp(directory, async (api, workspace) => {
    expect(await lines(api, workspace, 'topology', { a: 'main', b: 'night' })).toEqual([
      'cart replicas: 5 → 1 < more cart',
      'pay replicas: 2 → 3 < a watchman',
      'only-b node watch < a watchman',
    ])
    git(directory, 'switch', '-q', 'main')
    try {
      git(directory, 'merge', '-q', 'night')
    } catch {
      // Both changed pay: the merge says seven.
    }
    for (const [path, text] of Object.entries(pay(7))) writeFileSync(join(directory, path), text)
    git(directory, 'add', '-A')
    inTime(() => git(directory, 'commit', '-q', '-m', 'both'))
    expect(await lines(api, workspace, 'topology', { a: 'main~1', b: 'main' })).toEqual([
      'pay replicas: 2 → 7 < both',
      'added node watch < a watchman',
    ])
  })
})

test('two environments at one commit, and an environment that a point does not hold', async () => {
  const directory = repository('environments')
  const overlay = (name: string, replicas: number) => ({
    [`envs/${name}/kustomization.yaml`]: `resources: [../../base]\nnamespace: ${name}\nnamePrefix: ${name}-\nreplicas: [{name: cart, count: ${replicas}}]\n`,
  })
  const base = {
    'base/kustomization.yaml': 'resources: [cart.yaml]\n',
    'base/cart.yaml': workload('cart', 1),
  }
  commit(directory, 'dev', { ...base, ...overlay('dev', 1) })
  commit(directory, 'DECISION: prod', overlay('prod', 3))
  commit(directory, 'DECISION: prod takes five', overlay('prod', 5))
  commit(directory, 'a tool for dev', {
    'envs/dev/tool.yaml': workload('tool', 1),
    'envs/dev/kustomization.yaml':
      'resources: [../../base, tool.yaml]\nnamespace: dev\nnamePrefix: dev-\nreplicas: [{name: cart, count: 1}]\n',
  })
  await withApp(directory, async (api, workspace) => {
    const points = { a: 'now:envs/dev', b: 'now:envs/prod' }
    expect(await lines(api, workspace, 'manifests', points)).toEqual([
      'only-a Deployment dev-tool < a tool for dev',
      'only-a Service dev-tool < a tool for dev',
      'prod-cart spec.replicas: 1 → 5 < prod takes five',
    ])
    expect(await lines(api, workspace, 'topology', points)).toEqual([
      'only-a node dev-tool < a tool for dev',
      'prod-cart replicas: 1 → 5 < prod takes five',
    ])
    // Prod was not there yet: nothing was added to it and nothing is removed from it.
    const { a, subjects } = await first(
      api.compare.manifests({ workspace, a: 'HEAD~3', b: 'now', environment: 'envs/prod' }),
    )
    expect([a.holds, a.environments]).toEqual([false, ['envs/dev']])
    expect(new Set(subjects.map(({ change }) => change))).toEqual(new Set(['only-b']))
    // A name that neither point knows is a slip, and what there is is told.
    await expect(first(api.compare.topology({ workspace, a: 'HEAD:envs/prd', b: 'now' }))).rejects.toMatchObject({
      code: 'not-found',
      params: { environment: 'envs/prd', known: '`envs/dev`, `envs/prod`' },
    })
    // An environment by its name alone is that of now.
    expect((await first(api.compare.topology({ workspace, a: 'envs/dev', b: 'envs/prod' }))).relation).toBe('same')
  })
})

test('a lock that one point has none of is not part of it; versions are blamed package by package', async () => {
  const directory = repository('locks')
  const mod = (grpc: string, net: string) => ({
    'src/cart/go.mod': `module acme/cart\ngo 1.24\nrequire google.golang.org/grpc ${grpc}\nrequire golang.org/x/net ${net}\n`,
    'src/cart/main.go': 'package main\n',
  })
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 1) })
  commit(directory, 'locks come', mod('v1.60.0', 'v0.20.0'))
  commit(directory, 'DECISION: grpc', mod('v1.70.0', 'v0.20.0'))
  commit(directory, 'DECISION: net', mod('v1.70.0', 'v0.35.0'))
  await withApp(directory, async (api, workspace) => {
    expect(await lines(api, workspace, 'dependencies', { a: 'HEAD~2', b: 'now' })).toEqual([
      'src/cart golang.org/x/net: v0.20.0 → v0.35.0 < net',
      'src/cart google.golang.org/grpc: v1.60.0 → v1.70.0 < grpc',
    ])
    expect(await lines(api, workspace, 'dependencies', { a: 'HEAD~3', b: 'now' })).toEqual([
      'only-b src/cart (cart) < locks come',
    ])
  })
})

test('rules that changed, and what the gate says of both points and of the step', async () => {
  const directory = repository('rules')
  const rule = (least: number) => ({
    '.pilothouse/rules/team.yaml': `- id: least-replicas\n  severity: block\n  expression: after.services.all(s, s.replicas >= ${least})\n`,
  })
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 2), ...rule(1) })
  commit(directory, 'more cart', { 'deploy/cart.yaml': workload('cart', 2, callsPay) })
  commit(directory, 'DECISION: two at least', rule(3))
  commit(directory, 'less cart', { 'deploy/cart.yaml': workload('cart', 2) })
  await withApp(directory, async (api, workspace) => {
    const points = { a: 'HEAD~2', b: 'HEAD' }
    const [line, ...more] = await lines(api, workspace, 'rules', points)
    expect([line?.replace(/:.*</, ' <'), more]).toEqual(['least-replicas expression < two at least', []])
    const { makers, made } = await whole(api.compare.blame({ workspace, ...points, part: 'rules' }))
    const { verdicts, gate } = await first(api.compare.rules({ workspace, ...points }))
    const ofRule = verdicts.items.filter(({ rule: id }) => id === 'least-replicas')
    expect(ofRule.map(({ before, after }) => [before?.verdict, after?.verdict])).toEqual([['pass', 'block']])
    expect(ofRule.map(({ key }) => makers[made[key] ?? -1]?.title)).toEqual(['two at least'])
    expect([verdicts.after, gate?.verdict]).toEqual(['block', 'block'])
  })
})

test('the text of one object at both points; a walk that is left stops, and the next takes up', async () => {
  const directory = repository('texts')
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 1) })
  for (let replicas = 2; replicas < 9; replicas++)
    commit(directory, `DECISION: cart to ${replicas}`, { 'deploy/cart.yaml': workload('cart', replicas) })
  await withApp(directory, async (api, workspace) => {
    const points = { workspace, a: 'HEAD~7', b: 'now' }
    const { subjects } = await first(api.compare.manifests(points))
    const texts = await api.compare.text({ ...points, key: subjects[0]!.key })
    expect([texts.before, texts.after].map(text => /replicas: \d/.exec(text ?? '')?.[0])).toEqual([
      'replicas: 1',
      'replicas: 8',
    ])
    await expect(api.compare.text({ ...points, key: 'none' })).rejects.toMatchObject({ key: 'compare.noObject' })

    const leaving = new AbortController()
    const left = api.compare.blame({ ...points, part: 'manifests' }, { signal: leaving.signal })[Symbol.asyncIterator]()
    const next = left.next()
    leaving.abort()
    await next.catch(error => expect(error).toMatchObject({ code: 'cancelled' }))
    expect((await whole(api.compare.blame({ ...points, part: 'manifests' }))).makers.map(({ title }) => title)).toEqual(
      ['cart to 8'],
    )
  })
})

test('a decision without a snapshot gets one, the same to the byte, kept in the app and not in the repository', async () => {
  const directory = repository('snapshots')
  commit(directory, 'all', { 'deploy/cart.yaml': workload('cart', 1, callsPay), 'deploy/pay.yaml': workload('pay', 1) })
  commit(directory, 'DECISION: cart to 4', { 'deploy/cart.yaml': workload('cart', 4, callsPay) })
  const made = await withApp(directory, async (api, workspace, data) => {
    const { snapshot, from } = await api.compare.snapshot({ workspace, decision: 'HEAD' })
    expect(from).toBe('computed')
    expect(snapshot).toMatchObject({
      apiVersion: 'pilothouse.dev/v1alpha1',
      decisionId: git(directory, 'rev-parse', 'HEAD').trim(),
      base: git(directory, 'rev-parse', 'HEAD~1').trim(),
      environment: 'deploy',
      gate: { verdict: expect.any(String) },
    })
    expect(snapshot.edits.find(({ kind }) => kind === 'set-replicas')).toMatchObject({ replicas: 4 })
    expect(snapshot.topology?.edges).toMatchObject([{ from: 'cart', to: 'pay' }])
    const kept = readdirSync(join(data, 'documents'), { recursive: true }).map(String)
    expect(kept.filter(name => name.includes('snapshots') && name.includes(snapshot.decisionId))).toHaveLength(1)
    expect(git(directory, 'status', '--porcelain')).toBe('')
    return formatSnapshot(snapshot)
  })
  await withApp(directory, async (api, workspace) => {
    const { snapshot, from } = await api.compare.snapshot({ workspace, decision: 'HEAD' })
    expect([from, formatSnapshot(snapshot)]).toEqual(['computed', made])
  })
})
