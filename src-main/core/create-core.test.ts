import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeServiceChain } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-core-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const clone = join(root, 'clone')
makeServiceChain(clone, 2)
const { signal } = new AbortController()

test('a workspace that a page knows from before a restart is opened again; one nobody knows is refused', async () => {
  const host = testHost(join(root, 'data'))
  let id: string
  {
    await using core = await createCore(host)
    id = (await core.handlers.workspaces.open({ directory: clone }, { signal })).workspace
  }
  await using core = await createCore(host)
  const both = [core.handlers.workspaces.revisions({ workspace: id }, { signal })]
  both.push(core.handlers.workspaces.revisions({ workspace: id }, { signal }))
  const [first, second] = await Promise.all(both)
  expect(first).toMatchObject([{ name: 'main', current: true }])
  expect(second).toEqual(first)
  await expect(core.handlers.workspaces.revisions({ workspace: 'f'.repeat(16) }, { signal })).rejects.toMatchObject({
    code: 'not-found',
    key: 'workspace.notOpen',
  })
}, 10_000)

test('what a page sends leads to no file outside of the workspace, and has a size', async () => {
  await using core = await createCore(testHost(join(root, 'limits')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory: clone })
  for (const file of [
    '../x',
    '/etc/passwd',
    '.git/config',
    'a/.GIT/config',
    'C:\\x',
    'a\\..\\x',
    'manifests/../../x',
  ]) {
    const { view } = await api.draft.preview({ workspace, edits: [{ kind: 'set-file', file, text: 'x' }] })
    expect(view.edits, file).toMatchObject([{ state: 'refused', reason: { key: 'edit.badPath' } }])
    expect(await api.workspaces.file({ workspace, path: file }), file).toEqual({ text: null, lfs: false })
  }
  // What only another system takes for the git directory is refused when it is written.
  for (const file of ['.g\u200cit/config', 'git~1/config', '.git /config'])
    await expect(
      api.draft.publish({
        workspace,
        changeSetId: null,
        edits: [{ kind: 'set-file', file, text: 'x' }],
        title: 'x',
        why: 'y',
        kind: 'place',
        target: { kind: 'current-branch' },
        push: false,
      }),
      file,
    ).rejects.toMatchObject({ code: 'invalid-input' })
  const { view } = await api.draft.preview({
    workspace,
    edits: [{ kind: 'set-position', environment: '../../../etc/cron.d', node: 'x', position: { x: 1, y: 2 } }],
  })
  expect(view.files.map(file => file.path)).toEqual(['.pilothouse/layout/..+..+..+etc+cron.d.yaml'])
  const large = { kind: 'set-file', file: 'a.yaml', text: 'x'.repeat(5_000_000) } as const
  await expect(api.draft.edit({ workspace, edits: [large] })).rejects.toMatchObject({ code: 'invalid-input' })
})

test('a core that is closed while it clones leaves nothing of the clone behind', async () => {
  const directory = join(root, 'cut-off', 'clone')
  {
    await using core = await createCore(testHost(join(root, 'cloning')))
    const [coreSide, ours] = inMemoryChannel()
    core.answer(coreSide)
    const clones = createClient(contract, ours).workspaces.clone({ url: clone, directory })
    await clones[Symbol.asyncIterator]().next()
    expect(existsSync(directory)).toBe(true)
  }
  expect(existsSync(join(root, 'cut-off'))).toBe(false)
})
