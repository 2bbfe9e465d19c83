import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bytes, TestGround } from '../testing/test-repository.ts'
import { GitIndex, readIndex } from './git-index.ts'

const ground = new TestGround()
const git = ground.git.bind(ground)
afterAll(() => ground.remove())

const extensions = (directory: string): string[] => {
  const data = readFileSync(join(directory, '.git/index'))
  return ['TREE', 'REUC', 'UNTR', 'FSMN', 'EOIE', 'IEOT'].filter(name => data.includes(Buffer.from(name)))
}

async function decide(directory: string, files: { readonly [path: string]: string | null }): Promise<void> {
  await using repository = await ground.open(directory)
  const base = (await repository.head()).commit!
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, text === null ? null : bytes(text)]))
  const commit = await repository.writeCommit({ base, files: contents, message: 'x\n' })
  expect(await repository.moveBranch('main', base, commit)).toEqual({ kind: 'moved' })
}

/** The index is what git would have written: the same entries, and a cache tree that tells the truth. */
function expectTrue(directory: string): void {
  expect(git(directory, 'status', '--porcelain')).toBe('')
  expect(git(directory, 'write-tree').trim()).toBe(git(directory, 'rev-parse', 'HEAD^{tree}').trim())
  git(directory, 'fsck', '--strict')
  const listed = git(directory, 'ls-files', '--stage')
  const index = readIndex(join(directory, '.git/index'))!
  const ours = Array.from({ length: index.length }, (_, k) => index.entry(k))
  expect(ours.map(({ mode, oid, stage, path }) => `${mode} ${oid} ${stage}\t${path}\n`).join('')).toBe(listed)
  git(directory, 'read-tree', 'HEAD')
  expect(git(directory, 'ls-files', '--stage')).toBe(listed)
  git(directory, 'update-index', '-q', '--refresh')
}

test('the cache tree follows: changed, new and removed folders at any depth', async () => {
  const directory = ground.repository('tree', {
    'a/b/c/1': '1\n',
    'a/b/2': '2\n',
    'a/3': '3\n',
    'z/1': '1\n',
    'zz/1': '1\n',
    top: 't\n',
  })
  for (const files of [
    { 'a/b/c/1': 'x\n' },
    { 'a/new/deep/er/f': 'n\n', 'a-b/f': 'n\n' },
    { 'a/b/c/1': null, 'a/b/2': null },
    { z: 'file now\n', 'z/1': null },
    { z: null, 'z/again/2': 'folder\n' },
    { top: null, 'a/3': null, 'a/new/deep/er/f': null },
  ]) {
    await decide(directory, files)
    const index = readIndex(join(directory, '.git/index'))!
    expect(index.wholeTree).toBe(git(directory, 'rev-parse', 'HEAD^{tree}').trim())
    expectTrue(directory)
    // Read again by git without ours in between, so that each round starts from git's own.
    git(directory, 'reset', '-q', '--hard')
  }
})

test('a cache tree that was invalid stays so, and a missing one missing', async () => {
  const directory = ground.repository('invalid')
  ground.write(directory, { 'apps/later': 'l\n' })
  git(directory, 'add', '-N', 'apps/later')
  await decide(directory, { 'apps/web/deploy.yaml': 'x\n' })
  expect(readIndex(join(directory, '.git/index'))!.wholeTree).toBeNull()
  expect(git(directory, 'status', '--porcelain')).toBe(' A apps/later\n')
  git(directory, 'rm', '-qf', '--cached', 'apps/later')
  execFileSync('rm', [join(directory, 'apps/later')])
  expectTrue(directory)
  git(directory, 'rm', '-q', '--cached', '-r', '.')
  git(directory, 'read-tree', '--empty')
  git(directory, 'add', '.')
  await decide(directory, { 'apps/web/deploy.yaml': 'y\n' })
  expectTrue(directory)
})

