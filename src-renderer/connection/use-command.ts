import { useCallback, useEffect, useRef, useState } from 'react'
import { type AppError, isCancelled } from '../../shared/errors.ts'
import { toAppError } from './to-app-error.ts'
import type { CallMethod } from './use-query.ts'

export type Running<I, O> = {
  /** Undefined when it failed or was cancelled; `error` then says why. Never rejects. */
  run(input: I): Promise<O | undefined>
  /** The same of a command that answers nothing: true once it is carried out. Never rejects. */
  done(input: I): Promise<boolean>
  readonly running: boolean
  readonly error: AppError | null
  cancel(): void
  /** Forgets the error. */
  clear(): void
}

/**
 * Carries out a command where its button is: progress, cancel and the failure belong to the component that asked.
 * A command outlives the component: to leave a screen does not undo what was asked for.
 */
export function useCommand<I, O>(command: CallMethod<I, O>): Running<I, O> {
  const [pending, setPending] = useState(0)
  const [error, setError] = useState<AppError | null>(null)
  const mounted = useRef(false)
  const abort = useRef<AbortController | null>(null)

  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])

  const attempt = useCallback(
    async (input: I): Promise<{ readonly value: O } | null> => {
      const mine = new AbortController()
      abort.current = mine
      setPending(count => count + 1)
      setError(null)
      try {
        return { value: await command(input, { signal: mine.signal }) }
      } catch (thrown) {
        if (!isCancelled(thrown) && mounted.current) setError(toAppError(thrown))
        return null
      } finally {
        if (mounted.current) setPending(count => count - 1)
      }
    },
    [command],
  )
  const run = useCallback(async (input: I) => (await attempt(input))?.value, [attempt])
  const done = useCallback(async (input: I) => (await attempt(input)) !== null, [attempt])
  const cancel = useCallback(() => abort.current?.abort(), [])
  const clear = useCallback(() => setError(null), [])
  return { run, done, running: pending > 0, error, cancel, clear }
}
