import { type Ecosystem, plainName } from './ecosystem.ts'
import type { Package, PackageId, PackageSet, Requirement, Scope } from './package-set.ts'
import { compareVersions } from './versions/compare-versions.ts'
import { type Direction, type Distance, versionDirection, versionDistance } from './versions/version-distance.ts'

export type AddedPackage = {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version: string
  readonly direct: boolean
}
export type ChangedPackage = {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly from: string
  readonly to: string
  /** Asked for by a main module before and after. */
  readonly direct: boolean
  readonly direction: Direction
  readonly distance: Distance
}
/** A requirement of a main module, with what the lock chose for it. */
export type DirectChange = {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly rangeFrom: string
  readonly rangeTo: string
  readonly scope: Scope
  readonly direction: Direction
}
export type KeyedChange = {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly direction: Direction
}
export type KeyedVersion = { readonly name: string; readonly version: string }
export type Replacement = { readonly name: string; readonly from: string | null; readonly to: string | null }

export type PackageDiff = {
  readonly added: readonly AddedPackage[]
  readonly removed: readonly AddedPackage[]
  readonly changed: readonly ChangedPackage[]
  readonly edges: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly direct: {
    readonly added: readonly KeyedVersion[]
    readonly removed: readonly KeyedVersion[]
    readonly changed: readonly DirectChange[]
  }
  /** What the lock holds, keyed as the lock keys it. */
  readonly lock: {
    readonly added: readonly KeyedVersion[]
    readonly removed: readonly KeyedVersion[]
    readonly changed: readonly KeyedChange[]
  }
  /** Names that were there on both sides. */
  readonly becameDirect: readonly string[]
  readonly becameIndirect: readonly string[]
  /** Something stands in for a package, or it is from another place, or not any more. */
  readonly replaced: readonly Replacement[]
}

