import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEdgeFile } from '../../../shared/edge/read-edge.ts'
import { translate } from '../../../shared/messages/index.ts'
import { memoryDocuments } from '../../adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../adapters/artifacts/system-artifacts.ts'
import { createLocalNode, type LocalNode } from '../../sandbox/edge/local-node.ts'
import { applyRelease, lookAt } from './apply-release.ts'
import { prepareRelease } from './prepare-release.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pilothouse-build-'))
})
afterAll(() => rm(directory, { recursive: true }))

const artifacts = systemArtifacts(memoryDocuments())
const never = new AbortController().signal
const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds))

const declared = (spec: string) => {
  const { nodes, services, findings } = readEdgeFile(
    '.pilothouse/edge/a.yaml',
    `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: board }
spec: { host: board }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  node: board
  artifact: { path: counter }
  health: { exec: [sh, -c, 'test -f "$PILOTHOUSE_ROOT/opt/pilothouse/counter/current/ready"'], stable: 1ms, timeout: 60s }
${spec}`,
  )
  expect(findings).toEqual([])
  return { node: nodes[0]!, service: services[0]! }
}

/** A program that says which one it is, and that it is ready, as long as it runs. */
const program = (version: number, filler = '') => `#!/bin/sh
echo "version ${version} of $GREETING"
: >ready
while :; do sleep 60; done
${filler}`

const greeting = `  env: [{ name: GREETING, value: "it's $5 100% \\"ok\\"" }]
`

async function apply(board: LocalNode, text: string, spec = greeting, seen?: string[]) {
  await writeFile(join(directory, 'counter'), text)
  const { node, service } = declared(spec)
  const prepared = await prepareRelease(service, directory, artifacts, never)
  const outcome = await applyRelease(node, service, {
    connection: board.connect(),
    prepared,
    pause,
    signal: never,
    ...(seen && { progress: step => void seen.push(step) }),
  })
  const look = await lookAt(node, board.connect(), [service.name], never)
  return { outcome, look: look.services.get(service.name)! }
}
const journal = (board: LocalNode) =>
  readFileSync(join(board.root, 'run/systemd/pilothouse-counter.service.log'), 'utf8')
const home = (board: LocalNode) => join(board.root, 'opt/pilothouse/counter')

test('a first release, the same again, and another of which only the difference is sent', async () => {
  await using board = await createLocalNode()
  // Without pattern: no stretch of it is found in another.
  let block = ''
  const noise = Array.from({ length: 4000 }, () => {
    block = createHash('sha256').update(block).digest('hex')
    return block
  }).join('')
  const first = await apply(board, program(1, noise))
  expect(first.outcome).toMatchObject({ kind: 'applied', before: null })
  expect(first.look).toMatchObject({ active: 'active', linked: true, pending: null, incoming: [] })
  expect(journal(board)).toBe(`version 1 of it's $5 100% "ok"\n`)

  const seen: string[] = []
  expect((await apply(board, program(1, noise), undefined, seen)).outcome.kind).toBe('unchanged')
  expect(seen).toEqual(['looking'])

  const middle = noise.length >> 1
  const second = await apply(board, program(2, `${noise.slice(0, middle)}inserted${noise.slice(middle)}`))
  if (second.outcome.kind !== 'applied' || first.outcome.kind !== 'applied') throw new Error('not applied')
  expect(second.outcome.before).toBe(first.outcome.digest)
  expect(second.outcome.sent).toBeLessThan(first.outcome.sent / 5)
  expect(journal(board)).toContain('version 2')
  expect(second.look.current).toBe(second.outcome.digest)
  expect(readdirSync(home(board)).sort()).toEqual(['current', 'releases', 'revert'])
})

test('a release that does not live is put back, with its reason and its last words', async () => {
  await using board = await createLocalNode()
  const good = await apply(board, program(1))
  const bad = await apply(board, '#!/bin/sh\necho the config is missing >&2\nexit 7\n')
  expect(bad.outcome).toMatchObject({ kind: 'reverted', before: good.look.current })
  if (bad.outcome.kind !== 'reverted') throw new Error('not reverted')
  expect(translate('en', bad.outcome.reason)).toBe('counter ended by itself (exit-code, status 7).')
  expect(bad.outcome.journal).toContain('the config is missing')
  expect(bad.look).toMatchObject({ current: good.look.current, active: 'active', pending: null })
  expect(bad.look.reverted?.reason).toBe('exit-exit-code-7')
  // One that comes first has nothing to go back to: nothing of it is left running.
  await using fresh = await createLocalNode()
  const first = await apply(fresh, '#!/bin/sh\nexit 1\n')
  expect(first.outcome).toMatchObject({ kind: 'reverted', before: null })
  expect(first.look).toMatchObject({ current: null, active: 'inactive', linked: false })
})

test('what was changed by hand is seen, and put right', async () => {
  await using board = await createLocalNode()
  const { look } = await apply(board, program(1))
  const file = join(home(board), 'releases', look.current!, 'counter')
  await writeFile(file, program(9))
  const again = await apply(board, program(1))
  expect(again.outcome.kind).toBe('applied')
  expect(readFileSync(file, 'utf8')).toBe(program(1))
  expect(again.look.files.every(({ sha256, actual }) => sha256 === actual)).toBe(true)
})

test('a program for another machine is refused before anything is sent', async () => {
  await using board = await createLocalNode()
  const elf = new Uint8Array(64)
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  elf[18] = 62
  await writeFile(join(directory, 'elf'), elf)
  const { node, service } = declared('')
  const given = { ...service, artifact: { path: 'elf' } }
  const prepared = await prepareRelease(given, directory, artifacts, never)
  const outcome = await applyRelease(node, given, { connection: board.connect(), prepared, pause, signal: never })
  if (outcome.kind !== 'refused') throw new Error(outcome.kind)
  expect(translate('en', outcome.reason)).toBe(
    'elf is made for amd64, and board is aarch64. Nothing was sent. Build it for this node.',
  )
  expect(existsSync(join(board.root, 'opt/pilothouse'))).toBe(false)
})

test('old releases are kept to a number', async () => {
  await using board = await createLocalNode()
  for (const version of [1, 2, 3, 4]) await apply(board, program(version), '  keep: 2\n')
  expect(readdirSync(join(home(board), 'releases'))).toHaveLength(2)
})
