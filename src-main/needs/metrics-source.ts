import type { Observation } from '../../shared/metrics/observation.ts'

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
