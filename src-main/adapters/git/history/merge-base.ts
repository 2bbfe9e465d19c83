import type { ObjectId } from '../../../needs/git-repository.ts'
import type { CommitGraph } from './commit-graph.ts'
import { paint } from './paint.ts'

/**
 * The best common ancestor: one that no other common ancestor descends from; the newest when several remain (criss-cross
 * merges). Null for histories that never met.
 */
export async function mergeBase(graph: CommitGraph, a: ObjectId, b: ObjectId): Promise<ObjectId | null> {
  if (a === b) return a
  const painted = await paint(graph, [a], [b])
  const common = [...painted.values()].filter(commit => commit.colours === 3)
  // Candidates are common commits that no other common commit has as a parent.
  const parents = new Set(common.flatMap(commit => commit.parents))
  const candidates = common.filter(commit => !parents.has(commit.oid)).sort((x, y) => y.time - x.time)
  return candidates[0]?.oid ?? null
}
