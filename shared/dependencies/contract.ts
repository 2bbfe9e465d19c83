import * as z from 'zod/mini'
import { query } from '../contract/define.ts'
import type { Edit } from '../edits/edit.ts'
import type { Message } from '../messages/index.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { PackageDiff } from './diff-package-sets.ts'
import type { Ecosystem } from './ecosystem.ts'
import type { Explanation } from './explain-diff.ts'
import type { Library, ServiceSummary } from './overview.ts'

export type DependencyOverview = {
  /** Null: nothing was committed yet. */
  readonly revision: string | null
  readonly services: readonly ServiceSummary[]
  readonly libraries: readonly Library[]
  /** Files that could not be read, with what to do about it; the rest is here. */
  readonly problems: readonly Message[]
}

/** One module or lock on both sides. */
export type DiffedSet = {
  readonly folder: string
  readonly ecosystem: Ecosystem
  readonly services: readonly string[]
  /** The service whose images these are. */
  readonly of?: string
  /** The side that alone has such a set: the other one holds no lock or manifest of it at all. */
  readonly only?: 'before' | 'after'
  /** Cut to the number asked for; `edgeCounts` says how many there are. */
  readonly diff: PackageDiff
  readonly edgeCounts: { readonly added: number; readonly removed: number }
  readonly explanation: Explanation
  /** False when nothing says who asks for whom, so that no way can be told. */
  readonly hasGraph: boolean
}
export type DependencyDiff = {
  readonly from: string | null
  readonly to: string | null
  /** Those that differ alone. */
  readonly sets: readonly DiffedSet[]
  readonly problems: readonly Message[]
}

/** Since when a service has the version it has. */
export type Standing = {
  readonly service: string | null
  readonly folder: string
  readonly version: string
  /** The commit that brought it; null when it is older than what was looked at. */
  readonly since: {
    readonly commit: string
    readonly time: number
    readonly author: string
    readonly title: string
  } | null
}

/** What brings one library to one version everywhere. */
export type Alignment = {
  readonly version: string
  /** Complete as they are: images that manifests name. */
  readonly edits: readonly Edit[]
  /** What only a package manager can do, folder by folder, since a lock holds hashes and choices of its own. */
  readonly commands: readonly {
    readonly folder: string
    readonly services: readonly string[]
    readonly command: string
  }[]
}

const at = { ...inWorkspace, revision: z.optional(z.string()), environment: z.optional(z.string()) }

export const dependencies = {
  /** What every service is made of, and each library across them. Without `environment`, images of all of them. */
  overview: query(z.object(at)).returns<DependencyOverview>(),
  diff: query(
    z.object({
      ...inWorkspace,
      from: z.string(),
      to: z.string(),
      environment: z.optional(z.string()),
      /** At most so many edges of each set; all when absent. */
      edges: z.optional(z.number().check(z.int(), z.minimum(0))),
    }),
  ).returns<DependencyDiff>(),
  /** The way from something asked for to a package, for each set that holds it. */
  why: query(z.object({ ...at, library: z.string() })).returns<
    readonly { readonly services: readonly string[]; readonly folder: string; readonly path: readonly string[] }[]
  >(),
  /** Since when each service has the version of a library that it has. */
  standings: query(z.object({ ...at, library: z.string() })).returns<readonly Standing[]>(),
  align: query(
    z.object({ ...inWorkspace, library: z.string(), version: z.string(), environment: z.string() }),
  ).returns<Alignment>(),
}
