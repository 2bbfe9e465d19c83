import type { Right } from '../clusters/contract.ts'
import type { HealthStatus } from '../health/health.ts'
import type { Message } from '../messages/index.ts'
import type { GitopsState } from './gitops-state.ts'

/** What delivers an environment, as its cluster says it now. */
export type FollowView = {
  readonly environment: string
  readonly context: string
  readonly sandbox: boolean
  /** The newest commit of the branch here: what should arrive. */
  readonly revision: string | null
  /** Objects that deliver this environment; none where nobody does, and Pilothouse may. */
  readonly members: readonly FollowedMember[]
  /** The cluster cannot be reached: what is told holds as of then. */
  readonly stale: { readonly since: string; readonly problem: Message } | null
  /** Kinds that may not be looked at, or not everywhere. */
  readonly problems: readonly Message[]
  /** Of the rights that applying it here takes, those this person has not; absent where none is. */
  readonly missing?: readonly Right[]
}

export type FollowedMember = GitopsState & {
  /** How the applied commit lies to the newest one here. `elsewhere`: not a commit of this repository. */
  readonly standing: 'here' | 'behind' | 'elsewhere'
  /** Commits that have not arrived. */
  readonly behind: number
  /** Of the rights that steering it takes, those this person has not; absent where none is. */
  readonly missing?: readonly Right[]
}

/** What applying makes of an object, by what was live when the delivery was planned. */
export type DeliveryChange = 'create' | 'change' | 'none'

export type DeliveryStep = {
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly action: 'apply' | 'prune'
  /** Null of what is pruned, and where what is live could not be read. */
  readonly change: DeliveryChange | null
  /** `left`: not begun, because something before it failed. */
  readonly state: 'waiting' | 'applied' | 'ready' | 'pruned' | 'failed' | 'left'
  readonly health: HealthStatus | null
  readonly problem: Message | null
}

export type DeliveryProgress = {
  readonly environment: string
  readonly context: string
  readonly sandbox: boolean
  readonly dryRun: boolean
  readonly revision: string
  readonly phase: 'applying' | 'getting-ready' | 'pruning' | 'done' | 'failed'
  readonly steps: readonly DeliveryStep[]
  /** ISO 8601. */
  readonly begunAt: string
  readonly endedAt: string | null
  /** What a person should know before they deliver: that an engine may own these objects. */
  readonly notes: readonly Message[]
  /** The decision whose result this is; null in a dry run and where the revision carries none. */
  readonly decision: { readonly commit: string; readonly title: string } | null
  /** Why it failed, of the whole. */
  readonly problem: Message | null
}
