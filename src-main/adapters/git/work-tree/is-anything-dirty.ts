import { join } from 'node:path'
import { PathConversions } from '../attributes/path-conversion.ts'
import { breather } from '../files/breathe.ts'
import { readText } from '../files/read-text.ts'
import { listFiles } from '../history/trees.ts'
import type { RawPath } from '../objects/tree.ts'
import { toText } from '../objects/tree.ts'
import type { Clone } from '../open/clone.ts'
import { isUnmodified, statRules } from './file-state.ts'
import { WorkTree } from './work-tree.ts'

/** True when something tracked differs between HEAD, index and work tree. Untracked files do not count. Yields to others. */
export async function isAnythingDirty(clone: Clone, signal?: AbortSignal): Promise<boolean> {
  const { layout, objects, graph, refs, configuration, environment } = clone
  if (layout.workTree === null) return false
  const index = clone.index.read()
  const head = refs.head().commit
  if (!index) return head !== null
  if (index.obstacle) return false
  const breathe = breather(signal)
  const tree = head === null ? null : graph.links(head).tree
  if (tree === null ? index.length > 0 : index.wholeTree !== tree) {
    const files = tree === null ? [] : await listFiles(objects, tree, '', signal)
    if (files.length !== index.length) return true
    for (const [position, { path, oid, mode }] of files.entries()) {
      const pause = breathe()
      if (pause) await pause
      if (index.path(position) !== path || index.oid(position) !== oid || index.mode(position) !== mode) return true
    }
  }
  const workTree = new WorkTree(layout.workTree)
  const rules = statRules(configuration)
  const conversions = new PathConversions(configuration, environment, layout.commonDirectory, path =>
    readText(join(workTree.root, toText(path))),
  )
  const folders = new Set<RawPath>()
  for (let position = 0; position < index.length; position++) {
    const pause = breathe()
    if (pause) await pause
    const entry = index.entry(position)
    if (entry.stage !== 0 || entry.intentToAdd) return true
    if (entry.skipWorktree && workTree.entry(entry.path, folders).kind === 'absent') continue
    if (!isUnmodified(workTree, entry, index.writtenAt, rules, conversions, objects, folders)) return true
  }
  return false
}
