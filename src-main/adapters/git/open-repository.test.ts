import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { RepositoryTrait } from '../../../shared/workspaces/contract.ts'
import type { GitRepository, MoveOutcome } from '../../needs/git-repository.ts'
import { bytes, fingerprint, TestGround } from './testing/test-repository.ts'

const ground = new TestGround()
afterAll(() => ground.remove())
const { git } = { git: ground.git.bind(ground) }

const traits = async (repository: GitRepository): Promise<RepositoryTrait[]> =>
  (await repository.limits()).map(limit => limit.trait).sort()

/** One decision on a branch, as the draft feature makes it. */
async function decide(
  repository: GitRepository,
  files: { readonly [path: string]: string | null },
  branch?: string,
): Promise<MoveOutcome> {
  const head = await repository.head()
  const base = branch === undefined ? head.commit : await repository.resolve(branch)
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, text === null ? null : bytes(text)]))
  const commit = await repository.writeCommit({ base, files: contents, message: 'DECISION: test\n\nBecause.\n' })
  return await repository.moveBranch(branch ?? head.branch!, base, commit)
}

/** System git agrees that all is well, and that the files on disk are the commit. */
function expectGood(directory: string, subject = 'DECISION: test'): void {
  git(directory, 'fsck', '--strict')
  expect(git(directory, 'status', '--porcelain')).toBe('')
  expect(git(directory, 'log', '-1', '--format=%s').trim()).toBe(subject)
  expect(git(directory, 'diff-index', '--cached', 'HEAD')).toBe('')
}

/** A decision on a new branch moves nothing else. */
async function expectBranchWorks(repository: GitRepository, directory: string): Promise<void> {
  const status = git(directory, 'status', '--porcelain')
  const head = (await repository.head()).commit!
  await repository.createBranch('decision', head)
  expect(await decide(repository, { 'apps/web/deploy.yaml': 'replicas: 9\n' }, 'decision')).toEqual({ kind: 'moved' })
  expect(git(directory, 'show', 'decision:apps/web/deploy.yaml')).toBe('replicas: 9\n')
  expect(git(directory, 'status', '--porcelain')).toBe(status)
  git(directory, 'fsck', '--strict')
}

/** Moving the current branch is refused with nothing at all written. */
async function expectRefused(repository: GitRepository, directory: string, code: string, says: string): Promise<void> {
  const head = await repository.head()
  const files = new Map([['apps/web/deploy.yaml', bytes('replicas: 5\n')]])
  const commit = await repository.writeCommit({ base: head.commit, files, message: 'no\n' })
  const before = fingerprint(directory)
  const error = await repository.moveBranch('main', head.commit, commit).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AppError)
  expect([(error as AppError).code, (error as AppError).message]).toEqual([code, expect.stringContaining(says)])
  await repository[Symbol.asyncDispose]()
  expect(fingerprint(directory)).toBe(before)
}

