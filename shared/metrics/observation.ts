import type { Measured } from '../topology/topology.ts'

/** How one end of a call is named by whoever counted it. */
export type Peer = {
  /** Every name it goes by, most particular first: workload, Service, application, Pod, host with or without port. */
  readonly names: readonly string[]
  readonly namespace?: string
}

/** Calls from one end to another, as one source counted them. */
export type ObservedCall = {
  readonly caller: Peer
  readonly callee: Peer
  /** The counter it was read from: where several count the same calls one of them is believed. */
  readonly counter: string
  readonly protocol: string
  readonly unit: Measured['unit']
  /** A second. */
  readonly rate: number
  readonly errors: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  /** What was asked and answered, in the source's own language: `rate(calls_total{…}[5m]) = 12.3`. */
  readonly detail: string
  /** The source sees packets of both directions alike, so who calls whom is not said. */
  readonly eitherWay?: true
}

/** Everything a source had to say of one window. */
export type Observation = {
  /** ISO 8601. */
  readonly asOf: string
  /** The window the source really answered for: traces that are summed once a day cannot tell five minutes. */
  readonly window: string
  /** Names of the dialects found. */
  readonly dialects: readonly string[]
  readonly calls: readonly ObservedCall[]
  /** The source's own words about what is missing from the answer. */
  readonly warnings: readonly string[]
}
