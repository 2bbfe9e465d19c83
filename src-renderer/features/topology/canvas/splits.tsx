import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { EdgeSplit } from '../../../../shared/rollouts/contract.ts'
import { useApi, useLive } from '../../../connection/index.ts'
import type { DrawnEdge } from '../model/drawn-graph.ts'

type Splits = ReadonlyMap<string, EdgeSplit>
const SplitsContext = createContext<Splits>(new Map())

type LiveSplitsProps = { workspace: string; environment: string; skip: boolean; children: ReactNode }

/** How the traffic of canaries is split now, for every edge below. */
export function LiveSplits({ workspace, environment, skip, children }: LiveSplitsProps) {
  const { rollouts } = useApi()
  const { value, status } = useLive(rollouts.watch, { workspace, environment }, { skip })
  const shown = skip || status === 'stale' || value?.state !== 'live' ? null : value.splits
  const key = JSON.stringify(shown)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `shown` by value: most news of rollouts change no weight
  const splits = useMemo<Splits>(
    () => new Map((shown ?? []).map(split => [`${split.from}\n${split.to}`, split])),
    [key],
  )
  return <SplitsContext value={splits}>{children}</SplitsContext>
}

/** The split of a drawn edge, or of one of the dependencies it stands for. */
export function useSplit(edge: DrawnEdge | undefined): EdgeSplit | null {
  const splits = useContext(SplitsContext)
  if (!edge || splits.size === 0) return null
  for (const { edge: part } of edge.parts) {
    const split = splits.get(`${part.from}\n${part.to}`)
    if (split) return split
  }
  return null
}

export const useHasSplits = (): boolean => useContext(SplitsContext).size > 0
