import { detectFormat, type Format, formatNamed, formats } from './detect-format.ts'
import type { Ecosystem } from './ecosystem.ts'
import { readBunLock } from './formats/bun.ts'
import { readCargo } from './formats/cargo.ts'
import { readComposer } from './formats/composer.ts'
import { readMix } from './formats/elixir.ts'
import { readGo, readGraphFile } from './formats/go.ts'
import { readGradle } from './formats/gradle.ts'
import { readHelm } from './formats/helm.ts'
import { readImages } from './formats/images.ts'
import { readMavenTree, readPoms } from './formats/maven.ts'
import { readNpmLock, readPackageJsons } from './formats/npm.ts'
import { readNugetLock, readNugetProjects } from './formats/nuget.ts'
import { readPnpmLock } from './formats/pnpm.ts'
import { pipfileRequirements, readPipfileLock, readPythonLock, readPythonManifests } from './formats/python-lock.ts'
import { pyprojectRequirements } from './formats/python-requirement.ts'
import { readRequirements } from './formats/requirements.ts'
import { readGemfileLock, readGemfiles } from './formats/ruby.ts'
import { readCycloneDxJson, readCycloneDxXml, readSpdxJson, readSpdxText, readSyftJson } from './formats/sbom.ts'
import { readYarnBerry, readYarnClassic } from './formats/yarn.ts'
import type { PackageSet, PlacedSet } from './package-set.ts'
import type { DependencyFile } from './read-data.ts'

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** The files of one ecosystem in one folder. */
export type Unit = {
  readonly folder: string
  readonly ecosystem: Ecosystem | null
  readonly files: Map<Format, DependencyFile[]>
}

/** Folders that hold other people's code, or none that runs. */
export const isVendored = (path: string): boolean =>
  /(^|\/)(node_modules|vendor|third_party|\.git|\.venv|site-packages|testdata|__fixtures__|target|dist)\//.test(path)

/** True for a file whose name says that it may tell dependencies. */
export const mayTellDependencies = (path: string): boolean => formatNamed(path) !== null && !isVendored(path)

/**
 * Reads what each module, lock and document among the files says, by folder and ecosystem. A manifest below the folder of a lock
 * belongs to that lock (a workspace's member). Rejects a file that is broken, naming its line.
 * `asked` says what a graph is of, which it cannot say itself.
 */
export function readPackageSets(files: readonly DependencyFile[], asked: Ecosystem | null = null): PlacedSet[] {
  const byPath = new Map(files.map(file => [file.path, file]))
  return unitsOf(files)
    .flatMap(unit => readUnit(unit, asked, path => byPath.get(path)))
    .sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0))
}

/** The files of each module, lock and document, without reading them yet. */
export function unitsOf(files: readonly DependencyFile[]): Unit[] {
  const units = new Map<string, Unit>()
  for (const file of files) {
    const format = detectFormat(file)
    if (!format) continue
    const folder = folderOf(file.path)
    const ecosystem = formats[format]
    const key = `${folder}\n${ecosystem ?? file.path}`
    const unit = units.get(key) ?? { folder, ecosystem, files: new Map() }
    units.set(key, unit)
    unit.files.set(format, [...(unit.files.get(format) ?? []), file])
  }
  for (const [key, unit] of units) {
    const owner = lockAbove(unit, units)
    if (!owner) continue
    for (const [format, members] of unit.files)
      owner.files.set(format, [...(owner.files.get(format) ?? []), ...members])
    units.delete(key)
  }
  return [...units.values()]
}

const workspaceLocks: { readonly [manifest: string]: readonly Format[] } = {
  'package.json': ['package-lock', 'yarn-classic', 'yarn-berry', 'pnpm-lock', 'bun-lock'],
  'Cargo.toml': ['Cargo.lock'],
  pyproject: ['toml-lock'],
}

/** The unit whose lock, in a folder above, covers one that has manifests alone. */
function lockAbove(unit: Unit, units: ReadonlyMap<string, Unit>): Unit | null {
  const [format, ...others] = [...unit.files.keys()]
  const locks = format && others.length === 0 ? workspaceLocks[format] : undefined
  if (!locks || unit.folder === '') return null
  for (let folder = unit.folder; folder !== ''; ) {
    folder = folderOf(folder)
    const above = units.get(`${folder}\n${unit.ecosystem}`)
    if (above && locks.some(lock => above.files.has(lock))) return above
  }
  return null
}

