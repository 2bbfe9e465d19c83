import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addBareRemote, git, makeServiceChain } from '../world/small-repository.ts'

const each = Number(process.env['PILOTHOUSE_PUBLISHES'] ?? 50)
const root = mkdtempSync(join(tmpdir(), 'pilothouse-two-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function publish(clone: string, data: string, service: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'publish-many.ts'), clone, data, `manifests/${service}.yaml`, service, String(each)],
      { stdio: ['ignore', 'inherit', 'pipe'] },
    )
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(errors))))
  })
}

test(`two processes publish ${each} decisions each to one remote at once: none lost, doubled or forced`, {
  timeout: 20 * 60_000,
}, async () => {
  const a = join(root, 'a')
  const b = join(root, 'b')
  const bare = join(root, 'remote.git')
  makeServiceChain(a, 4)
  addBareRemote(a, bare)
  git(root, 'clone', '-q', bare, b)
  git(b, 'config', 'user.name', 'Grace Hopper')
  git(b, 'config', 'user.email', 'grace@example.org')
  // A remote that refuses to rewrite: a forced push would fail here and be seen.
  git(bare, 'config', 'receive.denyNonFastForwards', 'true')
  const start = git(bare, 'rev-parse', 'main').trim()
  await Promise.all([publish(a, join(root, 'data-a'), 'svc-0'), publish(b, join(root, 'data-b'), 'svc-2')])

  git(bare, 'fsck', '--strict', '--no-dangling')
  expect(git(bare, 'merge-base', '--is-ancestor', start, 'main')).toBe('')
  const subjects = git(bare, 'log', '--format=%s', `${start}..main`).trim().split('\n')
  const wanted = ['svc-0', 'svc-2'].flatMap(name =>
    Array.from({ length: each }, (_, i) => `DECISION: Scale ${name} to ${i + 2}`),
  )
  expect(subjects.sort()).toEqual(wanted.sort())
  const changeSets =
    git(bare, 'log', '--format=%(trailers:key=Change-Set,valueonly)', `${start}..main`).match(/\w{64}/g) ?? []
  expect(new Set(changeSets).size).toBe(2 * each)
  for (const name of ['svc-0', 'svc-2'])
    expect(git(bare, 'show', `main:manifests/${name}.yaml`)).toContain(`replicas: ${each + 1} # raised before sales`)
  for (const clone of [a, b]) {
    expect(git(clone, 'status', '--porcelain')).toBe('')
    git(clone, 'fsck', '--strict', '--no-dangling')
  }
})
