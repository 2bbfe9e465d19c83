import { AppError } from '../../../shared/errors.ts'
import { type Latency, type LatencySetup, readLatency } from '../../../shared/fleet/latency.ts'
import { askNode, type Spoken } from './ask-node.ts'

/** Measures scheduling latency on a node; bounded to a minute. Rejects `unsupported` where nothing there can measure it. */
export async function measureLatency(to: Spoken, setup: LatencySetup, signal: AbortSignal): Promise<Latency> {
  const length = Math.min(60, Math.max(1, Math.round(setup.seconds)))
  const parameters = [
    '-',
    String(length),
    String(setup.priority ?? 0),
    setup.cpus ?? '',
    String(Math.min(64, setup.load ?? 0)),
  ]
  const lines = await askNode(to, 'measure', parameters, null, signal)
  const latency = readLatency(lines, { ...setup, seconds: length })
  if (!latency) throw new AppError('unsupported', 'fleet.nothingMeasured', { node: to.node })
  return latency
}
