import { plainName } from '../ecosystem.ts'
import { type PackageId, type PackageSet, PackageSetBuilder, requireByName, type Scope } from '../package-set.ts'
import { type DependencyFile, listOf, parseJson, tableOf, textOf, textsOf } from '../read-data.ts'

/** The language and its extensions are no packages. */
const isPlatform = (name: string): boolean =>
  /^(php|hhvm|composer|composer-(plugin|runtime)-api)$|^(ext|lib|php)-/.test(name)

function composerRequirements(file: DependencyFile): { name: string; range: string; scope: Scope }[] {
  const manifest = tableOf(parseJson(file))
  return [
    ...textsOf(manifest.require).map(([name, range]) => ({ name, range, scope: 'runtime' as const })),
    ...textsOf(manifest['require-dev']).map(([name, range]) => ({ name, range, scope: 'dev' as const })),
  ].filter(({ name }) => !isPlatform(name))
}

/** Reads composer.lock; what is direct stands in composer.json. Without a lock, what that asks for. */
export function readComposer(
  lock: DependencyFile | undefined,
  manifest: DependencyFile | undefined,
): PackageSet | null {
  const first = lock ?? manifest
  if (!first) return null
  const builder = new PackageSetBuilder('composer', first.path)
  const asked = manifest ? composerRequirements(manifest) : []
  if (lock) {
    const data = tableOf(parseJson(lock))
    const entries = [...listOf(data.packages), ...listOf(data['packages-dev'])].map(tableOf)
    const chosen = new Map<string, PackageId>()
    for (const entry of entries) {
      const name = textOf(entry.name) ?? ''
      const isPath = tableOf(entry.dist).type === 'path'
      const source = isPath ? { source: textOf(tableOf(entry.dist).url) ?? '' } : {}
      chosen.set(plainName('composer', name), builder.add(name, textOf(entry.version) ?? '', source))
    }
    for (const entry of entries)
      for (const [need] of textsOf(entry.require)) {
        const to = chosen.get(plainName('composer', need))
        if (to !== undefined) builder.edge(chosen.get(plainName('composer', textOf(entry.name) ?? ''))!, to)
      }
  } else {
    builder.locked = false
    for (const { name, range } of asked) builder.add(name, range)
  }
  requireByName(builder, asked)
  return builder.build()
}
