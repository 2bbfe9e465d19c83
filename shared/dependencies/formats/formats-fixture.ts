import { edgeLines } from '../edges.ts'
import type { PackageSet } from '../package-set.ts'
import { readPackageSets } from '../read-package-sets.ts'

export const setsOf = (files: { readonly [path: string]: string }) =>
  readPackageSets(Object.entries(files).map(([path, text]) => ({ path, text })))

/** The set that these files make; they make one. */
export const only = (files: { readonly [path: string]: string }): PackageSet => {
  const sets = setsOf(files)
  if (sets.length !== 1) throw new Error(`one set was expected, and there are ${sets.length}`)
  return sets[0]!.set
}

/** What a set says, in an order of its own. */
export const told = (set: PackageSet) => ({
  ecosystem: set.ecosystem,
  packages: [...set.packages.keys()].sort(),
  direct: set.direct.map(({ name, id, range, scope }) => `${scope} ${name} ${range} → ${id}`).sort(),
  edges: edgeLines(set.edges).sort(),
})
