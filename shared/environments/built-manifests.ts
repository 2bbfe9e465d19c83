import type { ManifestFile } from '../manifests/manifest.ts'
import type { Environment } from '../topology/topology.ts'
import { environmentPart } from './built-environments.ts'
import type { KustomizeReader } from './kustomize/kustomization-files.ts'
import { renderingOf } from './kustomize/rendering-of.ts'
import { manifestsOfPart, renderedManifests } from './rendered-manifests.ts'

/** What the tool of an environment makes of these files, as the files its objects are from would hold it. */
export function builtManifests(
  reader: KustomizeReader,
  environment: Pick<Environment, 'id' | 'kind' | 'path'>,
): { readonly manifests: readonly ManifestFile[]; readonly files: readonly string[] } {
  if (environment.kind === 'kustomize') {
    const rendering = renderingOf(reader, environment.path)
    return { manifests: renderedManifests(rendering, reader.manifests), files: rendering.files }
  }
  const part = environmentPart(reader, environment.id)
  return part
    ? { manifests: manifestsOfPart(part, environment.id, reader.manifests), files: part.files }
    : { manifests: [], files: [] }
}