/** A file among all that were given, for a parent that stands elsewhere. */
export type Find = (path: string) => DependencyFile | undefined

/** Locks win over manifests, and what tells more over what tells less. */
export function readUnit({ folder, ecosystem, files }: Unit, asked: Ecosystem | null, find: Find): PlacedSet[] {
  const all = (format: Format): readonly DependencyFile[] => files.get(format) ?? []
  const one = (format: Format): DependencyFile | undefined => all(format)[0]
  const here = (...sets: (PackageSet | null)[]): PlacedSet[] => sets.flatMap(set => (set ? [{ folder, set }] : []))
  switch (ecosystem) {
    case 'golang': {
      if (one('go.mod') || one('go.sum'))
        return here(readGo({ mod: one('go.mod'), sum: one('go.sum'), graph: one('go-graph') }))
      const graphs = all('go-graph')
      return graphs.map(file => ({ folder: graphs.length > 1 ? file.path : folder, set: readGraphFile(file, asked) }))
    }
    case 'npm': {
      const manifests = all('package.json')
      if (one('package-lock')) return here(readNpmLock(one('package-lock')!, one('package.json')))
      if (one('pnpm-lock')) return here(readPnpmLock(one('pnpm-lock')!, manifests))
      if (one('yarn-berry')) return here(readYarnBerry(one('yarn-berry')!, manifests))
      if (one('yarn-classic')) return here(readYarnClassic(one('yarn-classic')!, manifests))
      if (one('bun-lock')) return here(readBunLock(one('bun-lock')!))
      return here(manifests.length > 0 ? readPackageJsons(manifests) : null)
    }
    case 'cargo':
      return here(readCargo(one('Cargo.lock'), all('Cargo.toml')))
    case 'pypi': {
      const manifests = all('pyproject')
      if (one('toml-lock')) return here(readPythonLock(one('toml-lock')!, manifests))
      if (one('Pipfile.lock')) return here(readPipfileLock(one('Pipfile.lock')!, one('Pipfile')))
      if (one('requirements')) return here(readRequirements(all('requirements')))
      const pipfile = one('Pipfile')
      if (pipfile) return here(readPythonManifests(pipfile.path, '', pipfileRequirements(pipfile)))
      const { name, asked: wanted } = pyprojectRequirements(manifests[0]!)
      return here(readPythonManifests(manifests[0]!.path, name, wanted))
    }
    case 'maven': {
      if (one('maven-tree')) return here(...all('maven-tree').slice(0, 1).map(readMavenTree))
      if (one('pom')) return here(readPoms(all('pom'), find))
      return here(
        readGradle({ locks: all('gradle-lock'), builds: all('gradle-build'), catalogs: all('gradle-catalog') }),
      )
    }
    case 'gem':
      return here(one('Gemfile.lock') ? readGemfileLock(one('Gemfile.lock')!) : readGemfiles(all('Gemfile')))
    case 'composer':
      return here(readComposer(one('composer.lock'), one('composer.json')))
    case 'nuget':
      return here(one('nuget-lock') ? readNugetLock(one('nuget-lock')!) : readNugetProjects(all('nuget-project')))
    case 'hex':
      return here(readMix(one('mix.lock'), one('mix.exs')))
    case 'helm':
      return here(readHelm(one('helm-lock'), all('helm-chart')))
    case 'oci':
      return here(readImages(all('manifests'), all('dockerfile')))
    default:
      return [...files].flatMap(([format, documents]) =>
        documents.flatMap(file => readDocument(format, file).map(set => ({ folder: file.path, set }))),
      )
  }
}

function readDocument(format: Format, file: DependencyFile): PackageSet[] {
  if (format === 'cyclonedx-json') return readCycloneDxJson(file)
  if (format === 'cyclonedx-xml') return readCycloneDxXml(file)
  if (format === 'spdx-json') return readSpdxJson(file)
  if (format === 'spdx-text') return readSpdxText(file)
  return readSyftJson(file)
}
