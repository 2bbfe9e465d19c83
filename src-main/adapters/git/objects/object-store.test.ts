import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../../shared/errors.ts'
import { ObjectStore } from './object-store.ts'
import { objectId } from './stored-object.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-objects-'))
const repository = join(root, 'origin')
const git = (directory: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  })

/** Every object git knows, read with the store and named again from its bytes. */
function readAll(store: ObjectStore, directory: string): number {
  const lines = git(directory, 'cat-file', '--batch-check', '--batch-all-objects').trim().split('\n')
  for (const line of lines) {
    const [oid, type, size] = line.split(' ')
    const object = store.read(oid!)
    expect([object.type, object.data.length, objectId(object.type, object.data)]).toEqual([type, Number(size), oid])
  }
  return lines.length
}

beforeAll(() => {
  mkdirSync(repository)
  git(repository, 'init', '-q', '-b', 'main')
  let text = ''
  for (let round = 0; round < 60; round++) {
    text += `line ${round} ${'x'.repeat(round)}\n`
    mkdirSync(join(repository, `d${round % 5}`), { recursive: true })
    writeFileSync(join(repository, `d${round % 5}`, 'file'), text)
    writeFileSync(join(repository, 'big'), `${text.repeat(100)}${round}`)
    git(repository, 'add', '.')
    git(repository, 'commit', '-qm', `round ${round}`)
    // Several packs with deltas between near versions, the last rounds loose.
    if (round === 20 || round === 40) git(repository, 'repack', '-q')
  }
  git(repository, 'tag', '-a', '-m', 'a tag', 'v1')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('reads every object of several packs and loose files', () => {
  expect(readdirSync(join(repository, '.git/objects/pack')).filter(name => name.endsWith('.pack'))).toHaveLength(2)
  expect(readAll(new ObjectStore(join(repository, '.git/objects')), repository)).toBeGreaterThan(200)
})

test('reads a pack of reference deltas, with a cache too small to hold anything', () => {
  const copy = join(root, 'reference-deltas')
  git(root, 'clone', '-q', '--bare', repository, copy)
  git(copy, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-qadf')
  expect(readAll(new ObjectStore(join(copy, 'objects'), { cacheBytes: 1000 }), copy)).toBeGreaterThan(200)
})

test('reads large files by pieces', () => {
  const copy = join(root, 'pieces')
  git(root, 'clone', '-q', '--bare', '--no-local', repository, copy)
  const blob = Buffer.alloc(3_000_000, 'well compressed ')
  writeFileSync(join(root, 'large'), blob)
  const oid = git(copy, 'hash-object', '-w', join(root, 'large')).trim()
  git(copy, 'update-ref', 'refs/tags/large', oid)
  git(copy, 'repack', '-qadf')
  const store = new ObjectStore(join(copy, 'objects'), { wholeFileBytes: 0, cacheBytes: 1000 })
  expect(store.read(oid).data.equals(blob)).toBe(true)
  expect(readAll(store, copy)).toBeGreaterThan(200)
  store.close()
  expect(store.has(oid)).toBe(true)
  store.close()
})

test('reads through alternates of alternates, also relative ones', () => {
  const first = join(root, 'first')
  const second = join(root, 'second')
  git(root, 'clone', '-q', '--shared', '--bare', repository, first)
  git(root, 'init', '-q', '--bare', second)
  writeFileSync(join(second, 'objects/info/alternates'), '# a comment\n../../first/objects\n')
  const store = new ObjectStore(join(second, 'objects'))
  expect(store.directories).toHaveLength(3)
  expect(store.has(git(repository, 'rev-parse', 'HEAD~30').trim())).toBe(true)
})

test('finds objects again after another process repacked', () => {
  const copy = join(root, 'repacked')
  git(root, 'clone', '-q', '--bare', '--no-local', repository, copy)
  const store = new ObjectStore(join(copy, 'objects'), { cacheBytes: 1000 })
  const head = git(copy, 'rev-parse', 'HEAD').trim()
  store.read(head)
  git(copy, 'repack', '-qadf', '--depth=3')
  readAll(store, copy)
  const late = git(copy, 'hash-object', '-w', '--stdin', '-t', 'blob').trim()
  git(copy, 'repack', '-qa')
  expect(store.has(late)).toBe(true)
})

test('writes loose objects git reads, and only once', async () => {
  const store = new ObjectStore(join(repository, '.git/objects'))
  const oid = await store.write('blob', Buffer.from('hello\n'))
  expect(oid).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  expect(git(repository, 'cat-file', '-p', oid)).toBe('hello\n')
  expect(store.read(oid).data.toString()).toBe('hello\n')
  await store.write('blob', Buffer.from('hello\n'))
  expect(store.findByPrefix('ce0136')).toEqual([oid])
  git(repository, 'fsck', '--strict')
})

test('names what is missing, and what is damaged', async () => {
  const store = new ObjectStore(join(repository, '.git/objects'))
  const absent = 'f'.repeat(40)
  expect(() => store.read(absent)).toThrow(absent)
  expect(() => new ObjectStore(store.directory, { partial: true }).read(absent)).toThrow('partial clone')
  const damaged = '0123456789'.repeat(4)
  mkdirSync(join(store.directory, '01'), { recursive: true })
  appendFileSync(join(store.directory, '01', damaged.slice(2)), 'nonsense')
  expect(() => store.read(damaged)).toThrow(AppError)
  expect(() => store.read(damaged)).toThrow(damaged)
})
