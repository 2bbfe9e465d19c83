import * as z from 'zod/mini'
import type { Freshness } from '../clusters/contract.ts'
import { command, query, stream } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import { type RolloutAction, rolloutActions } from './actions.ts'
import type { VersionSample } from './compare-versions.ts'
import type { WeightPlace } from './plan-weights.ts'
import type { Rollout } from './rollout.ts'

/** A right that is missing: `patch` on `rollouts/status.argoproj.io` in a namespace, null for all of them. */
export type MissingRight = { readonly verb: string; readonly resource: string; readonly namespace: string | null }

/** An action as it is offered to this person now. */
export type OfferedAction = {
  readonly action: RolloutAction
  /** `cluster`: done at once; `git`: becomes part of the draft; null: not possible now, `note` says why. */
  readonly where: 'cluster' | 'git' | null
  /** Percent that a weight in Git is set to, where the action itself says it. */
  readonly weight: number | null
  readonly note: Message | null
  readonly missing: readonly MissingRight[]
}

/** Percent of the traffic of an edge of the topology that goes to the new side. */
export type EdgeSplit = {
  readonly from: string
  readonly to: string
  /** `canary`: the edge leads to both sides, and so much of it to the new one; `share`: the edge is that side itself. */
  readonly kind: 'canary' | 'share'
  readonly weight: number
  readonly next: number | null
  /** The rollout that says so. */
  readonly rollout: string
  /** It moves now, so the edge may. */
  readonly moving: boolean
}

export type RolloutView = Rollout & {
  /** The node of the topology it rolls out; null where the environment has none. */
  readonly node: string | null
  readonly actions: readonly OfferedAction[]
  /** Where its weights stand in Git, one a rule; none where they do not. */
  readonly weights: readonly WeightPlace[]
  /** The decision that is being rolled out, as far as it is known. */
  readonly decision: { readonly commit: string; readonly title: string } | null
}

export type RolloutsView = Freshness & {
  readonly context: {
    readonly name: string
    readonly sandbox: boolean
    readonly policy: 'open' | 'protected' | 'read-only'
    /** Protected, and a person has to type its name before anything changes. */
    readonly locked: boolean
  } | null
  readonly rollouts: readonly RolloutView[]
  /** What of it may not be read. */
  readonly missing: readonly MissingRight[]
  /** Of the kinds it knows, those the server serves; none: there is no progressive delivery in this cluster. */
  readonly engines: readonly string[]
  readonly splits: readonly EdgeSplit[]
}

/** Stable and canary side by side, each time the source was asked. */
export type VersionsView = {
  /** `unknown`: no source, or none that tells the two sides apart. */
  readonly state: 'connecting' | 'live' | 'failed' | 'unknown'
  readonly problem: Message | null
  readonly window: string
  readonly source: { readonly name: string; readonly sandbox: boolean } | null
  /** Oldest first. */
  readonly samples: readonly VersionSample[]
}

const Name = z.string().check(z.minLength(1), z.maxLength(512))
const scope = {
  workspace: z.optional(inWorkspace.workspace),
  environment: z.optional(z.string()),
  context: z.optional(Name),
  namespaces: z.optional(z.array(Name)),
}

export const rollouts = {
  /** Progressive deliveries of an environment, or of a context; those that need somebody first. */
  watch: stream(z.object(scope)).of<RolloutsView>(),
  /** Carries an action out in the cluster, with the reason a person gave for it. */
  act: command(
    z.object({
      ...scope,
      rollout: Name,
      action: z.enum(rolloutActions),
      reason: z.string().check(z.minLength(1), z.maxLength(4000)),
    }),
  ).returns<void>(),
  /** Where the weights of a route, or of what moves it, stand in Git. Asks no cluster. */
  weights: query(z.object({ ...inWorkspace, environment: z.string(), name: Name, kind: z.optional(Name) })).returns<
    readonly WeightPlace[]
  >(),
  /** What stable and canary do under traffic. */
  versions: stream(
    z.object({
      ...scope,
      rollout: Name,
      window: z.optional(z.string()),
      /** The new revision as it is known: with another one the question is another, and asked at once. */
      revision: z.optional(z.string()),
    }),
  ).of<VersionsView>(),
}
