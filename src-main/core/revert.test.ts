import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-revert-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const services = 5
const fields = ['replicas', 'image', 'env'] as const
type Field = `${number} ${(typeof fields)[number]}`

/** The same numbers on every machine (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function editOf(field: Field, value: number): Edit {
  const [service, kind] = field.split(' ')
  const resource = { file: `manifests/svc-${service}.yaml`, kind: 'Deployment', name: `svc-${service}` }
  const container = 'server'
  if (kind === 'replicas') return { kind: 'set-replicas', resource, replicas: value }
  if (kind === 'image') return { kind: 'set-image', resource, container, image: `example.org/svc-${service}:${value}` }
  return { kind: 'set-env', resource, container, name: 'LEVEL', value: { value: String(value) } }
}

test('each of 50 decisions is reverted among later ones: what it should be, or a conflict; never another field', async () => {
  const clone = join(root, 'clone')
  makeServiceChain(clone, services)
  await using core = await createCore(testHost(join(root, 'data')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api: Api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  const publish = async (edits: readonly Edit[], more: { reverts?: string } = {}): Promise<string> => {
    const { view } = await api.draft.preview({ workspace, edits: [...edits] })
    const outcome = await api.draft.publish({
      workspace,
      changeSetId: view.changeSetId,
      edits: [...edits],
      title: 'a change',
      why: 'To try it.',
      kind: 'scale',
      target: { kind: 'current-branch' },
      push: false,
      ...more,
    })
    if (outcome.kind !== 'published') throw new Error(outcome.kind)
    return outcome.commit
  }
  const textOf = (service: string) => readFileSync(join(clone, `manifests/svc-${service}.yaml`), 'utf8')
  const read = (field: Field): string | undefined => {
    const [service = '', kind] = field.split(' ')
    const pattern = { replicas: /replicas: (\d+)/, image: /image: (\S+)/, env: /name: LEVEL\n +value: "?(\d+)/ }
    return pattern[kind as (typeof fields)[number]].exec(textOf(service))?.[1]
  }
  const all = Array.from({ length: services }, (_, k) => fields.map((field): Field => `${k} ${field}`)).flat()
  const state = () => Object.fromEntries(all.map(field => [field, read(field)])) as Record<Field, string | undefined>

  const next = random(50)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const made: {
    commit: string
    before: Record<Field, string | undefined>
    after: Record<Field, string | undefined>
  }[] = []
  for (let k = 0; k < 50; k++) {
    const before = state()
    const changed = new Set(Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(all)))
    const commit = await publish([...changed].map(field => editOf(field, 10 + k)))
    made.push({ commit, before, after: state() })
  }
  // Commits made elsewhere, in the same files.
  writeFileSync(join(clone, 'manifests/svc-0.yaml'), `# By hand.\n${textOf('0')}`)
  git(clone, 'commit', '-q', '-am', 'a comment')

  let conflicts = 0
  let reverted = 0
  const order = [...made].sort(() => next() - 0.5)
  for (const { commit, before, after } of order) {
    const today = state()
    const plan = await api.draft.planRevert({ workspace, decision: commit })
    if (plan.edits.length > 0) await publish(plan.edits, { reverts: plan.reverts })
    const now = state()
    for (const field of all) {
      const touched = before[field] !== after[field]
      const moved = today[field] !== after[field]
      expect({ commit, field, value: now[field] }).toEqual({
        commit,
        field,
        value: touched && !moved ? before[field] : today[field],
      })
    }
    const clashes = all.filter(
      field => before[field] !== after[field] && today[field] !== after[field] && today[field] !== before[field],
    )
    expect(plan.conflicts.length, commit).toBe(clashes.length)
    conflicts += clashes.length
    if (plan.edits.length > 0) reverted++
  }
  expect(textOf('0')).toMatch(/^# By hand\./)
  expect(conflicts).toBeGreaterThan(5)
  expect(reverted).toBeGreaterThan(5)
  expect(git(clone, 'status', '--porcelain')).toBe('')
  expect(git(clone, 'log', '--format=%(trailers:key=Decision-Reverts,valueonly)').match(/\w{26}/g)?.length).toBe(
    reverted,
  )

  const [head = ''] = git(clone, 'log', '-1', '--format=%H', '--grep=a comment').split('\n')
  const byHand = await api.draft.planRevert({ workspace, decision: head })
  expect(byHand.conflicts).toEqual([])
  await publish(byHand.edits, { reverts: byHand.reverts })
  expect(textOf('0')).not.toContain('By hand')
})
