import type { OwnedSet } from '../../../shared/dependencies/assign-services.ts'
import { comparePair, pairSets } from '../../../shared/dependencies/compare-sets.ts'
import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import { isSameDiff } from '../../../shared/dependencies/diff-to-json.ts'
import { hasGraph } from '../../../shared/dependencies/package-set.ts'

/** The sets that differ, each with at most so many edges. */
export function diffSets(before: readonly OwnedSet[], after: readonly OwnedSet[], edges?: number): DiffedSet[] {
  return pairSets(before, after).flatMap(([old, now]): DiffedSet[] => {
    // The same files were read once: there is nothing to compare.
    if (old && now && old.set === now.set) return []
    const { folder, ecosystem, diff, explanation } = comparePair(old, now)
    if (isSameDiff(diff)) return []
    const { added, removed } = diff.edges
    const cut = { added: added.slice(0, edges), removed: removed.slice(0, edges) }
    const set = (now ?? old)!
    return [
      {
        folder,
        ecosystem,
        services: set.services,
        ...(set.of !== undefined && { of: set.of }),
        ...(!old && { only: 'after' as const }),
        ...(!now && { only: 'before' as const }),
        diff: { ...diff, edges: cut },
        edgeCounts: { added: added.length, removed: removed.length },
        explanation,
        hasGraph: hasGraph(set.set),
      },
    ]
  })
}
