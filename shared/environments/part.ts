import type { Finding } from '../topology/topology.ts'
import type { Origin } from './kustomize/origin.ts'
import type { Rendering } from './kustomize/render-kustomization.ts'
import type { Mapping } from './kustomize/tree.ts'

/** A place where an environment can say a value of its own about what it builds, the nearest to it first. */
export type Site =
  /** The kustomization that builds it, by its entries and patches. */
  | { readonly kind: 'kustomization'; readonly rendering: Rendering }
  /** A values file of a release. `under` is where the values of its chart stand in it. */
  | { readonly kind: 'values-file'; readonly file: string; readonly chart: string }
  /**
   * A field of an object that makes a tool build this one: `spec.values` of a HelmRelease, `spec.images` of a Flux
   * Kustomization. `owner` says it and is itself built by `part`, or stands in a file.
   */
  | {
      readonly kind: 'object'
      readonly style: 'values' | 'helm-parameters' | 'flux' | 'argo-cd'
      readonly owner: BuiltObject
      readonly path: readonly (string | number)[]
      readonly chart?: string
    }

/** An object with the places where it can be changed. */
export type BuiltObject = {
  readonly tree: Mapping
  /** What it was called before and is called now: patches may use any of these names. */
  readonly names: readonly string[]
  readonly sites: readonly Site[]
}

/** What one step of an environment builds. */
export type Part = {
  readonly objects: readonly BuiltObject[]
  readonly findings: readonly Finding[]
  /** Every file that was read for it. */
  readonly files: readonly string[]
  /** Files that belong to what is built here, and not to something taken in from elsewhere. */
  readonly own: readonly string[]
  /** Why this may differ from what the tool itself makes; empty where it cannot. */
  readonly approximate: readonly string[]
}

export const noPart: Part = { objects: [], findings: [], files: [], own: [], approximate: [] }

export const joinParts = (parts: readonly Part[]): Part => ({
  objects: parts.flatMap(part => part.objects),
  findings: parts.flatMap(part => part.findings),
  files: distinct(parts.flatMap(part => part.files)),
  own: distinct(parts.flatMap(part => part.own)),
  approximate: distinct(parts.flatMap(part => part.approximate)),
})

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort()

export const withSite = (part: Part, site: Site): Part => ({
  ...part,
  objects: part.objects.map(object => ({ ...object, sites: [...object.sites, site] })),
})

/** An object that stands in a file by itself. */
export const writtenObject = (tree: Mapping): BuiltObject => ({ tree, names: [], sites: [] })

/** True for an object every value of which stands in one file, as it was written there. */
export const isOrigin = (origin: Origin, file: string): boolean =>
  origin.source.file === file && origin.how === 'resource'
