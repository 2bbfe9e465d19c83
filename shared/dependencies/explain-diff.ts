import type { AddedPackage, ChangedPackage, PackageDiff } from './diff-package-sets.ts'
import { adjacency } from './edges.ts'
import { type PackageId, type PackageSet, packageId } from './package-set.ts'

/** One change that another brought, and the way it came: from what is asked for down to what changed. */
export type Dragged = {
  readonly change: 'added' | 'removed' | 'changed'
  readonly name: string
  readonly from: string | null
  readonly to: string | null
  readonly path: readonly PackageId[]
}
/** A change of something that is asked for, and all that it dragged in or took away. */
export type ChangeGroup = { readonly cause: Dragged; readonly dragged: readonly Dragged[] }
export type Explanation = {
  /** Direct changes first by name. */
  readonly groups: readonly ChangeGroup[]
  /** Changes that nothing direct brought: the lock was refreshed, or no graph says who asks for them. */
  readonly rest: readonly Dragged[]
}

/**
 * The shortest way from something direct to each package. Ways that begin at a direct package that changed itself are
 * preferred among equals, since they explain more.
 */
export function shortestPaths(
  set: PackageSet,
  preferred: ReadonlySet<PackageId>,
): (id: PackageId) => readonly PackageId[] {
  const { ids } = set.edges
  const { starts, needed } = adjacency(set.edges)
  const numbers = new Map(ids.map((id, number) => [id, number]))
  const direct = [...new Set(set.direct.flatMap(({ id }) => id ?? []))]
  direct.sort((a, b) => Number(preferred.has(b)) - Number(preferred.has(a)))
  const isStart = new Set(direct)
  // The number of the one before on the way; itself for a start, -1 for what nothing reaches.
  const before = new Int32Array(ids.length).fill(-1)
  const reached = direct.flatMap(id => numbers.get(id) ?? [])
  for (const number of reached) before[number] = number
  for (const number of reached)
    for (let i = starts[number]!; i < starts[number + 1]!; i++) {
      const to = needed[i]!
      if (before[to] !== -1) continue
      before[to] = number
      reached.push(to)
    }
  return id => {
    let at = numbers.get(id)
    if (at === undefined || before[at] === -1) return isStart.has(id) ? [id] : []
    const path = [ids[at]!]
    while (before[at] !== at) {
      at = before[at]!
      path.unshift(ids[at]!)
    }
    return path
  }
}

/** Groups what changed under the direct change that brought it: in the new graph for what came, in the old for what went. */
export function explainDiff(diff: PackageDiff, before: PackageSet | null, after: PackageSet | null): Explanation {
  const causes = new Map<PackageId, Dragged>()
  const others: { readonly item: Dragged; readonly id: PackageId; readonly old: boolean }[] = []
  const take = (item: Omit<Dragged, 'path'>, direct: boolean): void => {
    const old = item.to === null
    const id = packageId(item.name, (old ? item.from : item.to)!)
    if (direct) causes.set(id, { ...item, path: [id] })
    else others.push({ item: { ...item, path: [] }, id, old })
  }
  const added = ({ name, version, direct }: AddedPackage): void =>
    take({ change: 'added', name, from: null, to: version }, direct)
  const changed = ({ name, from, to, direct }: ChangedPackage): void =>
    take({ change: 'changed', name, from, to }, direct || diff.becameDirect.includes(name))
  const removed = ({ name, version, direct }: AddedPackage): void =>
    take({ change: 'removed', name, from: version, to: null }, direct)
  diff.changed.forEach(changed)
  diff.added.forEach(added)
  diff.removed.forEach(removed)

  const came = after && shortestPaths(after, new Set(causes.keys()))
  const went = before && shortestPaths(before, new Set([...causes.values()].flatMap(oldIds)))
  const oldCauses = new Map([...causes.values()].flatMap(cause => oldIds(cause).map(id => [id, cause] as const)))
  const groups = new Map<Dragged, Dragged[]>([...causes.values()].map(cause => [cause, []]))
  const rest: Dragged[] = []
  for (const { item, id, old } of others) {
    const path = (old ? went : came)?.(id) ?? []
    const told = { ...item, path }
    const cause = path.length > 0 ? (old ? oldCauses : causes).get(path[0]!) : undefined
    if (cause) groups.get(cause)!.push(told)
    else rest.push(told)
  }
  return { groups: [...groups].map(([cause, dragged]) => ({ cause, dragged })), rest }
}

const oldIds = ({ name, from }: Dragged): PackageId[] => (from === null ? [] : [packageId(name, from)])
