import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { buildTopology } from '../topology/build-topology.ts'
import type { KeptLatency } from './contract.ts'
import { judgeLatencies } from './judge-latencies.ts'
import { readLatency } from './latency.ts'

test('what cyclictest prints, with the one sample that did not fit its histogram', () => {
  const printed = `method cyclictest
# /dev/cpu_dma_latency set to 0us
# Histogram
000000 000000
000003 000090
000012 000009
# Total: 000000099
# Min Latencies: 00003
# Avg Latencies: 00004
# Max Latencies: 23456
# Histogram Overflows: 00001
# Histogram Overflow at cycle number:
# Thread 0: 00042`
  expect(readLatency(printed.split('\n'), { seconds: 5, priority: 80, cpus: '2' })).toMatchObject({
    method: 'cyclictest',
    samples: 100,
    p50: 3,
    p99: 12,
    max: 23456,
    histogram: [
      { upTo: 5, count: 90 },
      { upTo: 20, count: 9 },
      { upTo: 50000, count: 1 },
    ],
  })
})

test('waits in the run queue, in nanoseconds; nothing measured is no measurement', () => {
  const lines = ['method run-queue', ...Array.from({ length: 99 }, () => 'sample 400'), 'sample 2000001', 'sample x']
  expect(readLatency(lines, { seconds: 1 })).toMatchObject({
    method: 'run-queue',
    samples: 100,
    p50: 1,
    p99: 1,
    max: 2001,
  })
  expect(readLatency(['method run-queue'], { seconds: 1 })).toBeNull()
})

const file = '.pilothouse/edge/a.yaml'
const declared = (quota: string) =>
  `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: porto }\nspec: { host: porto }\n---\napiVersion: pilothouse.dev/v1alpha1\nkind: EdgeService\nmetadata: { name: motion }\nspec:\n  node: porto\n  artifact: { path: motion }\n  unit: { cpuQuota: ${quota} }\n  slo: { schedulingLatencyP99: 150 }\n`
const measured = (p99: number): KeptLatency => ({
  node: 'porto',
  service: 'motion',
  at: '2026-11-20T10:00:00Z',
  label: 'isolcpus',
  latency: { method: 'cyclictest', setup: { seconds: 5 }, samples: 9, p50: 5, p99, max: 900, histogram: [] },
})

test('the gate holds a changed service to its promise, and keeps what was measured', () => {
  const [before, after] = ['50%', '80%'].map(quota => readManifestFile(file, declared(quota)).manifests)
  const topology = buildTopology([readManifestFile(file, declared('80%'))], { environment: '.', revision: '' })
  const judged = (latencies: readonly KeptLatency[]) =>
    judgeLatencies(before!, after!, topology, latencies).map(
      ({ verdict, message, evidence }) => `${verdict} ${translate('en', message)} ${evidence?.[0]?.line}`,
    )
  expect(judged([measured(200), measured(90)])).toEqual([
    'warn motion promises a scheduling latency that porto does not hold: p99 200 µs, max 900 µs (cyclictest, isolcpus, 2026-11-20T10:00:00Z). 13',
  ])
  expect(judged([measured(90)])).toEqual([
    'pass motion holds its scheduling latency on porto: p99 90 µs, max 900 µs (cyclictest, isolcpus, 2026-11-20T10:00:00Z). 13',
  ])
  expect(judged([])).toEqual([])
  expect(judgeLatencies(after!, after!, topology, [measured(200)])).toEqual([])
})
