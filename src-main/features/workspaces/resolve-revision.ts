import { AppError } from '../../../shared/errors.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from './workspace.ts'

/** A revision as a commit; without one, where the branch is now (null: nothing was committed yet). */
export async function resolveRevision(workspace: Workspace, revision: string | undefined): Promise<ObjectId | null> {
  if (revision === undefined) return (await workspace.repository.head()).commit
  const commit = await workspace.repository.resolve(revision)
  if (commit === null) throw new AppError('not-found', 'decision.noRevision', { revision })
  return commit
}
