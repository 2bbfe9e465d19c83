import type { ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import { paint } from '../history/paint.ts'
import { readTree } from '../history/trees.ts'
import { treeMode } from '../objects/tree.ts'
import type { LocalClone } from './local-clone.ts'

/**
 * What the remote needs for a commit: the commits it does not have, and of their trees what differs from their
 * parents'. Now and then this names an object the remote does have (a revert), which costs a few bytes and no harm.
 */
export async function listNewObjects(
  local: LocalClone,
  commit: ObjectId,
  remoteHas: readonly ObjectId[],
  signal: AbortSignal,
): Promise<readonly ObjectId[]> {
  const breathe = breather(signal)
  const painted = await paint(local.graph, [commit], remoteHas, signal)
  const fresh = [...painted.values()].filter(({ colours }) => colours === 1)
  const found = new Set<ObjectId>()

  /** `others`: the same folder in the parents; what is equal there is known. */
  const visit = async (tree: ObjectId, others: readonly ObjectId[]): Promise<void> => {
    if (found.has(tree) || others.includes(tree)) return
    found.add(tree)
    const pause = breathe()
    if (pause) await pause
    const known = others.map(other => new Map(readTree(local.objects, other).map(entry => [entry.name, entry])))
    for (const { mode, name, oid } of readTree(local.objects, tree)) {
      const same = known.map(entries => entries.get(name)).filter(entry => entry !== undefined)
      if (same.some(entry => entry.oid === oid)) continue
      if (mode === treeMode)
        await visit(
          oid,
          same.filter(entry => entry.mode === treeMode).map(entry => entry.oid),
        )
      // The commit of a submodule lives in another repository.
      else if (mode !== '160000') found.add(oid)
    }
  }
  for (const { oid, parents } of fresh) {
    found.add(oid)
    const { tree } = local.graph.links(oid)
    await visit(
      tree,
      parents.map(parent => local.graph.links(parent).tree),
    )
  }
  return [...found]
}
