import type { ManifestFile } from '../manifests/manifest.ts'
import type { Environment } from '../topology/topology.ts'
import { isWorkload } from '../topology/workload.ts'
import { nameOfFolder } from './built-environments.ts'
import { type KustomizeFiles, type KustomizeReader, kustomizeReader } from './kustomize/kustomization-files.ts'
import { folderOfPath, kustomizationNames } from './kustomize/paths.ts'
import { renderingOf } from './kustomize/rendering-of.ts'
import { renderedManifests } from './rendered-manifests.ts'

export type KustomizeEnvironments = {
  readonly environments: readonly Environment[]
  /** Files that any of them is made of: they declare nothing by themselves. */
  readonly used: ReadonlySet<string>
}

/**
 * Environments that kustomizations make: each one that no other takes in, if there is something to draw in what it
 * builds and it does more than list the files of its folder. Bases that overlays take in are parts of these, as components are. An environment's id is its folder, and
 * its files are all that it is built from, so that a change of any of them is a change of it. Kustomizations `without`
 * are part of something else.
 */
export function findKustomizeEnvironments(
  files: readonly ManifestFile[],
  texts: KustomizeFiles,
  draws: (manifests: ManifestFile['manifests']) => boolean,
  reader: KustomizeReader = kustomizeReader(texts),
  without: ReadonlySet<string> = new Set(),
): KustomizeEnvironments {
  const kustomizations = files.filter(
    file => file.kustomization && kustomizationNames.includes(file.path.slice(file.path.lastIndexOf('/') + 1)),
  )
  const taken = new Set(kustomizations.flatMap(file => file.kustomization?.includes ?? []))
  const environments: Environment[] = []
  const used = new Set<string>()
  for (const file of kustomizations) {
    const folder = folderOfPath(file.path)
    if (file.kustomization?.component || taken.has(folder === '.' ? '' : folder) || without.has(file.path)) continue
    const rendering = renderingOf(reader, folder)
    // What only lists the files beside it changes nothing: the folder is what it is without it.
    if (rendering.plain) continue
    const manifests = renderedManifests(rendering, reader.manifests).flatMap(rendered => rendered.manifests)
    if (!draws(manifests)) continue
    for (const path of rendering.files) used.add(path)
    environments.push({
      id: folder,
      kind: 'kustomize',
      path: folder,
      ...(nameOfFolder(folder) !== undefined && { name: nameOfFolder(folder)! }),
      files: rendering.files,
      workloads: manifests.filter(isWorkload).length,
      ...(rendering.approximate.length > 0 && { approximate: true }),
    })
  }
  return { environments, used }
}
