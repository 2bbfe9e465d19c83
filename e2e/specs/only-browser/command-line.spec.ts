import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../../open-app.ts'
import { pilothouse } from '../../world/command-line.ts'
import { addRemote, git, makeRepository, smallShop } from '../../world/git-repository.ts'

// No browser here: the third shell, run as a person runs it, and judged by the system's own git.

test('prints what a workspace declares', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const environments = await pilothouse(home, shop, ['environments', '--json'])
  expect(environments).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(environments.out)).toEqual([
    expect.objectContaining({ id: 'deploy', kind: 'folder', path: 'deploy', workloads: 3 }),
  ])

  const topology = await pilothouse(home, home.folder, ['topology', 'shop', '--env', 'deploy'])
  expect(topology).toMatchObject({ code: 0, err: '' })
  const graph = JSON.parse(topology.out)
  expect(Object.keys(graph).sort()).toEqual(['components', 'edges', 'environment', 'findings', 'nodes', 'revision'])
  expect(graph.nodes.map(({ id }: { id: string }) => id)).toEqual(['cart', 'checkout', 'front'])
  expect(graph.edges.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
    ['checkout', 'cart'],
    ['front', 'checkout'],
  ])
  expect(graph.edges[0].evidence[0]).toMatchObject({ kind: 'env', file: 'deploy/checkout.yaml' })
  expect(graph.revision).toBe(git(home, shop, 'rev-parse', 'HEAD'))

  const one = await pilothouse(home, shop, ['topology', '--path', 'deploy/cart.yaml'])
  expect(JSON.parse(one.out).nodes).toHaveLength(1)
  expect((await pilothouse(home, shop, ['topology', '--format', 'mermaid'])).out).toMatch(/^(flowchart|graph) /)
  expect((await pilothouse(home, shop, ['topology', '--format', 'dot'])).out).toMatch(/digraph/)
})

test('a dry run is a patch that git applies, and writes nothing', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const before = git(home, shop, 'rev-parse', 'HEAD')
  const ran = await pilothouse(home, shop, ['edit', '--set-replicas', 'checkout=5', '--dry-run'])
  expect(ran).toMatchObject({ code: 0, err: '' })
  const changed = ran.out.split('\n').filter(line => /^[+-](?![+-])/.test(line))
  expect(changed).toEqual(['-  replicas: 3 # what the sale needs', '+  replicas: 5 # what the sale needs'])
  expect(git(home, shop, 'status', '--porcelain')).toBe('')
  expect(git(home, shop, 'rev-parse', 'HEAD')).toBe(before)
  writeFileSync(join(home.folder, 'a.patch'), ran.out)
  git(home, shop, 'apply', '--check', join(home.folder, 'a.patch'))
  // The draft that a window would show is untouched too.
  expect(existsSync(join(home.folder, 'data/documents'))).toBe(false)
})

test('an edit becomes a decision: committed, pushed, and sound by the system git', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const remote = addRemote(home, shop)
  const why = 'The sale begins on Friday.\n\nLast year two were not enough.'
  const ran = await pilothouse(home, shop, [
    ...['edit', '--set-replicas', 'checkout=5', '--set-image', 'cart=registry.example/cart:1.1.0'],
    ...['--commit', '-m', 'raise checkout before the sale', '--why', why, '--push', '--json'],
  ])
  expect([ran.code, ran.err]).toEqual([0, ''])
  const outcome = JSON.parse(ran.out)
  expect(outcome).toMatchObject({ kind: 'published', branch: 'main', pushed: 'pushed' })
  expect(git(home, shop, 'rev-parse', 'HEAD')).toBe(outcome.commit)
  expect(git(home, remote, 'rev-parse', 'main')).toBe(outcome.commit)
  expect(git(home, shop, 'status', '--porcelain')).toBe('')
  git(home, shop, 'fsck', '--strict', '--no-dangling')
  git(home, remote, 'fsck', '--strict', '--no-dangling')
  expect(git(home, shop, 'log', '-1', '--format=%s')).toBe('DECISION: raise checkout before the sale')
  writeFileSync(join(home.folder, 'message'), git(home, shop, 'log', '-1', '--format=%B'))
  const trailers = git(home, shop, 'interpret-trailers', '--parse', join(home.folder, 'message'))
  for (const name of [
    'Decision-Id',
    'Decision-Kind',
    'Decision-Services',
    'Decision-Gate',
    'Decision-Record',
    'Change-Set',
  ])
    expect(trailers).toContain(`${name}: `)
  expect(readFileSync(join(shop, 'deploy/checkout.yaml'), 'utf8')).toBe(
    smallShop['deploy/checkout.yaml']?.replace('replicas: 3', 'replicas: 5'),
  )
  expect(existsSync(join(shop, outcome.record, 'snapshot.json'))).toBe(true)

  const log = JSON.parse((await pilothouse(home, shop, ['log', '--json'])).out)
  expect(log).toHaveLength(1)
  expect(log[0]).toMatchObject({
    id: outcome.commit,
    title: 'raise checkout before the sale',
    author: 'Ada Example <ada@example.org>',
    services: ['cart', 'checkout'],
    record: outcome.record,
  })
  expect(log[0].why).toContain('The sale begins on Friday.')
  const tsv = (await pilothouse(home, shop, ['log', '--tsv'])).out.replace(/\n$/, '').split('\t')
  expect(tsv).toHaveLength(7)
  const shown = JSON.parse((await pilothouse(home, shop, ['show', '.', log[0].decisionId, '--json'])).out)
  expect(shown).toMatchObject({ id: outcome.commit, snapshot: { kind: 'Snapshot' } })
  const difference = await pilothouse(home, shop, ['topology', 'diff', '.', 'HEAD~1', 'HEAD', '--exit-code'])
  expect(difference.code).toBe(1)
  expect(difference.out).toContain('checkout')
})

