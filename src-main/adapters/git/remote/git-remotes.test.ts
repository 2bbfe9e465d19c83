import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type GitHttpOptions, type GitHttpServer, serveGit } from '../../../../e2e/world/git-http-server.ts'
import { createSshWorld, type SshServer, type SshWorld, sshdPath } from '../../../../e2e/world/sshd.ts'
import type { GitRemotes } from '../../../needs/git-remote.ts'
import type { GitRepository } from '../../../needs/git-repository.ts'
import type { Answer, Asking } from '../../../needs/prompter.ts'
import type { Ssh } from '../../../needs/ssh.ts'
import { createSsh } from '../../ssh2/create-ssh.ts'
import { createGitRemotes } from './create-git-remotes.ts'

if (sshdPath === null) console.log('NOT RUN: Git over SSH, because there is no sshd on this machine')

const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
}
const git = (directory: string, ...args: string[]): string =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }).trim()
const gitFails = (directory: string, ...args: string[]): string => {
  try {
    return git(directory, ...args)
  } catch (error) {
    return String((error as { stderr?: string }).stderr)
  }
}
const at = (directory: string): GitRepository =>
  ({ gitDirectory: existsSync(join(directory, '.git')) ? join(directory, '.git') : directory }) as GitRepository

const never: Ssh = { connect: () => Promise.reject(new Error('no ssh here')) }

function memory() {
  const kept = new Map<string, string>()
  return {
    kept,
    durable: false,
    get: async (name: string) => kept.get(name) ?? null,
    set: async (name: string, secret: string) => void kept.set(name, secret),
    delete: async (name: string) => void kept.delete(name),
  }
}

function remotesFor(options: {
  ssh?: Ssh
  answer?: (question: Asking) => Answer | null
  secrets?: ReturnType<typeof memory>
  env?: Record<string, string>
}): GitRemotes & { asked: Asking[] } {
  const asked: Asking[] = []
  const remotes = createGitRemotes({
    ssh: options.ssh ?? never,
    secrets: options.secrets ?? memory(),
    env: { ...env, ...options.env },
    prompter: {
      ask: async question => {
        asked.push(question)
        return options.answer?.(question) ?? null
      },
    },
  })
  return { ...remotes, asked }
}

let root: string
let origin: string
let work: string
let servers: AsyncDisposableStack

/** A bare remote with two branches, tags of both kinds, a symlink, an executable, odd names, and a clone to write from. */
let template: string
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'pilothouse-template-'))
  const made = join(template, 'work')
  const bare = join(template, "ori gin's.git")
  git(template, 'init', '-q', '--bare', '-b', 'main', bare)
  git(template, 'init', '-q', '-b', 'main', made)
  git(made, 'remote', 'add', 'origin', "../ori gin's.git")
  await mkdir(join(made, 'apps', 'ünïcode'), { recursive: true })
  for (let k = 0; k < 30; k++) await writeFile(join(made, 'apps', `f${k}.yaml`), `value: ${k}\n`.repeat(50 + k))
  await writeFile(join(made, 'apps', 'ünïcode', 'a b.yaml'), 'x: 1\n')
  await writeFile(join(made, 'apps.yaml'), 'sorted: before the folder\n')
  await writeFile(join(made, 'run.sh'), '#!/bin/sh\n')
  await chmod(join(made, 'run.sh'), 0o755)
  await symlink('apps/f1.yaml', join(made, 'link'))
  // Larger than what is inflated in one piece.
  await writeFile(
    join(made, 'big.bin'),
    Buffer.alloc(9 << 20, Buffer.from(Array.from({ length: 9973 }, (_, k) => (k * k * 31) & 255))),
  )
  git(made, 'add', '.')
  git(made, 'commit', '-q', '-m', 'first')
  for (let k = 0; k < 12; k++) {
    await writeFile(join(made, 'apps', `f${k}.yaml`), `revision: ${k}\n${`value: ${k}\n`.repeat(49 + k)}`)
    git(made, 'commit', '-q', '-am', `change ${k}`)
  }
  git(made, 'tag', '-a', '-m', 'annotated', 'v1')
  git(made, 'tag', 'light')
  git(made, 'branch', 'feature/one', 'HEAD~3')
  git(made, 'push', '-q', 'origin', '--all')
  git(made, 'push', '-q', 'origin', '--tags')
  git(bare, 'repack', '-adq')
})
afterAll(() => rm(template, { recursive: true, force: true }))
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pilothouse-remote-'))
  origin = join(root, "ori gin's.git")
  work = join(root, 'work')
  servers = new AsyncDisposableStack()
  await cp(template, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
})
afterEach(async () => {
  await servers.disposeAsync()
  await rm(root, { recursive: true, force: true })
})

