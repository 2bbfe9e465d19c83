import { AppError } from '../../../shared/errors.ts'
import { refreshAfter } from '../../../shared/metrics/window.ts'
import { sidesOf, type VersionSample } from '../../../shared/rollouts/compare-versions.ts'
import type { RolloutView, VersionsView } from '../../../shared/rollouts/contract.ts'
import type { Clock } from '../../needs/clock.ts'
import type { MetricsFeature } from '../metrics/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Samples that are kept to be drawn. */
const mostSamples = 60

export type CompareNeeds = {
  readonly compare: MetricsFeature['compare']
  readonly clock: Clock
}

/**
 * Stable and canary side by side, asked for again while somebody looks. A source that fails is tried again, and what it
 * said before stays.
 */
export async function* compareNow(
  workspace: Workspace,
  environment: string,
  rollout: () => Promise<RolloutView | null>,
  window: string,
  needs: CompareNeeds,
  signal: AbortSignal,
): AsyncGenerator<VersionsView> {
  let samples: readonly VersionSample[] = []
  let source: VersionsView['source'] = null
  const view = (state: VersionsView['state'], problem: VersionsView['problem'] = null): VersionsView => ({
    state,
    problem,
    window,
    source,
    samples,
  })
  yield view('connecting')
  while (!signal.aborted) {
    const now = await rollout()
    try {
      const found = now && (await needs.compare(workspace, environment, sidesOf(now), window, signal))
      if (found) {
        source = found.source
        const at = new Date(needs.clock.now()).toISOString()
        samples = [...samples, { at, stable: found.stable, canary: found.canary }].slice(-mostSamples)
      }
      yield view(found ? 'live' : 'unknown')
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof AppError) || error.code === 'unexpected') throw error
      yield view('failed', { key: error.key, params: error.params })
    }
    await new Promise<void>(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, refreshAfter(window))
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
    })
  }
}
