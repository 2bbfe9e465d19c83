import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import type { KeptReason } from '../../../shared/delivery/contract.ts'
import type { DeliveryChange, DeliveryProgress } from '../../../shared/delivery/delivery.ts'
import { actionPatch, resumePatch, suspendPatch } from '../../../shared/delivery/gitops-patches.ts'
import { type GitopsState, gitopsState } from '../../../shared/delivery/gitops-state.ts'
import type { PublishOutcome } from '../../../shared/draft/draft.ts'
import { withoutHeld } from '../../../shared/drift/without-held.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { type MessageKey, translate } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, Clusters, ObjectName } from '../../needs/cluster.ts'
import type { Digest } from '../../needs/digest.ts'
import type { DraftFeature } from '../draft/index.ts'
import { type Checked, checkObjects, confirmProtected, type DesiredObject, desiredIn, setOf } from '../drift/index.ts'
import { recordResult } from '../results/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { deliverObjects } from './deliver-objects.ts'
import { engineNotes, findEngine } from './find-engine.ts'
import { followMembers } from './follow-members.ts'
import { decisionAt, keepMemberResults, resultEvent } from './keep-results.ts'
import { toldAs } from './told-as.ts'

export type DeliveryNeeds = {
  readonly workspaces: Workspaces
  readonly clusters: Clusters
  readonly draft: Pick<DraftFeature, 'handlers'>
  readonly clock: Clock
  readonly digest: Digest
  /** Lets changes through to a protected context, as a person has typed the name of what runs there. */
  readonly unlock: (context: string) => Promise<void>
}

type Input = { readonly workspace: string; readonly environment: string; readonly context: string }
type ObjectInput = Input & { readonly object: ObjectName }

const notRecorded: { readonly [kind in Exclude<PublishOutcome['kind'], 'published'>]: MessageKey } = {
  stale: 'delivery.noRecordStale',
  blocked: 'delivery.noRecordBlocked',
  conflict: 'delivery.noRecordConflict',
  dirty: 'delivery.noRecordDirty',
  'push-refused': 'delivery.noRecordRefused',
}

/** Seconds that a wave may take to get ready. */
const usualPatience = 600

