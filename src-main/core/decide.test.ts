import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { addBareRemote, git, makeServiceChain } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { DraftView, PublishOutcome } from '../../shared/draft/draft.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { dayAfter } from '../../shared/gate/waiver.ts'
import type { WaiverView } from '../../shared/rules/contract.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-decide-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let number = 0
let clone: string
let bare: string
let data: string
beforeEach(() => {
  const place = join(root, String(++number))
  clone = join(place, 'clone')
  bare = join(place, 'remote.git')
  data = join(place, 'data')
  makeServiceChain(clone, 3)
  addBareRemote(clone, bare)
})

/** One window on a core of its own; the page's own way in. */
async function withApp<T>(work: (api: Api, workspace: string) => Promise<T>, directory = clone): Promise<T> {
  await using core = await createCore(testHost(data))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory })
  // Awaited here: the core is closed when this function is left.
  return await work(api, workspace)
}

async function draftOf(api: Api, workspace: string): Promise<DraftView> {
  for await (const view of api.draft.view({ workspace })) return view
  throw new Error('the draft ended')
}

async function waiversOf(api: Api, workspace: string): Promise<readonly WaiverView[]> {
  for await (const waivers of api.rules.waivers({ workspace })) return waivers
  throw new Error('the waivers ended')
}

const scale = (service: number, replicas: number): Edit => ({
  kind: 'set-replicas',
  resource: { file: `manifests/svc-${service}.yaml`, kind: 'Deployment', name: `svc-${service}` },
  replicas,
})

async function publish(
  api: Api,
  workspace: string,
  more: Partial<Parameters<Api['draft']['publish']>[0]> = {},
): Promise<PublishOutcome> {
  const { changeSetId } = await draftOf(api, workspace)
  return api.draft.publish({
    workspace,
    changeSetId,
    title: 'raise svc-0',
    why: 'Because of the sale.',
    kind: 'scale',
    target: { kind: 'current-branch' },
    push: true,
    ...more,
  })
}