const serve = async (options?: GitHttpOptions): Promise<GitHttpServer> => servers.use(await serveGit(root, options))
const on = (server: GitHttpServer) => `${server.url}${encodeURIComponent("ori gin's.git")}`
const commitIn = async (directory: string, text: string, file = 'apps/f1.yaml'): Promise<string> => {
  await writeFile(join(directory, file), text)
  git(directory, 'add', '.')
  git(directory, 'commit', '-q', '-m', text)
  return git(directory, 'rev-parse', 'HEAD')
}
const leftovers = () => readdirSync(root).sort()

type Way = { url(): string; gone?: 'unreachable'; ssh?: () => Ssh; env?: () => Record<string, string> }

/** What must hold whatever carries the protocol. */
function everyWay(way: () => Promise<Way> | Way) {
  const open = async () => {
    const { url, ssh, env: more, gone = 'not-found' } = await way()
    return { url: url(), gone, remotes: remotesFor({ ...(ssh && { ssh: ssh() }), ...(more && { env: more() }) }) }
  }
  test('clone: as git makes it', async () => {
    const { url, remotes } = await open()
    const target = join(root, 'new', 'clone')
    const phases = new Set<string>()
    await remotes.clone(url, target, { progress: ({ phase }) => phases.add(phase) })
    expect(git(target, 'status', '--porcelain', '-b')).toBe('## main...origin/main')
    expect(git(target, 'fsck', '--strict')).toBe('')
    const reference = join(root, 'reference')
    git(root, 'clone', '-q', origin, reference)
    expect(git(target, 'for-each-ref', '--format=%(refname) %(objectname) %(*objectname) %(symref)')).toBe(
      git(reference, 'for-each-ref', '--format=%(refname) %(objectname) %(*objectname) %(symref)'),
    )
    expect(git(target, 'ls-files', '-sz')).toBe(git(work, 'ls-files', '-sz'))
    expect(git(target, 'write-tree')).toBe(git(work, 'rev-parse', 'HEAD^{tree}'))
    expect(execFileSync('diff', ['-r', '--exclude=.git', work, target], { encoding: 'utf8' })).toBe('')
    expect(git(target, 'reflog')).toMatch(/clone: from /)
    expect(git(target, 'rev-parse', '--abbrev-ref', 'main@{upstream}')).toBe('origin/main')
    expect([...phases]).toContain('transport.phaseReceiving')
    expect(readdirSync(join(target, '.git', 'objects', 'pack')).filter(name => name.startsWith('tmp_'))).toEqual([])
    expect(readdirSync(join(target, '.git')).includes('pilothouse')).toBe(false)
  })

  test('fetch: what is new, and only that; tags of it; nothing when there is nothing', async () => {
    const { url, remotes } = await open()
    const target = join(root, 'clone')
    await remotes.clone(url, target)
    expect(await remotes.fetch(at(target), 'origin')).toBe(false)
    const oid = await commitIn(work, 'news: 1\n')
    git(work, 'tag', '-a', '-m', 'two', 'v2')
    git(work, 'push', '-q', 'origin', 'main', 'v2', 'HEAD~1:refs/heads/other')
    git(work, 'push', '-q', '--force', 'origin', 'HEAD~9:refs/heads/feature/one')
    expect(await remotes.fetch(at(target), 'origin')).toBe(true)
    expect(git(target, 'rev-parse', 'origin/main', 'v2^{commit}')).toBe(`${oid}\n${oid}`)
    expect(git(target, 'rev-parse', 'origin/other', 'origin/feature/one')).toBe(
      git(work, 'rev-parse', 'HEAD~1', 'HEAD~9'),
    )
    expect(git(target, 'reflog', 'origin/main')).toMatch(/fetch origin: fast-forward/)
    const packs = readdirSync(join(target, '.git', 'objects', 'pack')).filter(name => name.endsWith('.idx'))
    expect(packs).toHaveLength(2)
    // Commit, tag, and the trees and blob that differ: not the history.
    const sizes = packs.map(
      pack => git(target, 'verify-pack', '-v', join('.git/objects/pack', pack)).split('\n').length,
    )
    expect(Math.min(...sizes)).toBeLessThan(12)
    expect(git(target, 'fsck', '--strict')).toBe('')
    expect(await remotes.fetch(at(target), 'origin')).toBe(false)
  })

  test('push: one commit by its id, the tracking ref follows; a stale one is told so', async () => {
    const { url, remotes } = await open()
    const [one, two] = [join(root, 'one'), join(root, 'two')]
    await remotes.clone(url, one)
    await remotes.clone(url, two)
    const base = git(one, 'rev-parse', 'HEAD')
    const first = await commitIn(one, 'a: 1\n')
    const second = await commitIn(two, 'b: 1\n', 'b.yaml')
    expect(await remotes.push(at(one), 'origin', first, 'main', base)).toEqual({ kind: 'pushed' })
    expect(git(origin, 'rev-parse', 'main')).toBe(first)
    expect(git(one, 'rev-parse', 'origin/main')).toBe(first)
    expect(git(one, 'status', '--porcelain', '-b')).toBe('## main...origin/main')
    // Again, as after an answer that was lost.
    expect(await remotes.push(at(one), 'origin', first, 'main', base)).toEqual({ kind: 'pushed' })
    expect(await remotes.push(at(two), 'origin', second, 'main', base)).toEqual({ kind: 'moved', at: first })
    expect(await remotes.push(at(two), 'origin', second, 'main', null)).toEqual({ kind: 'moved', at: first })
    expect(git(two, 'rev-parse', 'origin/main')).toBe(base)
    expect(await remotes.push(at(two), 'origin', second, 'new/branch', null)).toEqual({ kind: 'pushed' })
    expect(git(origin, 'rev-parse', 'new/branch')).toBe(second)
    // Never forced: a commit that does not build on what is there.
    const stray = git(two, 'commit-tree', '-m', 'stray', `${second}^{tree}`)
    expect(await remotes.push(at(two), 'origin', stray, 'new/branch', second)).toEqual({ kind: 'moved' })
    expect(git(origin, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  test('push: the words of a hook are passed on', async () => {
    const { url, remotes } = await open()
    const target = join(root, 'clone')
    await remotes.clone(url, target)
    const hook = join(origin, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\nread line\necho "main is protected: ask \\033[31mAda\\033[0m" >&2\nexit 1\n')
    await chmod(hook, 0o755)
    const base = git(target, 'rev-parse', 'HEAD')
    const result = await remotes.push(at(target), 'origin', await commitIn(target, 'a: 1\n'), 'main', base)
    expect(result).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/main is protected: ask Ada\npre-receive hook declined/),
    })
    expect(git(origin, 'rev-parse', 'main')).toBe(base)
  })

  test('two clients push at once: one is told that the branch moved', async () => {
    const { url, remotes } = await open()
    const clients = await Promise.all(
      Array.from({ length: 4 }, async (_, k) => {
        const directory = join(root, `client${k}`)
        await remotes.clone(url, directory)
        return { directory, commit: await commitIn(directory, `by: ${k}\n`) }
      }),
    )
    const base = git(origin, 'rev-parse', 'main')
    const results = await Promise.all(
      clients.map(({ directory, commit }) => remotes.push(at(directory), 'origin', commit, 'main', base)),
    )
    expect(results.map(({ kind }) => kind).sort()).toEqual(['moved', 'moved', 'moved', 'pushed'])
    const winner = clients[results.findIndex(({ kind }) => kind === 'pushed')]!
    expect(git(origin, 'rev-parse', 'main')).toBe(winner.commit)
    expect(git(origin, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  test('a cancelled clone leaves nothing behind', async () => {
    const { url, remotes } = await open()
    const before = leftovers()
    for (const phase of ['transport.phaseConnecting', 'transport.phaseReceiving', 'transport.phaseCheckout']) {
      const cancel = new AbortController()
      const cloning = remotes.clone(url, join(root, 'deep', 'er'), {
        signal: cancel.signal,
        progress: now => {
          if (now.phase !== phase || cancel.signal.aborted) return
          cancel.abort()
        },
      })
      await expect(cloning).rejects.toMatchObject({ code: 'cancelled' })
      expect(leftovers()).toEqual(before)
    }
  })

  test('an empty remote, and a remote that is not there', async () => {
    const { url, remotes, gone } = await open()
    await expect(remotes.clone(`${url}-not-there`, join(root, 'gone'))).rejects.toMatchObject({ code: gone })
    expect(existsSync(join(root, 'gone'))).toBe(false)
    await rm(origin, { recursive: true })
    git(root, 'init', '-q', '--bare', origin)
    const target = join(root, 'empty')
    await remotes.clone(url, target)
    expect(git(target, 'status', '--porcelain', '-b')).toMatch(/^## No commits yet on /)
    const oid = await commitIn(target, 'x: 1\n', 'x.yaml')
    expect(await remotes.fetch(at(target), 'origin')).toBe(false)
    expect(await remotes.push(at(target), 'origin', oid, 'main', null)).toEqual({ kind: 'pushed' })
    expect(git(origin, 'rev-parse', 'main')).toBe(oid)
  })
}

describe('a folder', () => {
  everyWay(() => ({ url: () => origin, gone: 'unreachable' }))

  test('file:// too, and into an empty folder that stays when the clone fails', async () => {
    const target = join(root, 'there')
    await mkdir(target)
    const remotes = remotesFor({})
    await expect(remotes.clone(`file://${root}/nowhere`, target)).rejects.toMatchObject({ code: 'unreachable' })
    expect(readdirSync(target)).toEqual([])
    await remotes.clone(`file://${encodeURI(origin.slice(0, -'.git'.length))}`, target)
    expect(git(target, 'fsck', '--strict')).toBe('')
    await expect(remotes.clone(origin, target)).rejects.toMatchObject({ key: 'transport.notEmpty' })
    expect(git(target, 'status', '--porcelain')).toBe('')
  })

  test('a shallow remote makes a shallow clone, which can fetch and push', async () => {
    const shallow = join(root, 'shallow.git')
    git(root, 'clone', '-q', '--bare', '--depth', '3', `file://${origin}`, shallow)
    const target = join(root, 'clone')
    const remotes = remotesFor({})
    await remotes.clone(shallow, target)
    expect(git(target, 'rev-parse', '--is-shallow-repository')).toBe('true')
    expect(git(target, 'rev-list', '--count', 'HEAD')).toBe('3')
    expect(git(target, 'fsck', '--strict')).toBe('')
    git(work, 'push', '-q', shallow, `${await commitIn(work, 'n: 1\n')}:refs/heads/main`)
    expect(await remotes.fetch(at(target), 'origin')).toBe(true)
    expect(git(target, 'rev-list', '--count', 'origin/main')).toBe('4')
    git(target, 'merge', '-q', '--ff-only', 'origin/main')
    const base = git(target, 'rev-parse', 'HEAD')
    const oid = await commitIn(target, 'n: 2\n')
    // To the whole repository: the remote knows more than the clone does.
    git(target, 'remote', 'set-url', 'origin', origin)
    git(work, 'push', '-q', 'origin', 'main')
    expect(await remotes.push(at(target), 'origin', oid, 'main', base)).toEqual({ kind: 'pushed' })
    expect(git(origin, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  test('line ends and a detached HEAD as git checks them out', async () => {
    await writeFile(join(work, '.gitattributes'), '*.txt eol=crlf\n')
    await commitIn(work, 'one\ntwo\n', 'a.txt')
    git(work, 'push', '-q', 'origin', 'main')
    git(origin, 'update-ref', '--no-deref', 'HEAD', git(work, 'rev-parse', 'HEAD'))
    git(origin, 'update-ref', 'refs/heads/main', 'main~1')
    const target = join(root, 'clone')
    await remotesFor({}).clone(origin, target)
    expect(readFileSync(join(target, 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\n')
    expect(git(target, 'status', '--porcelain', '-b')).toBe('## HEAD (no branch)')
    expect(git(target, 'rev-parse', 'HEAD')).toBe(git(work, 'rev-parse', 'HEAD'))
  })

  test('a name that leads out of the work tree is refused', async () => {
    const blob = git(origin, 'hash-object', '-w', join(work, 'run.sh'))
    for (const name of ['.GIT', '.git ', 'git~1', '.g\u200cit']) {
      const tree = execFileSync('git', ['-C', origin, 'mktree'], {
        input: `100644 blob ${blob}\t${name}\n`,
        encoding: 'utf8',
      })
      git(origin, 'update-ref', 'refs/heads/main', git(origin, 'commit-tree', '-m', 'bad', tree.trim()))
      await expect(remotesFor({}).clone(origin, join(root, 'bad'))).rejects.toMatchObject({
        key: 'transport.unsafePath',
      })
      expect(existsSync(join(root, 'bad'))).toBe(false)
    }
  })

  test('insteadOf and pushInsteadOf; no remote of that name', async () => {
    const target = join(root, 'clone')
    const more = {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: `url.${root}/.insteadOf`,
      GIT_CONFIG_VALUE_0: 'short:',
      GIT_CONFIG_KEY_1: `url.${root}/push-.pushInsteadOf`,
      GIT_CONFIG_VALUE_1: 'short:',
    }
    const remotes = remotesFor({ env: more })
    await remotes.clone("short:ori gin's.git", target)
    expect(git(target, 'config', 'remote.origin.url')).toBe("short:ori gin's.git")
    expect(await remotes.fetch(at(target), 'origin')).toBe(false)
    const base = git(target, 'rev-parse', 'HEAD')
    const oid = await commitIn(target, 'z: 1\n')
    await expect(remotes.push(at(target), 'origin', oid, 'main', base)).rejects.toMatchObject({ code: 'unreachable' })
    git(root, 'clone', '-q', '--bare', origin, join(root, "push-ori gin's.git"))
    expect(await remotes.push(at(target), 'origin', oid, 'main', base)).toEqual({ kind: 'pushed' })
    await expect(remotes.fetch(at(target), 'upstream')).rejects.toMatchObject({ key: 'transport.noSuchRemote' })
  })

  test('pushing to the branch somebody works on is refused in the remote’s words', async () => {
    const target = join(root, 'clone')
    const remotes = remotesFor({})
    await remotes.clone(work, target)
    const base = git(target, 'rev-parse', 'HEAD')
    const result = await remotes.push(at(target), 'origin', await commitIn(target, 'z: 1\n'), 'main', base)
    expect(result).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('branch is currently checked out'),
    })
  })
})

describe('http', () => {
  everyWay(async () => {
    const server = await serve()
    return { url: () => on(server) }
  })

  test('asks, remembers what worked, and tells what did not', async () => {
    const server = await serve({ credentials: 'ada:s3cret/#' })
    const secrets = memory()
    const answers = ['wrong', 's3cret/#']
    const remotes = remotesFor({
      secrets,
      answer: () => ({ username: 'ada', secret: answers.shift() ?? null, remember: false }),
    })
    const target = join(root, 'clone')
    await remotes.clone(on(server), target)
    expect(remotes.asked).toEqual(Array(2).fill({ kind: 'password', host: new URL(server.url).host, username: null }))
    await remotes.fetch(at(target), 'origin')
    expect(remotes.asked).toHaveLength(2)
    const later = remotesFor({ secrets })
    await later.fetch(at(target), 'origin')
    expect(later.asked).toEqual([])
    const stranger = remotesFor({})
    await expect(stranger.fetch(at(target), 'origin')).rejects.toMatchObject({ key: 'transport.httpNoCredentials' })
    const liar = remotesFor({ answer: () => ({ username: 'ada', secret: 'no', remember: false }) })
    await expect(liar.fetch(at(target), 'origin')).rejects.toMatchObject({
      code: 'unauthorized',
      key: 'transport.httpDenied',
    })
    expect(liar.asked).toHaveLength(3)
  })

  test('takes credentials from a git helper, and tells it what came of them', async () => {
    const server = await serve({ credentials: 'ada:s3cret' })
    const log = join(root, 'helper.log')
    const helper = `!f() { echo "$1" >> ${log}; test "$1" = get && printf 'username=ada\\npassword=%s\\n' "$(cat ${root}/password)"; }; f`
    const more = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'credential.helper', GIT_CONFIG_VALUE_0: helper }
    await writeFile(join(root, 'password'), 's3cret')
    const remotes = remotesFor({ env: more })
    await remotes.clone(on(server), join(root, 'clone'))
    expect(remotes.asked).toEqual([])
    expect(readFileSync(log, 'utf8')).toBe('get\nstore\n')
    await writeFile(join(root, 'password'), 'stale')
    await expect(remotesFor({ env: more }).fetch(at(join(root, 'clone')), 'origin')).rejects.toMatchObject({
      code: 'unauthorized',
    })
    expect(readFileSync(log, 'utf8')).toBe('get\nstore\nget\nerase\n')
  })

  test('a password in the address works, and is written nowhere', async () => {
    const server = await serve({ credentials: 'ada:hunter2' })
    const url = on(server).replace('://', '://ada:hunter2@')
    const target = join(root, 'clone')
    const remotes = remotesFor({})
    await remotes.clone(url, target)
    expect(gitFails(target, 'grep', '-r', '--no-index', 'hunter2', '--', '.git')).not.toContain('hunter2:')
    expect(execFileSync('sh', ['-c', `grep -rl hunter2 "${target}/.git" || true`], { encoding: 'utf8' })).toBe('')
    expect(git(target, 'config', 'remote.origin.url')).toBe(on(server).replace('://', '://ada@'))
    await remotes.fetch(at(target), 'origin')
    const wrong = remotesFor({}).clone(url.replace('hunter2', 'hunter3'), join(root, 'wrong'))
    const error = await wrong.then(
      () => null,
      (failure: unknown) => failure,
    )
    expect(error).toMatchObject({ code: 'unauthorized' })
    expect(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toMatch(/hunter/)
  })

  test('follows a redirect of the first request alone, and keeps credentials from other hosts', async () => {
    const stranger = await serve()
    const server = await serve({
      before: (request, response) => {
        if (!request.url?.startsWith('/moved/')) return false
        response.writeHead(302, { location: `${stranger.url}${request.url.slice('/moved/'.length)}` }).end()
        return true
      },
    })
    const url = `${server.url}moved/${encodeURIComponent("ori gin's.git")}`
    const more = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: 'Authorization: Bearer t0ken',
    }
    await remotesFor({ env: more }).clone(url.replace('://', '://ada:hunter2@'), join(root, 'clone'))
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer t0ken'])
    expect(stranger.requests.map(({ method, authorization }) => `${method} ${authorization}`)).toEqual([
      'GET null',
      'POST null',
    ])
    const circle = await serve({
      before: (request, response) => {
        response.writeHead(302, { location: request.url }).end()
        return true
      },
    })
    await expect(remotesFor({}).clone(on(circle), join(root, 'circle'))).rejects.toMatchObject({
      key: 'transport.httpTooManyRedirects',
    })
  })

  test.each([1, 100, 3000, 20_000])('a line cut after %d bytes leaves nothing behind', async bytes => {
    const server = await serve({ cutAfter: bytes })
    const before = leftovers()
    await expect(remotesFor({}).clone(on(server), join(root, 'clone'))).rejects.toMatchObject({
      code: 'connection-lost',
    })
    expect(leftovers()).toEqual(before)
    const target = join(root, 'kept')
    await remotesFor({}).clone(origin, target)
    git(target, 'remote', 'set-url', 'origin', on(server))
    for (let k = 0; k < 300; k++) await writeFile(join(work, `n${k}`), String(k * 1e9).repeat(900))
    await commitIn(work, 'many: 1\n')
    git(work, 'push', '-q', 'origin', 'main')
    const packs = readdirSync(join(target, '.git', 'objects', 'pack'))
    await expect(remotesFor({}).fetch(at(target), 'origin')).rejects.toMatchObject({ code: 'connection-lost' })
    expect(readdirSync(join(target, '.git', 'objects', 'pack'))).toEqual(packs)
    expect(git(target, 'fsck', '--strict')).toBe('')
  })

  test('says who is unreachable, what is no git server, and what a 403 said', async () => {
    const remotes = remotesFor({})
    await expect(remotes.clone('http://127.0.0.1:1/x.git', join(root, 'a'))).rejects.toMatchObject({
      code: 'unreachable',
    })
    const page = await serve({
      before: (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
        return true
      },
    })
    await expect(remotes.clone(on(page), join(root, 'a'))).rejects.toMatchObject({ key: 'transport.httpNotGit' })
    const target = join(root, 'clone')
    await remotes.clone(origin, target)
    const guarded = await serve({
      before: (request, response) => {
        if (!request.url?.includes('receive-pack')) return false
        response.writeHead(403, { 'content-type': 'text/plain' }).end('Write access to repository not granted.')
        return true
      },
    })
    git(target, 'remote', 'set-url', 'origin', on(guarded))
    const oid = await commitIn(target, 'q: 1\n')
    expect(await remotes.push(at(target), 'origin', oid, 'main', git(origin, 'rev-parse', 'main'))).toEqual({
      kind: 'refused',
      reason: 'Write access to repository not granted.',
    })
  })
})

describe.runIf(sshdPath !== null)('ssh', () => {
  let world: SshWorld
  let server: SshServer
  let jump: SshServer
  let socket: string
  let plain: string
  let locked: string
  beforeAll(async () => {
    world = await createSshWorld()
    ;[server, jump] = [await world.server(), await world.server()]
    plain = await world.key('plain')
    locked = await world.key('locked', { passphrase: 'open sesame' })
    socket = await world.agent(await world.key('in-agent'))
    await world.trust(jump)
    await world.trust(server, { hashed: true })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const ssh = (options: { agent?: boolean; passphrase?: string } = {}) =>
    createSsh({
      prompter: {
        ask: async question =>
          question.kind === 'passphrase' && options.passphrase !== undefined
            ? { secret: options.passphrase, remember: false }
            : null,
      },
      secrets: memory(),
      home: world.home,
      configFiles: [join(world.home, '.ssh', 'config')],
      env: { USER: world.user, ...(options.agent && { SSH_AUTH_SOCK: socket }) },
    })
  const path = () => `/${encodeURI(origin.slice(1))}`

  describe('with the agent', () => {
    everyWay(async () => {
      await world.config('')
      return { url: () => `ssh://127.0.0.1:${server.port}${path()}`, ssh: () => ssh({ agent: true }) }
    })
  })

  describe.each([
    ['a key file', () => `IdentityFile ${plain}`, {}],
    ['a locked key', () => `IdentityFile ${locked}`, { passphrase: 'open sesame' }],
    ['a jump host', () => `IdentityFile ${plain}\n  ProxyJump ${world.user}@jump`, {}],
  ] as const)('with %s, by an alias', (_name, lines, options) => {
    test('clone, fetch, push', async () => {
      await world.config(
        `Host jump\n  HostName 127.0.0.1\n  Port ${jump.port}\n  IdentityFile ${plain}\n` +
          `Host box\n  HostName 127.0.0.1\n  Port ${server.port}\n  ${lines()}\n`,
      )
      const remotes = remotesFor({ ssh: ssh(options) })
      const target = join(root, 'clone')
      await remotes.clone(`box:${origin}`, target)
      expect(git(target, 'fsck', '--strict')).toBe('')
      expect(git(target, 'status', '--porcelain', '-b')).toBe('## main...origin/main')
      await commitIn(work, 'news: 1\n')
      git(work, 'push', '-q', 'origin', 'main')
      expect(await remotes.fetch(at(target), 'origin')).toBe(true)
      git(target, 'merge', '-q', '--ff-only', 'origin/main')
      const base = git(target, 'rev-parse', 'HEAD')
      const oid = await commitIn(target, 'mine: 1\n')
      expect(await remotes.push(at(target), 'origin', oid, 'main', base)).toEqual({ kind: 'pushed' })
      expect(git(origin, 'rev-parse', 'main')).toBe(oid)
      if (lines().includes('Jump')) expect(jump.log()).toMatch(/Accepted publickey/)
    })
  })

  test('GIT_SSH_COMMAND and core.sshCommand are what they say', async () => {
    await world.config('')
    const command = `ssh -i ${plain} -o IdentitiesOnly=yes -o UserKnownHostsFile=${world.home}/.ssh/known_hosts -F none`
    const target = join(root, 'clone')
    await remotesFor({ env: { GIT_SSH_COMMAND: command } }).clone(`ssh://127.0.0.1:${server.port}${path()}`, target)
    expect(git(target, 'fsck', '--strict')).toBe('')
    git(target, 'config', 'core.sshCommand', command)
    expect(await remotesFor({}).fetch(at(target), 'origin')).toBe(false)
  })

  test('a changed host key is refused before anything is sent, and nothing is left behind', async () => {
    const other = await world.server()
    await world.trust({ ...server, hostKey: other.hostKey }, { name: `[127.0.0.1]:${other.port + 0}` })
    const impostor = await world.server()
    await world.trust({ ...impostor, hostKey: other.hostKey }, { name: `[127.0.0.1]:${impostor.port}` })
    await world.config(`IdentityFile ${plain}\n`)
    const before = leftovers()
    await expect(
      remotesFor({ ssh: ssh() }).clone(`ssh://127.0.0.1:${impostor.port}${path()}`, join(root, 'clone')),
    ).rejects.toMatchObject({ code: 'unauthorized', key: 'transport.hostKeyChanged' })
    expect(leftovers()).toEqual(before)
    expect(impostor.log()).not.toMatch(/Accepted/)
  })

  test('a server that dies in the middle of a clone leaves nothing behind', async () => {
    const mortal = await world.server()
    await world.trust(mortal)
    await world.config(`IdentityFile ${plain}\n`)
    const before = leftovers()
    const cloning = remotesFor({ ssh: ssh() }).clone(`ssh://127.0.0.1:${mortal.port}${path()}`, join(root, 'clone'), {
      progress: ({ phase }) => {
        if (phase === 'transport.phasePreparing' || phase === 'transport.phaseReceiving') void mortal.stop()
      },
    })
    const outcome = await cloning.then(
      () => 'cloned',
      (error: { code: string }) => error.code,
    )
    // The pack may have arrived before the server was gone.
    expect(['connection-lost', 'cloned']).toContain(outcome)
    if (outcome !== 'cloned') expect(leftovers()).toEqual(before)
  })
})
