import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { memorySecrets } from '../../secrets/memory-secrets.ts'
import { createSsh } from '../../ssh2/create-ssh.ts'
import { readGitEnvironment } from '../open/git-environment.ts'
import { createGitRemotes } from '../remote/create-git-remotes.ts'
import { openLocalClone } from '../remote/local-clone.ts'
import { TestGround } from '../testing/test-repository.ts'
import { mergeNotes } from './notes.ts'

const ground = new TestGround()
afterAll(() => ground.remove())
const ref = 'refs/notes/pilothouse'

test('a note is what git reads as one, and keeps the lines git and others wrote', async () => {
  const directory = ground.repository('plain')
  const head = ground.git(directory, 'rev-parse', 'HEAD').trim()
  await using repository = await ground.open(directory)
  expect(await repository.notes(ref)).toEqual({ tip: null, texts: new Map() })
  await Promise.all([repository.addNote(ref, head, '{"a":1}'), repository.addNote(ref, head, '{"b":2}')])
  await repository.addNote(ref, head, '{"a":1}')
  expect(ground.git(directory, 'notes', '--ref', 'pilothouse', 'show', head)).toBe('{"a":1}\n{"b":2}\n')
  ground.git(directory, 'notes', '--ref', 'pilothouse', 'append', '-m', 'said by hand', head)
  await repository.addNote(ref, head, '{"c":3}')
  expect((await repository.notes(ref)).texts.get(head)?.split('\n').filter(Boolean)).toEqual([
    '{"a":1}',
    '{"b":2}',
    'said by hand',
    '{"c":3}',
  ])
  expect(ground.git(directory, 'fsck', '--strict')).toBe('')
})

test('notes in folders, as git makes them when there are many, are found and kept where they are', async () => {
  const directory = ground.repository('fanned')
  const head = ground.git(directory, 'rev-parse', 'HEAD').trim()
  const blob = ground.git(directory, 'hash-object', '-w', 'README.md').trim()
  ground.git(directory, 'update-index', '--add', '--cacheinfo', `100644,${blob},${head.slice(0, 2)}/${head.slice(2)}`)
  ground.git(directory, 'rm', '-q', '--cached', '-r', 'README.md', 'apps')
  const tree = ground.git(directory, 'write-tree').trim()
  const commit = ground.git(directory, 'commit-tree', tree, '-m', 'notes').trim()
  ground.git(directory, 'update-ref', ref, commit)
  ground.git(directory, 'read-tree', 'HEAD')
  await using repository = await ground.open(directory)
  await repository.addNote(ref, head, 'one more')
  expect(ground.git(directory, 'notes', '--ref', 'pilothouse', 'show', head)).toBe('# test\none more\n')
  expect(ground.git(directory, 'ls-tree', '-r', '--name-only', ref).trim()).toBe(`${head.slice(0, 2)}/${head.slice(2)}`)
})

test('the lines of two clones come together, whichever was first', async () => {
  const directory = ground.repository('merged')
  const head = ground.git(directory, 'rev-parse', 'HEAD').trim()
  await using repository = await ground.open(directory)
  await repository.addNote(ref, head, 'both')
  ground.git(directory, 'update-ref', 'refs/remote-notes/origin/pilothouse', ref)
  await repository.addNote(ref, head, 'ours')
  ground.git(directory, 'notes', '--ref', 'other', 'add', '-m', 'both\ntheirs', head)
  ground.git(directory, 'update-ref', 'refs/remote-notes/origin/pilothouse', 'refs/notes/other')
  const environment = readGitEnvironment(ground.variables)
  const clock = { now: () => 0, offset: () => 0 }
  {
    using local = openLocalClone(repository.gitDirectory, environment, clock)
    await mergeNotes({ ...local, environment, clock }, ref, 'refs/remote-notes/origin/pilothouse')
  }
  expect((await repository.notes(ref)).texts.get(head)).toBe('both\ntheirs\nours\n')
  // What comes of it follows theirs, so that it can be pushed.
  expect(ground.git(directory, 'merge-base', '--is-ancestor', 'refs/notes/other', ref)).toBe('')
})

test('nobody is asked to sign a note, and who has no name yet can have results all the same', async () => {
  const directory = ground.repository('nameless')
  const head = ground.git(directory, 'rev-parse', 'HEAD').trim()
  ground.git(directory, 'config', 'commit.gpgsign', 'true')
  ground.git(directory, 'config', 'gpg.program', '/does/not/exist')
  ground.git(directory, 'config', 'user.name', '')
  await using repository = await ground.open(directory)
  await repository.addNote(ref, head, 'line')
  expect((await repository.notes(ref)).texts.get(head)).toBe('line\n')
})

test('what one clone saw goes with its push, and another reads it after a fetch, beside its own', async () => {
  const first = ground.repository('seen-here')
  const head = ground.git(first, 'rev-parse', 'HEAD').trim()
  const bare = join(ground.root, 'shared.git')
  ground.git(first, 'clone', '-q', '--bare', first, bare)
  ground.git(first, 'remote', 'add', 'origin', bare)
  const second = join(ground.root, 'seen-there')
  ground.git(first, 'clone', '-q', bare, second)
  const prompter = { ask: async () => null }
  const remotes = createGitRemotes({
    ssh: createSsh({ prompter, secrets: memorySecrets() }),
    prompter,
    secrets: memorySecrets(),
    env: ground.variables,
  })
  await using here = await ground.open(first)
  await using there = await ground.open(second)
  await here.addNote(ref, head, 'here')
  expect(await remotes.pushNotes(here, 'origin')).toEqual({ kind: 'pushed' })
  await there.addNote(ref, head, 'there')
  // Theirs came first: their lines are taken in, and what comes of both is pushed.
  expect(await remotes.pushNotes(there, 'origin')).toEqual({ kind: 'pushed' })
  await remotes.fetch(here, 'origin')
  const lines = async (of: typeof here) => (await of.notes(ref)).texts.get(head)?.trim().split('\n').sort()
  expect(await lines(here)).toEqual(['here', 'there'])
  expect(ground.git(bare, 'notes', '--ref', 'pilothouse', 'show', head)).toBe('here\nthere\n')
})