test('a record alone is a decision too', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const ran = await pilothouse(home, shop, ['record', '-m', 'keep Redis', '--why', 'It is enough.', '--json'])
  expect([ran.code, ran.err]).toEqual([0, ''])
  const files = git(home, shop, 'show', '--name-only', '--format=').split('\n')
  expect(files.every(file => file.startsWith('decisions/'))).toBe(true)
  expect(git(home, shop, 'status', '--porcelain')).toBe('')
})

test('the gate answers with its exit code', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  writeFileSync(join(shop, 'README.md'), '# A shop\n')
  git(home, shop, 'commit', '--quiet', '--all', '-m', 'Words only')
  expect(await pilothouse(home, shop, ['gate'])).toMatchObject({ code: 0, out: 'pass\n' })
  const answer = await pilothouse(home, shop, ['gate', '--base', 'HEAD~1', '--head', 'HEAD', '--json'])
  expect(JSON.parse(answer.out)).toMatchObject({ verdict: 'pass' })
})

test('what is wrong is said in words, with the exit code that means it', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const cases: [arguments_: string[], code: number, says: RegExp][] = [
    [['edit', '--set-replica', 'checkout=5'], 2, /Did you mean --set-replicas\?/],
    [['edit', '--set-replicas', 'chekout=5'], 2, /Did you mean checkout\?/],
    [['edit', '--set-replicas', 'checkout=many'], 2, /S=N/],
    [['edit', '--set-replicas', 'checkout=5', '--commit', '-m', 'x'], 2, /--why/],
    [['edit'], 2, /--help/],
    [['topology', '--rev', 'no-such'], 2, /no-such/],
    [['topology', '--env', 'no-such'], 2, /no-such/],
    [['topology', '/no/such/folder'], 2, /\/no\/such\/folder/],
    [['topology', home.folder], 2, /./],
    [['show', '.', 'no-such'], 2, /no-such/],
    [['log', '--limit', '0'], 2, /--limit/],
    [['serve', '--port', '99999'], 2, /--port/],
    [['nonsense'], 2, /nonsense/],
    [['start', '--desktop'], 2, /./],
  ]
  for (const [arguments_, code, says] of cases) {
    if (arguments_[0] === 'start' && process.getuid?.() !== 0) continue
    const ran = await pilothouse(home, shop, arguments_)
    expect([arguments_.join(' '), ran.code]).toEqual([arguments_.join(' '), code])
    expect(ran.err).toMatch(says)
    expect(ran.out).toBe('')
    expect(ran.err).not.toMatch(/\n\s+at /)
  }
})

test('a remote that cannot be reached is exit code 3, and the decision waits', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  git(home, shop, 'remote', 'add', 'origin', 'http://127.0.0.1:9/shop.git')
  const ran = await pilothouse(home, shop, [
    ...['edit', '--set-replicas', 'cart=2', '--commit', '-m', 'two carts', '--why', 'One is none.', '--push'],
  ])
  expect(ran.code).toBe(3)
  expect(git(home, shop, 'rev-parse', 'HEAD')).toBe(ran.out.trim())
})

test('help is complete, and in the language of the terminal', async ({ home }) => {
  const help = await pilothouse(home, home.folder, ['--help'])
  for (const command of [
    'serve',
    'demo',
    'environments',
    'topology',
    'edit',
    'gate',
    'log',
    'show',
    'record',
    'doctor',
  ])
    expect(help.out).toContain(`\n  ${command}`)
  const chinese = { ...home, environment: { ...home.environment, LANG: 'zh_CN.UTF-8' } }
  expect((await pilothouse(chinese, home.folder, ['--help'])).out).toContain('用法')
})

test('the demonstration walks the main job and ends well', async ({ home }) => {
  const ran = await pilothouse(home, home.folder, ['demo', '--headless'])
  expect([ran.code, ran.err.includes('Error')]).toEqual([0, false])
  expect(ran.out).toMatch(/^1\. /)
  expect(ran.out).toContain('DECISION: ')
  expect(ran.out).toContain('The canary of auth gets 20 % of the calls')
})
