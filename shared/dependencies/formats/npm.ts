import { type PackageId, type PackageSet, PackageSetBuilder, type Scope } from '../package-set.ts'
import { type DependencyFile, parseJson, type Table, tableOf, textOf, textsOf } from '../read-data.ts'

export const npmScopes: readonly (readonly [table: string, scope: Scope])[] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
]

const marker = 'node_modules/'
const nameAt = (path: string): string => path.slice(path.lastIndexOf(marker) + marker.length)
const isInstalled = (path: string): boolean => path.startsWith(marker) || path.includes(`/${marker}`)

/** Where Node finds a package from a folder: in its own node_modules, then in that of each folder above. */
function resolveFrom(packages: Table, from: string, name: string): string | null {
  for (let folder = from; ; ) {
    const path = `${folder === '' ? '' : `${folder}/`}${marker}${name}`
    if (Object.hasOwn(packages, path)) {
      const entry = tableOf(packages[path])
      return entry.link === true ? (textOf(entry.resolved) ?? path) : path
    }
    if (folder === '') return null
    const inside = folder.lastIndexOf(`/${marker}`)
    if (inside >= 0) folder = folder.slice(0, inside)
    else if (folder.startsWith(marker)) folder = ''
    else folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
  }
}

/** The first version of the format nests what is installed; here it gets the paths of the later ones. */
function pathsOfNested(dependencies: unknown, below: string, into: { [path: string]: Table }): void {
  for (const [name, value] of Object.entries(tableOf(dependencies))) {
    const entry = tableOf(value)
    const path = `${below}${marker}${name}`
    const [, realName, realVersion] = /^npm:(@?[^@]+)@(.+)$/.exec(textOf(entry.version) ?? '') ?? []
    into[path] = {
      version: realVersion ?? entry.version,
      ...(realName && { name: realName }),
      resolved: entry.resolved ?? entry.version,
      dependencies: entry.requires,
    }
    pathsOfNested(entry.dependencies, `${path}/`, into)
  }
}

/** Anything that is not the registry: a git commit, a folder, an archive at an address outside it. */
function sourceOf(entry: Table): string | undefined {
  const resolved = textOf(entry.resolved)
  return resolved && /^(git(\+|:)|github:|file:)/.test(resolved) ? resolved : undefined
}

/** Reads package-lock.json and npm-shrinkwrap.json, versions 1, 2 and 3. Needs package.json for version 1 alone. */
export function readNpmLock(file: DependencyFile, manifest: DependencyFile | undefined): PackageSet {
  const lock = tableOf(parseJson(file))
  const builder = new PackageSetBuilder('npm', file.path)
  if (manifest) builder.files.push(manifest.path)
  let packages = tableOf(lock.packages)
  if (lock.packages === undefined) {
    const paths: { [path: string]: Table } = {}
    pathsOfNested(lock.dependencies, '', paths)
    packages = { '': manifest ? tableOf(parseJson(manifest)) : { name: lock.name }, ...paths }
  }
  const contents = new Map<string, string>()
  builder.contents = contents
  const ids = new Map<string, PackageId>()
  for (const [path, value] of Object.entries(packages)) {
    const entry = tableOf(value)
    if (entry.link === true) continue
    if (!isInstalled(path)) {
      const root =
        textOf(entry.name) ?? (path === '' ? (textOf(lock.name) ?? '') : path.slice(path.lastIndexOf('/') + 1))
      if (root !== '') builder.roots.add(root)
      ids.set(path, root)
      continue
    }
    const version = textOf(entry.version) ?? ''
    const realName = textOf(entry.name)
    const source = sourceOf(entry)
    const id = builder.add(nameAt(path), version, { ...(realName && { realName }), ...(source && { source }) })
    ids.set(path, id)
    contents.set(path, version)
  }
  for (const [path, value] of Object.entries(packages)) {
    const entry = tableOf(value)
    const from = ids.get(path)
    if (from === undefined || entry.link === true) continue
    const isMember = !isInstalled(path)
    const told = new Set<string>()
    for (const [table, scope] of npmScopes) {
      if (scope === 'dev' && !isMember) continue
      for (const [name, range] of textsOf(entry[table])) {
        if (told.has(name)) continue
        told.add(name)
        const found = resolveFrom(packages, path, name)
        const to = found === null ? undefined : ids.get(found)
        if (isMember && (to === undefined || builder.packages.has(to))) {
          const optional = Object.hasOwn(tableOf(entry.optionalDependencies), name)
          builder.require(name, to ?? null, range, optional ? 'optional' : scope)
        }
        if (to !== undefined && from !== '') builder.edge(from, to)
      }
    }
  }
  return builder.build()
}

export type NpmManifest = {
  readonly path: string
  readonly name: string
  readonly asked: readonly { readonly name: string; readonly range: string; readonly scope: Scope }[]
}

export function readPackageJson(file: DependencyFile): NpmManifest {
  const manifest = tableOf(parseJson(file))
  const asked = new Map<string, NpmManifest['asked'][number]>()
  for (const [table, scope] of npmScopes)
    for (const [name, range] of textsOf(manifest[table]))
      if (!asked.has(name) || scope === 'optional') asked.set(name, { name, range, scope })
  return { path: file.path, name: textOf(manifest.name) ?? '', asked: [...asked.values()] }
}

/** Manifests without a lock: what they ask for, with the range where a version would be. */
export function readPackageJsons(files: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('npm', files[0]!.path)
  builder.files.push(...files.slice(1).map(({ path }) => path))
  builder.locked = false
  for (const { name: root, asked } of files.map(readPackageJson)) {
    if (root !== '') builder.roots.add(root)
    for (const { name, range, scope } of asked) {
      const [, realName, realRange] = /^npm:(@?[^@]+)@(.+)$/.exec(range) ?? []
      const id = builder.add(name, realRange ?? range, realName === undefined ? {} : { realName })
      builder.require(name, id, range, scope)
    }
  }
  return builder.build()
}
