import { plainName } from '../ecosystem.ts'
import {
  type PackageId,
  type PackageSet,
  PackageSetBuilder,
  packageId,
  requireByName,
  type Scope,
} from '../package-set.ts'
import { type DependencyFile, listOf, parseJson, parseToml, type Table, tableOf, textOf } from '../read-data.ts'
import { type PythonRequirement, pyprojectRequirements, readRequirement } from './python-requirement.ts'

const plain = (name: string): string => plainName('pypi', name)

/** Where a package is from, as Poetry (`type`, `url`) and uv (`git`, `path`, `url`) write it; undefined for an index. */
function sourceOf(entry: Table): string | undefined {
  const source = tableOf(entry.source)
  if (source.type !== undefined)
    return source.type === 'legacy'
      ? undefined
      : [source.type, source.url, source.resolved_reference].filter(Boolean).join(' ')
  for (const key of ['git', 'url', 'path', 'directory'])
    if (source[key] !== undefined) return `${key} ${textOf(source[key])}`
  return undefined
}

const isMember = (entry: Table): boolean => {
  const { editable, virtual } = tableOf(entry.source)
  return editable !== undefined || virtual !== undefined
}

/** What an entry needs: a table by name (Poetry), a list of tables (uv) or of strings (PDM). */
function needsOf(value: unknown): { readonly name: string; readonly version: string | undefined }[] {
  if (!Array.isArray(value)) return Object.keys(tableOf(value)).map(name => ({ name, version: undefined }))
  return value.flatMap((item: unknown) => {
    const text = textOf(item)
    const name = text === undefined ? textOf(tableOf(item).name) : readRequirement(text)?.name
    return name === undefined ? [] : [{ name, version: textOf(tableOf(item).version) }]
  })
}

/** Reads poetry.lock, uv.lock and pdm.lock: all are lists of packages in TOML. */
export function readPythonLock(file: DependencyFile, manifests: readonly DependencyFile[]): PackageSet {
  const entries = listOf(parseToml(file).package).map(tableOf)
  const builder = new PackageSetBuilder('pypi', file.path)
  builder.files.push(...manifests.map(({ path }) => path))
  const byName = new Map<string, PackageId[]>()
  const id = (entry: Table): PackageId => packageId(textOf(entry.name) ?? '', textOf(entry.version) ?? '')
  for (const entry of entries) {
    const source = sourceOf(entry)
    const added = builder.add(
      textOf(entry.name) ?? '',
      textOf(entry.version) ?? '',
      source === undefined ? {} : { source },
    )
    const known = byName.get(plain(textOf(entry.name) ?? '')) ?? []
    // PDM lists a package once more for each set of its extras.
    if (!known.includes(added)) byName.set(plain(textOf(entry.name) ?? ''), [...known, added])
  }
  const chosen = (name: string, version: string | undefined): PackageId[] => {
    const ids = byName.get(plain(name)) ?? []
    return version === undefined ? ids : ids.filter(each => each.endsWith(`@${version}`))
  }
  const asked = manifests.map(pyprojectRequirements)
  const said = new Map(asked.flatMap(each => each.asked).map(each => [plain(each.name), each]))
  for (const entry of entries) {
    const from = isMember(entry) ? (textOf(entry.name) ?? '') : id(entry)
    if (isMember(entry)) builder.roots.add(from)
    const tables: [unknown, Scope][] = [[entry.dependencies, 'runtime']]
    for (const list of Object.values(tableOf(entry['optional-dependencies']))) tables.push([list, 'optional'])
    for (const list of Object.values(tableOf(entry['dev-dependencies']))) tables.push([list, 'dev'])
    for (const [table, scope] of tables)
      for (const { name, version } of needsOf(table))
        for (const to of chosen(name, version)) {
          builder.edge(from, to)
          const stated = said.get(plain(name))
          if (isMember(entry))
            builder.require(name, to, stated?.range ?? specifierIn(entry, name), stated?.scope ?? scope)
        }
  }
  if (builder.direct.length === 0) {
    for (const { name } of asked) if (name !== '') builder.roots.add(name)
    requireByName(builder, said.values())
    for (const { name } of asked)
      for (const { id: to } of name === '' ? [] : builder.direct) if (to !== null) builder.edge(name, to)
  }
  return builder.build()
}

/** uv repeats in the lock what the project asks for. */
function specifierIn(entry: Table, name: string): string {
  const wanted = listOf(tableOf(entry.metadata)['requires-dist']).map(tableOf)
  return textOf(wanted.find(each => plain(textOf(each.name) ?? '') === plain(name))?.specifier) ?? ''
}

/** Reads Pipfile.lock; what is direct stands in Pipfile. */
export function readPipfileLock(file: DependencyFile, manifest: DependencyFile | undefined): PackageSet {
  const lock = tableOf(parseJson(file))
  const builder = new PackageSetBuilder('pypi', file.path)
  for (const table of ['default', 'develop'])
    for (const [name, value] of Object.entries(tableOf(lock[table]))) {
      const entry = tableOf(value)
      const source = textOf(entry.git) ?? textOf(entry.path) ?? textOf(entry.file)
      const version = textOf(entry.version)?.replace(/^==/, '') ?? textOf(entry.ref) ?? ''
      builder.add(name, version, source === undefined ? {} : { source })
      // pipenv writes the index of what is asked for alone.
      if (!manifest && entry.index !== undefined)
        builder.require(name, packageId(name, version), '', table === 'default' ? 'runtime' : 'dev')
    }
  if (manifest) {
    builder.files.push(manifest.path)
    requireByName(builder, pipfileRequirements(manifest))
  }
  return builder.build()
}

export function pipfileRequirements(file: DependencyFile): PythonRequirement[] {
  const manifest = parseToml(file)
  return (['packages', 'dev-packages'] as const).flatMap(table =>
    Object.entries(tableOf(manifest[table])).map(([name, spec]) => ({
      name,
      range: textOf(spec) ?? textOf(tableOf(spec).version) ?? '',
      scope: table === 'packages' ? ('runtime' as const) : ('dev' as const),
    })),
  )
}

/** Manifests without a lock: what they ask for, with the specifier where a version would be. */
export function readPythonManifests(file: string, name: string, asked: readonly PythonRequirement[]): PackageSet {
  const builder = new PackageSetBuilder('pypi', file)
  builder.locked = false
  if (name !== '') builder.roots.add(name)
  for (const { name: each, range, scope } of asked)
    builder.require(each, builder.add(each, range.replace(/^===?/, '')), range, scope)
  return builder.build()
}
