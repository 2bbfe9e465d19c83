import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { GitRepository } from '../../../needs/git-repository.ts'
import { isSafeName } from '../files/safe-name.ts'
import { bytes, fingerprint, TestGround } from '../testing/test-repository.ts'

const ground = new TestGround()
const git = ground.git.bind(ground)
afterAll(() => ground.remove())

const write = async (repository: GitRepository, files: { readonly [path: string]: string | null }): Promise<string> => {
  const base = (await repository.head()).commit
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, text === null ? null : bytes(text)]))
  return await repository.writeCommit({
    base,
    files: contents,
    message: 'DECISION: x\n\nWhy.\n\nDecision-Kind: scale\n',
  })
}

test('a commit is what git would have made', async () => {
  const directory = ground.repository('same')
  await using repository = await ground.open(directory)
  const author = { name: 'Ä. Üthor', email: 'a@example.com', time: 1_700_000_000, offset: -210 }
  const base = (await repository.head()).commit!
  const oid = await repository.writeCommit({
    base,
    files: new Map([
      ['new/file', bytes('x\n')],
      ['README.md', null],
    ]),
    message: 'subject\n\nbody',
    author,
  })
  expect(git(directory, 'log', '-1', '--format=%an|%ae|%ad|%cn|%B', '--date=raw', oid)).toBe(
    'Ä. Üthor|a@example.com|1700000000 -0330|Test Person|subject\n\nbody\n\n',
  )
  ground.write(directory, { 'new/file': 'x\n' })
  git(directory, 'rm', '-q', 'README.md')
  git(directory, 'add', '.')
  expect(git(directory, 'write-tree').trim()).toBe((await repository.commit(oid)).tree)
  expect(await repository.commit(oid)).toMatchObject({ author, parents: [base], message: 'subject\n\nbody\n' })
  expect(git(directory, 'rev-parse', 'HEAD').trim()).toBe(base)
})

describe('what is refused, before anything is written', () => {
  const wrong = [
    '.git/config',
    '.GIT/config',
    'a/.git/x',
    'a/.Git',
    '../x',
    'a/../b',
    '/etc/passwd',
    'a//b',
    'a/',
    '',
    './a',
    'git~1/x',
    '.git ./x',
    '.git::$INDEX_ALLOCATION/x',
    '.g\u200cit/x',
    'C:/x',
    'a\\..\\b',
    'a\0b',
    '.git.',
  ]
  test.each(wrong)('path %j', async path => {
    const directory = ground.repository(`path-${wrong.indexOf(path)}`)
    await using repository = await ground.open(directory)
    const before = fingerprint(directory)
    await expect(write(repository, { [path]: 'x' })).rejects.toMatchObject({ key: 'git.unsafePath' })
    expect(fingerprint(directory)).toBe(before)
  })
  test('names that only look dangerous are fine', () => {
    for (const name of ['.gitignore', '.github', 'git', '.gitmodules', 'x.git', '...', '.git2'])
      expect(isSafeName(name), name).toBe(true)
  })
  test('files below files, folders as files, links, and nothing to remove', async () => {
    const directory = ground.repository('shapes')
    symlinkSync('/etc', join(directory, 'link'))
    git(directory, 'add', '.')
    git(directory, 'commit', '-qm', 'link')
    await using repository = await ground.open(directory)
    const before = fingerprint(directory)
    for (const [files, key] of [
      [{ 'README.md/x': 'y' }, 'git.pathIsFile'],
      [{ apps: 'y' }, 'git.pathIsFolder'],
      [{ link: 'y' }, 'git.pathIsSymlink'],
      [{ 'link/passwd': 'y' }, 'git.pathThroughSymlink'],
      [{ 'apps/none': null }, 'git.nothingToRemove'],
    ] as const)
      await expect(write(repository, files), JSON.stringify(files)).rejects.toMatchObject({ key })
    await expect(repository.writeCommit({ base: null, files: new Map(), message: ' \n' })).rejects.toMatchObject({
      key: 'git.badMessage',
    })
    expect(fingerprint(directory)).toBe(before)
  })
  test('a folder replaced by a link in the work tree is not written through', async () => {
    const directory = ground.repository('replaced')
    const outside = join(ground.root, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'deploy.yaml'), 'replicas: 1\n')
    git(directory, 'rm', '-rq', '--cached', 'apps/web')
    git(directory, 'reset', '-q')
    execFileSync('rm', ['-r', join(directory, 'apps/web')])
    symlinkSync(outside, join(directory, 'apps/web'))
    await using repository = await ground.open(directory)
    const base = (await repository.head()).commit!
    const commit = await write(repository, { 'apps/web/deploy.yaml': 'replicas: 9\n', 'apps/web/new.yaml': 'x\n' })
    expect(await repository.moveBranch('main', base, commit)).toEqual({
      kind: 'dirty',
      paths: ['apps/web/deploy.yaml', 'apps/web/new.yaml'],
    })
    expect(readFileSync(join(outside, 'deploy.yaml'), 'utf8')).toBe('replicas: 1\n')
    expect(existsSync(join(outside, 'new.yaml'))).toBe(false)
  })
  test('a commit from elsewhere with a path into .git is not checked out', async () => {
    const directory = ground.repository('evil')
    const blob = git(directory, 'hash-object', '-w', 'README.md').trim()
    const hash = (type: string, data: Buffer): string =>
      execFileSync('git', ['hash-object', '-t', type, '-w', '--literally', '--stdin'], {
        cwd: directory,
        input: data,
        encoding: 'utf8',
        env: ground.variables,
      }).trim()
    const entry = (mode: string, name: string, oid: string): Buffer =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])
    const hooks = hash('tree', entry('100755', 'post-checkout', blob))
    const evil = hash('tree', entry('40000', '.GIT', hooks))
    const commit = git(directory, 'commit-tree', '-m', 'evil', '-p', 'HEAD', evil).trim()
    await using repository = await ground.open(directory)
    const base = (await repository.head()).commit!
    await expect(repository.moveBranch('main', base, commit)).rejects.toMatchObject({ key: 'git.unsafePath' })
    expect(git(directory, 'status', '--porcelain')).toBe('')
  })
})

