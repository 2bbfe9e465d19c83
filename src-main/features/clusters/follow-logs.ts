import type { LogItem } from '../../../shared/clusters/contract.ts'
import { liveSource } from '../../../shared/contract/live-source.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Cluster, LogOptions } from '../../needs/cluster.ts'

/** Lines that wait for a page that reads slower than they come; beyond, the oldest are counted and dropped. */
const mostWaiting = 20_000

/** Logs of several Pods side by side, each line with where it is from. One that fails does not end the others. */
export function followLogs(
  cluster: Cluster,
  namespace: string,
  pods: readonly { readonly name: string; readonly container?: string | undefined }[],
  options: LogOptions,
  report: (error: unknown) => void,
  signal: AbortSignal,
): AsyncIterable<LogItem> {
  return liveSource<LogItem>(
    signal,
    emit => {
      const leaving = new AbortController()
      const until = AbortSignal.any([signal, leaving.signal])
      for (const { name, container } of pods) void follow(name, container, emit, until)
      return () => leaving.abort()
    },
    mergeLines,
  )

  async function follow(
    pod: string,
    container: string | undefined,
    emit: (item: LogItem) => void,
    until: AbortSignal,
  ): Promise<void> {
    const from = { pod, container: container ?? '' }
    try {
      const own = { ...options, ...(container !== undefined && { container }) }
      for await (const lines of cluster.logs({ namespace, name: pod }, own, until))
        if (lines.length > 0) emit({ kind: 'lines', ...from, lines })
      if (!until.aborted) emit({ kind: 'ended', ...from })
    } catch (error) {
      if (until.aborted || isCancelled(error)) return
      if (!(error instanceof AppError)) report(error)
      const problem =
        error instanceof AppError ? { key: error.key, params: error.params } : { key: 'error.unexpected' as const }
      emit({ kind: 'failed', ...from, problem })
    }
  }
}

/** Lines of the same container that follow each other go together. */
export function mergeLines(waiting: readonly LogItem[], next: LogItem): readonly LogItem[] {
  const last = waiting.at(-1)
  const joined =
    next.kind === 'lines' && last?.kind === 'lines' && last.pod === next.pod && last.container === next.container
      ? [...waiting.slice(0, -1), { ...last, lines: [...last.lines, ...next.lines] }]
      : [...waiting, next]
  const held = joined.reduce((sum, item) => sum + (item.kind === 'lines' ? item.lines.length : 0), 0)
  if (held <= mostWaiting) return joined
  let left = held - mostWaiting / 2
  let dropped = joined.reduce((sum, item) => sum + (item.kind === 'skipped' ? item.count : 0), 0)
  const kept = joined.flatMap<LogItem>(item => {
    if (item.kind === 'skipped') return []
    if (item.kind !== 'lines' || left <= 0) return [item]
    const cut = Math.min(left, item.lines.length)
    left -= cut
    dropped += cut
    return cut === item.lines.length ? [] : [{ ...item, lines: item.lines.slice(cut) }]
  })
  return [{ kind: 'skipped', count: dropped }, ...kept]
}
