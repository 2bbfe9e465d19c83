import { resultOf } from '../../../shared/fleet/result-of.ts'
import type { Rollout } from '../../../shared/fleet/rollout.ts'
import { declaredFleet } from '../edge/index.ts'
import { recordResult } from '../results/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Keeps what became of a rollout with the commit that declared it: the newest one that touched the file of its service. */
export async function keepResult(workspace: Workspace, rollout: Rollout): Promise<void> {
  const event = resultOf(rollout, workspace.sandbox)
  const { services } = await declaredFleet(workspace)
  const file = services.find(({ name }) => name === rollout.service)?.file
  if (!event || file === undefined || rollout.revision === '') return
  const { repository } = workspace
  const touching = new Set<string>()
  for await (const commit of repository.touching(rollout.revision, [file])) touching.add(commit)
  for await (const { oid } of repository.log(rollout.revision))
    if (touching.has(oid)) {
      await recordResult(workspace, oid, event)
      return
    }
}
