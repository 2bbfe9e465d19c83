import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { looksLikeUlid } from '../../../shared/decisions/ulid.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'

/** A decision by commit, by any revision, or by Decision-Id (its first characters are enough). Rejects `not-found`. */
export async function findDecision(workspace: Workspace, decision: string, signal: AbortSignal): Promise<ObjectId> {
  const { repository } = workspace
  const commit = await repository.resolve(decision)
  if (commit !== null) return commit
  const head = await repository.head()
  if (looksLikeUlid(decision) && head.commit !== null) {
    const id = decision.toUpperCase()
    for await (const candidate of repository.log(head.commit, { signal }))
      if (readDecision(candidate).decisionId?.startsWith(id)) return candidate.oid
  }
  throw new AppError('not-found', 'decision.notFound', { decision })
}
