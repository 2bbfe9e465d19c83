import { AppError } from '../../../../shared/errors.ts'
import type { MoveOutcome } from '../../../needs/git-repository.ts'
import type { Clone } from '../open/clone.ts'
import { checkedOutElsewhere } from '../open/work-in-progress.ts'
import { isBranchName } from '../refs/ref-name.ts'
import type { RefOutcome } from '../refs/ref-store.ts'
import { requirePatchable, transition } from './transition.ts'
import { withIndexLock } from './with-recovery.ts'

/** Makes a branch current; only files that differ between the two commits are touched, and only where they are clean. */
export async function switchBranch(clone: Clone, branch: string): Promise<MoveOutcome> {
  const { refs, graph, layout, locks, configuration } = clone
  if (!isBranchName(branch)) throw new AppError('invalid-input', 'git.badRefName', { name: branch })
  const ref = `refs/heads/${branch}`
  if (layout.workTree === null) throw new AppError('unsupported', 'git.bareCannotSwitch')
  const elsewhere = checkedOutElsewhere(layout, ref, configuration.boolean('core.bare', false))
  if (elsewhere) throw new AppError('conflict', 'git.branchCheckedOutElsewhere', { branch, directory: elsewhere })
  requirePatchable(clone)
  return await withIndexLock(clone, async lock => {
    graph.refresh()
    const to = refs.resolve(ref)
    if (to === null) throw new AppError('not-found', 'git.noSuchBranch', { branch })
    const head = refs.head()
    if (head.ref === ref) return { kind: 'moved' }
    const before = head.ref ?? head.commit!
    const name = (full: string): string => full.replace(/^refs\/heads\//, '')
    const message = `checkout: moving from ${name(before)} to ${branch}`
    const headIs = (): string | null => {
      const now = refs.head()
      return now.ref ?? now.commit
    }
    const headLock = refs.lockPath('HEAD')
    return await transition(clone, lock, {
      step: { kind: 'switch', ref, head: before },
      from: head.commit,
      to,
      message,
      locks: [headLock],
      check: () => null,
      commit: async (): Promise<RefOutcome> => {
        using held = await locks.take(headLock)
        // The branch must not move while HEAD is put on it, or the files would be those of its old commit.
        using branchLock = await refs.lock(ref)
        branchLock.verify()
        const now = refs.head()
        if (headIs() !== before || now.commit !== head.commit) return { kind: 'raced', now: now.commit }
        if (refs.resolve(ref) !== to) return { kind: 'raced', now: refs.resolve(ref) }
        await refs.pointHead(ref, head.commit, to, message, held)
        return { kind: 'updated' }
      },
    })
  })
}
