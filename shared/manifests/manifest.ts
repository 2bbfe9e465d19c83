import type { Finding } from '../topology/topology.ts'
import type { ResourceRef } from './resource-ref.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }
/** Keys and list positions from the top of an object: `['spec', 'ports', 0, 'port']`. */
export type Path = readonly (string | number)[]

/** One Kubernetes object as a file declares it. */
export type Manifest = {
  /** Path from the workspace root. */
  readonly file: string
  readonly apiVersion: string
  /** API group, empty for the core group: `apps` of `apps/v1`. */
  readonly group: string
  readonly kind: string
  /** As written; absent when the manifest does not say. */
  readonly namespace?: string
  /** `metadata.name`, or `metadata.generateName` where there is no name. */
  readonly name: string
  readonly value: JsonObject
  readonly ref: ResourceRef
  /** 1-based line of the value at a path; of its nearest parent where nothing stands at the path. */
  readonly lineOf: (path?: Path) => number
  /** The file that line is in, for an object whose values are from several (a rendered one); else it is `file`. */
  readonly fileOf?: (path?: Path) => string
  /**
   * The same within a text that stands at the path: `text` is a 0-based line of it. Exact for block scalars (`|`),
   * where a line of the file is a line of the text; else the line of the value.
   */
  readonly lineInText: (path: Path, text: number) => number
  /** The file that line is in, where values of several files make up the text; else that of the value. */
  readonly fileInText?: (path: Path, text: number) => string
}

/** The file that `lineOf` counts in. */
export const fileAt = (manifest: Manifest, path?: Path): string => manifest.fileOf?.(path) ?? manifest.file

/** The file that `lineInText` counts in. */
export const fileInText = (manifest: Manifest, path: Path, text: number): string =>
  manifest.fileInText?.(path, text) ?? fileAt(manifest, path)

/** The file of a line, for what names an object by its `ref`; nothing where the line is in the file of that. */
export function otherFile(manifest: Manifest, path?: Path): { readonly file?: string } {
  const file = fileAt(manifest, path)
  return file === manifest.ref.file ? {} : { file }
}

/**
 * What a file is to us. `template`: has to be rendered first. `chart`: a Chart.yaml. `kustomization`: builds others.
 * `other`: not Kubernetes.
 */
export type ManifestRole = 'manifests' | 'template' | 'chart' | 'kustomization' | 'other'

/** A file as read, once; it depends on the path and the text alone, so it can be kept by path and blob id. */
export type ManifestFile = {
  readonly path: string
  readonly role: ManifestRole
  readonly manifests: readonly Manifest[]
  /** What a person should know about the file itself: it cannot be read, or has to be rendered. */
  readonly findings: readonly Finding[]
  /** What a kustomization says about others; absent for every other role. Paths are from the workspace root. */
  readonly kustomization?: {
    /** True for `kind: Component`: a part that only others switch on. */
    readonly component: boolean
    /** Files and folders it builds from. */
    readonly includes: readonly string[]
    /** Files it applies as patches, so they are no objects of their own. */
    readonly patches: readonly string[]
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path; undefined where there is none. Never reaches into prototypes. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let at = value
  for (const step of path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? (at as readonly Json[])[step] : undefined
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step]
    else return undefined
  }
  return at
}

export const objectAt = (value: Json | undefined, ...path: Path): JsonObject => {
  const found = valueAt(value, path)
  return isObject(found) ? found : {}
}
export const listAt = (value: Json | undefined, ...path: Path): readonly Json[] => {
  const found = valueAt(value, path)
  return Array.isArray(found) ? (found as readonly Json[]) : []
}
/** Text at a path; numbers and booleans as Kubernetes' own tools would print them; undefined for anything else. */
export const textAt = (value: Json | undefined, ...path: Path): string | undefined => {
  const found = valueAt(value, path)
  if (typeof found === 'string') return found
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined
}
export const numberAt = (value: Json | undefined, ...path: Path): number | undefined => {
  const found = valueAt(value, path)
  return typeof found === 'number' ? found : undefined
}
/** An object whose values are texts, as labels and ConfigMap data are. */
export const textsAt = (value: Json | undefined, ...path: Path): { readonly [key: string]: string } => {
  const texts: Record<string, string> = {}
  for (const [key, item] of Object.entries(objectAt(value, ...path)))
    if (typeof item === 'string') texts[key] = item
    else if (typeof item === 'number' || typeof item === 'boolean') texts[key] = String(item)
  return texts
}
