import { type PackageSet, PackageSetBuilder } from '../package-set.ts'
import { type DependencyFile, listOf, parseYaml, tableOf, textOf } from '../read-data.ts'

/** Charts that a chart needs: exact versions from Chart.lock, what is asked for from Chart.yaml. Null when it needs none. */
export function readHelm(lock: DependencyFile | undefined, charts: readonly DependencyFile[]): PackageSet | null {
  const first = lock ?? charts[0]
  if (!first) return null
  const builder = new PackageSetBuilder('helm', first.path)
  builder.locked = lock !== undefined
  const asked = charts.flatMap(file => listOf(tableOf(parseYaml(file)).dependencies).map(tableOf))
  const root = charts.map(file => textOf(tableOf(parseYaml(file)).name)).find(name => name !== undefined)
  if (root !== undefined) builder.roots.add(root)
  const chosen = lock ? listOf(tableOf(parseYaml(lock)).dependencies).map(tableOf) : asked
  if (chosen.length === 0) return null
  for (const entry of chosen) {
    const name = textOf(entry.name) ?? ''
    const version = textOf(entry.version) ?? ''
    const range = textOf(asked.find(each => each.name === entry.name)?.version) ?? version
    const id = builder.add(name, version)
    builder.require(name, id, range)
    if (root !== undefined) builder.edge(root, id)
    const repository = textOf(entry.repository)
    if (repository) builder.replacements.set(name, repository)
  }
  return builder.build()
}