describe('a decision', () => {
  test('is one line of YAML, one commit on both sides, and what Git itself reads', async () => {
    const outcome = await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const view = await draftOf(api, workspace)
      expect(view.files).toEqual([{ path: 'manifests/svc-0.yaml', change: 'changed', additions: 1, deletions: 1 }])
      expect(view.edits.map(edit => edit.state)).toEqual(['applied'])
      return publish(api, workspace)
    })
    expect(outcome).toMatchObject({ kind: 'published', branch: 'main', pushed: 'pushed', replayed: false })
    expect(git(clone, 'diff', '-U0', 'HEAD~1', '--', 'manifests').split('\n').slice(-3, -1)).toEqual([
      '-  replicas: 1 # raised before sales',
      '+  replicas: 4 # raised before sales',
    ])
    expect(git(clone, 'status', '--porcelain')).toBe('')
    expect(git(clone, 'fsck', '--strict')).toBe('')
    expect(git(clone, 'rev-parse', 'HEAD')).toBe(git(bare, 'rev-parse', 'main'))
    const trailers = git(clone, 'log', '-1', '--format=%(trailers:only,unfold)').trim().split('\n')
    expect(trailers.map(line => line.split(':')[0])).toEqual([
      'Decision-Id',
      'Decision-Kind',
      'Decision-Services',
      'Decision-Gate',
      'Decision-Record',
      'Change-Set',
    ])
    const record = git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Record,valueonly)').trim()
    expect(readFileSync(join(clone, record, 'README.md'), 'utf8')).toContain('Because of the sale.')
    expect(JSON.parse(readFileSync(join(clone, record, 'snapshot.json'), 'utf8'))).toMatchObject({
      kind: 'Snapshot',
      environment: 'manifests',
      edits: [scale(0, 4)],
    })
    expect(readFileSync(join(clone, record, 'dependencies/svc-0.graph'), 'utf8')).toBe(
      'svc-0 example.org/svc-0@1.0.0\n',
    )
  })

  test('published twice is one commit', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const { changeSetId } = await draftOf(api, workspace)
      const first = await publish(api, workspace, { changeSetId })
      const again = await publish(api, workspace, { changeSetId })
      expect(again).toMatchObject({ kind: 'published', commit: first.kind === 'published' && first.commit })
      expect(await api.draft.outcomeOf({ workspace, changeSetId: changeSetId! })).toEqual({
        commit: git(clone, 'rev-parse', 'HEAD').trim(),
      })
      expect((await draftOf(api, workspace)).edits).toEqual([])
    })
    expect(git(clone, 'rev-list', '--count', 'HEAD').trim()).toBe('2')
  })

  test('that is not what the person saw is stale', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const { changeSetId } = await draftOf(api, workspace)
      await api.draft.edit({ workspace, edits: [scale(1, 9)] })
      expect(await publish(api, workspace, { changeSetId })).toMatchObject({ kind: 'stale' })
    })
    expect(git(clone, 'rev-list', '--count', 'HEAD').trim()).toBe('1')
  })

  test('on a new branch leaves the current branch and its files alone', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const outcome = await publish(api, workspace, { target: { kind: 'new-branch', name: 'scale/svc-0' } })
      expect(outcome).toMatchObject({ kind: 'published', branch: 'scale/svc-0', pushed: 'pushed' })
    })
    expect(git(clone, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('main')
    expect(git(clone, 'status', '--porcelain')).toBe('')
    expect(git(bare, 'log', '--format=%s', 'main..scale/svc-0').trim()).toBe('DECISION: raise svc-0')
  })

  test('with no file change commits its record alone', async () => {
    await withApp(async (api, workspace) => {
      const outcome = await publish(api, workspace, { changeSetId: null, kind: 'record', title: 'keep two regions' })
      expect(outcome).toMatchObject({ kind: 'published' })
    })
    const files = git(clone, 'diff', '--name-only', 'HEAD~1').trim().split('\n')
    expect(files.every(file => file.startsWith('decisions/'))).toBe(true)
    expect(git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Kind,valueonly)').trim()).toBe('record')
  })

  test('is refused where a touched file is not clean, by name, and works on a branch', async () => {
    appendFileSync(join(clone, 'manifests/svc-0.yaml'), '# mine\n')
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      expect((await draftOf(api, workspace)).dirty).toEqual(['manifests/svc-0.yaml'])
      expect(await publish(api, workspace)).toEqual({ kind: 'dirty', files: ['manifests/svc-0.yaml'] })
      expect(git(clone, 'rev-list', '--count', '--all').trim()).toBe('1')
      const outcome = await publish(api, workspace, { target: { kind: 'new-branch', name: 'b' } })
      expect(outcome.kind).toBe('published')
    })
    expect(readFileSync(join(clone, 'manifests/svc-0.yaml'), 'utf8')).toMatch(/# mine\n$/)
  })

  test('can be the first commit of a repository', async () => {
    const unborn = join(root, `unborn-${number}`)
    git(root, 'init', '-q', '-b', 'main', unborn)
    git(unborn, 'config', 'user.name', 'Ada Lovelace')
    git(unborn, 'config', 'user.email', 'ada@example.org')
    await withApp(async (api, workspace) => {
      const outcome = await publish(api, workspace, { changeSetId: null, kind: 'record', push: false, title: 'begin' })
      expect(outcome).toMatchObject({ kind: 'published', branch: 'main' })
      expect((await api.decisions.show({ workspace, decision: 'HEAD' })).snapshot?.base).toBe(null)
    }, unborn)
    expect(git(unborn, 'log', '--format=%s').trim()).toBe('DECISION: begin')
    expect(git(unborn, 'status', '--porcelain')).toBe('')
    git(unborn, 'fsck', '--strict')
  })

  test('without a configured identity is refused with the remedy', async () => {
    git(clone, 'config', '--unset', 'user.name')
    git(clone, 'config', '--unset', 'user.email')
    const home = process.env['HOME']
    process.env['HOME'] = root
    try {
      await withApp(async (api, workspace) => {
        await api.draft.edit({ workspace, edits: [scale(0, 4)] })
        await expect(publish(api, workspace)).rejects.toMatchObject({ key: 'draft.noIdentity' })
      })
    } finally {
      process.env['HOME'] = home
    }
  })
})

describe('the gate', () => {
  test('asks a reason for what it warns of, and records it', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({
        workspace,
        edits: [
          {
            kind: 'set-env',
            resource: { file: 'manifests/svc-0.yaml', kind: 'Deployment', name: 'svc-0' },
            container: 'server',
            name: 'NEXT_ADDR',
            value: { value: 'http://svc-l:8080' },
          },
        ],
      })
      const view = await draftOf(api, workspace)
      expect(view.gate.verdict).toBe('warn')
      const blocked = await publish(api, workspace)
      expect(blocked.kind).toBe('blocked')
      const reasons = Object.fromEntries(view.gate.items.map(item => [item.rule, 'It is created tomorrow.']))
      expect((await publish(api, workspace, { reasons })).kind).toBe('published')
    })
    expect(git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Gate,valueonly)').trim()).toBe('warn')
  })
})