/** Brings an environment to its cluster, or follows the engine that does. */
export function deliveryFeature(needs: DeliveryNeeds): { readonly handlers: Handlers<AppContract>['delivery'] } {
  const { clock } = needs
  const now = (): string => new Date(clock.now()).toISOString()

  async function at(input: Input): Promise<{ workspace: Workspace; cluster: Cluster }> {
    const workspace = await needs.workspaces.get(input.workspace)
    return { workspace, cluster: await needs.clusters.open(input.context) }
  }

  async function engineObject(
    cluster: Cluster,
    object: ObjectName,
    signal: AbortSignal,
  ): Promise<{ live: LiveObject; state: GitopsState }> {
    const live = await cluster.get(object, signal)
    const state = gitopsState(live)
    if (!state) throw new AppError('invalid-input', 'delivery.noEngine', { object: `${object.kind} ${object.name}` })
    return { live, state }
  }

  /** Changes an engine's object and keeps why as a decision of its own. */
  async function change(
    input: ObjectInput & { readonly reason: string; readonly confirm?: string | undefined },
    key: 'delivery.titleSuspend' | 'delivery.titleResume',
    patchOf: (live: LiveObject, state: GitopsState, by: string) => LiveObject,
    signal: AbortSignal,
  ): Promise<KeptReason> {
    const { workspace, cluster } = await at(input)
    const desired = await desiredIn(workspace, cluster, input, signal)
    if (confirmProtected(desired, input.confirm)) await needs.unlock(input.context)
    const { object, environment, reason } = input
    const { live, state } = await engineObject(cluster, object, signal)
    const identity = await workspace.repository.identity()
    const by = identity ? `${identity.name} <${identity.email}>` : ''
    await cluster.patch(object, { type: 'merge', body: patchOf(live, state, by) }, signal)
    const title = translate('en', { key, params: { object: object.name, context: cluster.context.name } })
    try {
      const outcome = await needs.draft.handlers.publish(
        {
          ...{ workspace: input.workspace, changeSetId: null, environment, title, why: reason, kind: 'record' },
          target: { kind: 'current-branch' },
          push: false,
        },
        { signal },
      )
      return outcome.kind === 'published'
        ? { decision: outcome.commit, problem: null }
        : { decision: null, problem: { key: notRecorded[outcome.kind] } }
    } catch (error) {
      // The cluster has taken it: that this was not written down is told beside it.
      if (!(error instanceof AppError) || isCancelled(error)) throw error
      return { decision: null, problem: { key: error.key, params: error.params } }
    }
  }

  async function deliver(
    input: Parameters<Handlers<AppContract>['delivery']['deliver']>[0],
    tell: (progress: DeliveryProgress) => void,
    signal: AbortSignal,
  ): Promise<DeliveryProgress> {
    const { workspace, cluster } = await at(input)
    const { environment, prune = false, force = false, dryRun = false, patience = usualPatience } = input
    const asked = { environment, namespace: input.namespace, revision: input.revision }
    const desired = await desiredIn(workspace, cluster, asked, signal)
    const engine = await findEngine(workspace, cluster, environment, signal)
    if (!dryRun) {
      // Two who apply the same objects undo each other's work.
      if (engine.member) throw new AppError('refused-by-rule', 'delivery.engineDelivers', { object: engine.member })
      if (confirmProtected(desired, input.confirm)) await needs.unlock(input.context)
    }
    // What others hold is theirs: an autoscaler's replicas are not put back by a delivery.
    const { checked } = await checkObjects(workspace, cluster, asked, signal)
    const nameOf = ({ manifest: { group, kind, namespace, name } }: DesiredObject): string =>
      `${group}/${kind}/${namespace ?? ''}/${name}`
    const found = new Map(checked.map(each => [nameOf(each.desired), each]))
    const planned = (each: DesiredObject): LiveObject => withoutHeld(each.object, found.get(nameOf(each))?.others ?? [])
    const set = await setOf(workspace, desired.environment.id, needs.digest)
    const revision = desired.revision
    const where = { environment, context: cluster.context.name, sandbox: cluster.context.sandbox }
    const decision = dryRun ? null : await decisionAt(workspace, environment, revision, signal)
    const keep = async (kind: 'delivered' | 'converged' | 'failed', reason: string | null): Promise<void> => {
      if (decision)
        await recordResult(workspace, decision, resultEvent(kind, where, { at: now(), object: null, revision, reason }))
    }
    await keep('delivered', null)
    const orders = {
      ...{ set, prune, force, dryRun, patience, planned },
      changeOf: (each: DesiredObject) => changeOf(found.get(nameOf(each))),
      about: {
        notes: engineNotes(engine, checked),
        decision:
          decision === null
            ? null
            : { commit: decision, title: readDecision(await workspace.repository.commit(decision)).title },
      },
      desired: () => desiredIn(workspace, cluster, asked, signal),
    }
    const end = await deliverObjects(cluster, orders, clock, tell, signal)
    const broken = end.steps.find(({ state }) => state === 'failed')
    const why = broken?.problem && `${broken.kind} ${broken.name}: ${translate('en', broken.problem)}`
    await keep(broken ? 'failed' : 'converged', why ?? null)
    return end
  }

  return {
    handlers: {
      async *follow(input, { signal }) {
        const { workspace, cluster } = await at(input)
        const kept = new Map<string, string>()
        for await (const view of followMembers(workspace, cluster, input.environment, signal)) {
          yield view
          await keepMemberResults(workspace, view, now(), kept, signal)
        }
      },
      async act({ object, action, ...input }, { signal }) {
        const { cluster } = await at(input)
        const { state } = await engineObject(cluster, object, signal)
        await cluster.patch(object, { type: 'merge', body: actionPatch(state, action, now()) }, signal)
      },
      suspend: (input, { signal }) =>
        change(
          input,
          'delivery.titleSuspend',
          (live, state, by) => suspendPatch(live, state, { reason: input.reason, by, since: now() }),
          signal,
        ),
      resume: (input, { signal }) => change(input, 'delivery.titleResume', resumePatch, signal),
      deliver: (input, { signal }) => toldAs(tell => deliver(input, tell, signal)),
    },
  }
}

/** What applying will make of an object, by what is live of it. */
function changeOf(checked: Checked | undefined): DeliveryChange | null {
  if (!checked || checked.problem) return null
  return checked.live ? (checked.fields.length > 0 ? 'change' : 'none') : 'create'
}
