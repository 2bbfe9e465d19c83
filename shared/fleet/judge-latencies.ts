import type { GateItem } from '../gate/gate.ts'
import { type Manifest, numberAt } from '../manifests/manifest.ts'
import type { Topology } from '../topology/topology.ts'
import type { KeptLatency } from './contract.ts'
import { judgeLatency } from './latency.ts'

/**
 * Services of the edge that change and promise a scheduling latency, held against what was measured last on each of
 * their nodes. What is held is said too: it is the evidence that the decision keeps. A node without a measurement says
 * nothing.
 */
export function judgeLatencies(
  before: readonly Manifest[],
  after: readonly Manifest[],
  topology: Topology,
  latencies: readonly KeptLatency[],
): readonly GateItem[] {
  if (latencies.length === 0) return []
  const known = new Map(before.filter(isEdgeService).map(manifest => [manifest.name, JSON.stringify(manifest.value)]))
  const sites = new Map(topology.nodes.map(({ id, runsOn }) => [id, runsOn?.split(', ') ?? []]))
  return after.filter(isEdgeService).flatMap((manifest): GateItem[] => {
    const { name, value, file } = manifest
    if (known.get(name) === JSON.stringify(value)) return []
    const slo = {
      schedulingLatencyP99: numberAt(value, 'spec', 'slo', 'schedulingLatencyP99'),
      schedulingLatencyMax: numberAt(value, 'spec', 'slo', 'schedulingLatencyMax'),
    }
    if (slo.schedulingLatencyP99 === undefined && slo.schedulingLatencyMax === undefined) return []
    return (sites.get(name) ?? []).flatMap((node): GateItem[] => {
      const measured = latencies.find(one => one.node === node)
      if (!measured) return []
      const { p99, max, method } = measured.latency
      const broken = judgeLatency(measured.latency, slo)
      const params = { service: name, node, p99, max, method, at: measured.at, label: measured.label || '–' }
      return [
        {
          rule: 'scheduling-latency',
          verdict: broken ? 'warn' : 'pass',
          message: { key: broken ? 'fleet.gateLatencyBroken' : 'fleet.gateLatencyHeld', params },
          services: [name],
          waivable: true,
          ...(!broken && { info: true as const }),
          evidence: [{ file, line: manifest.lineOf(['spec', 'slo']), detail: `p99 ${p99} µs, max ${max} µs` }],
        },
      ]
    })
  })
}

const isEdgeService = ({ kind, group }: Manifest): boolean => kind === 'EdgeService' && group === 'pilothouse.dev'