test('a block is let through with a reason and an end, which commit and record keep and the list counts down', async () => {
  const rule = 'few-replicas'
  const file = join(clone, '.pilothouse/rules/rules.yaml')
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `- id: ${rule}\n  expression: after.services.all(s, s.replicas <= 5)\n`)
  git(clone, 'add', '.')
  git(clone, 'commit', '-qm', 'rules')
  await withApp(async (api, workspace) => {
    await api.draft.edit({ workspace, edits: [scale(0, 9)] })
    const reasons = { [rule]: 'For the sale.' }
    const today = new Intl.DateTimeFormat('sv-SE').format(Date.now())
    expect((await publish(api, workspace, { reasons })).kind).toBe('blocked')
    expect((await publish(api, workspace, { reasons, waivedUntil: { [rule]: '2001-01-01' } })).kind).toBe('blocked')
    const until = dayAfter(today, 7)
    expect((await publish(api, workspace, { reasons, waivedUntil: { [rule]: until } })).kind).toBe('published')

    expect(git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Waiver,valueonly)').trim()).toBe(
      `${rule} until ${until}`,
    )
    expect((await api.decisions.show({ workspace, decision: 'HEAD' })).record?.markdown).toContain(
      `For the sale. (waived until ${until})`,
    )
    const [waiver] = await waiversOf(api, workspace)
    expect(waiver).toMatchObject({ rule, until, services: ['svc-0'], stands: true, decision: { title: 'raise svc-0' } })
    expect([6, 7]).toContain(waiver?.daysLeft)

    // Put right: nothing is left to waive, though the day has not come.
    await api.draft.edit({ workspace, edits: [scale(0, 2)] })
    expect((await publish(api, workspace)).kind).toBe('published')
    expect(await waiversOf(api, workspace)).toMatchObject([{ rule, stands: false }])
  })
})

