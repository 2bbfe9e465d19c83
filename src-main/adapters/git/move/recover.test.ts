import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { GitRepository } from '../../../needs/git-repository.ts'
import { bytes, TestGround } from '../testing/test-repository.ts'

/** How many moments to die at. The unit test samples; the e2e asks for more. */
const rounds = Number(process.env['PILOTHOUSE_KILL_ROUNDS'] ?? 30)
const worker = fileURLToPath(new URL('../testing/publish-and-die.ts', import.meta.url))
const node24 = fileURLToPath(new URL('../../../../node_modules/.bin/node', import.meta.url))
const node = existsSync(node24) ? node24 : process.execPath

const ground = new TestGround()
afterAll(() => ground.remove())

function victim(name: string): string {
  const directory = ground.repository(name, {
    'README.md': '# test\n',
    'apps/web/deploy.yaml': 'replicas: 1\n',
    'apps/tool.sh': '#!/bin/sh\n',
    'turn/inside.yaml': 'a\n',
    'other/file.yaml': 'untouched\n',
  })
  symlinkSync('README.md', join(directory, 'link'))
  ground.git(directory, 'add', '.')
  ground.git(directory, 'update-index', '--chmod=+x', 'apps/tool.sh')
  ground.git(directory, 'commit', '-qm', 'second')
  ground.git(directory, 'checkout', '-q', '-f', '.')
  return directory
}

const die = (directory: string, at: number, when: string, ...action: string[]) =>
  spawnSync(node, [worker, directory, String(at), when, ...action], { env: ground.variables, encoding: 'utf8' })

