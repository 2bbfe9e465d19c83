import type { ObjectId } from '../../../needs/git-repository.ts'
import { DateQueue } from '../history/date-queue.ts'
import type { LocalClone } from './local-clone.ts'

/** Commits that refs of this clone lead to, with the tags peeled. */
export function localTips({ refs, graph }: LocalClone): readonly ObjectId[] {
  const tips = new Set<ObjectId>()
  const head = refs.head().commit
  for (const oid of [...(head ? [head] : []), ...refs.list('refs/').map(ref => ref.peeled ?? ref.oid)]) {
    try {
      const commit = graph.peel(oid)
      if (commit) tips.add(commit)
    } catch {
      // A ref to something that is not here (a broken clone, a partial one) has nothing to offer.
    }
  }
  return [...tips]
}

/**
 * Commits to offer a remote, newest first. What is common is not offered again, nor are its ancestors: the remote has
 * those, too.
 */
export function offerCommits(
  clone: LocalClone,
  tips: readonly ObjectId[],
  known: readonly ObjectId[],
): { haves: Iterator<ObjectId>; common: (oid: ObjectId) => void } {
  type Entry = {
    readonly oid: ObjectId
    readonly time: number
    readonly parents: readonly ObjectId[]
    common: boolean
    queued: boolean
  }
  const seen = new Map<ObjectId, Entry>()
  const queue = new DateQueue<Entry>()
  // Entries in the queue that may still be offered; without one the rest of history is common.
  let open = 0
  const add = (oid: ObjectId, common: boolean): void => {
    const entry = seen.get(oid)
    if (entry) {
      if (common) spread(entry)
      return
    }
    let fresh: Entry
    try {
      const { time, parents } = clone.graph.links(oid)
      fresh = { oid, time, parents, common, queued: true }
    } catch {
      return // not here (shallow beyond its roots, or damaged): nothing to offer
    }
    seen.set(oid, fresh)
    queue.push(fresh)
    if (!common) open++
  }
  const spread = (from: Entry): void => {
    const stack = [from]
    for (let entry = stack.pop(); entry; entry = stack.pop()) {
      if (entry.common) continue
      entry.common = true
      if (entry.queued) open--
      for (const parent of entry.parents) {
        const next = seen.get(parent)
        if (next) stack.push(next)
      }
    }
  }
  function* walk(): Generator<ObjectId> {
    // What the remote has listed itself is offered first: it answers the question at once.
    for (const oid of known) {
      add(oid, true)
      if (seen.has(oid)) yield oid
    }
    for (const oid of tips) add(oid, false)
    while (open > 0) {
      const entry = queue.pop()!
      entry.queued = false
      if (!entry.common) {
        open--
        yield entry.oid
      }
      for (const parent of entry.parents) add(parent, entry.common)
    }
  }
  return {
    haves: walk(),
    common: oid => {
      const entry = seen.get(oid)
      if (entry) spread(entry)
    },
  }
}
