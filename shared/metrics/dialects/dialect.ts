import type { Measured } from '../../topology/topology.ts'
import type { Peer } from '../observation.ts'
import type { Labels } from '../promql.ts'

/** A counter of calls, and how its labels name the two ends. */
export type Counter = {
  readonly metric: string
  readonly unit: Measured['unit']
  /** PromQL matchers that keep the series that are calls from one end to another. */
  readonly where: readonly string[]
  /** Every label that may name an end or the protocol; those a series lacks cost nothing. */
  readonly by: readonly string[]
  /** The label that says which end counted: both count the same call, so the larger of the two is taken. */
  readonly side?: string
  /** Labels that hold Pod names: the Pods of a workload are folded into one. */
  readonly pods?: readonly string[]
  /** The calls that failed: matchers on this counter, or another counter; a call that fits two counts once. */
  readonly failed: readonly { readonly metric?: string; readonly where: readonly string[] }[]
  /** How long they took: a histogram with the same labels, by its name without `_bucket`. */
  readonly latency?: { readonly histogram: string; readonly unit: 'ms' | 's'; readonly where?: readonly string[] }
  /** Packets of both directions are counted alike. */
  readonly eitherWay?: true
  readonly protocol: (labels: Labels) => string
  /** Null: these labels name nobody. */
  readonly caller: (labels: Labels) => Peer | null
  readonly callee: (labels: Labels) => Peer | null
}

/** One way of telling who calls whom in metrics. */
export type Dialect = {
  readonly id: string
  /** A proper noun, the same in every language. */
  readonly name: string
  readonly counters: readonly Counter[]
}

/** What no mesh means as a name. */
const nobody = /^(unknown|none|null|undefined|user|unset|-|\?)?$/i

/** A peer of the names that are given; null when none is. */
export function peer(names: readonly (string | undefined)[], namespace?: string): Peer | null {
  const given = [...new Set(names.filter((name): name is string => name !== undefined && !nobody.test(name)))]
  if (given.length === 0) return null
  return { names: given, ...(namespace !== undefined && !nobody.test(namespace) && { namespace }) }
}

export const firstOf = (labels: Labels, names: readonly string[]): string | undefined =>
  names.map(name => labels[name]).find(value => value !== undefined && !nobody.test(value))

/** gRPC's codes that are the server's fault (OpenTelemetry, "Semantic conventions for gRPC"), by number and by name. */
export const grpcFailures = {
  numbers: '2|4|12|13|14|15',
  names:
    'Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss|UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS',
} as const