test('a draft that takes a decision back still says so after a restart', async () => {
  await withApp(async (api, workspace) => {
    await api.draft.edit({ workspace, edits: [scale(0, 4)] })
    await api.draft.note({ workspace, note: { title: 'back', reverts: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } })
  })
  await withApp(async (api, workspace) => {
    expect((await draftOf(api, workspace)).note).toMatchObject({ title: 'back', reverts: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  })
})

describe('when the remote has moved', () => {
  async function rival(service: number, replicas: number): Promise<void> {
    const other = join(root, `rival-${number}`)
    if (!existsSync(other)) git(root, 'clone', '-q', bare, other)
    git(other, 'config', 'user.name', 'Grace Hopper')
    git(other, 'config', 'user.email', 'grace@example.org')
    const file = `manifests/svc-${service}.yaml`
    git(other, 'pull', '-q')
    execSed(other, file, replicas)
    git(other, 'commit', '-qam', `svc-${service} to ${replicas}`)
    git(other, 'push', '-q')
  }
  function execSed(directory: string, file: string, replicas: number): void {
    const path = join(directory, file)
    const text = readFileSync(path, 'utf8').replace(/replicas: \d+/, `replicas: ${replicas}`)
    rmSync(path)
    appendFileSync(path, text)
  }

  test('elsewhere, the edits are made again on the new base', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await rival(1, 7)
      expect(await publish(api, workspace)).toMatchObject({ kind: 'published', pushed: 'pushed', replayed: true })
    })
    expect(git(bare, 'log', '--format=%s', 'main').trim().split('\n')).toEqual([
      'DECISION: raise svc-0',
      'svc-1 to 7',
      'Manifests',
    ])
    expect(git(clone, 'status', '--porcelain')).toBe('')
    expect(readFileSync(join(clone, 'manifests/svc-1.yaml'), 'utf8')).toContain('replicas: 7')
  })

  test('in the same field, both sides are shown and nothing is committed', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await rival(0, 7)
      expect(await publish(api, workspace)).toMatchObject({
        kind: 'conflict',
        conflicts: [{ file: 'manifests/svc-0.yaml', base: '1', ours: '4', theirs: '7' }],
      })
      const view = await draftOf(api, workspace)
      expect(view.edits.map(edit => edit.state)).toEqual(['conflict'])
      // Making the edit again, having seen the other value, is the answer.
      await api.draft.discard({ workspace })
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      expect((await publish(api, workspace)).kind).toBe('published')
    })
    expect(git(bare, 'show', 'main:manifests/svc-0.yaml')).toContain('replicas: 4')
  })

  test('where a fetch does not see it, that is said, and nothing is tried without end', async () => {
    const elsewhere = `${bare}.elsewhere`
    git(root, 'clone', '-q', '--bare', bare, elsewhere)
    git(clone, 'config', 'remote.origin.pushurl', elsewhere)
    await rival(1, 7)
    git(bare, 'push', '-q', elsewhere, 'main')
    git(bare, 'update-ref', 'refs/heads/main', 'main~1')
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const outcome = await publish(api, workspace)
      expect(outcome).toMatchObject({ kind: 'push-refused', reason: expect.stringContaining('main of origin') })
    })
    expect(git(clone, 'log', '--format=%s').trim()).toBe('Manifests')
  })

  test('a branch that follows one of another name is pushed where the person says', async () => {
    git(clone, 'switch', '-q', '-c', 'mine', '--track', 'origin/main')
    git(clone, 'config', 'push.default', 'simple')
    const before = git(clone, 'rev-parse', 'HEAD')
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await expect(publish(api, workspace)).rejects.toMatchObject({ key: 'git.pushToWhich' })
      expect(git(clone, 'rev-parse', 'HEAD')).toBe(before)
      git(clone, 'config', 'push.default', 'upstream')
    })
    await withApp(async (api, workspace) =>
      expect(await publish(api, workspace)).toMatchObject({ kind: 'published', branch: 'mine', pushed: 'pushed' }),
    )
    expect(git(bare, 'rev-parse', 'main')).toBe(git(clone, 'rev-parse', 'mine'))
    expect(git(bare, 'branch', '--format=%(refname:short)').trim()).toBe('main')
  })

  test('offline, commits queue; later they are made again on what came meanwhile, and pushed', async () => {
    await withApp(async (api, workspace) => {
      renameSync(bare, `${bare}.away`)
      for (const [service, replicas] of [
        [0, 4],
        [2, 5],
      ] as const) {
        await api.draft.edit({ workspace, edits: [scale(service, replicas)] })
        expect(await publish(api, workspace)).toMatchObject({ kind: 'published', pushed: 'queued' })
      }
      for await (const status of api.workspaces.status({ workspace })) {
        expect(status.sync).toMatchObject({ kind: 'offline', ahead: 2, behind: 0 })
        break
      }
      renameSync(`${bare}.away`, bare)
      await rival(1, 7)
      expect(await api.workspaces.push({ workspace })).toEqual({ kind: 'pushed', commits: 2 })
    })
    expect(git(bare, 'log', '--format=%s', 'main').trim().split('\n')).toHaveLength(4)
    expect(git(clone, 'rev-parse', 'HEAD')).toBe(git(bare, 'rev-parse', 'main'))
    expect(git(clone, 'status', '--porcelain')).toBe('')
    expect(git(clone, 'fsck', '--strict', '--no-dangling')).toBe('')
  })
})

