import { useMemo } from 'react'
import type { LiveView } from '../../../shared/clusters/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { withLine } from './freshness.tsx'

/** What runs of an environment now; null for an older revision, and until anything is known. */
export function useLiveView(workspace: string, environment: string, revision: string | null): LiveView | null {
  const api = useApi()
  const live = useLive(api.clusters.live, { workspace, environment }, { skip: revision !== null })
  const lost = live.status === 'stale' ? live.since : null
  return useMemo(
    () => (revision !== null || !live.value ? null : withLine(live.value, lost)),
    [live.value, lost, revision],
  )
}
