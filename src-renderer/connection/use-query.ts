import { useCallback, useEffect, useState } from 'react'
import { type AppError, isCancelled } from '../../shared/errors.ts'
import { toAppError } from './to-app-error.ts'

export type CallMethod<I, O> = (input: I, options?: { readonly signal: AbortSignal }) => Promise<O>

/** `idle`: skipped. `value` is null unless `ready`. */
export type Asked<O> = {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly value: O | null
  readonly error: AppError | null
  retry(): void
}

type Answer<O> = { readonly question: string; readonly value: O | null; readonly error: AppError | null }

/** Asks once, and again when the input changes; an answer to an older question is never shown. */
export function useQuery<I, O>(query: CallMethod<I, O>, input: I, options: { readonly skip?: boolean } = {}): Asked<O> {
  const key = JSON.stringify(input)
  const skip = options.skip === true
  const [round, setRound] = useState(0)
  const [answer, setAnswer] = useState<Answer<O> | null>(null)
  const question = `${round} ${key}`

  // biome-ignore lint/correctness/useExhaustiveDependencies: `question` is `input` by value and the round of asking
  useEffect(() => {
    if (skip) return
    const abort = new AbortController()
    const ask = async () => {
      try {
        const value = await query(input, { signal: abort.signal })
        if (!abort.signal.aborted) setAnswer({ question, value, error: null })
      } catch (thrown) {
        if (abort.signal.aborted || isCancelled(thrown)) return
        const error = toAppError(thrown)
        // A lost line is no answer: a query may be repeated, and it waits for the line by itself.
        if (error.code === 'connection-lost') return void ask()
        setAnswer({ question, value: null, error })
      }
    }
    void ask()
    return () => abort.abort()
  }, [query, question, skip])

  const retry = useCallback(() => setRound(was => was + 1), [])
  if (skip) return { status: 'idle', value: null, error: null, retry }
  if (answer?.question !== question) return { status: 'loading', value: null, error: null, retry }
  return { status: answer.error ? 'failed' : 'ready', value: answer.value, error: answer.error, retry }
}
