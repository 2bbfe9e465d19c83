import type { Path } from '../../manifests/manifest.ts'
import { type Origin, type Place, placeOf } from './origin.ts'
import type { Rendering } from './render-kustomization.ts'
import { type Tree, treeAt } from './tree.ts'

/**
 * Who owns a value of a rendered object, as seen from the kustomization it was rendered for. `here`: it is written in
 * a file of that kustomization itself. `above`: it comes from a base or a component that others may share, and the
 * kustomization would set it by `by`, in its own file.
 */
export type Owner =
  | { readonly kind: 'here'; readonly place: Place }
  | {
      readonly kind: 'above'
      /** Where it is from; undefined where nothing says it. */
      readonly place?: Place
      readonly by: 'images' | 'replicas' | 'patch'
      /** The kustomization's own file. */
      readonly file: string
    }

export function ownerOf(rendering: Rendering, object: Tree, path: Path): Owner {
  const origin = treeAt(object, path)?.origin
  if (origin && isOwn(rendering, origin)) return { kind: 'here', place: placeOf(origin) }
  return {
    kind: 'above',
    ...(origin && { place: placeOf(origin) }),
    by: path.at(-1) === 'image' ? 'images' : path.join('/') === 'spec/replicas' ? 'replicas' : 'patch',
    file: rendering.file,
  }
}

export const isOwn = (rendering: Rendering, origin: Origin): boolean => rendering.own.includes(origin.source.file)

/** The origin of the value at a path, or of its nearest parent. */
export function originAt(object: Tree, path: Path = []): Origin {
  let at = object
  for (const step of path) {
    const next = treeAt(at, [step])
    if (!next) break
    at = next
  }
  return at.origin
}
