import { AppError } from '../../../../shared/errors.ts'
import type { MoveOutcome, ObjectId } from '../../../needs/git-repository.ts'
import type { Clone } from '../open/clone.ts'
import { checkedOutElsewhere } from '../open/work-in-progress.ts'
import { isBranchName } from '../refs/ref-name.ts'
import { requirePatchable, transition } from './transition.ts'
import { withIndexLock, withRecovery } from './with-recovery.ts'

/** Moves a branch, and where it is checked out here, brings index and work tree along. */
export async function moveBranch(
  clone: Clone,
  branch: string,
  from: ObjectId | null,
  to: ObjectId,
): Promise<MoveOutcome> {
  const { refs, graph, layout, configuration } = clone
  if (!isBranchName(branch)) throw new AppError('invalid-input', 'git.badRefName', { name: branch })
  const ref = `refs/heads/${branch}`
  const message = reflogMessage(clone, from, to)
  const elsewhere = checkedOutElsewhere(layout, ref, configuration.boolean('core.bare', false))
  if (elsewhere) throw new AppError('conflict', 'git.branchCheckedOutElsewhere', { branch, directory: elsewhere })
  const update = { ref, from, to, message }
  if (layout.workTree === null || refs.head().ref !== ref) {
    const outcome = await withRecovery(clone, () => refs.update(update))
    return outcome.kind === 'updated' ? { kind: 'moved' } : outcome
  }
  requirePatchable(clone)
  graph.refresh()
  return await withIndexLock(clone, async lock =>
    transition(clone, lock, {
      step: { kind: 'move', ref },
      from,
      to,
      message,
      locks: [refs.lockPath(ref)],
      check: () => {
        const now = refs.resolve(ref)
        if (now !== from) return { kind: 'raced', now }
        if (refs.head().ref !== ref) throw new AppError('conflict', 'git.headMoved')
        return null
      },
      commit: () => refs.update(update),
    }),
  )
}

/** As git words it: `commit: subject`, and for anything else what it was. */
function reflogMessage({ graph }: Clone, from: ObjectId | null, to: ObjectId): string {
  const commit = graph.commit(to)
  const subject = commit.message.split('\n')[0]!
  if (from === null) return commit.parents.length === 0 ? `commit (initial): ${subject}` : 'branch: Created'
  return commit.parents[0] === from ? `commit: ${subject}` : 'pilothouse: moved'
}
