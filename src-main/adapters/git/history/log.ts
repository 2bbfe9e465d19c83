import type { GitCommit, ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import type { CommitGraph } from './commit-graph.ts'
import { DateQueue } from './date-queue.ts'
import { paint } from './paint.ts'

/**
 * Commits in the order of `git log`: newest first by committer time, a commit never before the child it was found
 * through. Reads as far as the caller does.
 */
export async function* log(
  graph: CommitGraph,
  from: ObjectId,
  until: ObjectId | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<GitCommit> {
  graph.refresh()
  const hidden =
    until === undefined
      ? null
      : new Set(
          [...(await paint(graph, [from], [until], signal)).values()]
            .filter(commit => (commit.colours & 2) !== 0)
            .map(commit => commit.oid),
        )
  const breathe = breather(signal)
  const queue = new DateQueue<{ readonly time: number; readonly commit: GitCommit }>()
  const seen = new Set<ObjectId>()
  const add = (oid: ObjectId): void => {
    if (seen.has(oid) || hidden?.has(oid)) return
    seen.add(oid)
    const commit = graph.commit(oid)
    queue.push({ time: commit.committer.time, commit })
  }
  add(from)
  for (let next = queue.pop(); next; next = queue.pop()) {
    const pause = breathe()
    if (pause) await pause
    yield next.commit
    for (const parent of next.commit.parents) add(parent)
  }
}
