import type { JsonObject } from '../../../shared/manifests/manifest.ts'

/** A branch and a folder that an engine reads. */
export type Followed = { readonly revision: string; readonly path: string }

/** What the repository holds there. */
export type Checkout = {
  readonly revision: string
  readonly manifests: readonly JsonObject[]
  /** Why it cannot be built: a branch or folder that is not there, a file that cannot be read. */
  readonly problem?: { readonly kind: 'no-revision' | 'no-path' | 'broken'; readonly message: string }
}

/** Fetches what engines follow, and calls back when that has changed. */
export type Checkouts = {
  /** What was fetched last; null before the first time. */
  latest(followed: Followed): Checkout | null
  /** Asks for it anew. */
  refresh(): void
}
