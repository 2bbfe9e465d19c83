import type { Ecosystem } from '../ecosystem.ts'
import { type PackageSet, PackageSetBuilder, packageId } from '../package-set.ts'
import { readPurl } from '../purl.ts'
import { type DependencyFile, listOf, parseJson, tableOf, textOf } from '../read-data.ts'
import { childAt, childrenOf, type Element, parseXml, textAt } from './xml.ts'

/** One component of a document, by the reference it has in it. */
type Component = {
  readonly ref: string
  readonly name: string
  readonly version: string
  readonly ecosystem: Ecosystem
}
type Document = {
  readonly root: string | null
  readonly rootName: string
  readonly components: readonly Component[]
  /** From what needs to what is needed, by reference. */
  readonly needs: readonly (readonly [from: string, to: string])[]
}

/** A package-url says more than a name: the ecosystem, and the whole name as its own files write it. */
function component(ref: string, name: string, version: string, purl: string | undefined): Component {
  const parsed = purl === undefined ? null : readPurl(purl)
  if (!parsed?.ecosystem) return { ref, name, version, ecosystem: 'generic' }
  return { ref, name: parsed.name, version: parsed.version || version, ecosystem: parsed.ecosystem }
}

/** One set for each ecosystem of the document. An edge belongs to the ecosystem of what is needed. */
function toSets(file: DependencyFile, { root, rootName, components, needs }: Document): PackageSet[] {
  const sets = new Map<Ecosystem, PackageSetBuilder>()
  const byRef = new Map<string, Component>()
  for (const one of components) {
    byRef.set(one.ref, one)
    if (one.ref === root) continue
    const builder = sets.get(one.ecosystem) ?? new PackageSetBuilder(one.ecosystem, file.path)
    sets.set(one.ecosystem, builder)
    builder.add(one.name, one.version)
    if (rootName !== '') builder.roots.add(rootName)
  }
  for (const [from, to] of needs) {
    const needed = byRef.get(to)
    const builder = needed && sets.get(needed.ecosystem)
    if (!builder || to === root) continue
    const id = packageId(needed.name, needed.version)
    const needing = byRef.get(from)
    if (from === root) {
      builder.require(needed.name, id, '')
      if (rootName !== '') builder.edge(rootName, id)
    } else if (needing) builder.edge(packageId(needing.name, needing.version), id)
  }
  return [...sets.values()].map(builder => builder.build())
}

const fullName = (group: string | undefined, name: string): string => (group ? `${group}/${name}` : name)

export function readCycloneDxJson(file: DependencyFile): PackageSet[] {
  const bom = tableOf(parseJson(file))
  const components: Component[] = []
  const visit = (value: unknown): void => {
    const entry = tableOf(value)
    const name = fullName(textOf(entry.group), textOf(entry.name) ?? '')
    const purl = textOf(entry.purl)
    // Syft lists files too; they are no packages.
    if (entry.type !== 'file')
      components.push(component(textOf(entry['bom-ref']) ?? purl ?? name, name, textOf(entry.version) ?? '', purl))
    listOf(entry.components).forEach(visit)
  }
  listOf(bom.components).forEach(visit)
  const main = tableOf(tableOf(bom.metadata).component)
  return toSets(file, {
    root: textOf(main['bom-ref']) ?? null,
    rootName: fullName(textOf(main.group), textOf(main.name) ?? ''),
    components,
    needs: listOf(bom.dependencies).flatMap(value => {
      const { ref, dependsOn } = tableOf(value)
      return listOf(dependsOn).flatMap(to => (textOf(ref) && textOf(to) ? [[textOf(ref)!, textOf(to)!] as const] : []))
    }),
  })
}

export function readCycloneDxXml(file: DependencyFile): PackageSet[] {
  const bom = childAt(parseXml(file), 'bom')
  const components: Component[] = []
  const visit = (entry: Element): void => {
    const name = fullName(textAt(entry, 'group'), textAt(entry, 'name') ?? '')
    const purl = textAt(entry, 'purl')
    if (entry.attributes.get('type') !== 'file')
      components.push(
        component(entry.attributes.get('bom-ref') ?? purl ?? name, name, textAt(entry, 'version') ?? '', purl),
      )
    childrenOf(childAt(entry, 'components'), 'component').forEach(visit)
  }
  childrenOf(childAt(bom, 'components'), 'component').forEach(visit)
  const main = childAt(bom, 'metadata', 'component')
  return toSets(file, {
    root: main?.attributes.get('bom-ref') ?? null,
    rootName: fullName(textAt(main, 'group'), textAt(main, 'name') ?? ''),
    components,
    needs: childrenOf(childAt(bom, 'dependencies'), 'dependency').flatMap(from =>
      childrenOf(from, 'dependency').map(
        to => [from.attributes.get('ref') ?? '', to.attributes.get('ref') ?? ''] as const,
      ),
    ),
  })
}