test('the untracked cache is kept while it holds, and git still sees new files', async () => {
  const directory = ground.repository('untracked')
  git(directory, 'config', 'core.untrackedCache', 'true')
  git(directory, 'update-index', '--force-untracked-cache')
  git(directory, 'status')
  expect(extensions(directory)).toContain('UNTR')
  await decide(directory, { 'apps/web/deploy.yaml': 'x\n' })
  expect(extensions(directory)).toContain('UNTR')
  expect(git(directory, 'status', '--porcelain')).toBe('')
  ground.write(directory, { 'apps/web/untracked': 'u\n', 'apps/next/untracked': 'u\n' })
  expect(git(directory, 'status', '--porcelain', '-uall')).toBe('?? apps/next/untracked\n?? apps/web/untracked\n')
  await decide(directory, { 'apps/next/tracked': 'x\n', 'apps/db/deploy.yaml': null })
  expect(extensions(directory)).not.toContain('UNTR')
  expect(git(directory, 'status', '--porcelain', '-uall')).toBe('?? apps/next/untracked\n?? apps/web/untracked\n')
})

test('resolved conflicts are remembered, offset tables dropped, a skipped checksum accepted', async () => {
  const directory = ground.repository('extensions')
  git(directory, 'checkout', '-q', '-b', 'side')
  ground.write(directory, { 'README.md': 'side\n' })
  git(directory, 'commit', '-qam', 'side')
  git(directory, 'checkout', '-q', 'main')
  ground.write(directory, { 'README.md': 'main\n' })
  git(directory, 'commit', '-qam', 'main')
  expect(() => git(directory, 'merge', 'side')).toThrow()
  ground.write(directory, { 'README.md': 'both\n' })
  git(directory, 'add', '.')
  git(directory, 'commit', '-qm', 'merged')
  expect(extensions(directory)).toContain('REUC')
  await decide(directory, { 'apps/web/deploy.yaml': 'x\n' })
  expect(extensions(directory)).toEqual(['TREE', 'REUC'])
  expectTrue(directory)
  const path = join(directory, '.git/index')
  const data = readFileSync(path)
  data.fill(0, data.length - 20)
  writeFileSync(path, data)
  await decide(directory, { 'apps/web/deploy.yaml': 'y\n' })
  expectTrue(directory)
})

test('a damaged index is named and left alone', async () => {
  const directory = ground.repository('damaged')
  await using repository = await ground.open(directory)
  const base = (await repository.head()).commit!
  const commit = await repository.writeCommit({ base, files: new Map([['x', bytes('x\n')]]), message: 'x\n' })
  const path = join(directory, '.git/index')
  const data = readFileSync(path)
  data[40]! ^= 1
  writeFileSync(path, data)
  await expect(repository.moveBranch('main', base, commit)).rejects.toMatchObject({ key: 'git.indexDamaged' })
  expect(readFileSync(path).equals(data)).toBe(true)
  expect(git(directory, 'rev-parse', 'HEAD').trim()).toBe(base)
  expect(() => new GitIndex(Buffer.from('DIRC'), 0)).toThrow(RangeError)
})

test('links and modes that changed on disk count as changed', async () => {
  const directory = ground.repository('kinds')
  symlinkSync('README.md', join(directory, 'link'))
  git(directory, 'add', '.')
  git(directory, 'commit', '-qm', 'link')
  await using repository = await ground.open(directory)
  const paths = ['README.md', 'apps/db/deploy.yaml', 'link']
  expect(await repository.dirty(paths)).toEqual([])
  execFileSync('chmod', ['+x', join(directory, 'README.md')])
  execFileSync('ln', ['-sf', 'elsewhere', join(directory, 'link')])
  execFileSync('rm', [join(directory, 'apps/db/deploy.yaml')])
  symlinkSync('../../README.md', join(directory, 'apps/db/deploy.yaml'))
  expect(await repository.dirty(paths)).toEqual(paths)
  git(directory, 'config', 'core.fileMode', 'false')
  expect(await repository.dirty(paths)).toEqual(paths.slice(1))
})
