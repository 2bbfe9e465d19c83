import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { addBareRemote, git, makeServiceChain } from '../world/small-repository.ts'
import { testHost } from '../world/test-host.ts'

/** How many times the process is killed; the whole run uses 200. */
const rounds = Number(process.env['PILOTHOUSE_CRASH_ROUNDS'] ?? 40)

const root = mkdtempSync(join(tmpdir(), 'pilothouse-crash-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let said = ''

function start(clone: string, data: string): { child: ChildProcess; ready: Promise<void> } {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'publish-child.ts'), clone, data, 'manifests/svc-0.yaml', 'svc-0', 'push'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let errors = ''
  child.stderr!.on('data', chunk => {
    errors += chunk
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', chunk => {
      said += chunk
      if (String(chunk).includes('ready')) resolve()
    })
    child.on('exit', code => {
      if (code !== null) reject(new Error(`The publishing process ended by itself: ${errors}`))
    })
  })
  return { child, ready }
}

/** What a person finds after a restart: the draft and the branch, settled. */
async function restart(clone: string, data: string): Promise<{ edits: number; replicas: number }> {
  await using core = await createCore(testHost(data))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  for await (const view of api.draft.view({ workspace })) {
    const last = view.edits.at(-1)?.edit
    return { edits: view.edits.length, replicas: last?.kind === 'set-replicas' ? last.replicas : -1 }
  }
  throw new Error('no draft')
}

test(`a publish killed at ${rounds} random moments leaves the old state or the new, and the draft or the decision`, {
  timeout: 30 * 60_000,
}, async () => {
  const clone = join(root, 'clone')
  const bare = join(root, 'remote.git')
  const data = join(root, 'data')
  makeServiceChain(clone, 4)
  addBareRemote(clone, bare)
  const found = { draft: 0, decision: 0, between: 0 }
  for (let round = 0; round < rounds; round++) {
    const before = git(clone, 'rev-parse', 'HEAD').trim()
    said = ''
    const { child, ready } = start(clone, data)
    await ready
    // One publish takes some tens of milliseconds; a few go through before the last is cut.
    await new Promise(resolve => setTimeout(resolve, Math.random() * 250))
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone

    const { edits, replicas } = await restart(clone, data)
    git(clone, 'fsck', '--strict', '--no-dangling')
    git(bare, 'fsck', '--strict', '--no-dangling')
    expect(git(clone, 'status', '--porcelain'), `round ${round}: the work tree is what HEAD says`).toBe('')
    expect(git(clone, 'merge-base', '--is-ancestor', before, 'HEAD')).toBe('')
    const head = git(clone, 'show', 'HEAD:manifests/svc-0.yaml')
    const committed = Number(/replicas: (\d+)/.exec(head)?.[1])
    const remote = Number(/replicas: (\d+)/.exec(git(bare, 'show', 'main:manifests/svc-0.yaml'))?.[1])
    // Either the draft is still there, or what it said is the last decision here or at the remote: never neither.
    if (edits > 0) found.draft++
    else if (committed === remote) found.decision++
    else found.between++
    if (edits > 0) expect(replicas).not.toBe(committed)
    expect(
      [committed, replicas],
      `round ${round}: ${said}\n${git(clone, 'reflog', '-6')}\n${git(bare, 'log', '--oneline', '-4', 'main')}`,
    ).toContain(remote)
  }
  const decisions = git(clone, 'log', '--format=%s', 'origin/main').match(/^DECISION: /gm) ?? []
  const changeSets =
    git(clone, 'log', '--format=%(trailers:key=Change-Set,valueonly)', 'origin/main').match(/\w{64}/g) ?? []
  expect(changeSets.length).toBe(decisions.length)
  expect(new Set(changeSets).size, 'no decision was made twice').toBe(changeSets.length)
  console.log(
    `${rounds} kills: draft kept ${found.draft}, decision made ${found.decision}, in between ${found.between}; ${decisions.length} decisions`,
  )
})
