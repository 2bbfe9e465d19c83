import { joinPath } from '../kustomize/paths.ts'
import { itemsIn, type Mapping, textIn } from '../kustomize/tree.ts'
import { isSameRepository } from '../same-repository.ts'

/** Objects of the repository that others name, by kind and name. */
export type Named = {
  /** The one that lies nearest to a file, of several that are called so; any, for an ArtifactGenerator. */
  readonly find: (kind: string, name: string, near: string, namespace?: string) => Mapping | undefined
}

/**
 * Where a path of a source lies in this repository. A path of an ExternalArtifact is from the folder that an
 * ArtifactGenerator copies; of every other source it is from the root. Null where it leads out.
 */
export function pathInRepository(
  path: string,
  source: { readonly kind: string; readonly name: string },
  near: string,
  named: Named,
): string | null {
  const plain = joinPath('.', path)
  if (source.kind !== 'ExternalArtifact' || plain === null) return plain
  const generator = named.find('ArtifactGenerator', source.name, near)
  for (const artifact of itemsIn(generator, 'spec', 'artifacts')) {
    if (textIn(artifact, 'name') !== source.name) continue
    for (const copy of itemsIn(artifact, 'copy')) {
      const from = folderOf(textIn(copy, 'from') ?? '')
      const to = folderOf(textIn(copy, 'to') ?? '')
      if (from === null || to === null) continue
      if (to === '.' || plain === to || plain.startsWith(`${to}/`))
        return joinPath(from, to === '.' ? plain : plain.slice(to.length + 1))
    }
  }
  return plain
}

/** `@repo/apps/**` as a folder. */
function folderOf(pattern: string): string | null {
  const path = pattern.replace(/^@[^/]+\/?/, '').replace(/\/?\*.*$/, '')
  return joinPath('.', path)
}

/** True for a source of another repository than the one Flux was started from, where both say their address. */
export function isOtherRepository(kind: string, name: string, near: string, named: Named): boolean {
  if (kind !== 'GitRepository' || name === 'flux-system') return false
  const own = textIn(named.find('GitRepository', 'flux-system', near), 'spec', 'url')
  const url = textIn(named.find('GitRepository', name, near), 'spec', 'url')
  return own !== undefined && url !== undefined && !isSameRepository(own, url)
}
