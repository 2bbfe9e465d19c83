import { useEffect, useRef, useState } from 'react'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError } from '../../connection/to-app-error.ts'

type Stream<I, T> = (input: I, options: { readonly signal: AbortSignal }) => AsyncIterable<T>

/**
 * Every item of a stream, in order: for what grows instead of being replaced. On a lost line it is asked again from its
 * beginning. With `input` null nothing is asked. The failure that ended it, if one did; `again` asks anew.
 */
export function useStream<I, T>(
  stream: Stream<I, T>,
  input: I | null,
  onItem: (item: T) => void,
): { readonly error: AppError | null; again(): void } {
  const [error, setError] = useState<AppError | null>(null)
  const [round, setRound] = useState(0)
  const receive = useRef(onItem)
  receive.current = onItem
  const key = JSON.stringify(input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `input` by value; `round` asks again
  useEffect(() => {
    if (input === null) return
    const abort = new AbortController()
    setError(null)
    const read = async (): Promise<void> => {
      try {
        for await (const item of stream(input, { signal: abort.signal })) {
          if (abort.signal.aborted) return
          receive.current(item)
        }
      } catch (thrown) {
        if (abort.signal.aborted || isCancelled(thrown)) return
        const problem = toAppError(thrown)
        // The line between page and core: it comes back by itself.
        if (problem.code === 'connection-lost' && problem.key === 'error.connectionLost') return await read()
        setError(problem)
      }
    }
    void read()
    return () => abort.abort()
  }, [stream, key, round])
  return { error, again: () => setRound(was => was + 1) }
}
