import { dapr } from './dapr.ts'
import type { Counter, Dialect } from './dialect.ts'
import { envoy } from './envoy.ts'
import { grpc } from './grpc.ts'
import { http } from './http.ts'
import { hubble } from './hubble.ts'
import { istio } from './istio.ts'
import { linkerd } from './linkerd.ts'
import { nginx } from './nginx.ts'
import { serviceGraph } from './service-graph.ts'
import { spanMetrics } from './span-metrics.ts'

/** Every dialect, the one that names its ends most surely first: where two count the same calls, that one is believed. */
export const dialects: readonly Dialect[] = [
  istio,
  linkerd,
  hubble,
  nginx,
  serviceGraph,
  dapr,
  spanMetrics,
  envoy,
  grpc,
  http,
]

const namesOf = ({ metric, failed, latency }: Counter): readonly string[] => [
  metric,
  ...failed.flatMap(({ metric: other }) => other ?? []),
  // A native histogram has no buckets of its own name.
  ...(latency ? [`${latency.histogram}_bucket`, latency.histogram] : []),
]

/** A matcher of every metric any dialect asks for, so that one cheap question tells which are there. */
export const knownMetrics = (): string =>
  `{__name__=~"${[...new Set(dialects.flatMap(({ counters }) => counters.flatMap(namesOf)))].sort().join('|')}"}`

/** What a call observed by traces alone is read from. */
export const jaegerCounter = 'jaeger dependencies'
export const tempoCounter = 'tempo spans'

const order = [...dialects.flatMap(({ counters }) => counters.map(({ metric }) => metric)), tempoCounter, jaegerCounter]
const places = new Map(order.map((metric, place) => [metric, place]))

/** Where several counters know the same pair, the one with the lowest place is believed. */
export const placeOfCounter = (counter: string): number => places.get(counter) ?? order.length
