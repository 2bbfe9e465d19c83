import { recordedGate } from '../../../shared/decisions/build-decision.ts'
import { formatCommitMessage } from '../../../shared/decisions/commit-message.ts'
import type { Snapshot } from '../../../shared/decisions/decision.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { readWaivers } from '../../../shared/decisions/read-waivers.ts'
import { formatSnapshot, readSnapshot, withoutRevision } from '../../../shared/decisions/snapshot.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { UpdateOutcome } from '../../../shared/workspaces/contract.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'
import { computeDraft } from './compute-draft.ts'
import type { DecideNeeds } from './decide-needs.ts'

type BroughtUp = Exclude<UpdateOutcome, { kind: 'offline' }>
type Replayed = { readonly commit: ObjectId } | { readonly diverged: Message }

/**
 * Brings the checked-out branch to what its remote-tracking branch holds: forward where it can, else by making the
 * decisions that wait here again on the remote's tip, from their typed edits. A commit that Pilothouse did not make
 * is not touched: then the branches have diverged, and that is said.
 */
export async function bringUp(
  workspace: Workspace,
  needs: Pick<DecideNeeds, 'digest' | 'clock'>,
  signal: AbortSignal,
): Promise<BroughtUp> {
  const { repository } = workspace
  const head = await repository.head()
  const upstream = head.branch === null ? null : await repository.upstream(head.branch)
  if (head.branch === null || head.commit === null || upstream === null) return { kind: 'up-to-date' }
  const base = await repository.mergeBase(head.commit, upstream.commit)
  if (base === upstream.commit) return { kind: 'up-to-date' }

  let tip = upstream.commit
  let replayed = 0
  if (base !== head.commit) {
    const waiting: GitCommit[] = []
    for await (const commit of repository.log(head.commit, { until: upstream.commit, signal })) waiting.push(commit)
    for (const commit of waiting.reverse()) {
      const made = await replayDecision(workspace, needs, commit, tip, upstream.ref, signal)
      if ('diverged' in made) return { kind: 'diverged', message: made.diverged }
      tip = made.commit
      replayed++
    }
  }
  const move = await repository.moveBranch(head.branch, head.commit, tip)
  if (move.kind === 'dirty') return { kind: 'dirty', files: move.paths }
  // Somebody else moved the branch meanwhile: what they made it is looked at afresh.
  if (move.kind === 'raced') return bringUp(workspace, needs, signal)
  return { kind: 'updated', commit: tip, replayed }
}

async function replayDecision(
  workspace: Workspace,
  needs: Pick<DecideNeeds, 'digest' | 'clock'>,
  commit: GitCommit,
  onto: ObjectId,
  upstream: string,
  signal: AbortSignal,
): Promise<Replayed> {
  const { repository } = workspace
  const decision = readDecision(commit)
  const parent = commit.parents[0] ?? null
  const snapshot = decision.record === null ? null : await snapshotAt(workspace, commit.oid, decision.record)
  if (commit.parents.length !== 1 || decision.decisionId === null || decision.record === null || !snapshot) {
    const params = { upstream, commit: commit.oid.slice(0, 8), subject: commit.message.split('\n', 1)[0]! }
    return { diverged: { key: 'workspace.divergedByOthers', params } }
  }
  const entries = snapshot.edits.map((edit, index) => ({ id: String(index), edit }))
  const computed = await computeDraft(workspace, needs, entries, onto, parent)
  const conflict = computed.conflicts[0]
  const refused = computed.views.find(view => view.state === 'refused')
  if (conflict || refused) {
    const field = conflict?.field ?? refused?.id ?? ''
    return { diverged: { key: 'workspace.divergedConflict', params: { title: decision.title, field, upstream } } }
  }
  if (computed.gate.verdict === 'block' && decision.gate !== 'waived')
    return { diverged: { key: 'workspace.divergedBlocked', params: { title: decision.title, upstream } } }

  // The record is what its author wrote and saw; only what follows from the base is made anew.
  const files = new Map<string, Uint8Array | null>()
  for (const change of await repository.changes(parent, commit.oid, signal))
    if (change.path.startsWith(decision.record) && change.after)
      files.set(change.path, await repository.blob(change.after.oid))
  const encoder = new TextEncoder()
  for (const [path, text] of computed.texts) files.set(path, text === null ? null : encoder.encode(text))
  const environment =
    computed.environments.find(candidate => candidate.id === snapshot.environment) ?? computed.environments[0]
  const changeSet = computed.changeSetId ?? decision.changeSet ?? ''
  const gate = recordedGate(computed.gate)
  files.set(
    `${decision.record}snapshot.json`,
    encoder.encode(
      formatSnapshot({
        ...snapshot,
        base: onto,
        gate: computed.gate,
        topology: environment ? withoutRevision(environment.after) : snapshot.topology,
      }),
    ),
  )
  const message = formatCommitMessage(decision.title, decision.why, {
    decisionId: decision.decisionId,
    kind: decision.kind === 'commit' ? 'record' : decision.kind,
    services: decision.services,
    gate,
    record: decision.record,
    changeSet,
    waivers: readWaivers(commit.message),
    ...(decision.links && { links: decision.links }),
  })
  return { commit: await repository.writeCommit({ base: onto, files, message, author: commit.author }, signal) }
}

/** The snapshot in a record folder of a commit; null when there is none or it cannot be read. */
async function snapshotAt(workspace: Workspace, commit: ObjectId, record: string): Promise<Snapshot | null> {
  const path = `${record}snapshot.json`
  const bytes = await workspace.repository.fileAt(commit, path)
  const text = bytes && decodeText(bytes)
  if (text === null) return null
  try {
    return readSnapshot(path, text)
  } catch (error) {
    // One that cannot be read cannot be replayed, which the caller says of the whole commit.
    if (error instanceof AppError) return null
    throw error
  }
}
