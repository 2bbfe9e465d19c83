import type { Observation } from '../../shared/metrics/observation.ts'
import type { Sides, VersionFigures } from '../../shared/rollouts/compare-versions.ts'

/** Where calls are counted, with everything a request needs: secrets are in `headers`, so it is never logged. */
export type MetricsAddress = {
  readonly kind: 'prometheus' | 'jaeger' | 'tempo'
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** PEM file with further authorities. */
  readonly caFile?: string
  /** Labels every series must have. */
  readonly match: { readonly [label: string]: string }
}

/**
 * Asks a source who called whom in a window up to now. Rejects `unreachable` (no answer, or none in time),
 * `unauthorized`, `unsupported` (what answers is something else), `invalid-input` (it refuses the question, or the
 * answer is too large), `cancelled`.
 */
export type ObserveCalls = (address: MetricsAddress, window: string, signal: AbortSignal) => Promise<Observation>

/**
 * Asks a source how stable and canary do in a window up to now: the first way of telling them apart that it knows calls
 * by. Null where it knows none. Rejects as `ObserveCalls` does.
 */
export type CompareVersions = (
  address: MetricsAddress,
  ways: readonly Sides[],
  window: string,
  signal: AbortSignal,
) => Promise<{ readonly stable: VersionFigures | null; readonly canary: VersionFigures | null } | null>
