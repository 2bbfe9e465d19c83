import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { setSeed } from '../../../shared/delivery/owned-set.ts'
import { adoptEdit } from '../../../shared/drift/adopt-edits.ts'
import type { Resolved } from '../../../shared/drift/contract.ts'
import { withoutHeld } from '../../../shared/drift/without-held.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, Clusters } from '../../needs/cluster.ts'
import type { Digest } from '../../needs/digest.ts'
import type { DraftFeature } from '../draft/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { type Asked, type Checked, checkObjects, driftView, objectDrift } from './check-drift.ts'
import type { Desired } from './desired-objects.ts'
import { problemOf } from './read-live.ts'

export { type Checked, checkObjects } from './check-drift.ts'
export { type Desired, type DesiredObject, desiredIn } from './desired-objects.ts'
export { type OwnedObject, ownedObjects } from './owned-objects.ts'
export { nameOf, problemOf } from './read-live.ts'
export { rightsToApply } from './rights-to-apply.ts'

export type DriftNeeds = {
  readonly workspaces: Workspaces
  readonly clusters: Clusters
  readonly draft: Pick<DraftFeature, 'handlers'>
  readonly clock: Clock
  readonly digest: Digest
  /** Lets changes through to a protected context, as a person has typed the name of what runs there. */
  readonly unlock: (context: string) => Promise<void>
}

/** What is live against what Git says, and the two ways to make them one. */
export function driftFeature(needs: DriftNeeds): { readonly handlers: Handlers<AppContract>['drift'] } {
  async function at(input: {
    workspace: string
    context: string
  }): Promise<{ workspace: Workspace; cluster: Cluster }> {
    const workspace = await needs.workspaces.get(input.workspace)
    return { workspace, cluster: await needs.clusters.open(input.context) }
  }

  return {
    handlers: {
      async check(input, { signal }) {
        const { workspace, cluster } = await at(input)
        const asOf = new Date(needs.clock.now()).toISOString()
        const set = await setOf(workspace, input.environment, needs.digest)
        return await driftView(workspace, cluster, input, { set, asOf }, signal)
      },
      async adopt(input, { signal }) {
        const { workspace, cluster } = await at(input)
        const { checked } = await checkObjects(workspace, cluster, asked(input), signal)
        const edits: Edit[] = []
        const refused: Resolved[] = []
        for (const each of checked) {
          const { manifest } = each.desired
          const refuse = (problem: Message, field?: string) =>
            refused.push({ ...nameOfObject(each), ...(field !== undefined && { field }), problem })
          if (!each.live) refuse({ key: 'drift.adoptMissing', params: { object: manifest.name } })
          for (const judged of each.fields) {
            const { field } = judged.drift
            if (input.fields && !input.fields.includes(field)) continue
            const edit = adoptEdit(manifest.ref, manifest.value, judged)
            if (edit) edits.push(edit)
            else refuse({ key: 'drift.adoptNotPossible', params: { field } }, field)
          }
        }
        if (edits.length > 0) await needs.draft.handlers.edit({ workspace: input.workspace, edits }, { signal })
        return { edits: edits.length, refused }
      },
      async reapply(input, { signal }) {
        const { workspace, cluster } = await at(input)
        const { desired, checked } = await checkObjects(workspace, cluster, asked(input), signal)
        if (confirmProtected(desired, input.confirm)) await needs.unlock(input.context)
        const resolved: Resolved[] = []
        for (const each of checked)
          resolved.push({ ...nameOfObject(each), problem: await reapply(cluster, each, signal) })
        const after = await checkObjects(workspace, cluster, asked(input), signal)
        return { resolved, after: after.checked.map(objectDrift) }
      },
    },
  }
}

const asked = (input: Asked): Asked => ({
  environment: input.environment,
  namespace: input.namespace,
  objects: input.objects,
})

const nameOfObject = ({ desired: { manifest, namespace } }: Checked) => ({
  group: manifest.group,
  kind: manifest.kind,
  namespace,
  name: manifest.name,
})

/** Fields that others hold are left out, so that nothing is taken from an autoscaler. */
async function reapply(cluster: Cluster, { desired, others }: Checked, signal: AbortSignal): Promise<Message | null> {
  const object = withoutHeld(desired.object, others)
  try {
    await cluster.apply(object, { fieldManager: 'pilothouse', force: true }, signal)
    return null
  } catch (error) {
    const { key, params } = problemOf(error)
    return { key, params }
  }
}

/** A protected environment is changed by whoever types its name: true once that is done. Throws `refused-by-rule`. */
export function confirmProtected({ environment, declared }: Desired, confirm: string | undefined): boolean {
  if (!declared?.protected) return false
  const names = [declared.name, environment.name, environment.id].filter(name => name !== undefined)
  if (confirm === undefined || !names.includes(confirm))
    throw new AppError('refused-by-rule', 'delivery.protected', { environment: names[0] ?? environment.id })
  return true
}

/** What marks the objects that an environment of this repository brought to a cluster. */
export async function setOf(workspace: Workspace, environment: string, digest: Digest): Promise<string> {
  const remote = await workspace.repository.remoteOf(null)
  return digest(setSeed(remote?.url ?? workspace.name, environment)).slice(0, 16)
}
