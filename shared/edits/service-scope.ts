import { findEnvironments } from '../environments/find-environments.ts'
import { type ManifestFile, mayHoldManifests, readManifestFile } from '../manifests/read-manifests.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Files } from './edit-outcome.ts'

/** The files one deployment of a service is made of: what a rename has to follow and a removal to clean up. */
export type ServiceScope = {
  /** Paths of manifests, patches and kustomizations, sorted. */
  readonly files: readonly string[]
  /** Paths of the kustomizations among them. */
  readonly kustomizations: readonly string[]
  /** Paths of the patches that kustomizations apply. */
  readonly patches: ReadonlySet<string>
  /** Paths among them that another deployment is made of too: what they say is never changed for one alone. */
  readonly shared: ReadonlySet<string>
  /** Paths outside that no other deployment of the same name explains: what they say of it may be meant. */
  readonly beyond: readonly string[]
  /** Ids of the environments these files make up, for their layouts. */
  readonly environments: readonly string[]
}

/**
 * The same service is often declared several times in one repository: for several environments, or as alternatives.
 * The scope is the environment that holds the file, with all kustomizations built on it, the components they switch
 * on, their patches and the files they add. What lies elsewhere and speaks of the same name is somebody else's.
 */
export function serviceScope(files: Files, resource: ResourceRef): ServiceScope {
  const { file } = resource
  const read = [...files].filter(([path]) => mayHoldManifests(path)).map(([path, text]) => readOnce(path, text))
  const byPath = new Map(read.map(one => [one.path, one]))
  const all = findEnvironments(read)
  const own = all.filter(environment => environment.files.includes(file))
  const members = new Set([file, ...own.flatMap(environment => environment.files)])
  const kustomized = read.filter(one => one.kustomization)
  const patches = new Set<string>()
  const join = (one: ManifestFile): void => {
    const { includes = [], patches: patched = [] } = one.kustomization ?? {}
    members.add(one.path)
    for (const patch of patched) {
      patches.add(patch)
      if (files.has(patch)) members.add(patch)
    }
    for (const included of includes) {
      if (byPath.get(included)?.role === 'manifests') members.add(included)
      // A component is laid over what the kustomization builds.
      for (const part of kustomized)
        if (part.kustomization?.component && isKustomizationIn(part.path, included) && !members.has(part.path))
          join(part)
    }
  }
  // A kustomization that builds on a member is one, until nothing more joins.
  for (let grown = true; grown; ) {
    grown = false
    for (const one of kustomized) {
      if (members.has(one.path)) continue
      const builds = one.kustomization!.includes.some(
        included => members.has(included) || [...members].some(member => isKustomizationIn(member, included)),
      )
      if (!builds) continue
      grown = true
      join(one)
    }
  }
  const declares = (path: string) =>
    byPath.get(path)?.manifests.some(({ kind, name }) => kind === resource.kind && name === resource.name) ?? false
  const elsewhere = all.filter(environment => !own.includes(environment))
  const explained = new Set(
    elsewhere.filter(environment => environment.files.some(declares)).flatMap(environment => environment.files),
  )
  const known = [...members].filter(path => files.has(path)).sort()
  return {
    files: known,
    kustomizations: known.filter(path => byPath.get(path)?.kustomization),
    patches,
    shared: new Set(known.filter(path => path !== file && explained.has(path))),
    beyond: read
      .filter(({ path, role }) => role === 'manifests' && !members.has(path) && !explained.has(path) && !declares(path))
      .map(({ path }) => path)
      .sort(),
    environments: own.map(environment => environment.id),
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
