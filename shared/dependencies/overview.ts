import type { OwnedSet } from './assign-services.ts'
import type { Ecosystem } from './ecosystem.ts'
import { libraryOf } from './purl.ts'
import { compareVersions } from './versions/compare-versions.ts'

export type LibraryUse = {
  /** Null for what belongs to no service. */
  readonly service: string | null
  readonly folder: string
  readonly direct: boolean
}
export type LibraryVersion = { readonly version: string; readonly uses: readonly LibraryUse[] }
/** One library wherever it is used, newest version first. */
export type Library = {
  /** A package-url without its version. */
  readonly library: string
  readonly name: string
  readonly ecosystem: Ecosystem
  readonly versions: readonly LibraryVersion[]
  /** How many versions services differ by, each counted by its newest; 1 where all agree. */
  readonly spread: number
}
export type SetSummary = {
  readonly folder: string
  readonly ecosystem: Ecosystem
  readonly files: readonly string[]
  /** False when versions are what a manifest asks for. */
  readonly locked: boolean
  readonly packages: number
  readonly direct: number
  readonly edges: number
}
export type ServiceSummary = {
  /** Null for what belongs to no service. */
  readonly service: string | null
  /** Folder of its source; null where that is not known. */
  readonly folder: string | null
  readonly sets: readonly SetSummary[]
  /** Libraries it has an older version of than some other service. */
  readonly behind: { readonly direct: number; readonly all: number }
}

/** Libraries across services: those that services differ by most first, then by versions and by name. */
export function librariesOf(sets: readonly OwnedSet[]): Library[] {
  const found = new Map<string, { name: string; ecosystem: Ecosystem; versions: Map<string, LibraryUse[]> }>()
  for (const { set, services, folder } of sets) {
    const direct = new Set(set.direct.flatMap(({ id }) => id ?? []))
    const members = new Set(set.roots)
    for (const [id, one] of set.packages) {
      if (members.has(one.name)) continue
      const library = libraryOf(set.ecosystem, one)
      const known = found.get(library) ?? {
        name: one.realName ?? one.name,
        ecosystem: set.ecosystem,
        versions: new Map(),
      }
      found.set(library, known)
      const uses = known.versions.get(one.version) ?? []
      known.versions.set(one.version, uses)
      for (const service of services.length > 0 ? services : [null])
        uses.push({ service, folder, direct: direct.has(id) })
    }
  }
  return [...found]
    .map(([library, { name, ecosystem, versions }]) => ({
      library,
      name,
      ecosystem,
      versions: [...versions]
        .map(([version, uses]) => ({ version, uses }))
        .sort((a, b) => compareVersions(ecosystem, b.version, a.version) || (a.version < b.version ? 1 : -1)),
    }))
    .map(library => ({ ...library, spread: spreadOf(library.versions) }))
    .sort((a, b) => b.spread - a.spread || b.versions.length - a.versions.length || (a.name < b.name ? -1 : 1))
}

function spreadOf(versions: readonly LibraryVersion[]): number {
  const seen = new Set<string | null>()
  let spread = 0
  for (const { uses } of versions) {
    const fresh = uses.filter(({ service }) => !seen.has(service))
    for (const { service } of fresh) seen.add(service)
    if (fresh.length > 0) spread += 1
  }
  return spread
}

/** What each service is made of and how much of it is behind others. Services first by name, then what is of none. */
export function summarizeServices(
  sets: readonly OwnedSet[],
  folders: ReadonlyMap<string, string | null>,
  libraries: readonly Library[],
): ServiceSummary[] {
  const behind = new Map<string | null, { direct: number; all: number }>()
  for (const { service, direct } of libraries.flatMap(behindIn)) {
    const count = behind.get(service) ?? { direct: 0, all: 0 }
    behind.set(service, { direct: count.direct + Number(direct), all: count.all + 1 })
  }
  const services: (string | null)[] = [...new Set([...folders.keys(), ...sets.flatMap(set => set.services)])].sort()
  if (sets.some(({ services: own }) => own.length === 0)) services.push(null)
  return services.map(service => ({
    service,
    folder: (service === null ? null : folders.get(service)) ?? null,
    sets: sets
      .filter(({ services: own }) => (service === null ? own.length === 0 : own.includes(service)))
      .map(summarize),
    behind: behind.get(service) ?? { direct: 0, all: 0 },
  }))
}

function summarize({ set, folder }: OwnedSet): SetSummary {
  return {
    folder,
    ecosystem: set.ecosystem,
    files: set.files,
    locked: set.locked,
    packages: set.packages.size,
    direct: new Set(set.direct.map(({ name }) => name)).size,
    edges: set.edges.from.length,
  }
}

/** Who has no version of a library that is as new as the newest of another service; each service once. */
export function behindIn({ ecosystem, versions }: Library): LibraryUse[] {
  const newest = versions[0]?.version
  if (newest === undefined || versions.length < 2) return []
  const isNewest = (version: string): boolean => compareVersions(ecosystem, version, newest) >= 0
  const current = new Set(
    versions.filter(({ version }) => isNewest(version)).flatMap(({ uses }) => uses.map(use => use.service)),
  )
  const behind = new Map<string | null, LibraryUse>()
  for (const { version, uses } of versions)
    for (const use of isNewest(version) ? [] : uses)
      if (!current.has(use.service)) {
        const known = behind.get(use.service)
        if (!known || (use.direct && !known.direct)) behind.set(use.service, use)
      }
  return [...behind.values()]
}
