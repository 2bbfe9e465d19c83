import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { LogSearch } from '../../../shared/history/read-query.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { toAppError, useApi, useLive } from '../../connection/index.ts'
import { continueLog, type KnownLog, refreshLog } from './merge-log.ts'

export type LogFilter = { readonly text: string; readonly service: string | null; readonly decisionsOnly: boolean }

const pageSize = 200

/** What was typed, as the core takes it. */
function asked({ wrong: _, text, kinds, gates, results, ...rest }: LogSearch) {
  return {
    ...rest,
    ...(text !== '' && { text }),
    ...(kinds && { kinds: [...kinds] }),
    ...(gates && { gates: [...gates] }),
    ...(results && { results: [...results] }),
  }
}

/** The log, newest first: the first page is live, older pages are read when asked for. */
export function useLog(workspace: WorkspaceId, filter: LogFilter, found: LogSearch) {
  const { decisions } = useApi()
  const input = useMemo(
    () => ({
      workspace,
      limit: pageSize,
      ...(filter.service !== null && { service: filter.service }),
      ...(filter.decisionsOnly && { decisionsOnly: true }),
      ...asked(found),
    }),
    [workspace, filter.service, filter.decisionsOnly, found],
  )
  const question = JSON.stringify(input)
  const live = useLive(decisions.log, input)
  const [older, setOlder] = useState<{ readonly of: string; readonly log: KnownLog } | null>(null)
  const [reading, setReading] = useState(false)
  const running = useRef<AbortController | null>(null)
  const [error, setError] = useState<AppError | null>(null)

  const log = useMemo(() => {
    if (!live.value) return null
    return refreshLog(older?.of === question ? older.log : { items: [], next: null }, live.value)
  }, [live.value, older, question])
  const latest = useRef(log)
  latest.current = log

  // Another question: what is on its way for the old one is of no use.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is what matters
  useEffect(() => {
    setError(null)
    return () => running.current?.abort()
  }, [question])

  const readMore = useCallback(async () => {
    const before = latest.current?.next
    if (!before || running.current) return
    const abort = new AbortController()
    running.current = abort
    setReading(true)
    setError(null)
    try {
      for await (const page of decisions.log({ ...input, before }, { signal: abort.signal })) {
        if (latest.current) setOlder({ of: question, log: continueLog(latest.current, before, page) })
        break
      }
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown))
    } finally {
      abort.abort()
      running.current = null
      setReading(false)
    }
  }, [decisions, input, question])

  return { live, log, more: { reading, error, read: readMore, left: Boolean(log?.next) } }
}