/** All that has to hold after a recovery, in the words of system git. */
async function expectWhole(directory: string, before: string, open?: GitRepository): Promise<void> {
  await open?.[Symbol.asyncDispose]()
  const after = ground.git(directory, 'rev-parse', 'HEAD').trim()
  if (after !== before) expect(ground.git(directory, 'rev-parse', 'HEAD^').trim()).toBe(before)
  ground.git(directory, 'fsck', '--strict')
  expect(ground.git(directory, 'status', '--porcelain')).toBe('')
  expect(globSync('**/*.lock', { cwd: join(directory, '.git') })).toEqual([])
  if (existsSync(join(directory, '.git/pilothouse')))
    expect(readdirSync(join(directory, '.git/pilothouse'))).toEqual([])
  for (const log of ['HEAD', 'refs/heads/main'])
    expect(
      readFileSync(join(directory, '.git/logs', log), 'utf8')
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toContain(` ${after} `)
}

test(`killed at ${rounds} moments of a decision, a clone holds the old state or the new`, {
  timeout: 600_000,
}, async () => {
  const directory = victim('killed')
  const whole = JSON.parse(die(directory, 0, 'before').stdout) as { outcome: { kind: string }; count: number }
  expect(whole.outcome).toEqual({ kind: 'moved' })
  expect(whole.count).toBeGreaterThan(30)
  const moments = Array.from(
    { length: whole.count * 2 },
    (_, k) => [Math.floor(k / 2) + 1, k % 2 ? 'after' : 'before'] as const,
  )
  // Evenly spread over all of them, from a random start.
  const step = moments.length / Math.min(rounds, moments.length)
  const start = Math.random() * step
  let moved = 0
  let killed = 0
  for (let k = 0; k < rounds; k++) {
    const [at, when] = moments[Math.floor(start + (k % Math.floor(moments.length / step)) * step) % moments.length]!
    const before = ground.git(directory, 'rev-parse', 'HEAD').trim()
    const { signal } = die(directory, at, when)
    if (signal === 'SIGKILL') killed++
    ground.git(directory, 'fsck', '--strict')
    {
      await using repository = await ground.open(directory)
      await repository.recover()
    }
    try {
      await expectWhole(directory, before)
    } catch (error) {
      throw new Error(`killed ${when} change ${at}`, { cause: error })
    }
    if (ground.git(directory, 'rev-parse', 'HEAD').trim() !== before) moved++
  }
  expect(killed).toBeGreaterThan(rounds * 0.8)
  // Both outcomes are reached, or the test tests nothing.
  expect([moved > 0, moved < killed]).toEqual([true, true])
})

test('killed from outside while publishing, again and again', { timeout: 300_000 }, async () => {
  const directory = victim('outside')
  for (let k = 0; k < Math.max(4, rounds / 8); k++) {
    const before = ground.git(directory, 'rev-parse', 'HEAD').trim()
    const child = spawn(node, [worker, directory, '0', 'before'], { env: ground.variables, stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), 250 + Math.random() * 200)
    await new Promise(resolve => child.once('exit', resolve))
    clearTimeout(timer)
    {
      await using repository = await ground.open(directory)
      await repository.recover()
    }
    await expectWhole(directory, before)
  }
})

/** Counts the changes up to the one that moves the ref: from there on a recovery goes forward. */
function momentOfMoving(base: string): number {
  let low = 1
  let high = 80
  while (low < high) {
    const middle = (low + high) >> 1
    const copy = join(ground.root, `search-${middle}`)
    cpSync(base, copy, { recursive: true, verbatimSymlinks: true })
    expect(die(copy, middle, 'after').signal).toBe('SIGKILL')
    if (ground.git(copy, 'log', '-1', '--format=%s').trim() === 'DECISION: die') high = middle
    else low = middle + 1
    rmSync(copy, { recursive: true })
  }
  return low
}

test('a write finishes what a killed process began, and leaves alone what was edited since', {
  timeout: 60_000,
}, async () => {
  const base = victim('self-healing')
  const moved = momentOfMoving(base)
  for (const at of [moved - 1, moved, moved + 5]) {
    const directory = join(ground.root, `self-healing-${at}`)
    cpSync(base, directory, { recursive: true, verbatimSymlinks: true })
    ground.git(directory, 'status')
    expect(die(directory, at, 'after').signal).toBe('SIGKILL')
    await using repository = await ground.open(directory)
    const head = (await repository.head()).commit!
    const next = new Map([['README.md', bytes(`# ${at}\n`)]])
    const commit = await repository.writeCommit({ base: head, files: next, message: 'next\n' })
    expect(await repository.moveBranch('main', head, commit)).toEqual({ kind: 'moved' })
    await expectWhole(directory, head, repository)
  }
  const edited = join(ground.root, 'edited')
  cpSync(base, edited, { recursive: true, verbatimSymlinks: true })
  expect(die(edited, moved, 'after').signal).toBe('SIGKILL')
  expect(readFileSync(join(edited, 'apps/web/deploy.yaml'), 'utf8')).toBe('replicas: 1\n')
  writeFileSync(join(edited, 'apps/web/deploy.yaml'), 'mine\n')
  await using repository = await ground.open(edited)
  await repository.recover()
  expect(readFileSync(join(edited, 'apps/web/deploy.yaml'), 'utf8')).toBe('mine\n')
  expect(ground.git(edited, 'status', '--porcelain')).toBe(' M apps/web/deploy.yaml\n')
})

test('killed while switching branches, also in a linked work tree', { timeout: 300_000 }, async () => {
  const main = victim('switching-main')
  const directory = join(ground.root, 'switching')
  ground.git(main, 'branch', 'base')
  ground.git(main, 'checkout', '-q', '-b', 'other')
  ground.write(main, { 'README.md': 'other\n', 'only/other.yaml': 'x\n' })
  ground.git(main, 'rm', '-rq', 'turn')
  ground.git(main, 'add', '.')
  ground.git(main, 'commit', '-qm', 'other')
  ground.git(main, 'checkout', '-q', 'base')
  ground.git(main, 'worktree', 'add', '-q', directory, 'main')
  const { count } = JSON.parse(die(directory, 0, 'before', 'switch').stdout) as { count: number }
  const branches = new Set<string>()
  for (let k = 0; k < Math.max(8, rounds / 3); k++) {
    const at = 1 + Math.floor((k * count) / Math.max(8, rounds / 3))
    const { signal } = die(directory, at, k % 2 ? 'after' : 'before', 'switch')
    {
      await using repository = await ground.open(directory)
      await repository.recover()
    }
    ground.git(directory, 'fsck', '--strict')
    expect([at, signal, ground.git(directory, 'status', '--porcelain')]).toEqual([at, signal, ''])
    expect(globSync('**/*.lock', { cwd: join(main, '.git') })).toEqual([])
    expect(ground.git(main, 'status', '--porcelain')).toBe('')
    branches.add(ground.git(directory, 'symbolic-ref', '--short', 'HEAD').trim())
  }
  expect([...branches].sort()).toEqual(['main', 'other'])
})

test('a disk that fails at any moment leaves the old state or, after a recovery, the new', {
  timeout: 300_000,
}, async () => {
  const directory = victim('failing')
  const { count } = JSON.parse(die(directory, 0, 'before').stdout) as { count: number }
  const times = Math.max(8, Math.floor(rounds / 2))
  for (let k = 0; k < times; k++) {
    const at = 1 + Math.floor(((k + Math.random()) * count) / times)
    const before = ground.git(directory, 'rev-parse', 'HEAD').trim()
    const { status, stderr } = die(directory, at, 'fails')
    await using repository = await ground.open(directory)
    await repository.recover()
    try {
      expect([status, stderr]).toEqual([0, expect.anything()])
      await expectWhole(directory, before, repository)
    } catch (error) {
      throw new Error(`change ${at} of ${count} failed: ${stderr}`, { cause: error })
    }
  }
})

test('a lock of git is left alone and named', async () => {
  const directory = ground.repository('locked')
  const lock = join(directory, '.git/index.lock')
  writeFileSync(lock, '')
  await using repository = await ground.open(directory)
  await repository.recover()
  expect(existsSync(lock)).toBe(true)
})
