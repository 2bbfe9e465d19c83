import { useMemo, useRef, useState } from 'react'
import type { MetricsView, RecordedMetrics } from '../../../shared/metrics/contract.ts'
import type { Seen } from '../../../shared/metrics/join-metrics.ts'
import { type MeasuredView, measuredView } from '../../../shared/metrics/measured-view.ts'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'

/** What was chosen of each environment, for as long as the page is there. */
const chosen = new Map<string, { readonly window: string | null; readonly only: Seen | null }>()

/** The graph with what is measured on it, and what its chip needs. */
export type MeasuredPicture = {
  readonly workspace: string
  /** Null until there is a graph. */
  readonly measured: MeasuredView | null
  /** Null while nothing is known, and for an older revision. */
  readonly metrics: MetricsView | null
  /** What an older revision recorded. */
  readonly recorded: RecordedMetrics | null
  /** The page has lost the core since (milliseconds since the epoch). */
  readonly lostSince: number | null
  /** Nothing that was measured is of now: no source answers any more, or the page has lost the core. */
  readonly isStale: boolean
  readonly older: boolean
  readonly window: string | null
  setWindow(window: string): void
  readonly only: Seen | null
  setOnly(only: Seen | null): void
}

/** Lays what is measured now over the graph as it is now. An older revision has the rates its decision recorded. */
export function useMeasured(
  workspace: string,
  environment: string,
  revision: string | null,
  view: TopologyView | null,
): MeasuredPicture {
  const api = useApi()
  const key = `${workspace} ${environment}`
  const [choice, choose] = useState(chosen.get(key) ?? { window: null, only: null })
  const live = useLive(
    api.metrics.watch,
    { workspace, environment, ...(choice.window !== null && { window: choice.window }) },
    { skip: revision !== null },
  )
  const metrics = revision === null ? live.value : null
  // Another window is asked for: until it is known the rates of the last one stay, and say which that was.
  const last = useRef<MetricsView['observations']>([])
  const pending = metrics === null || metrics.sources.some(({ state }) => state === 'connecting')
  const observations =
    revision !== null || (metrics && (metrics.observations.length > 0 || !pending))
      ? metrics?.observations
      : last.current
  if (observations && revision === null) last.current = observations
  const measured = useMemo(
    () => view && measuredView(view, observations ?? [], choice.only),
    [view, observations, choice.only],
  )
  const change = (next: Partial<typeof choice>) => {
    const now = { ...choice, ...next }
    chosen.set(key, now)
    choose(now)
  }
  return {
    workspace,
    measured,
    metrics,
    recorded: view?.metrics ?? null,
    lostSince: live.status === 'stale' ? live.since : null,
    isStale: metrics !== null && (live.status === 'stale' || noneAnswers(metrics.sources)),
    older: revision !== null,
    window: choice.window ?? metrics?.window ?? null,
    setWindow: window => change({ window }),
    only: choice.only,
    setOnly: only => change({ only }),
  }
}

const noneAnswers = (sources: MetricsView['sources']): boolean =>
  sources.some(({ state }) => state === 'stale') && sources.every(({ state }) => state !== 'live')
