import type { HealthStatus } from '../health/health.ts'
import type { Message } from '../messages/index.ts'
import type { Breach, Threshold } from '../results/result.ts'
import type { RolloutStatus } from './rollout-status.ts'

/** What one step does. `weight` is percent of the traffic; `seconds` of a pause is null for one that waits for a person. */
export type StepKind =
  | { readonly kind: 'weight'; readonly weight: number }
  | { readonly kind: 'pause'; readonly seconds: number | null }
  | { readonly kind: 'analysis' | 'experiment'; readonly templates: readonly string[] }
  /** Pods of the new revision, apart from the traffic it gets. */
  | { readonly kind: 'scale'; readonly pods: string }
  /** One round of checks without a change of weight. */
  | { readonly kind: 'check' }
  /** What only its engine knows: mirrors, header routes, plugins; by the engine's own name. */
  | { readonly kind: 'other'; readonly name: string }

export type RolloutStep = {
  readonly what: StepKind
  /** Percent that goes to the new revision once it is done. */
  readonly weight: number
  readonly state: 'done' | 'current' | 'failed' | 'next' | 'later'
}

export type Measurement = {
  readonly at: string | null
  /** Null where what was measured is no number. */
  readonly value: number | null
  /** As the engine gives it. */
  readonly text: string
  readonly phase: string
  readonly message: string
}

export type AnalysisMetric = {
  readonly name: string
  readonly phase: string
  readonly threshold: Threshold | null
  /** `%`, `ms` or nothing. */
  readonly unit: string
  /** Oldest first. */
  readonly measurements: readonly Measurement[]
  /** So many failures are allowed; null where it is not said. */
  readonly failureLimit: number | null
  readonly failed: number
  readonly message: string
  /** It is measured and decides nothing. */
  readonly dryRun?: boolean
}

export type Analysis = {
  readonly name: string
  /** `Running`, `Successful`, `Failed`, `Inconclusive`, `Error`, `Pending`. */
  readonly phase: string
  readonly message: string
  readonly startedAt: string | null
  /** The step it belongs to; null for one that runs beside all of them. */
  readonly step: number | null
  readonly metrics: readonly AnalysisMetric[]
}

/** One of the two revisions. */
export type RevisionSide = {
  /** As the engine names it: pod template hash, spec hash, Service. */
  readonly id: string | null
  /** Counted by the engine: `12`. */
  readonly number: string | null
  readonly images: readonly string[]
  readonly pods: { readonly ready: number; readonly desired: number } | null
}

/** Something that was done to it by hand or by a controller, as far as the object tells. */
export type Deed = {
  readonly action: 'promote' | 'promote-full' | 'pause' | 'abort' | 'retry' | 'change'
  /** The field manager, or the person an annotation names. */
  readonly by: string
  readonly at: string | null
}

export type RolloutEvent = {
  readonly at: string | null
  readonly warning: boolean
  readonly reason: string
  readonly message: string
  readonly count: number
}

export type ObjectKey = {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** One progressive delivery, whoever drives it. */
export type Rollout = {
  /** `Rollout/shop/cart`; of routes with their group, as names repeat. */
  readonly id: string
  readonly object: ObjectKey
  readonly status: RolloutStatus
  readonly health: HealthStatus
  /** What a person has to know first: it failed, it waits for somebody, it moves, it is done. */
  readonly standing: 'failed' | 'waiting' | 'moving' | 'done'
  /** Why it is where it is, in one sentence. */
  readonly why: Message
  /** Since when, where the object tells. ISO 8601. */
  readonly since: string | null
  /** What it rolls out: itself for an Argo Rollout, the target of a Canary, the new Service of a route. */
  readonly workload: { readonly kind: string; readonly name: string } | null
  readonly stable: RevisionSide
  readonly canary: RevisionSide
  readonly steps: readonly RolloutStep[]
  /** Percent at the next step that changes it; null when there is none. */
  readonly nextWeight: number | null
  /** Of the step it waits at; `until` is null where a person has to go on. */
  readonly pause: { readonly since: string | null; readonly until: string | null } | null
  readonly analyses: readonly Analysis[]
  /** The measurement that stopped it. */
  readonly breach: Breach | null
  readonly deeds: readonly Deed[]
  /** Newest first. */
  readonly events: readonly RolloutEvent[]
  /** Routes whose weights it sets: they are no deliveries of their own. */
  readonly routes: readonly { readonly kind: string; readonly name: string }[]
  /** Services the two sides are reached by, where traffic is split between two. */
  readonly services: { readonly stable: string | null; readonly canary: string | null }
}
