import type { MetricsAddress, ObserveCalls } from '../../needs/metrics-source.ts'
import { askJaeger } from './ask-jaeger.ts'
import { askPrometheus } from './ask-prometheus.ts'
import { askTempo } from './ask-tempo.ts'

const ways: { readonly [kind in MetricsAddress['kind']]: ObserveCalls } = {
  prometheus: askPrometheus,
  jaeger: askJaeger,
  tempo: askTempo,
}

/** Asks a source in its own way. */
export const observeCalls: ObserveCalls = (address, window, signal) => ways[address.kind](address, window, signal)
