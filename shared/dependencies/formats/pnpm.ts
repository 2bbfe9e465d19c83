import { type PackageId, type PackageSet, PackageSetBuilder, type Scope } from '../package-set.ts'
import { type DependencyFile, parseYaml, type Table, tableOf, textOf, textsOf } from '../read-data.ts'
import { readPackageJson } from './npm.ts'

const tables: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
]

/** A key without the peers it was resolved with: `(react@18.0.0)` from version 6 on, `_react@18.0.0` before. */
function nameAndVersion(key: string, isOld: boolean): { readonly name: string; readonly version: string } | null {
  const bare = key.replace(/^\//, '').replace(/\(.*$/s, '')
  if (isOld) {
    const match = /^(?:[^/@]+\.[^/]+\/)?((?:@[^/]+\/)?[^/]+)\/(\d[^/_]*)/.exec(bare)
    return match && { name: match[1]!, version: match[2]! }
  }
  const at = bare.indexOf('@', 1)
  return at < 0 ? null : { name: bare.slice(0, at), version: bare.slice(at + 1) }
}

/** Reads pnpm-lock.yaml, versions 5, 6 and 9. */
export function readPnpmLock(file: DependencyFile, manifests: readonly DependencyFile[]): PackageSet {
  const lock = tableOf(parseYaml(file))
  const isOld = Number.parseFloat(textOf(lock.lockfileVersion) ?? '5') < 6
  const builder = new PackageSetBuilder('npm', file.path)
  builder.files.push(...manifests.map(({ path }) => path))
  const packages = tableOf(lock.packages)
  const ids = new Map<string, PackageId>()
  for (const [key, value] of [...Object.entries(packages), ...Object.entries(tableOf(lock.snapshots))]) {
    const entry = tableOf(value)
    const said = nameAndVersion(key, isOld)
    // What is from no registry is keyed by where it is from, and says its name and version itself.
    const name = textOf(entry.name) ?? said?.name
    if (name === undefined) continue
    const version = textOf(entry.version) ?? said?.version ?? ''
    const place = /^(https?:|file:|git)/.test(said?.version ?? '') || (said === null && key) ? { source: key } : {}
    const bare = key.replace(/\(.*$/s, '')
    const id = ids.get(bare.replace(/^\//, '')) ?? builder.add(name, version, place)
    ids.set(key.replace(/^\//, ''), id)
    ids.set(bare.replace(/^\//, ''), id)
  }
  const chosen = (name: string, ref: string): PackageId | undefined => {
    const bare = ref.replace(/^\//, '')
    const stripped = bare.replace(/\(.*$/s, '')
    const join = isOld ? '/' : '@'
    return (
      ids.get(`${name}${join}${bare}`) ?? ids.get(`${name}${join}${stripped}`) ?? ids.get(bare) ?? ids.get(stripped)
    )
  }
  const graph = lock.snapshots === undefined ? packages : tableOf(lock.snapshots)
  for (const [key, value] of Object.entries(graph)) {
    const from = ids.get(key.replace(/^\//, ''))
    if (from === undefined) continue
    const { dependencies, optionalDependencies } = tableOf(value)
    for (const [name, ref] of [...textsOf(dependencies), ...textsOf(optionalDependencies)]) {
      const to = chosen(name, ref)
      if (to !== undefined) builder.edge(from, to)
    }
  }
  const importers: Table = lock.importers === undefined ? { '.': lock } : tableOf(lock.importers)
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1)
  const names = new Map(manifests.map(manifest => [manifest.path, readPackageJson(manifest).name]))
  for (const [path, value] of Object.entries(importers)) {
    const importer = tableOf(value)
    const root = names.get(`${folder}${path === '.' ? '' : `${path}/`}package.json`) || path
    builder.roots.add(root)
    for (const [table, scope] of tables)
      for (const [name, item] of Object.entries(tableOf(importer[table]))) {
        const ref = textOf(item) ?? textOf(tableOf(item).version) ?? ''
        if (/^(link|workspace):/.test(ref)) continue
        const range = textOf(tableOf(item).specifier) ?? textOf(tableOf(importer.specifiers)[name]) ?? ''
        const to = chosen(name, ref)
        builder.require(name, to ?? null, range, scope)
        if (to !== undefined) builder.edge(root, to)
      }
  }
  return builder.build()
}