/** What differs between two sets of one ecosystem; null for a side that is not there. Lists are sorted by name. */
export function diffPackageSets(before: PackageSet | null, after: PackageSet | null): PackageDiff {
  const { ecosystem } = (after ?? before)!
  const direct = diffDirect(ecosystem, before, after)
  const names = { before: byName(ecosystem, before), after: byName(ecosystem, after) }
  const added: AddedPackage[] = []
  const removed: AddedPackage[] = []
  const changed: ChangedPackage[] = []
  const isDirect = { before: directIds(before), after: directIds(after) }
  const order = (a: Package, b: Package): number => compareVersions(ecosystem, a.version, b.version)
  const change = (name: string, from: string, to: string, both: boolean): void => {
    const told = { direction: versionDirection(ecosystem, from, to), distance: versionDistance(from, to) }
    changed.push({ ecosystem, name, from, to, direct: both, ...told })
  }

  for (const plain of new Set([...names.before.keys(), ...names.after.keys()])) {
    const here = names.before.get(plain) ?? new Map<string, [PackageId, Package]>()
    const there = names.after.get(plain) ?? new Map<string, [PackageId, Package]>()
    const gone = new Map([...here].filter(([version]) => !there.has(version)))
    const came = new Map([...there].filter(([version]) => !here.has(version)))
    // A requirement that moved to another version is one change, even where other packages hold on to the old one.
    for (const moved of direct.moved.get(plain) ?? []) {
      const [from, to] = [here.get(moved.from), there.get(moved.to)]
      if (!from || !to) continue
      change(to[1].name, moved.from, moved.to, true)
      gone.delete(moved.from)
      came.delete(moved.to)
    }
    const [olds, news] = [[...gone.values()], [...came.values()]].map(all => all.sort((a, b) => order(a[1], b[1])))
    const pairs = Math.min(olds!.length, news!.length)
    for (let i = 0; i < pairs; i++) {
      const [from, to] = [olds![i]!, news![i]!]
      const both = isDirect.before.has(from[0]) && isDirect.after.has(to[0])
      change(to[1].name, from[1].version, to[1].version, both)
    }
    for (const [id, { name, version }] of olds!.slice(pairs))
      removed.push({ ecosystem, name, version, direct: isDirect.before.has(id) })
    for (const [id, { name, version }] of news!.slice(pairs))
      added.push({ ecosystem, name, version, direct: isDirect.after.has(id) })
  }
  return {
    added: added.sort(byNameThenVersion),
    removed: removed.sort(byNameThenVersion),
    changed: changed.sort((a, b) => byText(a.name, b.name) || byText(a.from, b.from)),
    edges: diffEdges(before?.edges ?? new Set(), after?.edges ?? new Set()),
    direct: direct.lists,
    lock: diffContents(ecosystem, before?.contents ?? new Map(), after?.contents ?? new Map()),
    ...moves(names, direct.names),
    replaced: diffReplacements(ecosystem, before, after),
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byNameThenVersion = (a: AddedPackage, b: AddedPackage): number =>
  byText(a.name, b.name) || byText(a.version, b.version)

type ByName = Map<string, Map<string, [PackageId, Package]>>

function byName(ecosystem: Ecosystem, set: PackageSet | null): ByName {
  const names: ByName = new Map()
  for (const entry of set?.packages ?? []) {
    const plain = plainName(ecosystem, entry[1].name)
    const versions = names.get(plain)
    if (versions) versions.set(entry[1].version, entry)
    else names.set(plain, new Map([[entry[1].version, entry]]))
  }
  return names
}

const directIds = (set: PackageSet | null): ReadonlySet<PackageId> => new Set(set?.direct.flatMap(({ id }) => id ?? []))

/** Lines of one set that the other has not, sorted. */
export function diffEdges(before: ReadonlySet<string>, after: ReadonlySet<string>): PackageDiff['edges'] {
  const missing = (from: ReadonlySet<string>, other: ReadonlySet<string>): string[] => {
    const lines: string[] = []
    for (const line of from) if (!other.has(line)) lines.push(line)
    return lines.sort()
  }
  return { added: missing(after, before), removed: missing(before, after) }
}

type Chosen = Requirement & { readonly version: string }

function diffDirect(ecosystem: Ecosystem, before: PackageSet | null, after: PackageSet | null) {
  const olds = requirements(ecosystem, before)
  const news = requirements(ecosystem, after)
  const lists = { added: [] as KeyedVersion[], removed: [] as KeyedVersion[], changed: [] as DirectChange[] }
  const moved = new Map<string, { from: string; to: string }[]>()
  for (const plain of new Set([...olds.keys(), ...news.keys()])) {
    const [here, there] = [olds.get(plain) ?? [], news.get(plain) ?? []]
    const old = here.filter(({ version }) => !there.some(each => each.version === version))
    const now = there.filter(({ version }) => !here.some(each => each.version === version))
    // Workspace members may ask for several versions: what stayed is left out, the rest is paired in order.
    const pairs = Math.min(old.length, now.length)
    for (let i = 0; i < pairs; i++) {
      const [from, to] = [old[i]!, now[i]!]
      lists.changed.push({
        name: to.name,
        from: from.version,
        to: to.version,
        rangeFrom: from.range,
        rangeTo: to.range,
        scope: to.scope,
        direction: versionDirection(ecosystem, from.version, to.version),
      })
      moved.set(plain, [...(moved.get(plain) ?? []), { from: from.version, to: to.version }])
    }
    for (const { name, version } of old.slice(pairs)) lists.removed.push({ name, version })
    for (const { name, version } of now.slice(pairs)) lists.added.push({ name, version })
  }
  for (const list of [lists.added, lists.removed, lists.changed]) list.sort((a, b) => byText(a.name, b.name))
  return { lists, moved, names: { before: new Set(olds.keys()), after: new Set(news.keys()) } }
}

/** Requirements by plain name, one for each version chosen, in order. */
function requirements(ecosystem: Ecosystem, set: PackageSet | null): Map<string, Chosen[]> {
  const found = new Map<string, Chosen[]>()
  for (const each of set?.direct ?? []) {
    const plain = plainName(ecosystem, each.name)
    const version = (each.id === null ? undefined : set!.packages.get(each.id)?.version) ?? each.range
    const known = found.get(plain) ?? []
    if (!known.some(other => other.version === version)) found.set(plain, [...known, { ...each, version }])
  }
  for (const all of found.values()) all.sort((a, b) => compareVersions(ecosystem, a.version, b.version))
  return found
}

function diffContents(
  ecosystem: Ecosystem,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageDiff['lock'] {
  const lists = { added: [] as KeyedVersion[], removed: [] as KeyedVersion[], changed: [] as KeyedChange[] }
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [from, to] = [before.get(name), after.get(name)]
    if (from === to) continue
    if (from === undefined) lists.added.push({ name, version: to! })
    else if (to === undefined) lists.removed.push({ name, version: from })
    else lists.changed.push({ name, from, to, direction: versionDirection(ecosystem, from, to) })
  }
  return lists
}

type Sides<T> = { readonly before: T; readonly after: T }

function moves(
  names: Sides<ByName>,
  direct: Sides<ReadonlySet<string>>,
): Pick<PackageDiff, 'becameDirect' | 'becameIndirect'> {
  const becameDirect: string[] = []
  const becameIndirect: string[] = []
  for (const [plain, versions] of names.after) {
    if (!names.before.has(plain)) continue
    const { name } = versions.values().next().value![1]
    if (direct.after.has(plain) && !direct.before.has(plain)) becameDirect.push(name)
    if (!direct.after.has(plain) && direct.before.has(plain)) becameIndirect.push(name)
  }
  return { becameDirect: becameDirect.sort(), becameIndirect: becameIndirect.sort() }
}

function diffReplacements(ecosystem: Ecosystem, before: PackageSet | null, after: PackageSet | null): Replacement[] {
  const places = (set: PackageSet | null): Map<string, string> => {
    const found = new Map<string, string>()
    for (const { name, source } of set?.packages.values() ?? [])
      if (source !== undefined) found.set(plainName(ecosystem, name), source)
    for (const [name, target] of set?.replacements ?? []) found.set(name, target)
    return found
  }
  const [olds, news] = [places(before), places(after)]
  const [here, there] = [byName(ecosystem, before), byName(ecosystem, after)]
  return [...new Set([...olds.keys(), ...news.keys()])].sort().flatMap(name => {
    const [from, to] = [olds.get(name) ?? null, news.get(name) ?? null]
    if (from === to) return []
    // What came or went as a whole is told as that.
    const isStanding = before?.replacements.has(name) || after?.replacements.has(name)
    return isStanding || (here.has(name) && there.has(name)) ? [{ name, from, to }] : []
  })
}
