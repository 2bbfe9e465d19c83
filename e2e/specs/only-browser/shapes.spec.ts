import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { expect, test } from '../../open-app.ts'
import { pilothouse } from '../../world/command-line.ts'
import { git, makeRepository, smallShop } from '../../world/git-repository.ts'
import type { Home } from '../../world/isolated-home.ts'

// What scripts read. A field more is no breach of the contract; one that is missing or of another kind is.

const node = z.object({
  id: z.string(),
  kind: z.enum(['service', 'datastore', 'queue', 'gateway', 'external', 'edge']),
  workload: z.object({ kind: z.string(), namespace: z.string().optional(), name: z.string() }).optional(),
  file: z.string().optional(),
  line: z.int().positive().optional(),
})
const edge = z.object({
  from: z.string(),
  to: z.string(),
  protocol: z.string(),
  state: z.enum(['inferred', 'observed', 'declared', 'confirmed', 'rejected']),
  confidence: z.number().min(0).max(1),
  rate: z.number().nullable(),
  evidence: z.array(
    z.object({
      kind: z.string(),
      file: z.string().optional(),
      line: z.int().positive().optional(),
      detail: z.string(),
    }),
  ),
})
const topology = z.object({
  environment: z.string(),
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  nodes: z.array(node),
  edges: z.array(edge),
  components: z.array(z.unknown()),
  findings: z.array(z.unknown()),
})
const log = z.array(
  z.strictObject({
    id: z.string().regex(/^[0-9a-f]{40}$/),
    decisionId: z
      .string()
      .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
      .nullable(),
    title: z.string(),
    why: z.string(),
    kind: z.enum(['scale', 'upgrade', 'rewire', 'traffic', 'place', 'policy', 'rollback', 'record']),
    author: z.string(),
    date: z.iso.datetime({ offset: true }),
    services: z.array(z.string()),
    gate: z.enum(['pass', 'warn', 'waived']).nullable(),
    record: z.string().nullable(),
    dependencies: z.array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  }),
)

async function json(home: Home, directory: string, ...arguments_: string[]): Promise<unknown> {
  const { code, out, err } = await pilothouse(home, directory, arguments_)
  expect([arguments_.join(' '), code, err]).toEqual([arguments_.join(' '), 0, ''])
  return JSON.parse(out)
}

test('topology and log print the shapes that were promised', async ({ home }) => {
  const shop = makeRepository(home, 'shop', {
    ...smallShop,
    'deploy/store.yaml': (smallShop['deploy/cart.yaml'] ?? '').replaceAll('cart', 'redis'),
  })
  for (const [replicas, title] of [
    [4, 'first raise'],
    [5, 'second raise'],
  ] as const)
    expect(
      await pilothouse(home, shop, [
        ...['edit', '--set-replicas', `checkout=${replicas}`, '--commit', '-m', title, '--why', `For the ${title}.`],
      ]),
    ).toMatchObject({ code: 0 })

  const now = topology.parse(await json(home, shop, 'topology', '--json'))
  expect(now.nodes.map(({ id }) => id)).toEqual(['cart', 'checkout', 'front', 'redis'])
  expect(now.revision).toBe(git(home, shop, 'rev-parse', 'HEAD'))
  for (const each of now.nodes) expect([each.id, each.file]).toEqual([each.id, expect.stringMatching(/^deploy\//)])
  for (const each of now.edges) expect(each.evidence.length).toBeGreaterThan(0)
  const then = topology.parse(await json(home, shop, 'topology', '--rev', 'HEAD~2'))
  expect(then.revision).toBe(git(home, shop, 'rev-parse', 'HEAD~2'))

  const entries = log.parse(await json(home, shop, 'log', '--json'))
  expect(
    entries.map(({ title }) => title),
    'newest first',
  ).toEqual(['second raise', 'first raise'])
  expect(entries[0]).toMatchObject({ why: 'For the second raise.', kind: 'scale', services: ['checkout'] })
  expect(log.parse(await json(home, shop, 'log', '--json', '--limit', '1'))).toHaveLength(1)
  expect(log.parse(await json(home, shop, 'log', '--json', '--service', 'cart'))).toHaveLength(0)
})

test('a history that never saw Pilothouse counts too', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  git(home, shop, 'commit', '--quiet', '--allow-empty', '-m', 'DECISION: keep Redis\n\nIt is enough.')
  const entries = log.parse(await json(home, shop, 'log', '--json'))
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ title: 'keep Redis', why: 'It is enough.', decisionId: null, record: null })
})

test('exit codes say what happened: 0 fine, 1 no, 2 wrong, 3 unreachable', async ({ home }) => {
  const shop = makeRepository(home, 'shop', smallShop)
  const begin = git(home, shop, 'rev-parse', 'HEAD')
  const codes: [says: string, code: number | null, expected: number][] = []
  const run = async (expected: number, ...arguments_: string[]) => {
    const { code, err } = await pilothouse(home, shop, arguments_)
    codes.push([`${arguments_.join(' ')}${code === expected ? '' : `: ${err}`}`, code, expected])
  }
  await run(0, 'edit', '--set-replicas', 'checkout=3')
  await run(0, 'topology', 'diff', '.', 'HEAD', 'HEAD', '--exit-code')
  // Another environment than there was, and a service that is still called taken away.
  mkdirSync(join(shop, 'extra'))
  writeFileSync(join(shop, 'extra/mail.yaml'), (smallShop['deploy/cart.yaml'] ?? '').replaceAll('cart', 'mail'))
  git(home, shop, 'add', '--all')
  git(home, shop, 'commit', '--quiet', '-m', 'More')
  await run(0, 'gate', '--base', begin)
  git(home, shop, 'rm', '--quiet', 'deploy/cart.yaml')
  git(home, shop, 'commit', '--quiet', '-m', 'Less')
  await run(1, 'gate', '--base', begin)
  await run(1, 'topology', 'diff', '.', begin, 'HEAD', '--exit-code')
  await run(1, ...'edit --remove-service checkout --commit -m away --why because'.split(' '))
  await run(2, 'topology', '--rev', 'nowhere')
  await run(2, 'gate', '--base', 'nowhere')
  await run(2, 'edit', '--set-image', 'checkout')
  await run(3, ...'record -m later --why because --push'.split(' '))
  git(home, shop, 'remote', 'add', 'origin', 'http://127.0.0.1:9/shop.git')
  await run(3, ...'edit --set-replicas front=4 --commit -m later --why because --push'.split(' '))
  expect(codes.map(([says, code]) => [says, code])).toEqual(codes.map(([says, , expected]) => [says, expected]))
  git(home, shop, 'fsck', '--strict', '--no-dangling')
})
