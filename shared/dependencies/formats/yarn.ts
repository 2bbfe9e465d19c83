import { type PackageId, type PackageSet, PackageSetBuilder } from '../package-set.ts'
import { type DependencyFile, parseYaml, tableOf, textOf, textsOf } from '../read-data.ts'
import { readPackageJson } from './npm.ts'

/** `name@range`, as the key of a lock's entry names it. A scope's `@` is no separator. */
const splitDescriptor = (descriptor: string): { readonly name: string; readonly range: string } => {
  const at = descriptor.indexOf('@', 1)
  return at < 0 ? { name: descriptor, range: '' } : { name: descriptor.slice(0, at), range: descriptor.slice(at + 1) }
}
const unquoted = (text: string): string => text.replace(/^"(.*)"$/, '$1')
const realNameIn = (range: string): string | undefined => /^npm:(@?[^@]+)@/.exec(range)?.[1]

type Entry = { readonly keys: readonly string[]; version: string; resolved: string; readonly needs: [string, string][] }

/** Reads the lines of yarn.lock v1: entries, their fields at two spaces, their dependencies at four. */
function classicEntries(text: string): Entry[] {
  const entries: Entry[] = []
  let entry: Entry | null = null
  let table = ''
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    if (!line.startsWith(' ')) {
      entry = { keys: line.replace(/:\s*$/, '').split(/,\s*/).map(unquoted), version: '', resolved: '', needs: [] }
      entries.push(entry)
      table = ''
      continue
    }
    const [, key = '', value = ''] = /^\s+("[^"]*"|\S+?):?(?:\s+(.*))?$/.exec(line) ?? []
    if (!entry) continue
    if (/^ {2}\S/.test(line)) {
      table = unquoted(key)
      if (table === 'version') entry.version = unquoted(value)
      if (table === 'resolved') entry.resolved = unquoted(value)
    } else if (table === 'dependencies' || table === 'optionalDependencies')
      entry.needs.push([unquoted(key), unquoted(value)])
  }
  return entries
}

/** Reads yarn.lock v1; what is direct stands in the package.json files alone. */
export function readYarnClassic(lock: DependencyFile, manifests: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('npm', lock.path)
  builder.files.push(...manifests.map(({ path }) => path))
  const entries = classicEntries(lock.text)
  const ids = new Map<string, PackageId>()
  for (const { keys, version, resolved } of entries) {
    const { name, range } = splitDescriptor(keys[0] ?? '')
    const realName = realNameIn(range)
    const isElsewhere = /^(git(\+|:|@)|github:|file:|link:)|\.git(#|$)|codeload\.github/.test(resolved || range)
    const source = isElsewhere ? { source: resolved || range } : {}
    const id = builder.add(name, version, { ...(realName && { realName }), ...source })
    for (const key of keys) ids.set(key, id)
  }
  for (const { keys, needs } of entries)
    for (const [name, range] of needs) {
      const to = ids.get(`${name}@${range}`)
      if (to !== undefined) builder.edge(ids.get(keys[0]!)!, to)
    }
  const members = manifests.map(readPackageJson)
  const own = new Set(members.map(({ name }) => name))
  for (const { name: root, asked } of members) {
    if (root !== '') builder.roots.add(root)
    for (const { name, range, scope } of asked) {
      const id = ids.get(`${name}@${range}`) ?? null
      // A peer that nobody installs is in no lock, and a sibling in the workspace is no package.
      if (id === null && (scope === 'peer' || own.has(name))) continue
      builder.require(name, id, range, scope)
      if (root !== '' && id !== null) builder.edge(root, id)
    }
  }
  return builder.build()
}

/** Reads yarn.lock of Yarn 2 and later (YAML); workspaces stand in it with what they ask for. */
export function readYarnBerry(lock: DependencyFile, manifests: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('npm', lock.path)
  builder.files.push(...manifests.map(({ path }) => path))
  const entries = Object.entries(tableOf(parseYaml(lock))).filter(([key]) => key !== '__metadata')
  const ids = new Map<string, PackageId>()
  const isMember = (resolution: string): boolean => resolution.includes('@workspace:')
  for (const [key, value] of entries) {
    const { version, resolution } = tableOf(value)
    const { name: realName, range } = splitDescriptor(textOf(resolution) ?? key)
    const { name } = splitDescriptor(key)
    const source = /^(npm|patch|virtual|workspace):/.test(range) ? {} : { source: range }
    const id = isMember(textOf(resolution) ?? '')
      ? realName
      : builder.add(name, textOf(version) ?? '', { realName, ...source })
    if (isMember(textOf(resolution) ?? '')) builder.roots.add(realName)
    for (const descriptor of key.split(/,\s*/)) ids.set(descriptor, id)
  }
  const chosen = (name: string, range: string): PackageId | undefined =>
    ids.get(`${name}@${range}`) ?? ids.get(`${name}@npm:${range}`) ?? patched(ids, name, range)
  const members = new Map(manifests.map(readPackageJson).map(each => [each.name, each]))
  for (const [key, value] of entries) {
    const { resolution, dependencies, optionalDependencies } = tableOf(value)
    const from = ids.get(key.split(/,\s*/)[0]!)!
    const root = isMember(textOf(resolution) ?? '')
    for (const [name, range] of [...textsOf(dependencies), ...textsOf(optionalDependencies)]) {
      const to = chosen(name, range)
      if (to !== undefined) builder.edge(from, to)
      if (!root || (to !== undefined && !builder.packages.has(to))) continue
      const said = members.get(from)?.asked.find(each => each.name === name)
      builder.require(name, to ?? null, said?.range ?? range.replace(/^npm:/, ''), said?.scope ?? 'runtime')
    }
  }
  return builder.build()
}

/** A patched package is locked under `name@patch:name@npm%3A^1#…`, and by older versions without `npm%3A`. */
function patched(ids: ReadonlyMap<string, PackageId>, name: string, range: string): PackageId | undefined {
  const bare = range.replace(/^npm:/, '')
  const starts = [`${name}@patch:${name}@npm%3A${bare}#`, `${name}@patch:${name}@${bare}#`]
  for (const [key, id] of ids) if (starts.some(start => key.startsWith(start))) return id
  return undefined
}
