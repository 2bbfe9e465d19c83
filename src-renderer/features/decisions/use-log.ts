import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { DecisionPage } from '../../../shared/decisions/contract.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { LogSearch } from '../../../shared/history/read-query.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { toAppError, useApi, useLive } from '../../connection/index.ts'
import { continueLog, type KnownLog, refreshLog } from './merge-log.ts'

export type LogFilter = { readonly text: string; readonly service: string | null; readonly decisionsOnly: boolean }

const pageSize = 200

/** The filter and what was typed, as the core takes them. */
export const logQuery = (filter: LogFilter, found: LogSearch) => ({
  ...(filter.service !== null && { service: filter.service }),
  ...(filter.decisionsOnly && { decisionsOnly: true }),
  ...asked(found),
})

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
export function useLog(workspace: WorkspaceId, filter: LogFilter, found: LogSearch, releases: boolean) {
  const { decisions } = useApi()
  const input = useMemo(
    () => ({
      workspace,
      limit: pageSize,
      ...(releases && { releases }),
      ...logQuery(filter, found),
    }),
    [workspace, filter, found, releases],
  )
  const question = JSON.stringify(input)
  const live = useLive(decisions.log, input)
  const [older, setOlder] = useState<{
    readonly of: string
    readonly from: DecisionPage
    readonly log: KnownLog
  } | null>(null)
  const [reading, setReading] = useState(false)
  const running = useRef<AbortController | null>(null)
  const [error, setError] = useState<AppError | null>(null)

  const log = useMemo(() => {
    if (!live.value) return null
    if (older?.of === question && older.from === live.value) return older.log
    return refreshLog(older?.of === question ? older.log : { items: [], next: null }, live.value)
  }, [live.value, older, question])
  const latest = useRef({ log, first: live.value })
  latest.current = { log, first: live.value }

  // Another question: what is on its way for the old one is of no use.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is what matters
  useEffect(() => {
    setError(null)
    return () => running.current?.abort()
  }, [question])

  const readMore = useCallback(async () => {
    const { log: known } = latest.current
    const before = known?.next
    if (!before || running.current) return
    const abort = new AbortController()
    running.current = abort
    setReading(true)
    setError(null)
    try {
      for await (const page of decisions.log({ ...input, before }, { signal: abort.signal })) {
        const { log: now, first: from } = latest.current
        if (now && from) setOlder({ of: question, from, log: continueLog(now, before, page) })
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

  // A search that looks at commits themselves may have found nothing yet among those it has seen.
  const searching = log !== null && log.items.length === 0 && log.next !== null && error === null
  useEffect(() => {
    if (searching && !reading) void readMore()
  }, [searching, reading, readMore])

  return { live, log, searching, more: { reading, error, read: readMore, left: Boolean(log?.next) } }
}