describe('plain clones', () => {
  test('change, add and remove files; folders come and go', async () => {
    const directory = ground.repository('plain')
    await using repository = await ground.open(join(directory, 'apps'))
    expect(repository.directory).toBe(directory)
    expect(await traits(repository)).toEqual([])
    expect(
      await decide(repository, {
        'apps/web/deploy.yaml': 'replicas: 2\n',
        'new/a/b.yaml': 'x\n',
        'apps/db/deploy.yaml': null,
      }),
    ).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(existsSync(join(directory, 'apps/db'))).toBe(false)
    expect(await repository.limits()).toEqual([])
    // A second one in the same second, and git goes on from there.
    expect(await decide(repository, { 'new/a/b.yaml': 'y\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    ground.write(directory, { 'new/a/b.yaml': 'z\n' })
    git(directory, 'commit', '-qam', 'by git')
    expect(await decide(repository, { 'new/a/b.yaml': 'yy\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(git(directory, 'reflog', '--format=%gs').split('\n')[0]).toBe('commit: DECISION: test')
  })

  test('git needs no refresh afterwards', async () => {
    const directory = ground.repository('fresh')
    await using repository = await ground.open(directory)
    await decide(repository, { 'apps/web/deploy.yaml': 'replicas: 2\n' })
    // Plumbing that never refreshes: any stat that is not git's shows here.
    expect(git(directory, 'diff-files')).toBe('')
  })

  test('a change hidden by the same second and size stays visible to git', async () => {
    const directory = ground.repository('racy')
    await using repository = await ground.open(directory)
    const { commit } = await repository.head()
    const next = await repository.writeCommit({
      base: commit,
      files: new Map([['README.md', bytes('# new\n')]]),
      message: 'racy\n',
    })
    ground.write(directory, { 'apps/db/deploy.yaml': 'replicas: 1\n' })
    git(directory, 'add', '.')
    ground.write(directory, { 'apps/db/deploy.yaml': 'replicas: 7\n' })
    expect(await repository.moveBranch('main', commit, next)).toEqual({ kind: 'moved' })
    expect(git(directory, 'status', '--porcelain')).toBe(' M apps/db/deploy.yaml\n')
  })

  test('two clones of one repository, two processes: one wins, the other is told where the branch is', async () => {
    const directory = ground.repository('raced')
    await using one = await ground.open(directory)
    await using two = await ground.open(directory)
    const base = (await one.head()).commit!
    const commits = await Promise.all(
      [one, two].map((repository, k) =>
        repository.writeCommit({ base, files: new Map([[`f${k}`, bytes('x\n')]]), message: `${k}\n` }),
      ),
    )
    const outcomes = await Promise.all([
      one.moveBranch('main', base, commits[0]!),
      two.moveBranch('main', base, commits[1]!),
    ])
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['moved', 'raced'])
    const winner = git(directory, 'rev-parse', 'main').trim()
    expect(outcomes).toContainEqual({ kind: 'raced', now: winner })
    expectGood(directory, git(directory, 'log', '-1', '--format=%s').trim())
  })

  test('executable bits and modes are kept', async () => {
    const directory = ground.repository('modes', { 'run.sh': 'echo\n' })
    git(directory, 'update-index', '--chmod=+x', 'run.sh')
    git(directory, 'commit', '-qm', 'x')
    git(directory, 'checkout', '-q', '.')
    git(directory, 'reset', '-q', '--hard')
    await using repository = await ground.open(directory)
    await decide(repository, { 'run.sh': 'echo 2\n' })
    expect(statSync(join(directory, 'run.sh')).mode & 0o111).not.toBe(0)
    expectGood(directory)
  })
})

describe('what a clone can be', () => {
  test('dirty: untouched changes stay, a touched one is refused and named', async () => {
    const directory = ground.repository('dirty')
    ground.write(directory, { 'apps/db/deploy.yaml': 'mine\n', untracked: 'u\n' })
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['dirty'])
    expect(await repository.dirty(['README.md', 'apps/db/deploy.yaml', 'untracked', 'absent'])).toEqual([
      'apps/db/deploy.yaml',
      'untracked',
    ])
    expect(await decide(repository, { 'apps/web/deploy.yaml': 'replicas: 2\n' })).toEqual({ kind: 'moved' })
    expect(git(directory, 'status', '--porcelain')).toBe(' M apps/db/deploy.yaml\n?? untracked\n')
    const head = (await repository.head()).commit!
    const files = new Map([
      ['apps/db/deploy.yaml', bytes('theirs\n')],
      ['untracked', bytes('t\n')],
    ])
    const commit = await repository.writeCommit({ base: head, files, message: 'no\n' })
    const before = fingerprint(directory)
    expect(await repository.moveBranch('main', head, commit)).toEqual({
      kind: 'dirty',
      paths: ['apps/db/deploy.yaml', 'untracked'],
    })
    await repository[Symbol.asyncDispose]()
    // The folder for locks was there before; nothing else may differ.
    expect(git(directory, 'status', '--porcelain')).toBe(' M apps/db/deploy.yaml\n?? untracked\n')
    expect(git(directory, 'rev-parse', 'HEAD').trim()).toBe(head)
    expect(before).not.toBe('')
  })

  test('dirty: staged, deleted and intent-to-add', async () => {
    const directory = ground.repository('staged')
    ground.write(directory, { 'apps/db/deploy.yaml': 'staged\n', added: 'a\n', later: 'l\n' })
    git(directory, 'add', 'apps/db/deploy.yaml', 'added')
    git(directory, 'add', '-N', 'later')
    git(directory, 'rm', '-q', 'README.md')
    await using repository = await ground.open(directory)
    const paths = ['README.md', 'added', 'apps/db/deploy.yaml', 'apps/web/deploy.yaml', 'later']
    expect(await repository.dirty(paths)).toEqual(['README.md', 'added', 'apps/db/deploy.yaml', 'later'])
  })

  test('detached', async () => {
    const directory = ground.repository('detached')
    git(directory, 'checkout', '-q', '--detach')
    await using repository = await ground.open(directory)
    expect(await repository.head()).toEqual({ branch: null, commit: git(directory, 'rev-parse', 'HEAD').trim() })
    expect(await traits(repository)).toEqual(['detached'])
    expect((await repository.limits())[0]!.effect).toBe('commit-to-branch')
    await expectBranchWorks(repository, directory)
    expect(await repository.switchBranch('decision')).toEqual({ kind: 'moved' })
    expectGood(directory)
  })

  test('unborn: the first decision makes the first commit', async () => {
    const directory = join(ground.root, 'unborn')
    mkdirSync(directory)
    git(directory, 'init', '-q')
    await using repository = await ground.open(directory)
    expect(await repository.head()).toEqual({ branch: 'main', commit: null })
    expect(await traits(repository)).toEqual(['unborn'])
    expect(await decide(repository, { 'a/b.yaml': 'x\n', c: 'y\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(git(directory, 'reflog', '--format=%gs').trim()).toBe('commit (initial): DECISION: test')
  })

  test('shallow', async () => {
    const origin = ground.repository('shallow-origin')
    for (const round of [1, 2, 3]) {
      ground.write(origin, { file: `${round}\n` })
      git(origin, 'add', '.')
      git(origin, 'commit', '-qm', `round ${round}`)
    }
    git(ground.root, 'clone', '-q', '--depth=2', `file://${origin}`, 'shallow')
    const directory = join(ground.root, 'shallow')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['shallow'])
    const subjects: string[] = []
    for await (const { message } of repository.log((await repository.head()).commit!)) subjects.push(message)
    expect(subjects).toEqual(['round 3\n', 'round 2\n'])
    expect(await decide(repository, { file: 'x\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
  })

  test('submodules stay as they are', async () => {
    const module = ground.repository('module')
    const directory = ground.repository('with-submodule')
    git(directory, 'submodule', '-q', 'add', module, 'vendor/module')
    git(directory, 'commit', '-qm', 'module')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['submodules'])
    const before = git(directory, 'ls-tree', '-r', 'HEAD', 'vendor')
    expect(await decide(repository, { 'apps/web/deploy.yaml': 'replicas: 2\n', 'vendor/other.yaml': 'x\n' })).toEqual({
      kind: 'moved',
    })
    expectGood(directory)
    expect(git(directory, 'ls-tree', '-r', 'HEAD', 'vendor/module')).toBe(before)
    expect(
      (await repository.files((await repository.head()).commit!, 'vendor')).map(({ path, mode }) => [path, mode]),
    ).toEqual([
      ['vendor/module', '160000'],
      ['vendor/other.yaml', '100644'],
    ])
    await expect(decide(repository, { 'vendor/module/file': 'x\n' })).rejects.toThrow('is a submodule')
    await using inside = await ground.open(join(directory, 'vendor/module'))
    expect(inside.directory).toBe(join(directory, 'vendor/module'))
    git(inside.directory, 'checkout', '-q', '-B', 'main')
    expect(await decide(inside, { 'README.md': '# in the module\n' })).toEqual({ kind: 'moved' })
    expectGood(inside.directory)
  })

  test('Git LFS pointers stay as they are', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`
    const directory = ground.repository('lfs', {
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'model.bin': pointer,
      'a.yaml': 'a\n',
    })
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['lfs'])
    expect(await decide(repository, { 'a.yaml': 'b\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    await expect(decide(repository, { 'model.bin': 'x\n' })).rejects.toThrow('Git LFS')
    await expect(decide(repository, { 'other.bin': 'x\n' })).rejects.toThrow('Git LFS')
    expect(await decide(repository, { 'model.bin': null })).toEqual({ kind: 'moved' })
    expectGood(directory)
  })

  test('sparse cone: files outside of it are changed in git and not written', async () => {
    const directory = ground.repository('sparse')
    git(directory, 'sparse-checkout', 'set', '--cone', 'apps/web')
    expect(existsSync(join(directory, 'apps/db'))).toBe(false)
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['sparse'])
    const change = {
      'apps/web/deploy.yaml': 'in\n',
      'apps/web/new.yaml': 'new in\n',
      'apps/db/deploy.yaml': 'out\n',
      'apps/cache/new.yaml': 'new out\n',
      'apps/beside.yaml': 'parent\n',
    }
    expect(await decide(repository, change)).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(
      ['apps/web/new.yaml', 'apps/db', 'apps/cache', 'apps/beside.yaml'].map(path => existsSync(join(directory, path))),
    ).toEqual([true, false, false, true])
    expect(git(directory, 'ls-files', '-t')).toBe(
      'H README.md\nH apps/beside.yaml\nS apps/cache/new.yaml\nS apps/db/deploy.yaml\nH apps/web/deploy.yaml\nH apps/web/new.yaml\n',
    )
    expect(await decide(repository, { 'apps/db/deploy.yaml': null })).toEqual({ kind: 'moved' })
    git(directory, 'sparse-checkout', 'disable')
    expectGood(directory)
  })

  test.each([
    ['index-v4', ['update-index', '--index-version', '4'], 'index version 4'],
    ['split-index', ['update-index', '--split-index'], 'split index'],
    ['sparse-index', ['sparse-checkout', 'set', '--cone', '--sparse-index', 'apps/web'], 'sparse index'],
  ] as const)('%s: not in place, but on a branch', async (trait, command, says) => {
    const directory = ground.repository(trait)
    git(directory, ...command)
    await using repository = await ground.open(directory)
    const limit = (await repository.limits()).find(limit => limit.trait === trait)
    expect(limit?.effect).toBe('commit-to-branch')
    // A draft can be looked at before it goes to a branch.
    expect(await repository.dirty(['apps/web/deploy.yaml'])).toEqual([])
    await expectBranchWorks(repository, directory)
    await expect(repository.switchBranch('decision')).rejects.toThrow(says)
    await expectRefused(await ground.open(directory), directory, 'unsupported', says)
  })

  test('hooks that Git would run are named, wherever they are', async () => {
    const directory = ground.repository('hooks')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual([])
    writeFileSync(join(directory, '.git/hooks/commit-msg'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    writeFileSync(join(directory, '.git/hooks/pre-push'), 'switched off', { mode: 0o644 })
    const limits = await repository.limits()
    expect(limits).toMatchObject([{ trait: 'hooks', effect: 'none', message: { params: { hooks: 'commit-msg' } } }])
    expect(await decide(repository, { 'README.md': 'x\n' })).toEqual({ kind: 'moved' })
    git(directory, 'config', 'core.hooksPath', 'elsewhere')
    expect(await traits(repository)).toEqual([])
  })

  test('linked work tree', async () => {
    const main = ground.repository('main-worktree')
    git(main, 'worktree', 'add', '-q', '-b', 'other', '../linked')
    const directory = join(ground.root, 'linked')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['linked-worktree'])
    expect((await repository.head()).branch).toBe('other')
    expect(await decide(repository, { 'apps/web/deploy.yaml': 'replicas: 2\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(git(main, 'status', '--porcelain')).toBe('')
    // The branch of the main work tree is not moved from here, and the other way round.
    await expect(decide(repository, { 'README.md': 'x\n' }, 'main')).rejects.toThrow('in use in another work tree')
    await using from = await ground.open(main)
    await expect(decide(from, { 'README.md': 'x\n' }, 'other')).rejects.toThrow(directory)
    await expect(from.switchBranch('other')).rejects.toThrow(directory)
  })

  test('alternates', async () => {
    const origin = ground.repository('alternates-origin')
    git(ground.root, 'clone', '-q', '--shared', origin, 'alternates')
    const directory = join(ground.root, 'alternates')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['alternates'])
    expect(await decide(repository, { 'README.md': 'x\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
  })

  test('partial clone: what is here works, what is not is named', async () => {
    const origin = ground.repository('partial-origin')
    ground.write(origin, { 'README.md': 'second\n' })
    git(origin, 'commit', '-qam', 'second')
    git(origin, 'config', 'uploadpack.allowFilter', 'true')
    git(ground.root, 'clone', '-q', '--filter=blob:none', `file://${origin}`, 'partial')
    const directory = join(ground.root, 'partial')
    await using repository = await ground.open(directory)
    expect(await traits(repository)).toEqual(['partial-clone'])
    const first = await repository.resolve('HEAD~1')
    const error = await repository.fileAt(first!, 'README.md').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'not-found', message: expect.stringContaining('partial clone') })
    expect((error as AppError).message).toContain(git(origin, 'rev-parse', 'HEAD~1:README.md').trim())
    expect(await decide(repository, { 'README.md': 'x\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
  })

  test('sha256, reftable and unknown formats are refused when opened, and nothing is touched', async () => {
    const directory = join(ground.root, 'sha256')
    mkdirSync(directory)
    git(directory, 'init', '-q', '--object-format=sha256')
    const before = fingerprint(directory)
    await expect(ground.open(directory)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('SHA-256'),
    })
    expect(fingerprint(directory)).toBe(before)
    for (const [name, key, value, says] of [
      ['reftable', 'extensions.refStorage', 'reftable', 'reftable'],
      ['future', 'extensions.timeTravel', 'true', 'extensions.timetravel'],
      ['version', 'core.repositoryFormatVersion', '7', '7'],
    ] as const) {
      const other = ground.repository(name)
      git(other, 'config', 'core.repositoryFormatVersion', '1')
      git(other, 'config', key, value)
      const before = fingerprint(other)
      await expect(ground.open(other)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(says),
      })
      expect(fingerprint(other)).toBe(before)
    }
  })

  test('bare', async () => {
    const origin = ground.repository('bare-origin')
    git(ground.root, 'clone', '-q', '--bare', origin, 'bare.git')
    const directory = join(ground.root, 'bare.git')
    await using repository = await ground.open(directory)
    expect([repository.directory, repository.gitDirectory]).toEqual([directory, directory])
    expect(await traits(repository)).toEqual(['bare'])
    expect(await decide(repository, { 'README.md': 'x\n' })).toEqual({ kind: 'moved' })
    git(directory, 'fsck', '--strict')
    expect(git(directory, 'show', 'main:README.md')).toBe('x\n')
    expect(existsSync(join(directory, 'index'))).toBe(false)
  })

  test('merge, rebase and cherry-pick in progress', async () => {
    const directory = ground.repository('merging')
    git(directory, 'checkout', '-q', '-b', 'side')
    ground.write(directory, { 'README.md': 'side\n' })
    git(directory, 'commit', '-qam', 'side')
    git(directory, 'checkout', '-q', 'main')
    ground.write(directory, { 'README.md': 'main\n' })
    git(directory, 'commit', '-qam', 'main')
    expect(() => git(directory, 'merge', 'side')).toThrow()
    await using repository = await ground.open(directory)
    const limit = (await repository.limits()).find(({ trait }) => trait === 'merge-in-progress')
    expect(limit?.effect).toBe('commit-to-branch')
    await expectBranchWorks(repository, directory)
    await expectRefused(await ground.open(directory), directory, 'conflict', 'merge is in progress')
    git(directory, 'merge', '--abort')
    expect(() => git(directory, 'rebase', 'side')).toThrow()
    await using rebasing = await ground.open(directory)
    expect(await traits(rebasing)).toContain('merge-in-progress')
    // Git would put the branch where the rebase ends, and a decision on it would be lost.
    await expect(decide(rebasing, { 'README.md': 'x\n' }, 'main')).rejects.toThrow('in use')
  })
})

describe('opening', () => {
  test('no folder, no repository, a broken .git file', async () => {
    await expect(ground.open(join(ground.root, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(ground.open(ground.home)).rejects.toMatchObject({ code: 'not-found' })
    const broken = join(ground.root, 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, '.git'), 'nonsense\n')
    await expect(ground.open(broken)).rejects.toMatchObject({ code: 'invalid-input' })
    writeFileSync(join(broken, '.git'), 'gitdir: ../away\n')
    await expect(ground.open(broken)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('away'),
    })
  })

  test.runIf(process.getuid?.() === 0)('a clone of another user is refused until it is trusted', async () => {
    const directory = ground.repository('foreign')
    const { chownSync } = await import('node:fs')
    chownSync(join(directory, '.git'), 12345, 12345)
    await expect(ground.open(directory)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('safe.directory'),
    })
    const trusting = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: directory }
    await using repository = await ground.open(directory, trusting)
    expect((await repository.head()).branch).toBe('main')
  })
})

describe('branches', () => {
  test('create, switch, and what git would not allow', async () => {
    const directory = ground.repository('branches')
    await using repository = await ground.open(directory)
    const head = (await repository.head()).commit!
    await repository.createBranch('feature/one', head)
    await expect(repository.createBranch('feature/one', head)).rejects.toMatchObject({ code: 'conflict' })
    await expect(repository.createBranch('feature', head)).rejects.toThrow('feature/one')
    await expect(repository.createBranch('feature/one/two', head)).rejects.toThrow('feature/one')
    for (const name of ['', 'a b', 'a..b', '-x', 'x.lock', 'HEAD', 'a//b', 'a/', '.a', 'a@{b'])
      await expect(repository.createBranch(name, head), name).rejects.toMatchObject({ code: 'invalid-input' })
    expect(await decide(repository, { 'README.md': 'one\n', 'only/here': 'x\n' }, 'feature/one')).toEqual({
      kind: 'moved',
    })
    expect(await repository.switchBranch('feature/one')).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect(git(directory, 'symbolic-ref', 'HEAD').trim()).toBe('refs/heads/feature/one')
    expect(git(directory, 'reflog', '--format=%gs').split('\n')[0]).toBe('checkout: moving from main to feature/one')
    ground.write(directory, { 'README.md': 'mine\n' })
    expect(await repository.switchBranch('main')).toEqual({ kind: 'dirty', paths: ['README.md'] })
    git(directory, 'checkout', '-q', 'README.md')
    expect(await repository.switchBranch('main')).toEqual({ kind: 'moved' })
    expect(existsSync(join(directory, 'only'))).toBe(false)
    expectGood(directory, 'first')
    git(directory, 'pack-refs', '--all', '--prune')
    expect(await decide(repository, { 'README.md': 'packed\n' })).toEqual({ kind: 'moved' })
    expectGood(directory)
    expect((await repository.revisions()).map(({ name, current }) => [name, current])).toEqual([
      ['feature/one', false],
      ['main', true],
    ])
    // Git leaves empty folders behind when it packs refs.
    git(directory, 'branch', '-q', '-D', 'feature/one')
    await repository.createBranch('feature', head)
  })

  test('moving back and forth over many files, and raced when it is not where it was', async () => {
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, k) => [`d${k % 20}/f${k}`, `${k}\n`]))
    const directory = ground.repository('many', files)
    const first = git(directory, 'rev-parse', 'HEAD').trim()
    for (const path of Object.keys(files)) files[path] += 'more\n'
    ground.write(directory, files)
    git(directory, 'rm', '-rqf', 'd3')
    git(directory, 'commit', '-qam', 'second')
    const second = git(directory, 'rev-parse', 'HEAD').trim()
    await using repository = await ground.open(directory)
    expect(await repository.moveBranch('main', second, first)).toEqual({ kind: 'moved' })
    expectGood(directory, 'first')
    expect(await repository.moveBranch('main', second, first)).toEqual({ kind: 'raced', now: first })
    expect(await repository.moveBranch('main', first, second)).toEqual({ kind: 'moved' })
    expectGood(directory, 'second')
    expect(await repository.moveBranch('new', null, first)).toEqual({ kind: 'moved' })
    expect(await repository.moveBranch('new', null, second)).toEqual({ kind: 'raced', now: first })
  })
})
