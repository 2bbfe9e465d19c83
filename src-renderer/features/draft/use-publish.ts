import { useCallback, useRef, useState } from 'react'
import type { Publication } from '../../../shared/draft/contract.ts'
import type { PublishOutcome } from '../../../shared/draft/draft.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError, useApi } from '../../connection/index.ts'

export type Published = Extract<PublishOutcome, { kind: 'published' }>
/** Where a publication is. `checking`: it was cancelled or the line broke, and history is asked what came of it. */
export type PublishStage =
  | { readonly kind: 'form' }
  | { readonly kind: 'publishing' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'refused'; readonly outcome: Exclude<PublishOutcome, Published> }
  | { readonly kind: 'failed'; readonly error: AppError }
  /** History was asked: nothing was committed. */
  | { readonly kind: 'nothing-committed'; readonly because: 'cancelled' | 'line-lost' }
  /** It cannot be looked up: a record alone has no change set, and a new branch is not the one that is asked. */
  | { readonly kind: 'unknown'; readonly branch: string | null }

export type PublishEnd = Published | { readonly kind: 'found'; readonly commit: string | null }

/**
 * Publishes once. When the answer does not arrive (the line broke, or it was cancelled perhaps a moment too late) the
 * outcome is looked up by its change set instead of trying again: a decision must not be doubled, nor reported lost.
 */
export function usePublish(onEnd: (end: PublishEnd) => void) {
  const { draft } = useApi()
  const [stage, setStage] = useState<PublishStage>({ kind: 'form' })
  const abort = useRef<AbortController | null>(null)

  const settle = useCallback(
    async (publication: Publication, because: 'cancelled' | 'line-lost') => {
      const { workspace, changeSetId, target } = publication
      if (changeSetId === null) return setStage({ kind: 'unknown', branch: null })
      setStage({ kind: 'checking' })
      for (;;) {
        try {
          const found = await draft.outcomeOf({ workspace, changeSetId })
          if (found) return onEnd({ kind: 'found', commit: found.commit })
          // Replayed on a branch that had moved, it carries another change set; but then the draft is used up.
          for await (const view of draft.view({ workspace })) {
            if (view.edits.length === 0) return onEnd({ kind: 'found', commit: null })
            break
          }
          if (target.kind === 'new-branch' && because === 'line-lost')
            return setStage({ kind: 'unknown', branch: target.name })
          return setStage({ kind: 'nothing-committed', because })
        } catch (thrown) {
          const error = toAppError(thrown)
          // The next call waits for the line.
          if (error.code !== 'connection-lost') return setStage({ kind: 'failed', error })
        }
      }
    },
    [draft, onEnd],
  )

  const publish = useCallback(
    async (publication: Publication) => {
      const mine = new AbortController()
      abort.current = mine
      setStage({ kind: 'publishing' })
      try {
        const outcome = await draft.publish(publication, { signal: mine.signal })
        if (outcome.kind === 'published') onEnd(outcome)
        else setStage({ kind: 'refused', outcome })
      } catch (thrown) {
        if (isCancelled(thrown)) return settle(publication, 'cancelled')
        const error = toAppError(thrown)
        if (error.code === 'connection-lost') return settle(publication, 'line-lost')
        setStage({ kind: 'failed', error })
      }
    },
    [draft, onEnd, settle],
  )

  const cancel = useCallback(() => abort.current?.abort(), [])
  const backToForm = useCallback(() => setStage({ kind: 'form' }), [])
  return { stage, publish, cancel, backToForm }
}
