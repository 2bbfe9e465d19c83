import { useCallback, useEffect, useState } from 'react'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError } from '../../connection/index.ts'

export type FileTexts = { readonly before: string | null; readonly after: string | null }
/** Asks for one file's two texts. */
export type AskFile = (path: string, signal: AbortSignal) => Promise<FileTexts>

type Known = { readonly of: string; readonly texts: FileTexts }

/**
 * The two texts of a file, asked again for each `version`. While a newer version is on its way the last texts of the
 * same file stay, so that a diff under someone's eyes does not blink at every edit.
 */
export function useFileTexts(ask: AskFile, path: string | null, version: string) {
  const [known, setKnown] = useState<Known | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  const [round, setRound] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or round is a new question
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setError(null)
    const askOnce = async () => {
      try {
        const texts = await ask(path, abort.signal)
        if (!abort.signal.aborted) setKnown({ of: path, texts })
      } catch (thrown) {
        if (abort.signal.aborted || isCancelled(thrown)) return
        const failure = toAppError(thrown)
        // A lost line is no answer; the next call waits until there is a line again.
        if (failure.code === 'connection-lost') return void askOnce()
        setError(failure)
      }
    }
    void askOnce()
    return () => abort.abort()
  }, [ask, path, version, round])

  const retry = useCallback(() => setRound(was => was + 1), [])
  return { texts: known && known.of === path ? known.texts : null, error, retry }
}
