import type { ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import type { CommitGraph } from './commit-graph.ts'
import { DateQueue } from './date-queue.ts'

export type Painted = {
  readonly oid: ObjectId
  readonly time: number
  readonly parents: readonly ObjectId[]
  /** 1: reachable from the first side, 2: from the second, 3: from both. */
  colours: number
}

/** Commits still looked at after both sides have met, for clocks that were wrong; git looks at 5. */
const slop = 256

/**
 * Paints what each side reaches, newest first, until only common history is left. Exact unless clocks were wrong by
 * more than the slop: a colour that arrives late is carried on to parents that were visited before.
 */
export async function paint(
  graph: CommitGraph,
  first: readonly ObjectId[],
  second: readonly ObjectId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<ObjectId, Painted>> {
  graph.refresh()
  const breathe = breather(signal)
  const known = new Map<ObjectId, Painted>()
  const queue = new DateQueue<Painted>()
  const queued = new Set<Painted>()
  // How many in the queue belong to one side alone; the walk ends when there is none.
  let open = 0
  let oldestOpen = Number.POSITIVE_INFINITY
  const add = (oid: ObjectId, colours: number): void => {
    let commit = known.get(oid)
    if (!commit) {
      const { time, parents } = graph.links(oid)
      commit = { oid, time, parents, colours: 0 }
      known.set(oid, commit)
    }
    const before = commit.colours
    const after = before | colours
    if (before === after) return
    commit.colours = after
    if (queued.has(commit)) {
      if (before !== 3 && after === 3) open--
    } else {
      queued.add(commit)
      queue.push(commit)
      if (after !== 3) open++
    }
    if (after !== 3) oldestOpen = Math.min(oldestOpen, commit.time)
  }
  for (const oid of first) add(oid, 1)
  for (const oid of second) add(oid, 2)
  let left = slop
  for (let commit = queue.pop(); commit; commit = queue.pop()) {
    const pause = breathe()
    if (pause) await pause
    queued.delete(commit)
    if (commit.colours !== 3) open--
    if (open === 0 && commit.colours === 3) {
      // Everything older is common, unless a clock was wrong: a common commit newer than a one-sided one may still
      // turn out to be its child.
      if (commit.time >= oldestOpen) left = slop
      else if (--left <= 0) break
    } else left = slop
    for (const parent of commit.parents) add(parent, commit.colours)
  }
  return known
}
