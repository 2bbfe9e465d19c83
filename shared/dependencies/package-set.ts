import { type Ecosystem, plainName } from './ecosystem.ts'
import { EdgeCollector, type Edges } from './edges.ts'

/** `name@version`: how an edge names its ends, as `go mod graph` does. Main modules have no version. */
export type PackageId = string

export type Package = {
  /** As the file spells it; for an alias, the name it is installed under. */
  readonly name: string
  readonly version: string
  /** The name in its registry where it is installed under another. */
  readonly realName?: string
  /** Where it is from when that is not the ecosystem's registry: `git+https://…#commit`, `file:../lib`. */
  readonly source?: string
}

export type Scope = 'runtime' | 'dev' | 'optional' | 'peer' | 'build' | 'test'

/** One thing a manifest asks for. */
export type Requirement = {
  readonly name: string
  /** What the lock chose for it; null when no lock says. */
  readonly id: PackageId | null
  /** As the manifest states it; empty when only the lock is there. */
  readonly range: string
  readonly scope: Scope
}

/** What one module, lock file or document says it is made of. */
export type PackageSet = {
  readonly ecosystem: Ecosystem
  /** The files it was read from. */
  readonly files: readonly string[]
  /** Main modules and workspace members by name, as they stand in edges. */
  readonly roots: readonly string[]
  /** False when only a manifest was there: versions are what it asks for. */
  readonly locked: boolean
  readonly packages: ReadonlyMap<PackageId, Package>
  readonly direct: readonly Requirement[]
  readonly edges: Edges
  /** What the lock holds where it is keyed by something other than the name (an install path), with the version. */
  readonly contents: ReadonlyMap<string, string> | null
  /** What stands in for a package: its name (and version) to the replacement. */
  readonly replacements: ReadonlyMap<string, string>
}

/** A set and the folder its files are in; `of` names the one service whose images it holds. */
export type PlacedSet = { readonly folder: string; readonly set: PackageSet; readonly of?: string }

export const packageId = (name: string, version: string): PackageId => (version === '' ? name : `${name}@${version}`)

/** True where something says who asks for whom; edges from main modules alone say what is there and no more. */
export function hasGraph({ edges: { ids, from }, roots }: PackageSet): boolean {
  const main = new Set(roots)
  return from.some(number => !main.has(ids[number]!))
}

/** Name and version of an id; the version is empty for a main module. A scope's `@` is no separator. */
export function splitId(id: PackageId): { readonly name: string; readonly version: string } {
  const at = id.indexOf('@', 1)
  return at < 0 ? { name: id, version: '' } : { name: id.slice(0, at), version: id.slice(at + 1) }
}

/** An address may hold a password or a token, which is nobody's business; `git@` is a name that all have. */
const withoutCredentials = (text: string): string =>
  text.includes('@') && text.includes('://')
    ? text.replace(/:\/\/([^/@\s]+)@/g, (whole, user: string) => (user === 'git' ? whole : '://'))
    : text

/** Collects what a file says. Edges may be told before their ends are known. */
export class PackageSetBuilder {
  readonly ecosystem: Ecosystem
  readonly files: string[] = []
  readonly roots = new Set<string>()
  readonly packages = new Map<PackageId, Package>()
  readonly direct: Requirement[] = []
  readonly edges = new EdgeCollector()
  readonly replacements = new Map<string, string>()
  contents: Map<string, string> | null = null
  locked = true

  constructor(ecosystem: Ecosystem, file: string) {
    this.ecosystem = ecosystem
    this.files.push(file)
  }

  add(name: string, said: string, more: { realName?: string; source?: string } = {}): PackageId {
    const version = withoutCredentials(said)
    const id = packageId(name, version)
    const { realName } = more
    const source = more.source === undefined ? undefined : withoutCredentials(more.source)
    if (!this.packages.has(id))
      this.packages.set(id, {
        name,
        version,
        ...(realName !== undefined && realName !== name && { realName }),
        ...(source !== undefined && { source }),
      })
    return id
  }

  edge(from: PackageId, to: PackageId): void {
    this.edges.add(from, to)
  }

  require(name: string, id: PackageId | null, said: string, scope: Scope = 'runtime'): void {
    const range = withoutCredentials(said)
    if (!this.direct.some(each => each.name === name && each.id === id && each.range === range))
      this.direct.push({ name, id, range, scope })
  }

  build(): PackageSet {
    return {
      ecosystem: this.ecosystem,
      files: this.files,
      roots: [...this.roots],
      locked: this.locked,
      packages: this.packages,
      direct: this.direct,
      edges: this.edges.build(),
      contents: this.contents,
      replacements: new Map([...this.replacements].map(([name, target]) => [name, withoutCredentials(target)])),
    }
  }
}

/** The requirement of a manifest for a package that a lock chose, when the lock alone does not say. */
export function requireByName(
  builder: PackageSetBuilder,
  asked: Iterable<{ readonly name: string; readonly range: string; readonly scope: Scope }>,
): void {
  const byName = new Map<string, PackageId[]>()
  for (const [id, { name }] of builder.packages) {
    const plain = plainName(builder.ecosystem, name)
    byName.set(plain, [...(byName.get(plain) ?? []), id])
  }
  for (const { name, range, scope } of asked) {
    const ids = byName.get(plainName(builder.ecosystem, name)) ?? []
    // Several versions of one name: the one a manifest asks for is the one its requirement names, else the newest listed.
    const exact = ids.find(id => splitId(id).version === range.replace(/^[=v^~\s]+/, ''))
    const id = exact ?? ids.at(-1) ?? null
    builder.require(id === null ? name : builder.packages.get(id)!.name, id, range, scope)
  }
}
