import type { Gate } from '../../../shared/gate/gate.ts'
import { joinMetrics } from '../../../shared/metrics/join-metrics.ts'
import type { GateFacts } from '../../../shared/rules/gate-facts.ts'
import type { Environment, Topology } from '../../../shared/topology/topology.ts'
import { environmentInEither, environmentsOf, readerOf, topologyOf, type WorkspaceFiles } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { Computed } from './compute-draft.ts'
import type { DecideNeeds } from './decide-needs.ts'
import { judgeEnvironment } from './judge-environment.ts'

export type JudgedNow = {
  readonly before: WorkspaceFiles
  readonly after: WorkspaceFiles
  readonly environments: readonly Environment[]
  /** Of one environment, also where the draft does not touch it. */
  judge(environment: string): Promise<{ readonly gate: Gate; readonly facts: GateFacts }>
}

/** What the gate says and knows of a draft, for whoever looks at its rules. */
export async function judgeNow(
  workspace: Workspace,
  computed: Computed,
  { clock, measured, budgets, latencies }: Pick<DecideNeeds, 'clock' | 'measured' | 'budgets' | 'latencies'>,
): Promise<JudgedNow> {
  const reader = readerOf(workspace)
  const { before, after, base, texts } = computed
  const [old, environments] = [environmentsOf(reader, before), environmentsOf(reader, after)]
  const actor = await workspace.repository.identity()
  const applied = computed.views.filter(({ state }) => state === 'applied').map(({ edit }) => edit)
  return {
    before,
    after,
    environments,
    async judge(id) {
      const observations = (await measured(workspace, id)).map(({ observation }) => observation)
      const withRates = (topology: Topology): Topology => joinMetrics(topology, observations).topology
      return judgeEnvironment(
        reader,
        {
          files: before,
          environment: old.find(each => each.id === id),
          topology: withRates(topologyOf(reader, before, environmentInEither(reader, before, after, id), base)),
        },
        {
          files: after,
          environment: environments.find(each => each.id === id),
          topology: withRates(topologyOf(reader, after, environmentInEither(reader, after, before, id), base)),
        },
        {
          edits: applied,
          files: [...texts.keys()],
          actor,
          now: clock.now(),
          budgets: await budgets(workspace, id),
          latencies: (await latencies?.(workspace)) ?? [],
        },
      )
    },
  }
}
