import * as z from 'zod/mini'

/**
 * Names one Kubernetes object in a workspace by where it is written and what it is. It survives edits elsewhere in
 * the file (unlike a document index) and is what a typed edit is replayed by on another base.
 */
export const ResourceRef = z.object({
  /** Path from the workspace root, with forward slashes. */
  file: z.string().check(z.minLength(1), z.maxLength(4096)),
  /** e.g. `Deployment`. */
  kind: z.string().check(z.minLength(1), z.maxLength(253)),
  /** `metadata.namespace` as written; absent when the manifest does not say. */
  namespace: z.optional(z.string().check(z.maxLength(253))),
  name: z.string().check(z.minLength(1), z.maxLength(253)),
  /** Which of several objects with the same identity in the same file (0 when it is the only one). */
  ordinal: z.optional(z.number().check(z.int(), z.minimum(0))),
  /** The environment that builds the object, for one that is not edited where it is declared. */
  environment: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
})
export type ResourceRef = z.infer<typeof ResourceRef>

export const sameResource = (a: ResourceRef, b: ResourceRef): boolean =>
  a.file === b.file &&
  a.kind === b.kind &&
  (a.namespace ?? '') === (b.namespace ?? '') &&
  a.name === b.name &&
  (a.ordinal ?? 0) === (b.ordinal ?? 0) &&
  (a.environment ?? '') === (b.environment ?? '')
