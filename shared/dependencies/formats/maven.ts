import { type PackageSet, PackageSetBuilder, packageId, type Scope } from '../package-set.ts'
import type { DependencyFile } from '../read-data.ts'
import { childAt, childrenOf, type Element, parseXml, textAt } from './xml.ts'

type Pom = { readonly project: Element; readonly parent: Pom | null; readonly path: string }

const scopes: { readonly [scope: string]: Scope } = {
  test: 'test',
  provided: 'build',
  system: 'build',
  import: 'build',
}

/** The parent stands where `relativePath` says (one folder up when it says nothing), if it is that artifact. */
function readPom(file: DependencyFile, find: (path: string) => DependencyFile | undefined, depth = 0): Pom {
  const project = childAt(parseXml(file), 'project') ?? parseXml(file)
  const parent = childAt(project, 'parent')
  const folder = file.path.split('/').slice(0, -1)
  const relative = childAt(parent, 'relativePath') ? (textAt(parent, 'relativePath') ?? '') : '../pom.xml'
  let above: Pom | null = null
  if (parent && relative !== '' && depth < 16) {
    const steps = [...folder]
    for (const step of (relative.endsWith('.xml') ? relative : `${relative}/pom.xml`).split('/'))
      if (step === '..') steps.pop()
      else if (step !== '.') steps.push(step)
    const found = find(steps.join('/'))
    const read = found && found.path !== file.path ? readPom(found, find, depth + 1) : null
    if (read && textAt(read.project, 'artifactId') === textAt(parent, 'artifactId')) above = read
  }
  return { project, parent: above, path: file.path }
}

function property(pom: Pom | null, name: string): string | undefined {
  if (!pom) return undefined
  const { project, parent } = pom
  const own = childAt(project, 'properties')
    ?.children.find(child => child.name === name)
    ?.text.trim()
  if (own !== undefined) return own
  const built = /^(?:project|pom)\.(.+)$/.exec(name)?.[1] ?? name
  if (built === 'version' || built === 'groupId') return textAt(project, built) ?? textAt(project, 'parent', built)
  if (built === 'artifactId') return textAt(project, built)
  if (/^parent\./.test(built)) return textAt(project, 'parent', built.slice('parent.'.length))
  return property(parent, name)
}

function resolved(pom: Pom, text: string | undefined, depth = 0): string {
  return (text ?? '').replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const value = depth < 16 ? property(pom, name.trim()) : undefined
    return value === undefined ? whole : resolved(pom, value, depth + 1)
  })
}

const nameOf = (pom: Pom, element: Element): string =>
  `${resolved(pom, textAt(element, 'groupId'))}:${resolved(pom, textAt(element, 'artifactId'))}`

function managedVersion(pom: Pom | null, at: Pom, name: string): string {
  if (!pom) return ''
  const managed = childrenOf(childAt(pom.project, 'dependencyManagement', 'dependencies'), 'dependency')
  const found = managed.find(each => nameOf(at, each) === name)
  return found ? resolved(at, textAt(found, 'version')) : managedVersion(pom.parent, at, name)
}

/**
 * What pom.xml asks for, with properties and managed versions put in (from parents that are there). A parent that is
 * elsewhere and imported bills of materials count too: their versions decide over others.
 */
export function readPoms(
  files: readonly DependencyFile[],
  find: (path: string) => DependencyFile | undefined,
): PackageSet {
  const builder = new PackageSetBuilder('maven', files[0]!.path)
  builder.locked = false
  for (const file of files) {
    const pom = readPom(file, find)
    const { project } = pom
    const group = textAt(project, 'groupId') ?? textAt(project, 'parent', 'groupId') ?? ''
    builder.roots.add(`${group}:${textAt(project, 'artifactId') ?? ''}`)
    const parent = childAt(project, 'parent')
    if (parent && !pom.parent) ask(builder, nameOf(pom, parent), resolved(pom, textAt(parent, 'version')), 'build')
    const profiles = childrenOf(childAt(project, 'profiles'), 'profile')
    for (const holder of [project, ...profiles]) {
      for (const each of childrenOf(childAt(holder, 'dependencyManagement', 'dependencies'), 'dependency'))
        if (textAt(each, 'scope') === 'import')
          ask(builder, nameOf(pom, each), resolved(pom, textAt(each, 'version')), 'build')
      for (const each of childrenOf(childAt(holder, 'dependencies'), 'dependency')) {
        const name = nameOf(pom, each)
        const version = resolved(pom, textAt(each, 'version')) || managedVersion(pom, pom, name)
        const isOptional = textAt(each, 'optional') === 'true'
        ask(builder, name, version, isOptional ? 'optional' : (scopes[textAt(each, 'scope') ?? ''] ?? 'runtime'))
      }
    }
  }
  return builder.build()
}

function ask(builder: PackageSetBuilder, name: string, version: string, scope: Scope): void {
  builder.require(name, builder.add(name, version), version, scope)
}

/**
 * Reads what `mvn dependency:tree` prints: `group:artifact:type[:classifier]:version:scope` behind branches drawn in
 * characters, three a level, with Maven's `[INFO]` in front or without.
 */
export function readMavenTree(file: DependencyFile): PackageSet {
  const builder = new PackageSetBuilder('maven', file.path)
  let above: string[] = []
  for (const raw of file.text.split(/\r?\n/)) {
    const line = raw.replace(/^\[INFO\]\s?/, '')
    const match = /^((?:[|\s+\\-]{3})*)\(?([\w.-]+:[\w.-]+(?::[\w.$-]+)+)/.exec(line)
    if (!match) continue
    const depth = match[1]!.length / 3
    const parts = match[2]!.split(':')
    const name = `${parts[0]}:${parts[1]}`
    if (depth === 0) {
      if (parts.length < 4) continue
      builder.roots.add(name)
      above = [name]
      continue
    }
    const scope = parts.at(-1)!
    const version = parts.at(-2)!
    const id = packageId(name, version)
    const from = above[depth - 1]
    above = [...above.slice(0, depth), id]
    // Verbose output repeats in brackets what another place in the tree has won.
    if (/omitted for conflict/.test(line)) continue
    builder.add(name, version)
    if (from !== undefined) builder.edge(from, id)
    if (depth === 1) builder.require(name, id, version, scopes[scope] ?? 'runtime')
  }
  return builder.build()
}
