import { outcomeOf } from '../../../shared/results/match-decision.ts'
import type { RolloutAction } from '../../../shared/rollouts/actions.ts'
import type { RolloutView } from '../../../shared/rollouts/contract.ts'
import type { Clock } from '../../needs/clock.ts'
import { recordResult } from '../results/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import type { Seen } from './watch-rollouts.ts'

/**
 * Keeps with each decision what its rollout says of it now. Only of a cluster that answers: what was last seen of one
 * that is away is no outcome.
 */
export async function keepOutcomes({ ground, view }: Seen, clock: Clock): Promise<void> {
  const { workspace, environment, context } = ground
  if (!workspace || !context || view.state !== 'live') return
  for (const rollout of view.rollouts) {
    // A route says how traffic is split, and not what became of it.
    if (!rollout.decision || rollout.status.strategy === 'Weights') continue
    const where = { environment, context: context.name, sandbox: context.sandbox }
    const event = outcomeOf(rollout, where, new Date(clock.now()).toISOString())
    await recordResult(workspace, rollout.decision.commit, event)
  }
}

/** Keeps what a person did and why: with the decision that was being rolled out, or else with the newest commit. */
export async function keepAction(
  workspace: Workspace,
  environment: string | null,
  context: { readonly name: string; readonly sandbox: boolean },
  rollout: RolloutView,
  action: RolloutAction,
  reason: string,
  clock: Clock,
): Promise<void> {
  const { repository } = workspace
  const commit = rollout.decision?.commit ?? (await repository.head()).commit
  if (commit === null) return
  const identity = await repository.identity()
  await recordResult(workspace, commit, {
    at: new Date(clock.now()).toISOString(),
    kind: 'action',
    environment,
    context: context.name,
    object: { kind: rollout.object.kind, namespace: rollout.object.namespace, name: rollout.object.name },
    revision: rollout.canary.id ?? rollout.stable.id,
    reason,
    breach: null,
    action,
    by: identity && `${identity.name} <${identity.email}>`,
    ...(context.sandbox && { sandbox: true }),
  })
}
