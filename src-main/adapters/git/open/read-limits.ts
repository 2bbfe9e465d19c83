import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { MessageKey, MessageParams } from '../../../../shared/messages/index.ts'
import type { RepositoryLimit, RepositoryTrait } from '../../../../shared/workspaces/contract.ts'
import { readText } from '../files/read-text.ts'
import { entryAt } from '../history/trees.ts'
import type { IndexObstacle } from '../index/git-index.ts'
import { activeHooks } from './active-hooks.ts'
import type { Clone } from './clone.ts'
import { unfinishedOperation } from './work-in-progress.ts'

export const obstacleKeys: Record<IndexObstacle, MessageKey> = {
  'index-v4': 'git.limitIndexV4',
  'split-index': 'git.limitSplitIndex',
  'sparse-index': 'git.limitSparseIndex',
}

/** What a clone is, and what that forbids. Reads a few small files. `dirty`: found out by its owner, which takes longer. */
export function readLimits(clone: Clone, dirty: boolean): readonly RepositoryLimit[] {
  const { layout, configuration, graph, objects, refs } = clone
  const limits: RepositoryLimit[] = []
  const add = (
    trait: RepositoryTrait,
    effect: RepositoryLimit['effect'],
    key: MessageKey,
    params: MessageParams = {},
  ): void => {
    limits.push({ trait, effect, message: { key, params } })
  }
  const head = refs.head()
  if (layout.workTree === null) add('bare', 'none', 'git.limitBare')
  if (head.commit === null) add('unborn', 'none', 'git.limitUnborn')
  if (head.ref === null && layout.workTree !== null) add('detached', 'commit-to-branch', 'git.limitDetached')
  const index = layout.workTree === null ? null : clone.index.read()
  if (index?.obstacle) add(index.obstacle, 'commit-to-branch', obstacleKeys[index.obstacle])
  const operation = unfinishedOperation(layout.gitDirectory)
  if (operation || index?.unmerged)
    add('merge-in-progress', 'commit-to-branch', 'git.limitMergeInProgress', { operation: operation ?? 'merge' })
  if (dirty) add('dirty', 'none', 'git.limitDirty')
  if (graph.isShallow) add('shallow', 'none', 'git.limitShallow')
  if (layout.workTree !== null && configuration.boolean('core.sparsecheckout', false))
    add('sparse', 'none', 'git.limitSparse')
  if (layout.gitDirectory !== layout.commonDirectory) {
    const main = basename(layout.commonDirectory) === '.git' ? dirname(layout.commonDirectory) : layout.commonDirectory
    add('linked-worktree', 'none', 'git.limitLinkedWorktree', { directory: main })
  }
  const alternate = objects.directories[1]
  if (alternate) add('alternates', 'none', 'git.limitAlternates', { directory: alternate })
  if (isPartial(clone.configuration)) add('partial-clone', 'none', 'git.limitPartialClone')
  const root = head.commit === null ? null : graph.links(head.commit).tree
  if (root !== null && entryAt(objects, root, '.gitmodules')) add('submodules', 'none', 'git.limitSubmodules')
  if (usesLfs(clone, root)) add('lfs', 'none', 'git.limitLfs')
  const hooks = activeHooks(clone)
  if (hooks.length > 0) add('hooks', 'none', 'git.limitHooks', { hooks: hooks.join(', ') })
  return limits
}

/** True for a clone made with `--filter`. */
export const isPartial = (configuration: Clone['configuration']): boolean =>
  configuration.get('extensions.partialclone') !== null ||
  configuration.subsections('remote', 'promisor').some(({ value }) => value === 'true')

function usesLfs({ objects, layout }: Clone, root: string | null): boolean {
  if (existsSync(join(layout.commonDirectory, 'lfs'))) return true
  const attributes = root === null ? null : entryAt(objects, root, '.gitattributes')
  const text = attributes?.mode.startsWith('100') ? (objects.tryRead(attributes.oid)?.data.toString('utf8') ?? '') : ''
  const info = readText(join(layout.commonDirectory, 'info', 'attributes')) ?? ''
  return /^[^#\n]*\sfilter=lfs(\s|$)/m.test(text) || /^[^#\n]*\sfilter=lfs(\s|$)/m.test(info)
}
