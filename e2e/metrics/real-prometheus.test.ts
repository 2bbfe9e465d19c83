import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import type { MetricsView } from '../../shared/metrics/contract.ts'
import type { Counter } from '../../shared/metrics/dialects/dialect.ts'
import { dialects } from '../../shared/metrics/dialects/dialects.ts'
import { joinMetrics, seenBy } from '../../shared/metrics/join-metrics.ts'
import { questionsOf } from '../../shared/metrics/questions.ts'
import type { TopologyEdge } from '../../shared/topology/topology.ts'
import { createCore } from '../../src-main/core/create-core.ts'
import { byPod, type MadeUpCalls, serveCalls } from '../world/call-exporter.ts'
import { findPrometheus, runPrometheus } from '../world/prometheus.ts'
import { git, makeServiceChain } from '../world/small-repository.ts'
import { testHost } from '../world/test-host.ts'

const program = findPrometheus()
if (program === null) process.stderr.write('NOT RUN: the real Prometheus (no `prometheus` on the path)\n')

const count = 200
const chain: MadeUpCalls[] = Array.from({ length: count - 2 }, (_, i) => ({
  from: `svc-${i}`,
  to: `svc-${i + 1}`,
  rate: 1 + i / 4,
  errors: i % 10 === 0 ? 0.1 : 0,
  slowest: i % 2 === 0 ? 100 : 500,
}))
/** Calls that no manifest shows. */
const hidden: MadeUpCalls[] = Array.from({ length: 50 }, (_, i) => ({
  from: `svc-${i * 3}`,
  to: `svc-${(i * 7 + 20) % count}`,
  rate: 0.5 + i,
  errors: 0,
  slowest: 25,
})).filter(({ from, to }) => Number(to.slice(4)) !== Number(from.slice(4)) + 1 && from !== to)

const namesIn = ({ metric, failed, latency }: Counter): readonly string[] => [
  metric,
  ...failed.flatMap(({ metric: other }) => other ?? []),
  ...(latency ? [`${latency.histogram}_bucket`] : []),
]

