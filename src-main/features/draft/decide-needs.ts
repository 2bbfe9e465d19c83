import type { KeptLatency } from '../../../shared/fleet/contract.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Digest } from '../../needs/digest.ts'
import type { GitRemotes } from '../../needs/git-remote.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import type { MetricsFeature } from '../metrics/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { DraftStore } from './draft-store.ts'

/** What making a decision needs from the world. */
export type DecideNeeds = {
  readonly remotes: GitRemotes
  readonly clock: Clock
  readonly digest: Digest
  readonly drafts: DraftStore
  readonly moduleGraph: ReadModuleGraph
  /** What is known at run time of an environment's calls. */
  readonly measured: MetricsFeature['latest']
  readonly budgets: MetricsFeature['budgets']
  /** What was measured on edge nodes from this machine, newest first. */
  readonly latencies?: (workspace: Workspace) => Promise<readonly KeptLatency[]>
}
