import * as z from 'zod/mini'
import { query, stream } from '../contract/define.ts'
import { locales } from '../messages/index.ts'
import type { RecordedMetrics } from '../metrics/contract.ts'
import { MetricsWindow } from '../metrics/window.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { Topology, TopologyDiff } from './topology.ts'

export type Position = { readonly x: number; readonly y: number }
/** What the page draws. */
export type TopologyView = {
  /** As committed at the revision. */
  readonly base: Topology
  /** With the draft's edits applied; null when there is no draft or an older revision is shown. */
  readonly draft: Topology | null
  /** What the draft changes, or (at an older revision) what that commit changed. */
  readonly diff: TopologyDiff
  /** Pinned positions by node id, from `.pilothouse/layout/<environment>.yaml` with the draft's moves. */
  readonly positions: { readonly [node: string]: Position }
  /** The metrics an older revision was decided with: its rates are those of then. */
  readonly metrics?: RecordedMetrics
}

/** `environment` is an environment's id, or any folder or file of the workspace to look at alone. */
const at = { ...inWorkspace, environment: z.string() }

export const topology = {
  /** Without `revision`: where the branch is now, with the draft on it, kept live. */
  graph: stream(z.object({ ...at, revision: z.optional(z.string()) })).of<TopologyView>(),
  diff: query(z.object({ ...at, from: z.string(), to: z.string() })).returns<{
    from: Topology
    to: Topology
    diff: TopologyDiff
  }>(),
  export: query(
    z.object({
      ...at,
      revision: z.optional(z.string()),
      format: z.enum(['json', 'mermaid', 'dot', 'svg']),
      /** Of the words on a picture; English when absent. */
      locale: z.optional(z.enum(locales)),
      /** A folder of this machine that holds the program source, in place of what the workspace holds. */
      source: z.optional(z.string()),
      /** Ask where calls are counted, once: at an address, else every source that is known. */
      metrics: z.optional(z.object({ url: z.optional(z.string()), window: z.optional(MetricsWindow) })),
    }),
  ).returns<{ text: string }>(),
}
