/**
 * Turns a source that calls back (a watch, a file watcher, a shell) into a stream that ends with the signal.
 * `merge` folds what the reader has not taken yet, so a slow page costs latency and never memory; without it every
 * item is kept, so give one wherever a source can be faster than its reader.
 */
export async function* liveSource<T>(
  signal: AbortSignal,
  open: (emit: (item: T) => void, fail: (error: unknown) => void) => () => void,
  merge: (waiting: readonly T[], next: T) => readonly T[] = (waiting, next) => [...waiting, next],
): AsyncGenerator<T> {
  if (signal.aborted) return
  let waiting: readonly T[] = []
  let failure: { readonly error: unknown } | undefined
  let wake = () => {}
  const abort = () => wake()
  signal.addEventListener('abort', abort)
  const close = open(
    item => {
      waiting = merge(waiting, item)
      wake()
    },
    error => {
      failure = { error }
      wake()
    },
  )
  try {
    while (!signal.aborted) {
      if (waiting.length > 0) {
        const [first, ...rest] = waiting
        waiting = rest
        yield first as T
      } else if (failure) throw failure.error
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', abort)
    close()
  }
}

/** A `merge` for streams of whole snapshots: only the newest one matters. */
export const latest = <T>(_waiting: readonly T[], next: T): readonly T[] => [next]
