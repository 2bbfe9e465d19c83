import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readGitEnvironment } from '../open/git-environment.ts'
import { TestGround } from '../testing/test-repository.ts'
import { Configuration } from './configuration.ts'
import { parseConfig } from './parse-config.ts'

const ground = new TestGround()
afterAll(() => ground.remove())

/** Everything git says is set, as `key=value` lines, and the same from ours. */
function both(
  directory: string,
  branch: string | null,
  variables: { [name: string]: string | undefined } = {},
): [string[], string[]] {
  const environment = { ...ground.variables, ...variables }
  const before = ground.variables
  Object.assign(ground.variables, variables)
  const listed = ground
    .git(directory, 'config', '--list', '-z')
    .split('\0')
    .filter(line => line)
  for (const name of Object.keys(variables)) if (!(name in before)) delete ground.variables[name]
  const ours = new Configuration(
    join(directory, '.git'),
    join(directory, '.git'),
    readGitEnvironment(environment),
    () => branch,
  )
  const theirs: string[] = []
  const mine: string[] = []
  for (const key of new Set(listed.map(line => line.split('\n')[0]!))) {
    const values = listed
      .filter(line => line.split('\n')[0] === key)
      .map(line => (line.includes('\n') ? line.slice(key.length + 1) : 'true'))
    theirs.push(...values.map(value => `${key}=${value}`))
    mine.push(...ours.all(key).map(value => `${key}=${value}`))
  }
  return [mine, theirs]
}

test('reads what git reads: quotes, escapes, comments, continuations, subsections', () => {
  const directory = ground.repository('syntax')
  writeFileSync(
    join(directory, '.git/config'),
    [
      '\uFEFF[core]',
      'repositoryformatversion = 0 ; comment',
      'Bare=false # other',
      '[Section "Sub \\"quoted\\" Name"] inline = here',
      '\tplain =  two   words  ',
      'quoted = " kept "mixed" ; not a comment "',
      'escaped = tab\\there\\nnewline \\\\ \\"quote\\"',
      'long = first \\',
      '    second',
      'bare-name',
      'empty =',
      'windows = C:\\\\path\r',
      '[old.Style]',
      'x = 1',
      'x = 2',
      '[a "b.c.d"]',
      'e=f#g',
      'unicode = größe',
    ].join('\n'),
  )
  const [mine, theirs] = both(directory, 'main')
  expect(theirs.length).toBeGreaterThan(12)
  expect(mine).toEqual(theirs)
})

test('names the line of what git would refuse', () => {
  for (const [text, line] of [
    ['[core\nx=1', 1],
    ['[a]\nb = "open', 2],
    ['[a]\n\n1x = y', 3],
    ['x = 1', 1],
    ['[a]\nb = \\q', 2],
  ] as const)
    expect(() => parseConfig(text, '/some/file'), text).toThrow(`/some/file, line ${line}`)
})

test('follows include and includeIf by folder, branch and remote', () => {
  const directory = ground.repository('team/included')
  const home = ground.home
  const link = join(ground.root, 'linked-home')
  symlinkSync(home, link)
  mkdirSync(join(home, 'parts'), { recursive: true })
  const part = (name: string, text: string): void => writeFileSync(join(home, 'parts', name), text)
  for (const name of [
    'relative',
    'home',
    'gitdir',
    'nested',
    'insensitive',
    'branch',
    'folder',
    'remote',
    'never',
    'glob',
  ])
    part(name, `[hit]\n\t${name} = yes\n`)
  part('outer', '[include]\n\tpath = nested\n[order]\n\tvalue = included\n')
  writeFileSync(
    join(home, '.gitconfig'),
    `[user]
	name = Test Person
	email = test@example.com
[order]
	value = before
[include]
	path = parts/outer
	path = parts/relative
	path = ~/parts/home
	path = parts/absent
[includeIf "gitdir:${ground.root}/team/"]
	path = parts/gitdir
[includeIf "gitdir/i:${ground.root.toUpperCase()}/TEAM/"]
	path = parts/insensitive
[includeIf "gitdir:team/*/.git"]
	path = parts/glob
[includeIf "gitdir:/elsewhere/"]
	path = parts/never
[includeIf "onbranch:main"]
	path = parts/branch
[includeIf "onbranch:feature/"]
	path = parts/folder
[includeIf "hasconfig:remote.*.url:https://example.com/**"]
	path = parts/remote
`,
  )
  ground.git(directory, 'remote', 'add', 'origin', 'https://example.com/team/x.git')
  const [mine, theirs] = both(directory, 'main')
  expect(mine).toEqual(theirs)
  expect(theirs).toEqual(
    expect.arrayContaining([
      'hit.gitdir=yes',
      'hit.branch=yes',
      'hit.nested=yes',
      'hit.remote=yes',
      'hit.glob=yes',
      'hit.insensitive=yes',
    ]),
  )
  ground.git(directory, 'checkout', '-q', '-b', 'feature/x')
  const [again, others] = both(directory, 'feature/x')
  expect(again).toEqual(others)
  expect(others).toContain('hit.folder=yes')
})

