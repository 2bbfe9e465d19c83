import type { KustomizeReader } from './kustomization-files.ts'
import { type Rendering, renderKustomization } from './render-kustomization.ts'

/** What the kustomization of a folder builds from the files of a reader: built once, and again when a file differs. */
export const renderingOf = (reader: KustomizeReader, folder: string): Rendering =>
  reader.parts.part('renderings', folder, () =>
    renderKustomization({ get: reader.content, keys: reader.paths }, folder, reader),
  )
