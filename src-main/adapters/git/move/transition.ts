import { AppError } from '../../../../shared/errors.ts'
import type { MoveOutcome, ObjectId } from '../../../needs/git-repository.ts'
import type { RawFile } from '../history/trees.ts'
import { GitIndex } from '../index/git-index.ts'
import type { Lock } from '../locks/locks.ts'
import { type RawPath, toText } from '../objects/tree.ts'
import type { Clone } from '../open/clone.ts'
import { obstacleKeys } from '../open/read-limits.ts'
import { unfinishedOperation } from '../open/work-in-progress.ts'
import type { RefOutcome } from '../refs/ref-store.ts'
import { findDirty } from '../work-tree/find-dirty.ts'
import { abandonedTokens } from './abandoned.ts'
import { BringAlong } from './bring-along.ts'
import { hasMoved } from './has-moved.ts'
import { removeJournal, removeLeftovers, type Step, writeJournal } from './journal.ts'

export type Transition = {
  readonly step: Step
  readonly from: ObjectId | null
  readonly to: ObjectId
  readonly message: string
  /** Lock files that `commit` takes, for the journal. */
  readonly locks: readonly string[]
  /** Looks again, now that the index is locked; null to go on. */
  readonly check: () => MoveOutcome | null
  /** Moves the ref. */
  readonly commit: () => Promise<RefOutcome>
}

/**
 * Moves the ref that the work tree follows and brings index and work tree along. The order is what makes a kill at any
 * moment harmless: lock, check, make ready, journal, ref, files, index, journal away, unlock. Until the ref moves, all
 * that a recovery has to do is to sweep; afterwards it can always finish.
 */
export async function transition(clone: Clone, indexLock: Lock, change: Transition): Promise<MoveOutcome> {
  const { gitDirectory } = clone.layout
  const { token } = clone.locks.owner
  requirePatchable(clone)
  const refused = change.check()
  if (refused) return refused
  const along = await BringAlong.between(clone, change.from, change.to, token)
  const before = new Map<RawPath, RawFile | null>(along.changes.map(({ path, before }) => [path, before]))
  const removed = new Set(along.changes.filter(({ after }) => !after).map(({ path }) => path))
  const dirty = findDirty(
    {
      workTree: along.workTree,
      index: along.index,
      objects: clone.objects,
      rules: along.rules,
      conversions: along.present,
    },
    before,
    removed,
  )
  if (dirty.length > 0) return { kind: 'dirty', paths: dirty.map(toText) }
  along.plan()
  let journalled = false
  let moved = false
  try {
    await along.prepare()
    await writeJournal(gitDirectory, {
      version: 1,
      owner: clone.locks.owner,
      step: change.step,
      from: change.from,
      to: change.to,
      message: change.message,
      locks: [indexLock.path, ...change.locks],
    })
    journalled = true
    indexLock.verify()
    const outcome = await change.commit()
    if (outcome.kind === 'raced') return outcome
    moved = true
    await along.apply()
    await along.writeIndex(indexLock)
    removeJournal(gitDirectory, token)
    moved = false
    return { kind: 'moved' }
  } catch (error) {
    // The ref may have moved before its log or lock failed.
    moved = moved || (journalled && hasMoved(clone.refs, change))
    if (!moved) throw error
    // The ref has moved, so the way is forward: the journal stays for `recover`, which may find the obstacle gone.
    abandonedTokens.add(token)
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('conflict', 'git.workTreeNotUpdated', { ref: change.step.ref, reason }, { cause: error })
  } finally {
    if (!moved) removeLeftovers(gitDirectory, token)
  }
}

/** Refuses what cannot be brought along. Asked before anything is written, and again when the index is locked. */
export function requirePatchable(clone: Clone): void {
  const index = clone.index.read() ?? GitIndex.empty()
  if (index.obstacle) throw new AppError('unsupported', obstacleKeys[index.obstacle])
  const operation = unfinishedOperation(clone.layout.gitDirectory)
  if (operation || index.unmerged)
    throw new AppError('conflict', 'git.limitMergeInProgress', { operation: operation ?? 'merge' })
}