describe('line endings and filters', () => {
  const attributes =
    '* text=auto\n*.bat text eol=crlf\n*.sh text eol=lf\n*.raw -text\n*.id ident\n*.enc filter=secret\n*.utf16 working-tree-encoding=UTF-16\n[attr]windows text eol=crlf\nmacro/* windows\n'
  test.each([{}, { 'core.autocrlf': 'true' }, { 'core.autocrlf': 'input' }, { 'core.eol': 'crlf' }])(
    '%j: the work tree is what git checks out',
    async settings => {
      const name = `eol-${Object.entries(settings).flat().join('-')}`
      const directory = ground.repository(name, { '.gitattributes': attributes, 'a.yaml': 'a\n' })
      for (const [key, value] of Object.entries(settings)) git(directory, 'config', key, value)
      execFileSync('rm', [join(directory, 'a.yaml')])
      git(directory, 'checkout', '.')
      await using repository = await ground.open(directory)
      const files = {
        'a.yaml': 'one\ntwo\n',
        'run.bat': 'echo\n',
        'run.sh': 'echo\n',
        'x.raw': 'raw\r\nand\n',
        'binary.dat': 'a\0\n\n',
        'macro/m': 'm\n',
        'mixed.txt': 'lf\ncrlf\r\n',
      }
      const base = (await repository.head()).commit!
      expect(await repository.moveBranch('main', base, await write(repository, files))).toEqual({ kind: 'moved' })
      expect(git(directory, 'status', '--porcelain')).toBe('')
      git(directory, 'fsck', '--strict')
      const ours = Object.keys(files).map(path => readFileSync(join(directory, path), 'latin1'))
      for (const path of Object.keys(files)) execFileSync('rm', [join(directory, path)])
      git(directory, 'checkout', '-f', '.')
      expect(ours).toEqual(Object.keys(files).map(path => readFileSync(join(directory, path), 'latin1')))
      // A second change over converted files: they count as unmodified, and a real change does not.
      const next = (await repository.head()).commit!
      expect(
        await repository.moveBranch(
          'main',
          next,
          await write(repository, { 'run.bat': 'echo 2\n', 'a.yaml': 'three\n' }),
        ),
      ).toEqual({ kind: 'moved' })
      expect(git(directory, 'status', '--porcelain')).toBe('')
      writeFileSync(join(directory, 'run.bat'), 'mine\r\n')
      expect(await repository.dirty(['run.bat', 'a.yaml'])).toEqual(['run.bat'])
    },
  )

  test('filters, ident and encodings are refused; a filter nobody configured is none', async () => {
    const directory = ground.repository('filters', { '.gitattributes': attributes, 'a.enc': 'secret\n' })
    await using repository = await ground.open(directory)
    await expect(write(repository, { 'x.id': '$Id$\n' })).rejects.toMatchObject({ key: 'git.pathHasFilter' })
    await expect(write(repository, { 'x.utf16': 'x\n' })).rejects.toMatchObject({ key: 'git.pathHasFilter' })
    const base = (await repository.head()).commit!
    expect(await repository.moveBranch('main', base, await write(repository, { 'a.enc': 'open\n' }))).toEqual({
      kind: 'moved',
    })
    git(directory, 'config', 'filter.secret.clean', 'rev')
    git(directory, 'config', 'filter.secret.smudge', 'rev')
    await expect(write(repository, { 'a.enc': 'x\n' })).rejects.toMatchObject({ key: 'git.pathHasFilter' })
    // The same from a commit that somebody else made.
    const before = fingerprint(directory)
    const now = (await repository.head()).commit!
    await expect(repository.moveBranch('main', now, base)).rejects.toMatchObject({ key: 'git.cannotConvertFile' })
    await repository[Symbol.asyncDispose]()
    expect(git(directory, 'rev-parse', 'HEAD').trim()).toBe(now)
    expect(before.length).toBe(64)
  })
})

