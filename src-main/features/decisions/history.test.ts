import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git, makeServiceChain } from '../../../e2e/world/small-repository.ts'
import { searchHistory } from '../../../shared/history/search-history.ts'
import { memoryDocuments } from '../../adapters/app-data/memory-documents.ts'
import { openRepositoryWith } from '../../adapters/git/open-repository.ts'
import { systemClock } from '../../adapters/system/system.ts'
import type { Workspace } from '../workspaces/index.ts'
import { HistoryIndex } from './history.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-history-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const never = new AbortController().signal

test('the index follows the branch: what is new, what was rewritten, a file that is broken', async () => {
  const clone = join(root, 'clone')
  makeServiceChain(clone, 2)
  const commit = (title: string) => git(clone, 'commit', '-q', '--allow-empty', '-m', title)
  await using repository = await openRepositoryWith({ clock: systemClock })(clone)
  const documents = memoryDocuments()
  const workspace = { id: 'one', repository } as Workspace
  let index = new HistoryIndex(documents)
  const titles = async () => {
    const { commit: tip } = await repository.head()
    const history = await index.at(workspace, tip!, never)
    return [...searchHistory(history, {})].map(({ title }) => title)
  }
  const expected = () => git(clone, 'log', '--format=%s').trim().split('\n')

  commit('one')
  expect(await titles()).toEqual(expected())
  commit('two')
  commit('three')
  expect(await titles()).toEqual(expected())
  // Another window, another day: from the file, and what came since from Git.
  index = new HistoryIndex(documents)
  expect(await titles()).toEqual(expected())
  git(clone, 'commit', '-q', '--amend', '--allow-empty', '-m', 'three, better')
  expect(await titles()).toEqual(expected())
  git(clone, 'checkout', '-q', '-b', 'side', 'HEAD~1')
  commit('aside')
  expect(await titles()).toEqual(expected())

  await documents.writeBytes('history/one', [Buffer.from('pilothouse history 1\n{"broken')])
  index = new HistoryIndex(documents)
  expect(await titles()).toEqual(expected())

  // A reading that is cancelled leaves what was known, and the next one works.
  commit('late')
  const { commit: tip } = await repository.head()
  await expect(index.at(workspace, tip!, AbortSignal.abort())).rejects.toThrow()
  expect(await titles()).toEqual(expected())
})
