import { type PackageId, type PackageSet, PackageSetBuilder } from '../package-set.ts'
import { type DependencyFile, listOf, parseYaml, tableOf, textOf, textsOf } from '../read-data.ts'
import { npmScopes } from './npm.ts'

/** Reads bun.lock: JSON with trailing commas (which YAML's flow style allows), keyed by the way to each package. */
export function readBunLock(file: DependencyFile): PackageSet {
  const lock = tableOf(parseYaml(file))
  const builder = new PackageSetBuilder('npm', file.path)
  const ids = new Map<string, PackageId>()
  const entries = Object.entries(tableOf(lock.packages)).map(([key, value]) => ({ key, parts: listOf(value) }))
  for (const { key, parts } of entries) {
    const resolved = textOf(parts[0]) ?? ''
    const at = resolved.indexOf('@', 1)
    const [realName, version] = [resolved.slice(0, at), resolved.slice(at + 1)]
    // Nested packages are keyed `parent/name`; the name of a scoped one has a slash of its own.
    const name = /(?:^|\/)(@[^/]+\/[^/]+|[^/@]+)$/.exec(key)?.[1] ?? key
    if (version.startsWith('workspace:')) ids.set(key, realName)
    else
      ids.set(
        key,
        builder.add(name, version, {
          realName,
          ...(/^(git|github|file|https?):/.test(version) && { source: version }),
        }),
      )
  }
  const chosen = (from: string, name: string): PackageId | undefined => {
    for (
      let folder = from;
      folder !== '';
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
    ) {
      const found = ids.get(`${folder}/${name}`)
      if (found !== undefined) return found
    }
    return ids.get(name)
  }
  for (const { key, parts } of entries)
    for (const table of ['dependencies', 'optionalDependencies', 'peerDependencies'])
      for (const [name] of textsOf(parts.map(tableOf).find(part => part[table] !== undefined)?.[table])) {
        const to = chosen(key, name)
        if (to !== undefined) builder.edge(ids.get(key)!, to)
      }
  for (const value of Object.values(tableOf(lock.workspaces))) {
    const member = tableOf(value)
    const root = textOf(member.name) ?? ''
    if (root !== '') builder.roots.add(root)
    for (const [table, scope] of npmScopes)
      for (const [name, range] of textsOf(member[table])) {
        const to = chosen(root, name)
        if (to !== undefined && !builder.packages.has(to)) continue
        if (to === undefined && scope === 'peer') continue
        builder.require(name, to ?? null, range, scope)
        if (root !== '' && to !== undefined) builder.edge(root, to)
      }
  }
  return builder.build()
}