test('takes the environment: other files, none, and values', () => {
  const directory = ground.repository('environment')
  writeFileSync(join(ground.root, 'global'), '[user]\n\tname = Global\n')
  writeFileSync(join(ground.root, 'system'), '[user]\n\tname = System\n[system]\n\tonly = 1\n')
  const cases: { [name: string]: string | undefined }[] = [
    { GIT_CONFIG_GLOBAL: join(ground.root, 'global') },
    { GIT_CONFIG_NOSYSTEM: undefined, GIT_CONFIG_SYSTEM: join(ground.root, 'system') },
    {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'User.Name',
      GIT_CONFIG_VALUE_0: 'Env',
      GIT_CONFIG_KEY_1: 'x.y',
      GIT_CONFIG_VALUE_1: 'z',
    },
  ]
  for (const variables of cases) {
    const [mine, theirs] = both(directory, 'main', variables)
    expect(mine).toEqual(theirs)
    for (const name of Object.keys(variables)) delete ground.variables[name]
    ground.variables['GIT_CONFIG_NOSYSTEM'] = '1'
  }
})

test('reads config.worktree where it is asked for, and a change at once', () => {
  const directory = ground.repository('worktree-config')
  ground.git(directory, 'config', 'extensions.worktreeConfig', 'true')
  ground.git(directory, 'config', '--worktree', 'only.here', 'yes')
  const [mine, theirs] = both(directory, 'main')
  expect(mine).toEqual(theirs)
  expect(theirs).toContain('only.here=yes')
  const configuration = new Configuration(
    join(directory, '.git'),
    join(directory, '.git'),
    readGitEnvironment(ground.variables),
    () => 'main',
  )
  expect(configuration.get('late.value')).toBeNull()
  ground.git(directory, 'config', 'late.value', '12')
  expect(configuration.get('Late.VALUE')).toBe('12')
})

test('identity, remotes and upstream', async () => {
  const directory = ground.repository('identity')
  await using repository = await ground.open(directory)
  expect(await repository.identity()).toEqual({ name: 'Test Person', email: 'test@example.com' })
  await using env = await ground.open(directory, { GIT_AUTHOR_NAME: ' <Env> ', GIT_AUTHOR_EMAIL: 'env@example.com' })
  expect(await env.identity()).toEqual({ name: 'Env', email: 'env@example.com' })
  await using nobody = await ground.open(directory, { GIT_CONFIG_GLOBAL: '/dev/null' })
  expect(await nobody.identity()).toBeNull()
  await expect(nobody.writeCommit({ base: null, files: new Map(), message: 'x\n' })).rejects.toMatchObject({
    key: 'git.noIdentity',
  })
  expect(await repository.remoteOf('main')).toBeNull()
  ground.git(directory, 'remote', 'add', 'only', 'gh:team/x.git')
  ground.git(directory, 'config', 'url.https://github.com/.insteadOf', 'gh:')
  expect(await repository.remoteOf('main')).toEqual({ name: 'only', url: 'https://github.com/team/x.git' })
  ground.git(directory, 'remote', 'add', 'origin', '/else')
  expect(await repository.remoteOf(null)).toEqual({ name: 'origin', url: '/else' })
  ground.git(directory, 'config', 'branch.main.remote', 'only')
  ground.git(directory, 'config', 'branch.main.merge', 'refs/heads/trunk')
  expect((await repository.remoteOf('main'))?.name).toBe('only')
  expect(await repository.upstream('main')).toBeNull()
  ground.git(directory, 'update-ref', 'refs/remotes/only/trunk', 'HEAD')
  expect(await repository.upstream('main')).toEqual({
    ref: 'refs/remotes/only/trunk',
    commit: (await repository.head()).commit,
  })
})
