import type { Path } from '../manifests/manifest.ts'
import { isMapping, type Mapping, type Tree, treeAt } from './kustomize/tree.ts'

/** A map at a path; undefined where there is none. */
export function mappingIn(tree: Tree | undefined, ...path: Path): Mapping | undefined {
  const found = treeAt(tree, path)
  return isMapping(found) ? found : undefined
}

export const withEntries = (tree: Mapping, entries: Map<string, Tree>): Mapping => ({ ...tree, entries })
