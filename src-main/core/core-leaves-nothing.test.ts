import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { addBareRemote, makeServiceChain } from '../../e2e/world/small-repository.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-leaves-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What a process of its own has open before a core, with a busy one, and after it. */
type Open = { readonly resources: readonly string[]; readonly watches: number; readonly files: readonly string[] }

test('a core that is closed under a page with live views leaves no watch, file, timer or process open', async () => {
  const clone = join(root, 'clone')
  makeServiceChain(clone, 3)
  addBareRemote(clone, join(root, 'remote.git'))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, '../../e2e/world/open-and-close.ts'), clone, join(root, 'data')],
    { timeout: 20_000 },
  )
  const { before, busy, after } = JSON.parse(stdout) as { before: Open; busy: Open; after: Open }
  // On Linux the watches can be counted: the check would see one that stayed.
  if (process.platform === 'linux') expect(busy.watches).toBeGreaterThan(before.watches)
  expect(after).toEqual(before)
}, 30_000)
