import { diffPackageSets } from './diff-package-sets.ts'
import type { ComparedSet } from './diff-to-json.ts'
import { explainDiff } from './explain-diff.ts'
import type { PlacedSet } from './package-set.ts'

/**
 * Sets that are of the same folder and ecosystem, or the images of the same service wherever that is declared; null for
 * a side that has none.
 */
export function pairSets<T extends PlacedSet>(
  before: readonly T[],
  after: readonly T[],
): [before: T | null, after: T | null][] {
  const key = ({ folder, set, of }: PlacedSet): string =>
    `${of === undefined ? folder : ''}\n${set.ecosystem}\n${of ?? ''}`
  const olds = new Map(before.map(placed => [key(placed), placed]))
  const news = new Map(after.map(placed => [key(placed), placed]))
  return [...new Set([...olds.keys(), ...news.keys()])]
    .sort()
    .map(each => [olds.get(each) ?? null, news.get(each) ?? null])
}

/** Compares sets pair by pair. One that the other side has not is added or removed as a whole. */
export function compareSets(before: readonly PlacedSet[], after: readonly PlacedSet[]): ComparedSet[] {
  // One set on each side is compared whatever it is called: two files with names of their own.
  const [old, now] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && old!.set.ecosystem === now!.set.ecosystem)
    return [comparePair(old!, now!)]
  return pairSets(before, after).map(([one, other]) => comparePair(one, other))
}

export function comparePair(before: PlacedSet | null, after: PlacedSet | null): ComparedSet {
  const { folder, set } = (after ?? before)!
  const diff = diffPackageSets(before?.set ?? null, after?.set ?? null)
  return {
    folder,
    ecosystem: set.ecosystem,
    diff,
    explanation: explainDiff(diff, before?.set ?? null, after?.set ?? null),
  }
}