test.skipIf(program === null)(
  'a real Prometheus over 200 services: rates on the graph; gone, the graph is stale and not empty; back, it is fresh',
  async () => {
    await using world = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-metrics-'))
    world.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
    const exporter = world.use(await serveCalls([...chain, ...hidden]))
    const first = await runPrometheus(program!, folder, exporter.address)
    let running: AsyncDisposable = first
    world.defer(() => running[Symbol.asyncDispose]())

    const directory = join(folder, 'shop')
    makeServiceChain(directory, count)
    appendFileSync(
      join(directory, 'pilothouse.yaml'),
      `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nmetrics:\n  - { kind: prometheus, url: "${first.url}", window: 5s }\n`,
    )
    git(directory, 'add', '-A')
    git(directory, 'commit', '-q', '-m', 'Where it is measured')

    const core = world.use(await createCore(testHost(join(folder, 'home'))))
    const [coreSide, ourSide] = inMemoryChannel()
    core.answer(coreSide)
    world.defer(() => ourSide.close())
    const api = createClient(contract, ourSide)
    const { workspace } = await api.workspaces.open({ directory })
    const at = { workspace, environment: 'manifests' }

    let view: MetricsView | null = null
    const leave = new AbortController()
    const watching = (async () => {
      for await (const next of api.metrics.watch(at, { signal: leave.signal })) view = next
    })()
    world.defer(async () => {
      leave.abort()
      await watching
    })
    const source = () => view?.sources[0]
    const soon = { timeout: 100_000, interval: 50 }

    // The repository names it, and nothing was asked yet.
    await expect.poll(() => source()?.state, soon).toBe('not-allowed')
    expect(view!.observations).toEqual([])
    const id = source()!.id
    await api.metrics.allow({ workspace, source: id })
    await expect.poll(() => source()?.state, soon).toBe('live')

    const { text } = await api.topology.export({ ...at, format: 'json' })
    const declared = JSON.parse(text) as Parameters<typeof joinMetrics>[0]
    const drawn = () => {
      const { topology } = joinMetrics(declared, view!.observations)
      return new Map(topology.edges.map(edge => [`${edge.from} ${edge.to}`, edge]))
    }
    const folded = { from: 'svc-190', to: 'svc-10', rate: byPod[0].rate + byPod[1].rate, errors: 0, slowest: 0 }
    const expected = [...chain, ...hidden, folded]
    /** Prometheus extends what it saw to the window's ends; once it saw all of it the rate is exact. */
    const isNear = (edge: TopologyEdge | undefined, rate: number) =>
      edge?.rate != null && Math.abs(edge.rate - rate) < rate * 0.02
    let edges = drawn()
    await expect
      .poll(async () => {
        await api.metrics.refresh({ workspace, source: id })
        edges = drawn()
        return expected.filter(call => isNear(edges.get(`${call.from} ${call.to}`), call.rate)).length
      }, soon)
      .toBe(expected.length)

    expect(edges.size).toBe(count - 1 + hidden.length + 1)
    for (const call of expected) {
      const edge = edges.get(`${call.from} ${call.to}`)!
      expect(edge.state).toBe('observed')
      expect(edge.measured?.errors).toBeCloseTo(call.errors, 2)
      if (call === folded) continue
      // Half of a bucket lies below its middle.
      const from = { 25: 10, 100: 50, 500: 250 }[call.slowest]!
      expect(edge.measured?.p50).toBeCloseTo(from + (call.slowest - from) * 0.5, -0.5)
      expect(edge.measured?.p99).toBeCloseTo(from + (call.slowest - from) * 0.99, -0.5)
    }
    expect(seenBy(edges.get('svc-0 svc-1')!)).toBe('both')
    expect(seenBy(edges.get(`${hidden[0]!.from} ${hidden[0]!.to}`)!)).toBe('observed')
    expect(seenBy(edges.get('svc-198 svc-199')!)).toBe('declared')
    expect(edges.get('svc-198 svc-199')!.rate).toBeNull()

    // Every question of every dialect is one Prometheus understands.
    const present = new Set(dialects.flatMap(({ counters }) => counters.flatMap(namesIn)))
    for (const counter of dialects.flatMap(({ counters }) => counters))
      for (const query of Object.values(questionsOf(counter, '5m', present, ['namespace="shop"']))) {
        const answer = await fetch(`${first.url}/api/v1/query?${new URLSearchParams({ query })}`)
        expect([query, answer.status]).toEqual([query, 200])
      }

    // The command line asks for itself.
    const exported = await api.topology.export({ ...at, format: 'json', metrics: { url: first.url, window: '5s' } })
    const [printed] = (JSON.parse(exported.text) as typeof declared).edges.filter(({ rate }) => rate !== null)
    expect(printed?.measured?.window).toBe('5s')

    const outcome = await api.draft.publish({
      ...at,
      changeSetId: null,
      title: 'keep what was measured',
      why: 'So that it can be read without Prometheus.',
      kind: 'record',
      target: { kind: 'current-branch' },
      push: false,
    })
    if (outcome.kind !== 'published') throw new Error(`The decision was not made: ${outcome.kind}`)

    // Gone: what it said stays, and says since when it is old.
    const before = view!.observations
    await first[Symbol.asyncDispose]()
    const stoppedAt = Date.now()
    await api.metrics.refresh({ workspace, source: id })
    await expect.poll(() => source()?.state, soon).toBe('stale')
    expect(source()?.problem?.key).toBe('metrics.unreachable')
    expect(source()?.asOf).toBe(view!.observations[0]?.asOf)
    expect(view!.observations[0]?.calls).toHaveLength(before[0]!.calls.length)
    expect(drawn().size).toBe(edges.size)

    // The decision reads offline, with the rates it was made with and where they come from.
    const { snapshot } = await api.decisions.show({ workspace, decision: outcome.commit })
    expect(snapshot?.metrics?.sources).toEqual([
      { name: new URL(first.url).host, kind: 'prometheus', window: '5s', asOf: expect.stringMatching(/^20\d\d-.*Z$/) },
    ])
    for await (const then of api.topology.graph({ ...at, revision: outcome.commit })) {
      expect(then.metrics).toEqual(snapshot?.metrics)
      const rates = then.base.edges.filter(({ rate }) => rate !== null)
      expect(rates).toHaveLength(expected.length)
      break
    }

    // Back.
    running = await runPrometheus(program!, folder, exporter.address, first.port)
    await api.metrics.refresh({ workspace, source: id })
    await expect.poll(() => source()?.state, soon).toBe('live')
    expect(Date.parse(source()!.asOf!)).toBeGreaterThan(stoppedAt)
  },
)
