import * as z from 'zod/mini'
import { command, stream } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import type { ServiceBudget } from '../slo/error-budget.ts'
import { MetricsSource } from '../workspace-file/workspace-schema.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { Observation } from './observation.ts'
import { MetricsWindow } from './window.ts'

/** One place where calls are counted, and how the talk with it goes. */
export type SourceView = {
  readonly id: string
  readonly name: string
  readonly kind: MetricsSource['kind']
  readonly url: string
  /** Said in `pilothouse.yaml`, or added here for this machine alone. */
  readonly origin: 'workspace' | 'machine'
  /** What it serves is made up. */
  readonly sandbox: boolean
  /** Environment variables whose values go there. */
  readonly sends: readonly string[]
  /**
   * `not-allowed`: the repository names it, and nobody has yet said that this machine may ask it. `stale`: it fails,
   * and what it said last is still shown. `failed`: it fails, and never said anything.
   */
  readonly state: 'not-allowed' | 'connecting' | 'live' | 'stale' | 'failed'
  /** When it last answered, ISO 8601. */
  readonly asOf: string | null
  /** Since when it fails. */
  readonly since: string | null
  readonly problem: Message | null
  /** When it is asked again, while it fails. */
  readonly retryAt: string | null
  readonly dialects: readonly string[]
  /** Its own words about what is missing from its answer. */
  readonly warnings: readonly string[]
}

export type MetricsView = {
  readonly window: string
  readonly sources: readonly SourceView[]
  /** The last answer of each source that ever gave one. */
  readonly observations: readonly Observation[]
}

/** What a decision keeps of the metrics it was made with, beside the rates on its edges. */
export type RecordedMetrics = {
  readonly sources: readonly {
    readonly name: string
    readonly kind: MetricsSource['kind']
    readonly window: string
    /** ISO 8601. */
    readonly asOf: string
    readonly sandbox?: true
  }[]
}

const ofSource = { ...inWorkspace, source: z.string() }

export const metrics = {
  /** Kept live while somebody watches. Without `window`: what each source says of itself, else five minutes. */
  watch: stream(
    z.object({ ...inWorkspace, environment: z.string(), window: z.optional(MetricsWindow) }),
  ).of<MetricsView>(),
  /** What is left of the error budgets of services that promise something; empty where none does or nothing was counted. */
  budgets: stream(z.object({ ...inWorkspace, environment: z.string() })).of<readonly ServiceBudget[]>(),
  /** Asks a source again now, and a person for credentials that were declined. */
  refresh: command(z.object(ofSource)).returns<void>(),
  /** A person says that this machine may ask a source the repository names. */
  allow: command(z.object(ofSource)).returns<void>(),
  /** Adds a source for this machine alone. */
  add: command(z.object({ ...inWorkspace, source: MetricsSource })).returns<{ source: string }>(),
  remove: command(z.object(ofSource)).returns<void>(),
}
