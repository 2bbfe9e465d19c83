import type { Ecosystem } from './ecosystem.ts'
import type { PlacedSet } from './package-set.ts'

/** A service and the folder its source is in, from the root of the workspace; null where that is not known. */
export type ServiceFolder = { readonly service: string; readonly folder: string | null }
/** A set with the services that are made of it; none for what belongs to no service. */
export type OwnedSet = PlacedSet & { readonly services: readonly string[] }

const isIn = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

/**
 * Which services are made of which sets: what is in the source folder of a service or below it, down to the next
 * service's. A service that has none of its own is made of the nearest ones above it that its programs may use (which
 * `speaks` tells of a folder), as where one module at the root builds many programs. A graph called like a service is that service's wherever it is.
 */
export function assignServices(
  sets: readonly PlacedSet[],
  folders: readonly ServiceFolder[],
  speaks: (folder: string, ecosystem: Ecosystem) => boolean = () => true,
): OwnedSet[] {
  const known = folders.flatMap(({ service, folder }) => (folder === null ? [] : [{ service, folder }]))
  const owners = new Map<PlacedSet, Set<string>>()
  for (const placed of sets) {
    if (placed.of !== undefined) {
      owners.set(placed, new Set([placed.of]))
      continue
    }
    const [, called] = /([^/]+)\.graph$/.exec(placed.set.files[0] ?? '') ?? []
    const named = called && folders.find(({ service }) => service.replaceAll('/', '_') === called)
    const around = known.filter(({ folder }) => isIn(placed.folder, folder))
    const depth = Math.max(...around.map(({ folder }) => folder.length))
    const nearest = around.filter(({ folder }) => folder.length === depth)
    owners.set(placed, new Set(named ? [named.service] : nearest.map(({ service }) => service)))
  }
  const code = sets.filter(isCode)
  const withOwn = new Set(code.flatMap(placed => [...owners.get(placed)!]))
  for (const { service, folder } of known) {
    if (withOwn.has(service)) continue
    const above = code.filter(placed => isIn(folder, placed.folder) && speaks(folder, placed.set.ecosystem))
    const depth = Math.max(...above.map(placed => placed.folder.length))
    for (const placed of above) if (placed.folder.length === depth) owners.get(placed)!.add(service)
  }
  return sets.map(placed => ({ ...placed, services: [...owners.get(placed)!].sort() }))
}

/** Images and charts say how something runs, and not what its program is made of. */
const isCode = ({ set }: PlacedSet): boolean => set.ecosystem !== 'oci' && set.ecosystem !== 'helm'
