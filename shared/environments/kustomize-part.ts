import type { KustomizeReader } from './kustomize/kustomization-files.ts'
import { type Amendment, renderKustomization } from './kustomize/render-kustomization.ts'
import { renderingOf } from './kustomize/rendering-of.ts'
import type { Part, Site } from './part.ts'
import { findingOf } from './rendered-manifests.ts'

/** What the kustomization of a folder builds. `outer` are the places of whoever asks for it to be built. */
export function kustomizePart(
  reader: KustomizeReader,
  folder: string,
  amendment: Amendment = {},
  outer: readonly Site[] = [],
): Part {
  const rendering =
    Object.keys(amendment).length === 0
      ? renderingOf(reader, folder)
      : renderKustomization({ get: reader.content, keys: reader.paths }, folder, reader, amendment)
  const written = reader.kustomizations(folder).length > 0
  const sites: readonly Site[] = [...(written ? [{ kind: 'kustomization' as const, rendering }] : []), ...outer]
  return {
    objects: rendering.objects.map((tree, index) => ({ tree, names: rendering.names[index] ?? [], sites })),
    findings: rendering.problems.map(findingOf),
    files: rendering.files,
    own: rendering.own,
    approximate: rendering.approximate,
  }
}