type Relationship = { readonly from: string; readonly type: string; readonly to: string }

/** SPDX says the same in many words; who needs whom is told by these, forwards or backwards. */
function spdxDocument(
  packages: readonly Component[],
  relationships: readonly Relationship[],
  described: readonly string[],
): Document {
  const mains = [
    ...described,
    ...relationships.filter(({ type }) => type === 'DESCRIBES').map(({ to }) => to),
    ...relationships.filter(({ type }) => type === 'DESCRIBED_BY').map(({ from }) => from),
  ]
  const root = mains[0] ?? null
  const needs = relationships.flatMap(({ from, type, to }) => {
    if (type === 'DEPENDS_ON') return [[from, to] as const]
    if (/^((BUILD|DEV|OPTIONAL|PROVIDED|RUNTIME|TEST)_)?DEPENDENCY_OF$/.test(type)) return [[to, from] as const]
    return []
  })
  const main = packages.find(({ ref }) => ref === root)
  // A document that describes many packages has no main one.
  const isMain = main !== undefined && new Set(mains).size === 1 && (packages.length > 1 || needs.length > 0)
  return { root: isMain ? root : null, rootName: isMain ? main.name : '', components: packages, needs }
}

export function readSpdxJson(file: DependencyFile): PackageSet[] {
  const document = tableOf(parseJson(file))
  const packages = listOf(document.packages).map(value => {
    const entry = tableOf(value)
    const refs = listOf(entry.externalRefs).map(tableOf)
    const purl = textOf(refs.find(({ referenceType }) => referenceType === 'purl')?.referenceLocator)
    return component(textOf(entry.SPDXID) ?? '', textOf(entry.name) ?? '', textOf(entry.versionInfo) ?? '', purl)
  })
  const relationships = listOf(document.relationships).map(value => {
    const { spdxElementId, relationshipType, relatedSpdxElement } = tableOf(value)
    return {
      from: textOf(spdxElementId) ?? '',
      type: textOf(relationshipType) ?? '',
      to: textOf(relatedSpdxElement) ?? '',
    }
  })
  return toSets(
    file,
    spdxDocument(
      packages,
      relationships,
      listOf(document.documentDescribes).flatMap(ref => textOf(ref) ?? []),
    ),
  )
}

/** Reads SPDX tag-value text: a package begins at `PackageName:`. */
export function readSpdxText(file: DependencyFile): PackageSet[] {
  const found: { ref: string; name: string; version: string; purl: string | undefined }[] = []
  const relationships: Relationship[] = []
  for (const line of file.text.split(/\r?\n/)) {
    const [, tag, value = ''] = /^([A-Za-z]+):\s*(.*?)\s*$/.exec(line) ?? []
    const current = found.at(-1)
    if (tag === 'PackageName') found.push({ ref: '', name: value, version: '', purl: undefined })
    else if (tag === 'FileName' || tag === 'SnippetSPDXID')
      found.push({ ref: '', name: '', version: '', purl: undefined })
    else if (tag === 'SPDXID' && current && current.ref === '') current.ref = value
    else if (tag === 'PackageVersion' && current) current.version = value
    else if (tag === 'ExternalRef' && current) current.purl ??= /\bpurl\s+(\S+)/.exec(value)?.[1]
    else if (tag === 'Relationship') {
      const [from = '', type = '', to = ''] = value.split(/\s+/)
      relationships.push({ from, type, to })
    }
  }
  const packages = found
    .filter(({ name }) => name !== '')
    .map(({ ref, name, version, purl }) => component(ref, name, version, purl))
  return toSets(file, spdxDocument(packages, relationships, []))
}

/** Reads Syft's own JSON: artifacts, and relationships from what is needed to what needs it. */
export function readSyftJson(file: DependencyFile): PackageSet[] {
  const document = tableOf(parseJson(file))
  const components = listOf(document.artifacts).map(value => {
    const { id, name, version, purl } = tableOf(value)
    return component(textOf(id) ?? '', textOf(name) ?? '', textOf(version) ?? '', textOf(purl) || undefined)
  })
  const needs = listOf(document.artifactRelationships).flatMap(value => {
    const { parent, child, type } = tableOf(value)
    return type === 'dependency-of' && textOf(parent) && textOf(child)
      ? [[textOf(child)!, textOf(parent)!] as const]
      : []
  })
  return toSets(file, { root: null, rootName: textOf(tableOf(document.source).name) ?? '', components, needs })
}
