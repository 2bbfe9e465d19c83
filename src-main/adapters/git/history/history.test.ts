import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import isomorphic from 'isomorphic-git'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GitRepository } from '../../../needs/git-repository.ts'
import { TestGround } from '../testing/test-repository.ts'

const ground = new TestGround()
const git = ground.git.bind(ground)
let directory = ''
let repository: GitRepository
let commits: string[] = []

/** A history with merges, criss-cross merges, side branches that never merge, two roots and clocks that were wrong. */
function makeHistory(): string {
  const path = ground.repository('history', { start: '0\n' })
  let state = 20261120
  const chance = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % limit
  }
  let text = ''
  const tips: number[] = []
  const count = 400
  for (let mark = 1; mark <= count; mark++) {
    // One in twenty has a clock that is up to an hour off.
    const time = 1_700_000_000 + mark * 60 + (chance(20) === 0 ? chance(7200) - 3600 : 0)
    const who = `Test <t@example.com> ${time} +0100`
    const parents: number[] = []
    if (tips.length > 0 && mark !== 200) {
      parents.push(tips[chance(tips.length)]!)
      if (tips.length > 1 && chance(4) === 0)
        parents.push(...tips.filter(tip => tip !== parents[0]).slice(0, 1 + chance(2)))
    }
    text += `commit refs/heads/b${mark % 7}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata 8\nround ${String(mark % 10)}\n`
    if (parents.length === 0) text += mark === 1 ? 'from refs/heads/main^0\n' : ''
    else
      text += `from :${parents[0]}\n${parents
        .slice(1)
        .map(parent => `merge :${parent}\n`)
        .join('')}`
    text += `M 100644 inline d${mark % 5}/f${mark % 11}\ndata ${String(mark).length}\n${mark}\n`
    if (mark % 13 === 0) text += `D d${mark % 5}\n`
    if (mark % 17 === 0) text += `M 100644 inline d${mark % 5}\ndata 1\nx\n`
    text += '\n'
    tips.push(mark)
    if (tips.length > 5) tips.splice(chance(3), 1)
  }
  const { status, stderr } = spawnSync('git', ['fast-import', '--quiet', '--force'], {
    cwd: path,
    input: text,
    env: ground.variables,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  git(path, 'tag', '-a', '-m', 'annotated', 'v1', 'b1')
  git(path, 'tag', 'light', 'b2')
  git(path, 'update-ref', 'refs/remotes/origin/main', 'b3')
  git(path, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
  return path
}

beforeAll(async () => {
  directory = makeHistory()
  repository = await ground.open(directory)
  commits = git(directory, 'rev-list', '--all').trim().split('\n')
})
afterAll(async () => {
  await repository[Symbol.asyncDispose]()
  ground.remove()
})

const collect = async (from: string, until?: string): Promise<string[]> => {
  const oids: string[] = []
  for await (const { oid } of repository.log(from, until === undefined ? {} : { until })) oids.push(oid)
  return oids
}
/** Pairs spread over the history, near ones and far ones. */
const pairs = (): [string, string][] =>
  Array.from({ length: 60 }, (_, k) => [commits[(k * 37) % commits.length]!, commits[(k * 101 + 7) % commits.length]!])

test('log is in the order of git log', async () => {
  for (const branch of ['b0', 'b3', 'b6']) {
    const tip = (await repository.resolve(branch))!
    expect(await collect(tip)).toEqual(git(directory, 'log', '--format=%H', branch).trim().split('\n'))
  }
})

test('log until, distance and merge base agree with git', async () => {
  for (const [a, b] of pairs()) {
    // Whole lists: with wrong clocks git's own `a ^b` can be off, since it stops early, too.
    const reach = (tip: string): Set<string> => new Set(git(directory, 'rev-list', tip).trim().split('\n'))
    const [fromA, fromB] = [reach(a), reach(b)]
    expect((await collect(a, b)).sort()).toEqual([...fromA.difference(fromB)].sort())
    expect(await repository.distance(a, b)).toEqual({
      ahead: fromA.difference(fromB).size,
      behind: fromB.difference(fromA).size,
    })
    const bases = spawnSync('git', ['merge-base', '--all', a, b], { cwd: directory, encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .filter(line => line)
    const base = await repository.mergeBase(a, b)
    if (bases.length === 0) expect(base).toBeNull()
    else expect(bases).toContain(base)
  }
})

test('commits that touch a path are those of git log', async () => {
  for (const paths of [['d1/f3'], ['d2'], ['d0/f0', 'd4/f9', 'd4'], ['nowhere/x'], ['d1/f', 'f3']])
    for (const [tip, until] of [
      ['b1', undefined],
      ['main', 'b3'],
      ['b5', 'b1~3'],
    ] as const) {
      const from = (await repository.resolve(tip))!
      const end = until && (await repository.resolve(until))!
      const found: string[] = []
      for await (const oid of repository.touching(from, paths, end ? { until: end } : {})) found.push(oid)
      const range = end ? [from, `^${end}`] : [from]
      const expected = git(directory, 'log', '--full-history', '--no-merges', '--format=%H', ...range, '--', ...paths)
      expect(found.sort(), `${tip} ${paths}`).toEqual(expected.split('\n').filter(Boolean).sort())
    }
})

test('changes between any two commits are those of git diff-tree', async () => {
  for (const [a, b] of pairs()) {
    const ours = (await repository.changes(a, b)).map(
      ({ path, before, after }) => `${before?.oid ?? '0'.repeat(40)} ${after?.oid ?? '0'.repeat(40)} ${path}`,
    )
    const theirs = git(directory, 'diff-tree', '-r', '--no-renames', a, b)
      .trim()
      .split('\n')
      .filter(line => line)
      .map(line => {
        const [, , from, to, rest] = line.split(' ')
        return `${from} ${to} ${rest!.split('\t')[1]}`
      })
    expect(ours).toEqual(theirs.sort((x, y) => (x.slice(82) < y.slice(82) ? -1 : 1)))
  }
})

test('commits, files and blobs agree with git and with isomorphic-git', async () => {
  const cache = {}
  for (const oid of commits.slice(0, -1).filter((_, k) => k % 40 === 1)) {
    const commit = await repository.commit(oid)
    const oracle = await isomorphic.readCommit({ fs, dir: directory, cache, oid })
    expect([commit.tree, commit.parents, commit.message]).toEqual([
      oracle.commit.tree,
      oracle.commit.parent,
      oracle.commit.message,
    ])
    expect(commit.author).toEqual({
      name: 'Test',
      email: 't@example.com',
      time: oracle.commit.author.timestamp,
      offset: 60,
    })
    const files = await repository.files(oid)
    expect(files.map(file => file.path)).toEqual(await isomorphic.listFiles({ fs, dir: directory, cache, ref: oid }))
    for (const file of files.slice(0, 5)) {
      const { blob } = await isomorphic.readBlob({ fs, dir: directory, cache, oid: file.oid })
      expect(Buffer.from((await repository.fileAt(oid, file.path))!)).toEqual(Buffer.from(blob))
    }
    const below = files.filter(({ path }) => path.startsWith('d1/'))
    expect(await repository.files(oid, 'd1')).toEqual(below)
  }
  expect(await repository.fileAt(commits[0]!, 'no/such/file')).toBeNull()
  expect(await repository.fileAt(commits[0]!, 'd1')).toBeNull()
})

test('revisions are resolved as git rev-parse does', async () => {
  const names = [
    'HEAD',
    '@',
    'main',
    'b1',
    'b1~3',
    'b1^',
    'b1^2',
    'b1^^',
    'b1~2^2~1',
    'b1^0',
    'v1',
    'v1^{}',
    'v1~1',
    'tags/v1',
    'heads/b2',
    'light',
    'refs/heads/b4',
    'origin/main',
    'origin',
    'b1^9',
    'b1~9999',
    'nothing',
    'b1^{commit}',
  ]
  names.push(
    commits[3]!,
    commits[3]!.slice(0, 12),
    commits[3]!.slice(0, 12).toUpperCase(),
    `${commits[3]!.slice(0, 10)}~1`,
    'f'.repeat(40),
  )
  for (const name of names) {
    const { status, stdout } = spawnSync('git', ['rev-parse', '-q', '--verify', `${name}^{commit}`], {
      cwd: directory,
      encoding: 'utf8',
    })
    expect([name, await repository.resolve(name)]).toEqual([name, status === 0 ? stdout.trim() : null])
  }
  expect(await repository.resolve('HEAD:start')).toBeNull()
  expect(await repository.resolve('')).toBeNull()
  expect(await repository.resolve('../../HEAD')).toBeNull()
})

test('revisions lists branches, remote branches and peeled tags', async () => {
  const revisions = await repository.revisions()
  const theirs = git(directory, 'for-each-ref', '--format=%(refname) %(objectname) %(*objectname)').trim().split('\n')
  expect(revisions.map(({ commit }) => commit)).toHaveLength(theirs.filter(line => !line.includes('/HEAD ')).length)
  expect(revisions.find(({ name }) => name === 'v1')).toEqual({
    name: 'v1',
    kind: 'tag',
    commit: await repository.resolve('b1'),
    current: false,
  })
  git(directory, 'pack-refs', '--all')
  expect(await repository.revisions()).toEqual(revisions)
})

test('a long walk can be cancelled and lets others run', async () => {
  const path = ground.repository('long')
  const who = 'T <t@example.com>'
  const text = Array.from(
    { length: 8000 },
    (_, k) =>
      `commit refs/heads/long\ncommitter ${who} ${1_700_000_000 + k} +0000\ndata 1\nx\nM 100644 inline f${k % 50}\ndata 4\n${String(k).padStart(4, '0')}\n\n`,
  ).join('')
  spawnSync('git', ['fast-import', '--quiet'], { cwd: path, input: text, env: ground.variables })
  await using open = await ground.open(path)
  const tip = (await open.resolve('long'))!
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  let count = 0
  for await (const _ of open.log(tip)) count++
  clearInterval(timer)
  expect(count).toBe(8000)
  expect(ticks).toBeGreaterThan(1)
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 5)
  const walk = async (): Promise<void> => {
    for await (const commit of open.log(tip, { signal: stop.signal })) count = commit.parents.length
  }
  await expect(walk()).rejects.toMatchObject({ code: 'cancelled' })
  const gone = AbortSignal.abort()
  await expect(repository.changes(null, commits[0]!, gone)).rejects.toMatchObject({ code: 'cancelled' })
  await expect(repository.files(commits[0]!, '', gone)).rejects.toMatchObject({ code: 'cancelled' })
})

test('names that are not UTF-8 and very long ones survive a decision', async () => {
  const path = ground.repository('names')
  const strange = Buffer.concat([Buffer.from(join(path, 'x-')), Buffer.from([0xff, 0xfe])])
  fs.writeFileSync(strange, 'strange\n')
  const long = `${'l'.repeat(200)}/${'m'.repeat(200)}`
  ground.write(path, { [`${long}/${'n'.repeat(200)}`]: 'long\n', 'ümläut/日本.yaml': 'u\n' })
  for (let k = 0; k < 20; k++)
    ground.write(path, {
      [`${'p'.repeat(250)}/${'q'.repeat(250)}/${'r'.repeat(k + 200)}/${'s'.repeat(240)}/${'t'.repeat(250)}`]: '4096\n',
    })
  git(path, 'add', '.')
  git(path, 'commit', '-qm', 'names')
  await using open = await ground.open(path)
  const head = (await open.head()).commit!
  const files = new Map([
    ['ümläut/日本.yaml', Buffer.from('changed\n')],
    ['ümläut/新.yaml', Buffer.from('new\n')],
  ])
  const commit = await open.writeCommit({ base: head, files, message: 'x\n' })
  expect(await open.moveBranch('main', head, commit)).toEqual({ kind: 'moved' })
  expect(git(path, 'status', '--porcelain')).toBe('')
  git(path, 'fsck', '--strict')
  expect(await open.moveBranch('main', commit, head)).toEqual({ kind: 'moved' })
  expect(git(path, 'status', '--porcelain')).toBe('')
})
