import { type Lock, StaleLock } from '../locks/locks.ts'
import type { Clone } from '../open/clone.ts'
import { recover } from './recover.ts'

/** Runs something that takes locks; when a killed Pilothouse left one of them, its work is finished first. */
export async function withRecovery<T>(clone: Clone, task: () => Promise<T>): Promise<T> {
  await recover(clone)
  try {
    return await task()
  } catch (error) {
    // Killed just now, while we waited.
    if (!(error instanceof StaleLock)) throw error
    await recover(clone, error.owner)
    return await task()
  }
}

/** Runs with git's index lock held. */
export async function withIndexLock<T>(clone: Clone, use: (lock: Lock) => Promise<T>): Promise<T> {
  using lock = await withRecovery(clone, () => clone.locks.take(clone.index.lockPath))
  return await use(lock)
}
