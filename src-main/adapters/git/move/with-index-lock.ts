import { type Lock, StaleLock } from '../locks/locks.ts'
import type { Clone } from '../open/clone.ts'
import { recover } from './recover.ts'

/** Runs with git's index lock held. When a killed Pilothouse left it, its work is finished first. */
export async function withIndexLock<T>(clone: Clone, use: (lock: Lock) => Promise<T>): Promise<T> {
  await recover(clone)
  const take = async (): Promise<Lock> => await clone.locks.take(clone.index.lockPath)
  let lock: Lock
  try {
    lock = await take()
  } catch (error) {
    // Killed just now, while we waited.
    if (!(error instanceof StaleLock)) throw error
    await recover(clone)
    lock = await take()
  }
  try {
    return await use(lock)
  } finally {
    lock.release()
  }
}
