import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../../shared/errors.ts'

const sliceMilliseconds = 12

/**
 * For loops that would hold the event loop: call it every round; once its time is used up it returns a promise that
 * lets others run, else null. Throws `cancelled` when the signal is aborted.
 *
 * ```ts
 * const breathe = breather(signal)
 * for (…) { const pause = breathe(); if (pause) await pause }
 * ```
 */
export function breather(signal?: AbortSignal): () => Promise<void> | null {
  let since = performance.now()
  let count = 0
  const pause = async (): Promise<void> => {
    await setImmediate()
    throwIfCancelled(signal)
    since = performance.now()
  }
  return () => {
    // The clock costs more than most rounds.
    if ((++count & 15) !== 0) return null
    throwIfCancelled(signal)
    return performance.now() - since < sliceMilliseconds ? null : pause()
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'error.cancelled')
}