describe('the draft', () => {
  test('is undone and done again, survives a restart, and is the same in two windows', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await api.draft.edit({ workspace, edits: [scale(0, 5)] })
      await api.draft.edit({ workspace, edits: [scale(1, 2)] })
      await api.draft.undo({ workspace })
      await api.draft.note({ workspace, note: { why: 'not yet said' } })
    })
    await withApp(async (api, workspace) => {
      const view = await draftOf(api, workspace)
      expect(view.edits.map(entry => entry.edit)).toEqual([scale(0, 5)])
      expect([view.canUndo, view.canRedo, view.note.why]).toEqual([true, true, 'not yet said'])
      await api.draft.redo({ workspace })
      expect((await draftOf(api, workspace)).edits).toHaveLength(2)
    })
  })

  test('that is added to while a decision is made of it stands on that decision, and is not lost', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      const { changeSetId } = await draftOf(api, workspace)
      const asked = {
        workspace,
        changeSetId,
        title: 'raise svc-0',
        why: 'Because of the sale.',
        kind: 'scale',
        target: { kind: 'current-branch' },
        push: true,
      } as const
      const [outcome] = await Promise.all([
        api.draft.publish(asked),
        api.draft.edit({ workspace, edits: [scale(0, 5), scale(1, 2)] }),
      ])
      expect(outcome.kind).toBe('published')
      const view = await draftOf(api, workspace)
      expect(view.base).toBe(git(clone, 'rev-parse', 'HEAD').trim())
      expect(view.edits.map(entry => [entry.edit, entry.state])).toEqual([
        [scale(0, 5), 'applied'],
        [scale(1, 2), 'applied'],
      ])
    })
  })

  test('shows on the graph beside what is committed', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      for await (const view of api.topology.graph({ workspace, environment: 'manifests' })) {
        expect(view.base.nodes.find(node => node.id === 'svc-0')?.replicas).toBe(1)
        expect(view.draft?.nodes.find(node => node.id === 'svc-0')?.replicas).toBe(4)
        expect(view.diff.nodes.map(node => [node.id, node.change])).toEqual([['svc-0', 'changed']])
        break
      }
      // In an overlay it says where it lands, and why there.
      const file = 'prod/kustomization.yaml'
      for (const [folder, resource] of Object.entries({ base: '../manifests/svc-1.yaml', prod: '../base' })) {
        mkdirSync(join(clone, folder))
        writeFileSync(join(clone, folder, 'kustomization.yaml'), `resources: [${resource}]\n`)
      }
      git(clone, 'add', 'base', 'prod')
      git(clone, 'commit', '-q', '-m', 'An overlay')
      const resource = { file, kind: 'Deployment', name: 'svc-1' }
      const overlaid: Edit = { kind: 'set-replicas', resource, replicas: 3 }
      const { view } = await api.draft.preview({ workspace, edits: [scale(0, 4), overlaid] })
      const params = { field: 'replicas:', file, origin: 'manifests/svc-1.yaml', environment: 'prod' }
      expect(view.edits.map(({ landing }) => landing)).toEqual([undefined, { key: 'landing.entryBase', params }])
    })
  })

  test('tells every window of each change', async () => {
    await withApp(async (api, workspace) => {
      const seen: number[] = []
      const watching = (async () => {
        for await (const view of api.draft.view({ workspace })) {
          seen.push(view.edits.length)
          if (view.edits.length === 1) return
        }
      })()
      while (seen.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await watching
      expect(seen).toEqual([0, 1])
    })
  })
})

describe('the history', () => {
  test('of a repository that never saw Pilothouse is its commits', async () => {
    await withApp(async (api, workspace) => {
      for await (const page of api.decisions.log({ workspace, limit: 10 })) {
        expect(page).toMatchObject({ items: [{ kind: 'commit', title: 'Manifests' }], next: null })
        break
      }
    })
  })

  test('shows the rest of a decision whose snapshot is of a version to come, and says so', async () => {
    await withApp(async (api, workspace) => {
      await publish(api, workspace, { changeSetId: null, kind: 'record', push: false })
      const record = git(clone, 'log', '-1', '--format=%(trailers:key=Decision-Record,valueonly)').trim()
      const path = join(clone, record, 'snapshot.json')
      writeFileSync(path, readFileSync(path, 'utf8').replace('v1alpha1', 'v7'))
      git(clone, 'commit', '-qa', '--amend', '--no-edit')
      const detail = await api.decisions.show({ workspace, decision: 'HEAD' })
      expect(detail).toMatchObject({ snapshot: null, snapshotProblem: { key: 'decision.newerSnapshot' } })
      expect(detail.record?.markdown).toContain('Because of the sale.')
    })
  })

  test('shows a decision with its record, snapshot and files', async () => {
    await withApp(async (api, workspace) => {
      await api.draft.edit({ workspace, edits: [scale(0, 4)] })
      await publish(api, workspace)
      const detail = await api.decisions.show({ workspace, decision: 'HEAD' })
      expect(detail.summary).toMatchObject({ kind: 'scale', services: ['svc-0'], gate: 'pass' })
      expect(detail.files[0]).toMatchObject({ path: 'manifests/svc-0.yaml', additions: 1, deletions: 1 })
      expect(detail.snapshot?.edits).toEqual([scale(0, 4)])
      const byId = await api.decisions.show({ workspace, decision: detail.summary.decisionId!.slice(0, 12) })
      expect(byId.summary.id).toBe(detail.summary.id)
      for await (const page of api.decisions.log({ workspace, limit: 10, service: 'svc-0' })) {
        expect(page.items.map(item => item.title)).toEqual(['raise svc-0', 'Manifests'])
        break
      }
    })
  })
})
