import type { ObjectId } from '../../../needs/git-repository.ts'
import type { CommitGraph } from './commit-graph.ts'
import { paint } from './paint.ts'

/** Commits that one side has and the other has not. */
export async function distance(
  graph: CommitGraph,
  ours: ObjectId,
  theirs: ObjectId,
): Promise<{ ahead: number; behind: number }> {
  if (ours === theirs) return { ahead: 0, behind: 0 }
  let ahead = 0
  let behind = 0
  for (const { colours } of (await paint(graph, [ours], [theirs])).values()) {
    if (colours === 1) ahead++
    else if (colours === 2) behind++
  }
  return { ahead, behind }
}
