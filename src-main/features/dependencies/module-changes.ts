import { pairSets } from '../../../shared/dependencies/compare-sets.ts'
import { diffPackageSets } from '../../../shared/dependencies/diff-package-sets.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'
import { SetReader, tellsDependencies } from './read-workspace-sets.ts'

/** Versions are read from locks alone: who asks for whom is not asked here. */
const readers = new WeakMap<Workspace, SetReader>()

/**
 * Modules whose version a commit moved, added (`from` is empty) or took away (`to` is empty), against its first parent,
 * by name. A commit that touches no lock or manifest costs one comparison of trees.
 */
export async function moduleChanges(
  workspace: Workspace,
  commit: ObjectId,
  signal: AbortSignal,
): Promise<readonly { name: string; from: string; to: string }[]> {
  const { repository } = workspace
  const [parent] = (await repository.commit(commit)).parents
  if (parent === undefined) return []
  const changes = await repository.changes(parent, commit, signal)
  const touched = changes.filter(({ path }) => tellsDependencies(path))
  if (touched.length === 0) return []
  const reader = readers.get(workspace) ?? new SetReader(workspace, async () => null)
  readers.set(workspace, reader)
  const folders = new Set(touched.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))
  const found = new Map<string, { name: string; from: string; to: string }>()
  for (const folder of folders) {
    const [before, after] = [
      await reader.inFolder(parent, folder, signal),
      await reader.inFolder(commit, folder, signal),
    ]
    for (const [old, now] of pairSets(before, after)) {
      const { added, removed, changed } = diffPackageSets(old?.set ?? null, now?.set ?? null)
      for (const { name, from, to } of changed) found.set(`${name} ${from} ${to}`, { name, from, to })
      for (const { name, version } of added) found.set(`${name} + ${version}`, { name, from: '', to: version })
      for (const { name, version } of removed) found.set(`${name} - ${version}`, { name, from: version, to: '' })
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
