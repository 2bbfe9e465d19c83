import { diffPackageSets } from './diff-package-sets.ts'
import type { ComparedSet } from './diff-to-json.ts'
import { explainDiff } from './explain-diff.ts'
import type { PackageSet, PlacedSet } from './package-set.ts'

/** Compares sets that are of the same folder and ecosystem; one that the other side has not is added or removed as a whole. */
export function compareSets(before: readonly PlacedSet[], after: readonly PlacedSet[]): ComparedSet[] {
  const key = ({ folder, set }: PlacedSet): string => `${folder}\n${set.ecosystem}`
  const olds = new Map(before.map(placed => [key(placed), placed]))
  const news = new Map(after.map(placed => [key(placed), placed]))
  // One set on each side is compared whatever it is called: two files with names of their own.
  const [old, now] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && old!.set.ecosystem === now!.set.ecosystem)
    return [compared(now!.folder, old!.set, now!.set)]
  return [...new Set([...olds.keys(), ...news.keys()])]
    .sort()
    .map(each =>
      compared((news.get(each) ?? olds.get(each))!.folder, olds.get(each)?.set ?? null, news.get(each)?.set ?? null),
    )
}

function compared(folder: string, before: PackageSet | null, after: PackageSet | null): ComparedSet {
  const diff = diffPackageSets(before, after)
  return { folder, ecosystem: (after ?? before)!.ecosystem, diff, explanation: explainDiff(diff, before, after) }
}
