import type { Named } from './flux/find-source.ts'
import type { KustomizeReader } from './kustomize/kustomization-files.ts'
import { objectsIn } from './kustomize/objects-in.ts'
import { nameIn, namespaceIn } from './kustomize/resource.ts'
import { type Mapping, textIn } from './kustomize/tree.ts'

const wanted =
  /^\s*(?:- )?["']?kind["']?:\s*["']?(ConfigMap|Secret|GitRepository|HelmChart|ArtifactGenerator|Application(?:Set)?|Kustomization|HelmRelease)["']?\s*$/m

const deploys = /\b(argoproj\.io|fluxcd\.io)\//

/** Objects of the files by which deployments are described, as they are written. */
export function writtenObjects(reader: KustomizeReader, includes: (path: string) => boolean): readonly Mapping[] {
  const texts = reader.paths().flatMap(path => {
    const text = /\.ya?ml$/i.test(path) && includes(path) ? reader.content(path) : undefined
    return typeof text === 'string' && text.length <= 1_000_000 ? [{ path, text }] : []
  })
  // ConfigMaps are many, and matter only to who deploys with them.
  if (!texts.some(({ text }) => deploys.test(text))) return []
  return texts.flatMap(({ path, text }) => {
    if (!wanted.test(text)) return []
    const read = reader.trees(path, 'resource')
    return read && 'documents' in read ? objectsIn(read.documents) : []
  })
}

/** Looks objects up by name, in the first list that has one; a namespace counts where both sides say one. */
export function namedIn(lists: readonly (() => readonly Mapping[])[]): Named {
  return {
    find: (kind, name, near, namespace) => {
      for (const list of lists) {
        const found = list().filter(
          tree =>
            textIn(tree, 'kind') === kind &&
            (nameIn(tree) === name || kind === 'ArtifactGenerator') &&
            (namespace === undefined || namespace === '' || ['', namespace].includes(namespaceIn(tree))),
        )
        const [best] = found.toSorted((a, b) => closeness(b, near) - closeness(a, near))
        if (best) return best
      }
      return undefined
    },
  }
}

/** How many folders lead to both. */
function closeness({ origin }: Mapping, near: string): number {
  const [own, other] = [origin.source.file.split('/'), near.split('/')]
  let shared = 0
  while (shared < own.length && own[shared] === other[shared]) shared += 1
  return shared
}
