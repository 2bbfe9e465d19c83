import { type PackageId, type PackageSet, PackageSetBuilder, packageId, requireByName } from '../package-set.ts'
import { type DependencyFile, parseJson, tableOf, textOf, textsOf } from '../read-data.ts'
import { type Element, parseXml, textAt } from './xml.ts'

/** Reads packages.lock.json: what each target framework gets, told together. */
export function readNugetLock(file: DependencyFile): PackageSet {
  const builder = new PackageSetBuilder('nuget', file.path)
  for (const [target, value] of Object.entries(tableOf(tableOf(parseJson(file)).dependencies))) {
    const entries = Object.entries(tableOf(value)).map(([name, entry]) => ({ name, entry: tableOf(entry) }))
    const chosen = new Map<string, PackageId>()
    for (const { name, entry } of entries) {
      const version = textOf(entry.resolved) ?? ''
      const isProject = entry.type === 'Project'
      chosen.set(name.toLowerCase(), isProject ? name : packageId(name, version))
      if (isProject) builder.roots.add(name)
      else builder.add(name, version)
      if (entry.type === 'Direct') builder.require(name, packageId(name, version), textOf(entry.requested) ?? '')
    }
    for (const { name, entry } of entries)
      for (const [need] of textsOf(entry.dependencies)) {
        // A runtime's own part (`net8.0/linux-x64`) names what the framework's part has.
        const to =
          chosen.get(need.toLowerCase()) ??
          (target.includes('/')
            ? builder.direct.find(each => each.name.toLowerCase() === need.toLowerCase())?.id
            : undefined)
        if (to) builder.edge(chosen.get(name.toLowerCase())!, to)
      }
  }
  return builder.build()
}

/** What project files ask for; versions may stand in Directory.Packages.props beside them. */
export function readNugetProjects(files: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('nuget', files[0]!.path)
  builder.locked = false
  const asked: { name: string; range: string; scope: 'runtime' }[] = []
  const central = new Map<string, string>()
  const visit = (element: Element): void => {
    const name = element.attributes.get('Include') ?? element.attributes.get('Update')
    const version =
      element.attributes.get('Version') ?? element.attributes.get('VersionOverride') ?? textAt(element, 'Version') ?? ''
    if (name !== undefined && element.name === 'PackageReference')
      asked.push({ name, range: version, scope: 'runtime' })
    if (name !== undefined && element.name === 'PackageVersion') central.set(name.toLowerCase(), version)
    element.children.forEach(visit)
  }
  for (const file of files) visit(parseXml(file))
  const all =
    asked.length > 0 ? asked : [...central].map(([name, range]) => ({ name, range, scope: 'runtime' as const }))
  const found = all.map(each => ({ ...each, range: each.range || (central.get(each.name.toLowerCase()) ?? '') }))
  for (const { name, range } of found) builder.add(name, range)
  requireByName(builder, found)
  return builder.build()
}
