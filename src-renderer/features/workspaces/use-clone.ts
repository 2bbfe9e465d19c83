import { useCallback, useEffect, useRef, useState } from 'react'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { Transfer } from '../../../shared/workspaces/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useNavigation } from '../../connection/navigation.ts'
import { toAppError } from '../../connection/to-app-error.ts'
import { rememberDirectory } from './known-directories.ts'

export type Cloning =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Transfer | null }
  | { readonly kind: 'failed'; readonly error: AppError }

/** A clone in progress; to leave the dialog cancels it, and the core takes away what it wrote. */
export function useClone() {
  const api = useApi()
  const [state, setState] = useState<Cloning>({ kind: 'idle' })
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const start = useCallback(
    async (url: string, directory: string): Promise<boolean> => {
      const mine = new AbortController()
      abort.current?.abort()
      abort.current = mine
      setState({ kind: 'running', progress: null })
      try {
        for await (const step of api.workspaces.clone({ url, directory }, { signal: mine.signal })) {
          if (mine.signal.aborted) return false
          if (step.kind === 'progress') {
            setState({ kind: 'running', progress: step })
            continue
          }
          rememberDirectory(step.workspace, step.directory)
          useNavigation.getState().setWorkspace(step.workspace)
          return true
        }
        setState({ kind: 'idle' })
      } catch (thrown) {
        if (mine.signal.aborted || isCancelled(thrown)) setState({ kind: 'idle' })
        else setState({ kind: 'failed', error: toAppError(thrown) })
      }
      return false
    },
    [api],
  )
  const cancel = useCallback(() => {
    abort.current?.abort()
    setState({ kind: 'idle' })
  }, [])
  return { state, start, cancel }
}
