import { detectFormat, type Format, formatNamed, formats } from './detect-format.ts'
import type { Ecosystem } from './ecosystem.ts'
import { readCargo } from './formats/cargo.ts'
import { readGo, readGraphFile } from './formats/go.ts'
import { readNpmLock, readPackageJsons } from './formats/npm.ts'
import { type PackageSet, PackageSetBuilder, type PlacedSet } from './package-set.ts'
import type { DependencyFile } from './read-data.ts'

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** The files of one ecosystem in one folder. */
type Unit = {
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
    .flatMap(unit => readUnit(unit, asked).map(set => ({ folder: unit.folder, set })))
    .sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0))
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

function readUnit({ ecosystem, files }: Unit, asked: Ecosystem | null): PackageSet[] {
  const all = (format: Format): readonly DependencyFile[] => files.get(format) ?? []
  const one = (...wanted: Format[]): DependencyFile | undefined => wanted.flatMap(all)[0]
  const found = (set: PackageSet | null): PackageSet[] => (set ? [set] : [])
  switch (ecosystem) {
    case 'golang':
      if (asked && asked !== 'golang' && one('go-graph'))
        return [readGraphFile(one('go-graph')!, new PackageSetBuilder(asked, one('go-graph')!.path))]
      return found(readGo({ mod: one('go.mod'), sum: one('go.sum'), graph: one('go-graph') }))
    case 'npm': {
      const lock = one('package-lock')
      if (lock) return [readNpmLock(lock, one('package.json'))]
      return all('package.json').length > 0 ? [readPackageJsons(all('package.json'))] : []
    }
    case 'cargo':
      return found(readCargo(one('Cargo.lock'), all('Cargo.toml')))
    default:
      return []
  }
}
