import { findEnvironments } from '../environments/find-environments.ts'
import { type ManifestFile, mayHoldManifests, readManifestFile } from '../manifests/read-manifests.ts'
import type { Files } from './edit-outcome.ts'

/** The files one deployment of a service is made of: what a rename has to follow and a removal to clean up. */
export type ServiceScope = {
  /** Paths of manifests, patches and kustomizations, sorted. */
  readonly files: readonly string[]
  /** Paths of the kustomizations among them. */
  readonly kustomizations: readonly string[]
  /** Paths of the patches that kustomizations apply. */
  readonly patches: ReadonlySet<string>
  /** Ids of the environments these files make up, for their layouts. */
  readonly environments: readonly string[]
}

/**
 * The same service is often declared several times in one repository: for several environments, or as alternatives.
 * The scope is the environment that holds the file, with all kustomizations built on it, their patches and the files
 * they add. What lies elsewhere and speaks of the same name is somebody else's.
 */
export function serviceScope(files: Files, file: string): ServiceScope {
  const read = [...files].filter(([path]) => mayHoldManifests(path)).map(([path, text]) => readOnce(path, text))
  const environments = findEnvironments(read).filter(environment => environment.files.includes(file))
  const members = new Set(environments.flatMap(environment => environment.files))
  members.add(file)
  const kustomized = read.filter(one => one.kustomization)
  const byPath = new Map(read.map(one => [one.path, one]))
  const patches = new Set<string>()
  // A kustomization that builds on a member is one, and so is what it adds and patches; until nothing more joins.
  for (let grown = true; grown; ) {
    grown = false
    for (const { path, kustomization } of kustomized) {
      if (!kustomization || members.has(path)) continue
      const builds = kustomization.includes.some(
        included => members.has(included) || [...members].some(member => isKustomizationIn(member, included)),
      )
      if (!builds) continue
      grown = true
      members.add(path)
      for (const patch of kustomization.patches) {
        patches.add(patch)
        if (files.has(patch)) members.add(patch)
      }
      for (const included of kustomization.includes)
        if (byPath.get(included)?.role === 'manifests') members.add(included)
    }
  }
  const known = [...members].filter(path => files.has(path)).sort()
  return {
    files: known,
    kustomizations: known.filter(path => byPath.get(path)?.kustomization),
    patches,
    environments: environments.map(environment => environment.id),
  }
}

const isKustomizationIn = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) && /^(kustomization\.ya?ml|Kustomization)$/.test(path.slice(folder.length + 1))

const maximumKept = 4_000
const kept = new Map<string, ManifestFile>()

/** A file's reading depends on its path and text alone; drafts ask for the same ones over and over. */
function readOnce(path: string, text: string): ManifestFile {
  const key = `${path}\0${text}`
  let read = kept.get(key)
  if (!read) {
    read = readManifestFile(path, text)
    if (kept.size >= maximumKept)
      for (const oldest of kept.keys()) {
        kept.delete(oldest)
        break
      }
    kept.set(key, read)
  }
  return read
}
