import type { KeyedVersion, PackageDiff } from './diff-package-sets.ts'
import { ecosystemWord } from './ecosystem.ts'
import type { Explanation } from './explain-diff.ts'

/** One ecosystem of one folder on both sides, compared. */
export type ComparedSet = {
  readonly folder: string
  readonly diff: PackageDiff
  readonly explanation: Explanation
  readonly ecosystem: Parameters<typeof ecosystemWord>[0]
}

/** True where nothing is different. */
export const isSameDiff = (diff: PackageDiff): boolean =>
  [
    diff.added,
    diff.removed,
    diff.changed,
    diff.edges.added,
    diff.edges.removed,
    diff.replaced,
    diff.becameDirect,
    diff.becameIndirect,
  ].every(list => list.length === 0)

const pair = (line: string): [from: string, to: string] => {
  const space = line.indexOf(' ')
  return [line.slice(0, space), line.slice(space + 1)]
}

export type DependencyJson = {
  readonly added: readonly KeyedVersion[]
  readonly removed: readonly KeyedVersion[]
  readonly changed: readonly {
    readonly name: string
    readonly from: string
    readonly to: string
    readonly direct: boolean
  }[]
  readonly edges: { readonly added: readonly [string, string][]; readonly removed: readonly [string, string][] }
  readonly ecosystems: readonly string[]
} & Pick<PackageDiff, 'direct' | 'lock' | 'becameDirect' | 'becameIndirect' | 'replaced'> &
  Explanation

/**
 * The JSON of `deps diff` and `deps diff-files`. The first four keys are the contract; the rest says more of the same:
 * what is asked for, what the lock holds as it keys it, what moved, and which direct change brought what.
 */
export function diffToJson(compared: readonly Omit<ComparedSet, 'folder'>[]): DependencyJson {
  const all = <T>(pick: (diff: PackageDiff) => readonly T[]): T[] => compared.flatMap(({ diff }) => pick(diff))
  return {
    added: all(diff => diff.added).map(({ name, version }) => ({ name, version })),
    removed: all(diff => diff.removed).map(({ name, version }) => ({ name, version })),
    changed: all(diff => diff.changed).map(({ name, from, to, direct }) => ({ name, from, to, direct })),
    edges: { added: all(diff => diff.edges.added).map(pair), removed: all(diff => diff.edges.removed).map(pair) },
    ecosystems: [...new Set(compared.map(({ ecosystem }) => ecosystemWord(ecosystem)))],
    direct: {
      added: all(diff => diff.direct.added),
      removed: all(diff => diff.direct.removed),
      changed: all(diff => diff.direct.changed),
    },
    lock: {
      added: all(diff => diff.lock.added),
      removed: all(diff => diff.lock.removed),
      changed: all(diff => diff.lock.changed),
    },
    becameDirect: all(diff => diff.becameDirect),
    becameIndirect: all(diff => diff.becameIndirect),
    replaced: all(diff => diff.replaced),
    groups: compared.flatMap(({ explanation }) => explanation.groups),
    rest: compared.flatMap(({ explanation }) => explanation.rest),
  }
}
