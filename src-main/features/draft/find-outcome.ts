import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { changeSetText } from '../../../shared/decisions/snapshot.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import type { Digest } from '../../needs/digest.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'

/** How far back a commit that somebody waits for can be. */
const farthest = 1000

/** Without `since` and what it stands on. */
async function* newest(workspace: Workspace, since: ObjectId | null = null): AsyncGenerator<GitCommit> {
  const { repository } = workspace
  const { branch, commit } = await repository.head()
  const upstream = branch === null ? null : await repository.upstream(branch)
  const seen = new Set<string>()
  const branches = (await repository.revisions()).filter(revision => revision.kind === 'branch')
  const tips = [commit, upstream?.commit ?? null, ...branches.map(revision => revision.commit)]
  for (const tip of tips) {
    if (tip === null || tip === since) continue
    let count = 0
    for await (const found of repository.log(tip, since === null ? {} : { until: since })) {
      if (seen.has(found.oid) || ++count > farthest) break
      seen.add(found.oid)
      yield found
    }
  }
}

/**
 * The commit that carries a change set, on a local branch or on this one's remote as last fetched; null when none does.
 * `base`: the commit that the change set is known to be a hash of, so that nothing made before it can carry it.
 */
export async function findOutcome(
  workspace: Workspace,
  changeSetId: string,
  base: ObjectId | null = null,
): Promise<string | null> {
  for await (const commit of newest(workspace, base))
    if (readDecision(commit).changeSet === changeSetId) return commit.oid
  return null
}

/**
 * The commit that a list of edits has become without this process learning of it (it was killed, or the line broke):
 * some commit since the edits' base carries the change set that they make on that commit's parent. Null when none does.
 */
export async function findPublished(
  workspace: Workspace,
  digest: Digest,
  edits: readonly Edit[],
  madeOn: ObjectId | null,
): Promise<ObjectId | null> {
  if (edits.length === 0 || madeOn === null) return null
  for await (const commit of newest(workspace)) {
    const { changeSet } = readDecision(commit)
    if (changeSet !== null && changeSet === digest(changeSetText(commit.parents[0] ?? null, edits))) return commit.oid
    if (commit.oid === madeOn) return null
  }
  return null
}
