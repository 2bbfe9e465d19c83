import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeRepository } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-core-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const clone = join(root, 'clone')
makeRepository(clone, 2)
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
