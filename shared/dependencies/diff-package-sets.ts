import { type Ecosystem, plainName } from './ecosystem.ts'
import { diffEdges, noEdges } from './edges.ts'
import {
  type Package,
  type PackageId,
  type PackageSet,
  packageId,
  type Requirement,
  type Scope,
} from './package-set.ts'
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
  const added: AddedPackage[] = []
  const removed: AddedPackage[] = []
  const changed: ChangedPackage[] = []
  const isDirect = { before: directIds(before), after: directIds(after) }
  const gone = onlyIn(ecosystem, before, after)
  const came = onlyIn(ecosystem, after, before)
  const change = (name: string, from: string, to: string, both: boolean): void => {
    const told = { direction: versionDirection(ecosystem, from, to), distance: versionDistance(from, to) }
    changed.push({ ecosystem, name, from, to, direct: both, ...told })
  }
  const names = new Set([...gone.keys(), ...came.keys(), ...direct.moved.keys()])
  for (const plain of names) {
    let olds = gone.get(plain) ?? []
    let news = came.get(plain) ?? []
    // One version spelled under two names is no change.
    const same = new Set(
      olds.map(({ version }) => version).filter(version => news.some(each => each.version === version)),
    )
    // A requirement that moved to another version is one change, even where other packages hold on to the old one.
    for (const { name, from, to } of direct.moved.get(plain) ?? []) {
      if (same.has(from) || same.has(to)) continue
      change(name, from, to, true)
      olds = olds.filter(({ version }) => version !== from)
      news = news.filter(({ version }) => version !== to)
    }
    const order = (a: Package, b: Package): number => compareVersions(ecosystem, a.version, b.version)
    olds = olds.filter(({ version }) => !same.has(version)).sort(order)
    news = news.filter(({ version }) => !same.has(version)).sort(order)
    const pairs = Math.min(olds.length, news.length)
    for (let i = 0; i < pairs; i++) {
      const [from, to] = [olds[i]!, news[i]!]
      change(to.name, from.version, to.version, isDirect.before.has(idOf(from)) && isDirect.after.has(idOf(to)))
    }
    for (const one of olds.slice(pairs))
      removed.push({ ecosystem, name: one.name, version: one.version, direct: isDirect.before.has(idOf(one)) })
    for (const one of news.slice(pairs))
      added.push({ ecosystem, name: one.name, version: one.version, direct: isDirect.after.has(idOf(one)) })
  }
  return {
    added: added.sort(byNameThenVersion),
    removed: removed.sort(byNameThenVersion),
    changed: changed.sort((a, b) => byText(a.name, b.name) || byText(a.from, b.from)),
    edges: diffEdges(before?.edges ?? noEdges, after?.edges ?? noEdges),
    direct: direct.lists,
    lock: diffContents(ecosystem, before, after, names),
    ...moves(ecosystem, before, after, direct.names),
    replaced: diffReplacements(ecosystem, before, after),
  }
}

const idOf = ({ name, version }: Package): PackageId => packageId(name, version)
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byNameThenVersion = (a: AddedPackage, b: AddedPackage): number =>
  byText(a.name, b.name) || byText(a.version, b.version)

/** Packages of one set that the other has not, by plain name. */
function onlyIn(ecosystem: Ecosystem, set: PackageSet | null, other: PackageSet | null): Map<string, Package[]> {
  const found = new Map<string, Package[]>()
  for (const [id, one] of set?.packages ?? []) {
    if (other?.packages.has(id)) continue
    const plain = plainName(ecosystem, one.name)
    const known = found.get(plain)
    if (known) known.push(one)
    else found.set(plain, [one])
  }
  return found
}

/** Plain names, each with the name as the set spells it. */
function namesIn(ecosystem: Ecosystem, set: PackageSet | null): Map<string, string> {
  const names = new Map<string, string>()
  for (const { name } of set?.packages.values() ?? []) names.set(plainName(ecosystem, name), name)
  return names
}

const directIds = (set: PackageSet | null): ReadonlySet<PackageId> => new Set(set?.direct.flatMap(({ id }) => id ?? []))

type Chosen = Requirement & { readonly version: string }

function diffDirect(ecosystem: Ecosystem, before: PackageSet | null, after: PackageSet | null) {
  const olds = requirements(ecosystem, before)
  const news = requirements(ecosystem, after)
  const lists = { added: [] as KeyedVersion[], removed: [] as KeyedVersion[], changed: [] as DirectChange[] }
  const moved = new Map<string, { name: string; from: string; to: string }[]>()
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
      moved.set(plain, [...(moved.get(plain) ?? []), { name: to.name, from: from.version, to: to.version }])
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
  before: PackageSet | null,
  after: PackageSet | null,
  names: ReadonlySet<string>,
): PackageDiff['lock'] {
  const lists = { added: [] as KeyedVersion[], removed: [] as KeyedVersion[], changed: [] as KeyedChange[] }
  const [olds, news] = [before, after].map(set => set?.contents ?? versionsByName(ecosystem, set, names))
  for (const name of [...new Set([...olds!.keys(), ...news!.keys()])].sort()) {
    const [from, to] = [olds!.get(name), news!.get(name)]
    if (from === to) continue
    if (from === undefined) lists.added.push({ name, version: to! })
    else if (to === undefined) lists.removed.push({ name, version: from })
    else lists.changed.push({ name, from, to, direction: versionDirection(ecosystem, from, to) })
  }
  return lists
}

/** Every version that a lock holds of these names, comma-separated in order. */
function versionsByName(
  ecosystem: Ecosystem,
  set: PackageSet | null,
  names: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const versions = new Map<string, string[]>()
  if (names.size === 0) return new Map()
  for (const { name, version } of set?.packages.values() ?? [])
    if (names.has(plainName(ecosystem, name))) versions.set(name, [...(versions.get(name) ?? []), version])
  const order = (a: string, b: string): number => compareVersions(ecosystem, a, b)
  return new Map([...versions].map(([name, all]) => [name, all.sort(order).join(', ')]))
}

function moves(
  ecosystem: Ecosystem,
  before: PackageSet | null,
  after: PackageSet | null,
  direct: { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> },
): Pick<PackageDiff, 'becameDirect' | 'becameIndirect'> {
  const differing = [...direct.before, ...direct.after].some(name => direct.before.has(name) !== direct.after.has(name))
  if (!differing || !before || !after) return { becameDirect: [], becameIndirect: [] }
  const [here, there] = [namesIn(ecosystem, before), namesIn(ecosystem, after)]
  const moved = (from: ReadonlySet<string>, to: ReadonlySet<string>): string[] =>
    [...to].flatMap(plain => (!from.has(plain) && here.has(plain) ? (there.get(plain) ?? []) : [])).sort()
  return { becameDirect: moved(direct.before, direct.after), becameIndirect: moved(direct.after, direct.before) }
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
  const [here, there] = [namesIn(ecosystem, before), namesIn(ecosystem, after)]
  return [...new Set([...olds.keys(), ...news.keys()])].sort().flatMap(name => {
    const [from, to] = [olds.get(name) ?? null, news.get(name) ?? null]
    if (from === to) return []
    // What came or went as a whole is told as that.
    const isStanding = before?.replacements.has(name) || after?.replacements.has(name)
    return isStanding || (here.has(name) && there.has(name)) ? [{ name, from, to }] : []
  })
}
