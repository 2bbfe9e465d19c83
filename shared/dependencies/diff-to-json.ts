import type { PackageDiff } from './diff-package-sets.ts'
import { ecosystemWord } from './ecosystem.ts'
import type { Explanation } from './explain-diff.ts'

/** One ecosystem of one folder on both sides, compared. */
export type ComparedSet = {
  readonly folder: string
  readonly diff: PackageDiff
  readonly explanation: Explanation
  readonly ecosystem: Parameters<typeof ecosystemWord>[0]
}

const pair = (line: string): [from: string, to: string] => {
  const space = line.indexOf(' ')
  return [line.slice(0, space), line.slice(space + 1)]
}

/**
 * The JSON of `deps diff` and `deps diff-files`. The first four keys are the contract; the rest says more of the same:
 * what is asked for, what the lock holds as it keys it, what moved, and which direct change brought what.
 */
export function diffToJson(compared: readonly ComparedSet[]): object {
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