describe('signing', () => {
  test('with SSH: git says the signature is good', async () => {
    const directory = ground.repository('ssh-signed')
    const key = join(ground.root, 'id_ed25519')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key])
    writeFileSync(join(ground.root, 'allowed'), `test@example.com ${readFileSync(`${key}.pub`, 'utf8')}`)
    for (const [name, value] of [
      ['commit.gpgsign', 'true'],
      ['gpg.format', 'ssh'],
      ['user.signingkey', key],
      ['gpg.ssh.allowedSignersFile', join(ground.root, 'allowed')],
    ] as const)
      git(directory, 'config', name, value)
    await using repository = await ground.open(directory)
    expect(await repository.signing()).toBe('ssh')
    const oid = await write(repository, { 'README.md': 'signed\n' })
    expect(verify(directory, oid)).toContain('Good "git" signature for test@example.com')
    expect((await repository.commit(oid)).message).toBe('DECISION: x\n\nWhy.\n\nDecision-Kind: scale\n')
    git(directory, 'fsck', '--strict')
    git(directory, 'config', 'user.signingkey', `${key}.none`)
    await expectNoCommit(repository, directory, 'git.signingFailed')
    git(directory, 'config', 'user.signingkey', '')
    await expectNoCommit(repository, directory, 'git.noSigningKey')
    git(directory, 'config', 'gpg.format', 'wax')
    await expectNoCommit(repository, directory, 'git.unknownSigningFormat')
  })

  test('with SSH and a key in the agent, named by itself', async () => {
    const directory = ground.repository('agent-signed')
    const key = join(ground.root, 'agent-key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key])
    const socket = join(ground.root, 'agent')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    try {
      while (!existsSync(socket)) await new Promise(resolve => setTimeout(resolve, 10))
      execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
      writeFileSync(join(ground.root, 'agent-allowed'), `test@example.com ${readFileSync(`${key}.pub`, 'utf8')}`)
      for (const [name, value] of [
        ['commit.gpgsign', 'true'],
        ['gpg.format', 'ssh'],
        ['user.signingkey', `key::${readFileSync(`${key}.pub`, 'utf8').trim()}`],
        ['gpg.ssh.allowedSignersFile', join(ground.root, 'agent-allowed')],
      ] as const)
        git(directory, 'config', name, value)
      await using repository = await ground.open(directory, { SSH_AUTH_SOCK: socket })
      expect(verify(directory, await write(repository, { 'README.md': 'signed\n' }))).toContain('Good "git" signature')
    } finally {
      agent.kill()
    }
  })

  test('with OpenPGP: git says the signature is good', async () => {
    const directory = ground.repository('gpg-signed')
    const home = join(ground.root, 'gpg')
    mkdirSync(home)
    chmodSync(home, 0o700)
    const environment = { ...ground.variables, GNUPGHOME: home }
    execFileSync(
      'gpg',
      [
        '--batch',
        '--quiet',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        '',
        '--quick-generate-key',
        'Test Person <test@example.com>',
        'ed25519',
        'sign',
        'never',
      ],
      { env: environment, stdio: 'ignore' },
    )
    try {
      git(directory, 'config', 'commit.gpgsign', 'true')
      await using repository = await ground.open(directory, { GNUPGHOME: home })
      expect(await repository.signing()).toBe('openpgp')
      const oid = await write(repository, { 'README.md': 'signed\n' })
      expect(verify(directory, oid, environment)).toContain('Good signature from "Test Person <test@example.com>"')
      git(directory, 'fsck', '--strict')
      git(directory, 'config', 'user.signingkey', 'nobody@example.com')
      await expectNoCommit(repository, directory, 'git.signingFailed')
      git(directory, 'config', 'gpg.program', '/no/such/gpg')
      await expectNoCommit(repository, directory, 'git.signerNotFound')
    } finally {
      execFileSync('gpgconf', ['--kill', 'all'], { env: environment })
    }
  })

  const verify = (
    directory: string,
    oid: string,
    env: { [name: string]: string | undefined } = ground.variables,
  ): string => execFileSync('sh', ['-c', `git verify-commit ${oid} 2>&1`], { cwd: directory, encoding: 'utf8', env })

  async function expectNoCommit(repository: GitRepository, directory: string, key: string): Promise<void> {
    const before = fingerprint(join(directory, '.git'))
    await expect(write(repository, { 'README.md': `${key}\n` })).rejects.toMatchObject({ key })
    expect(fingerprint(join(directory, '.git'))).toBe(before)
  }
})
