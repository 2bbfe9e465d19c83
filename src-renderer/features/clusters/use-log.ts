import { useEffect, useMemo, useState } from 'react'
import type { LogItem } from '../../../shared/clusters/contract.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError, useApi } from '../../connection/index.ts'
import { addToLog, type LogState, noLog, shortNames } from './log-lines.ts'

type Input = {
  readonly context: string
  readonly namespace: string
  readonly pods: readonly { readonly name: string; readonly container?: string }[]
  readonly previous: boolean
  readonly tailLines: number
}

/** Logs as they come, drawn once a frame. A lost line to the core begins anew when it is back. */
export function useLog(input: Input): { readonly log: LogState; readonly error: AppError | null; retry(): void } {
  const api = useApi()
  const [state, setState] = useState<{ log: LogState; error: AppError | null }>({ log: noLog, error: null })
  const [round, setRound] = useState(0)
  const key = JSON.stringify(input)
  const names = useMemo(() => shortNames((JSON.parse(key) as Input).pods.map(({ name }) => name)), [key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    const abort = new AbortController()
    const { previous, ...rest } = JSON.parse(key) as Input
    const nameOf = (pod: string) => names.get(pod) ?? pod
    let waiting: LogItem[] = []
    let frame = 0
    setState({ log: noLog, error: null })
    const draw = () => {
      frame = 0
      const items = waiting
      waiting = []
      setState(was => ({ ...was, log: addToLog(was.log, items, nameOf) }))
    }
    const read = async () => {
      try {
        const pods = rest.pods.map(pod => ({ ...pod }))
        for await (const item of api.clusters.logs(
          { ...rest, pods, follow: !previous, previous },
          { signal: abort.signal },
        )) {
          waiting.push(item)
          frame ||= requestAnimationFrame(draw)
        }
      } catch (thrown) {
        if (abort.signal.aborted || isCancelled(thrown)) return
        const error = toAppError(thrown)
        // A stream waits for the line by itself: it is only asked again.
        if (error.code === 'connection-lost') setRound(was => was + 1)
        else setState(was => ({ ...was, error }))
      }
    }
    void read()
    return () => {
      abort.abort()
      cancelAnimationFrame(frame)
    }
  }, [api, key, names, round])
  return { ...state, retry: () => setRound(was => was + 1) }
}
