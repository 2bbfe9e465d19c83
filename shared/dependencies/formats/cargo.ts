import { type PackageSet, PackageSetBuilder, packageId, requireByName, type Scope } from '../package-set.ts'
import { type DependencyFile, listOf, parseToml, type Table, tableOf, textOf } from '../read-data.ts'

type Locked = {
  readonly name: string
  readonly version: string
  readonly source: string
  readonly needs: readonly string[]
}

/**
 * Cargo.lock of any version: packages without a source are the workspace's own, and what they name is direct. In a
 * dependency the version and the source are written only where the name alone would be ambiguous (v2 and later).
 */
function readLock(file: DependencyFile, builder: PackageSetBuilder): void {
  const lock = parseToml(file)
  const locked: Locked[] = [lock.root, ...listOf(lock.package)].flatMap(value => {
    const { name, version, source, dependencies, replace } = tableOf(value)
    const text = textOf(name)
    if (text === undefined) return []
    if (textOf(replace)) builder.replacements.set(packageId(text, textOf(version) ?? ''), textOf(replace)!)
    const needs = listOf(dependencies).flatMap(item => textOf(item) ?? [])
    return [{ name: text, version: textOf(version) ?? '', source: textOf(source) ?? '', needs }]
  })
  const byName = new Map<string, Locked[]>()
  for (const one of locked) {
    byName.set(one.name, [...(byName.get(one.name) ?? []), one])
    // A registry is where crates are from unless something else is said.
    const more = one.source !== '' && !/^(registry|sparse)\+/.test(one.source) ? { source: one.source } : {}
    builder.add(one.name, one.version, more)
  }
  for (const one of locked) {
    const isMember = one.source === ''
    const from = isMember ? one.name : packageId(one.name, one.version)
    if (isMember) builder.roots.add(one.name)
    for (const need of one.needs) {
      const [name = '', version] = need.split(' ')
      const candidates = byName.get(name) ?? []
      const to = version === undefined ? candidates[0] : candidates.find(each => each.version === version)
      if (!to) continue
      const id = packageId(to.name, to.version)
      builder.edge(from, to.source === '' ? to.name : id)
      if (isMember) builder.require(name, id, '')
    }
  }
}

export type CargoRequirement = { readonly name: string; readonly range: string; readonly scope: Scope }

const scopes: { readonly [table: string]: Scope } = {
  dependencies: 'runtime',
  'dev-dependencies': 'dev',
  dev_dependencies: 'dev',
  'build-dependencies': 'build',
  build_dependencies: 'build',
}

/** What Cargo.toml files ask for, in every table of them: a renamed crate under its own name, targets included. */
export function cargoRequirements(files: readonly DependencyFile[]): CargoRequirement[] {
  const manifests = files.map(parseToml)
  const inherited = Object.assign({}, ...manifests.map(({ workspace }) => tableOf(tableOf(workspace).dependencies)))
  return manifests.flatMap(manifest => requirementsIn(manifest, inherited))
}

function requirementsIn(manifest: Table, shared: Table): CargoRequirement[] {
  const found: CargoRequirement[] = []
  const read = (holder: Table): void => {
    for (const [table, scope] of Object.entries(scopes))
      for (const [key, value] of Object.entries(tableOf(holder[table]))) {
        const inherited = tableOf(value).workspace === true ? shared[key] : undefined
        const spec = inherited ?? value
        const name = textOf(tableOf(spec).package) ?? key
        found.push({ name, range: textOf(spec) ?? textOf(tableOf(spec).version) ?? '', scope })
      }
  }
  read(manifest)
  for (const target of Object.values(tableOf(manifest.target))) read(tableOf(target))
  return found
}

export function readCargo(lock: DependencyFile | undefined, manifests: readonly DependencyFile[]): PackageSet | null {
  const first = lock ?? manifests[0]
  if (!first) return null
  const builder = new PackageSetBuilder('cargo', first.path)
  const asked = cargoRequirements(manifests)
  if (lock) {
    readLock(lock, builder)
    for (const { path } of manifests) builder.files.push(path)
    const ranges = new Map(asked.map(each => [each.name, each]))
    for (const [index, each] of builder.direct.entries()) {
      const said = ranges.get(each.name)
      if (said) builder.direct[index] = { ...each, range: said.range, scope: said.scope }
    }
  } else {
    builder.locked = false
    for (const { name, range } of asked) builder.add(name, range)
    for (const manifest of manifests) {
      const name = textOf(tableOf(parseToml(manifest).package).name)
      if (name) builder.roots.add(name)
    }
    requireByName(builder, asked)
  }
  return builder.build()
}
