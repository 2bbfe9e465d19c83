import type { ObjectId } from '../../../needs/git-repository.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { CommitGraph } from './commit-graph.ts'
import { paint } from './paint.ts'

/** True when `older` is reachable from `newer`. */
export async function isAncestor(
  { objects, graph }: { readonly objects: ObjectStore; readonly graph: CommitGraph },
  older: ObjectId,
  newer: ObjectId,
  signal: AbortSignal,
): Promise<boolean> {
  if (older === newer) return true
  if (!objects.has(older) || !objects.has(newer)) return false
  const painted = await paint(graph, [newer], [older], signal)
  return ((painted.get(older)?.colours ?? 0) & 1) !== 0
}
