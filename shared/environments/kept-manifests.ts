import type { Manifest } from '../manifests/manifest.ts'
import { lineOf } from './kustomize/origin.ts'
import { nameIn, namespaceIn } from './kustomize/resource.ts'
import { type Mapping, type Tree, textIn } from './kustomize/tree.ts'

type Kept = { readonly tree: Mapping; readonly manifest: Manifest | null }
const mostEnvironments = 64
/** As it is, and as a draft has it. */
const mostVersions = 2

/**
 * Manifests of what was rendered before: an object that says the same in the same places, whatever else was rendered
 * anew, is the same manifest, so that what was found out about it still holds.
 */
export class KeptManifests {
  readonly #environments = new Map<string, Map<string, readonly Kept[]>>()

  of(environment: string, tree: Mapping, make: () => Manifest | null): Manifest | null {
    const known = this.#environments.get(environment) ?? new Map<string, readonly Kept[]>()
    this.#environments.delete(environment)
    this.#environments.set(environment, known)
    if (this.#environments.size > mostEnvironments) this.#environments.delete(this.#environments.keys().next().value!)
    const id = `${textIn(tree, 'apiVersion')} ${textIn(tree, 'kind')} ${namespaceIn(tree)}/${nameIn(tree)}`
    const versions = known.get(id) ?? []
    const same = versions.find(one => isSameTree(one.tree, tree))
    if (same) return same.manifest
    const manifest = make()
    known.set(id, [{ tree, manifest }, ...versions].slice(0, mostVersions))
    return manifest
  }
}

/** The same values, written at the same places. */
function isSameTree(a: Tree, b: Tree): boolean {
  if (a === b) return true
  if (a.type !== b.type || !isSamePlace(a, b)) return false
  if (a.type === 'scalar')
    return b.type === 'scalar' && a.text === b.text && a.str === b.str && (a.block ?? false) === (b.block ?? false)
  if (a.type === 'list')
    return (
      b.type === 'list' &&
      a.items.length === b.items.length &&
      a.items.every((item, at) => isSameTree(item, b.items[at]!))
    )
  if (b.type !== 'map' || a.entries.size !== b.entries.size) return false
  const others = b.entries.entries()
  for (const [key, value] of a.entries) {
    const [otherKey, other] = others.next().value!
    if (key !== otherKey || !isSameTree(value, other)) return false
  }
  return true
}

const isSamePlace = ({ origin: a }: Tree, { origin: b }: Tree): boolean =>
  a === b ||
  (a.how === b.how &&
    a.source.file === b.source.file &&
    (a.source === b.source ? a.at === b.at : lineOf(a) === lineOf(b)))
