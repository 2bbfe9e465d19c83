import { readDecision } from '../../../shared/decisions/read-decision.ts'
import type { FollowedMember, FollowView } from '../../../shared/delivery/delivery.ts'
import type { ResultEvent, ResultKind } from '../../../shared/results/result.ts'
import { recordResult, resultsOf } from '../results/index.ts'
import { environmentNamed, readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Commits looked through for the decision that a revision carries. */
const farthest = 500

type Where = { readonly environment: string; readonly context: string; readonly sandbox: boolean }

/** The newest decision that a revision carries and that touches an environment; null where there is none near. */
export async function decisionAt(
  workspace: Workspace,
  environment: string,
  revision: string,
  signal: AbortSignal,
): Promise<string | null> {
  const reader = readerOf(workspace)
  const files = new Set(environmentNamed(reader, await reader.filesAt(revision), environment).files)
  let looked = 0
  for await (const commit of workspace.repository.log(revision, { signal })) {
    looked += 1
    if (looked > farthest) return null
    if (readDecision(commit).kind === 'commit') continue
    const changes = await workspace.repository.changes(commit.parents[0] ?? null, commit.oid, signal)
    if (changes.some(({ path }) => files.has(path))) return commit.oid
  }
  return null
}

export const resultEvent = (
  kind: ResultKind,
  where: Where,
  about: Pick<ResultEvent, 'at' | 'object' | 'revision' | 'reason'>,
): ResultEvent => ({
  ...about,
  kind,
  environment: where.environment,
  context: where.context,
  breach: null,
  action: null,
  by: null,
  ...(where.sandbox && { sandbox: true }),
})

/**
 * Keeps with each decision what the engine made of it: delivered, converged, failed with the engine's words, or rolled
 * back, where the engine went back to a commit before it. Of a cluster that answers only. `kept` is what each object
 * said last: the same is not looked up again.
 */
export async function keepMemberResults(
  workspace: Workspace,
  view: FollowView,
  now: string,
  kept: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  if (view.stale) return
  for (const member of view.members) {
    const object = { kind: member.kind, namespace: member.namespace, name: member.name }
    const outcome = outcomeOf(member)
    const key = `${object.kind}/${object.namespace}/${object.name}`
    const said = JSON.stringify([outcome, member.revision, member.standing])
    if (kept.get(key) === said) continue
    kept.set(key, said)
    if (outcome) {
      const revision = await workspace.repository.resolve(outcome.revision)
      const decision = revision && (await decisionAt(workspace, view.environment, revision, signal))
      if (decision) {
        const at = await timeOf(workspace, decision, outcome.kind === 'failed' ? null : member.appliedAt, now)
        const { kind, revision: applied, reason } = outcome
        await recordResult(workspace, decision, resultEvent(kind, view, { at, object, revision: applied, reason }))
      }
    }
    if (member.revision !== null && member.standing === 'behind') await keepRolledBack(workspace, view, member, now)
  }
}

/** When the engine says it happened; now where its clock says that it was before what is known already. */
async function timeOf(workspace: Workspace, decision: string, said: string | null, now: string): Promise<string> {
  const last = (await resultsOf(workspace)).get(decision)?.at(-1)
  return said !== null && (!last || last.at < said) ? said : now
}

/** What an engine's object says of the commit it is at. */
export function outcomeOf(member: FollowedMember): {
  readonly kind: 'delivered' | 'converged' | 'failed'
  readonly revision: string
  readonly reason: string | null
} | null {
  const { sync, health, revision, attempted, errors } = member
  if (sync === 'failed') {
    const tried = attempted ?? revision
    return tried === null ? null : { kind: 'failed', revision: tried, reason: errors[0] ?? (health.message || null) }
  }
  if (sync !== 'synced' || revision === null) return null
  if (health.health === 'Degraded') return { kind: 'failed', revision, reason: health.message || null }
  return { kind: health.health === 'Healthy' ? 'converged' : 'delivered', revision, reason: null }
}

/** Decisions that had arrived with this very object, and are ahead of where it is now. */
async function keepRolledBack(workspace: Workspace, where: Where, member: FollowedMember, now: string): Promise<void> {
  const { repository } = workspace
  const { kind, namespace, name, revision } = member
  const applied = revision && (await repository.resolve(revision))
  if (!applied || member.sync !== 'synced') return
  for (const [commit, events] of await resultsOf(workspace)) {
    const last = events.findLast(
      event =>
        event.object?.kind === kind &&
        event.object.namespace === namespace &&
        event.object.name === name &&
        event.environment === where.environment,
    )
    if (last?.kind !== 'delivered' && last?.kind !== 'converged') continue
    if (commit === applied || (await repository.mergeBase(commit, applied)) !== applied) continue
    await recordResult(
      workspace,
      commit,
      resultEvent('rolled-back', where, {
        at: await timeOf(workspace, commit, member.appliedAt, now),
        object: { kind, namespace, name },
        revision: applied,
        reason: null,
      }),
    )
  }
}
