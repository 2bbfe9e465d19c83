import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import type { Observation, ObservedCall } from '../metrics/observation.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { readWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { bestShare, budgetOf, minutesOut } from './availability.ts'
import { budgetLeft, burnAlerts } from './burn-rate.ts'
import type { CallGraph, Slo, SloCall } from './call-graph.ts'
import { errorBudgets } from './error-budget.ts'
import { brokenPromises, judgeFreeze } from './freeze.ts'
import { judgeSlos } from './judge-slos.ts'
import { latencyBudgetOf, slowestPath } from './latency.ts'

type Call = { from: number; to: number; cached: number; sequential: boolean }
const graphOf = (slos: readonly (Slo | null)[], calls: readonly Call[]): CallGraph => {
  const map = new Map<string, SloCall[]>()
  for (const { from, to, cached, sequential } of calls) {
    const list = map.get(`s${from}`) ?? []
    if (from !== to && !list.some(each => each.to === `s${to}`)) list.push({ to: `s${to}`, cached, sequential })
    map.set(`s${from}`, list)
  }
  return { calls: map, slos: new Map(slos.flatMap((slo, index) => (slo ? [[`s${index}`, slo] as const] : []))) }
}
const graphs = fc
  .tuple(
    fc.array(
      fc.option(
        fc.record({
          availability: fc.integer({ min: 900, max: 1000 }).map(value => value / 10),
          p99: fc.integer({ min: 1, max: 500 }),
        }),
      ),
      { minLength: 5, maxLength: 5 },
    ),
    fc.array(
      fc.record({ from: fc.nat(4), to: fc.nat(4), cached: fc.constantFrom(0, 0, 0.5, 0.9), sequential: fc.boolean() }),
      { maxLength: 7 },
    ),
  )
  .map(([slos, calls]) => graphOf(slos, calls))

/** By counting: every service that promised is up or down, every cache hits or misses, each way with its weight. */
function countedShare(graph: CallGraph, service: string): number {
  const promised = [...graph.slos].filter(([id, { availability }]) => id !== service && availability !== undefined)
  const cached = [...graph.calls].flatMap(([from, calls]) =>
    calls.filter(call => call.cached > 0).map(call => ({ key: `${from} ${call.to}`, hit: call.cached })),
  )
  let share = 0
  for (let state = 0; state < 2 ** (promised.length + cached.length); state++) {
    let weight = 1
    const up = new Map<string, boolean>()
    promised.forEach(([id, { availability = 100 }], index) => {
      const isUp = (state & (1 << index)) !== 0
      up.set(id, isUp)
      weight *= isUp ? availability / 100 : 1 - availability / 100
    })
    const hits = new Set<string>()
    cached.forEach(({ key, hit }, index) => {
      const isHit = (state & (1 << (promised.length + index))) !== 0
      if (isHit) hits.add(key)
      weight *= isHit ? hit : 1 - hit
    })
    const answers = (id: string, inside: ReadonlySet<string>): boolean =>
      (graph.calls.get(id) ?? []).every(({ to }) => {
        if (hits.has(`${id} ${to}`) || inside.has(to)) return true
        return up.get(to) ?? answers(to, new Set([...inside, to]))
      })
    if (weight > 0 && answers(service, new Set([service]))) share += weight
  }
  return share
}

test('the share that is possible is what counting every way things can go gives', () => {
  fc.assert(
    fc.property(graphs, fc.nat(4), (graph, index) => {
      expect(bestShare(graph, `s${index}`)).toBeCloseTo(countedShare(graph, `s${index}`), 9)
    }),
    { numRuns: 200, seed: 7 },
  )
})
test('what each has to hold is enough, and no less would be', () => {
  fc.assert(
    fc.property(graphs, graph => {
      const budget = budgetOf(graph, 's0')
      if (!budget?.possible || budget.share === null) return
      const all = (budget.best / 100) * (budget.share / 100) ** budget.open.length
      expect(all * 100).toBeGreaterThanOrEqual(budget.target - 1e-9)
      if (budget.share < 100) expect(all * 100).toBeCloseTo(budget.target, 6)
    }),
    { numRuns: 200, seed: 7 },
  )
})

/** The longest way by trying every way. */
function longest(graph: CallGraph, id: string, inside: readonly string[]): number {
  const calls = (graph.calls.get(id) ?? []).filter(call => !inside.includes(call.to) && call.cached < 0.99)
  const cost = ({ to }: SloCall): number => graph.slos.get(to)?.p99 ?? longest(graph, to, [...inside, to])
  const side = calls.filter(call => !call.sequential).map(cost)
  return calls.filter(call => call.sequential).reduce((sum, call) => sum + cost(call), 0) + Math.max(0, ...side)
}
test('the slowest path is the longest there is, and its parts add up', () => {
  fc.assert(
    fc.property(graphs, graph => {
      expect(slowestPath(graph, 's0').milliseconds).toBe(longest(graph, 's0', ['s0']))
      const budget = latencyBudgetOf(graph, 's0')
      if (budget) expect(budget.left).toBe(budget.target - budget.milliseconds)
    }),
    { numRuns: 200, seed: 7 },
  )
})

const workload = (name: string, calls: readonly string[], replicas = 2) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "acme/${name}:1", env: [${calls.map(to => `{ name: ${to.toUpperCase()}_ADDR, value: "http://${to}:80" }`).join(', ')}] }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`
const topology = (...texts: readonly string[]) =>
  buildTopology(
    texts.map((text, index) => readManifestFile(`${index}.yaml`, text)),
    { environment: '.', revision: '' },
  )
const shop = topology(workload('web', ['cart', 'pay']), workload('cart', []), workload('pay', []))
const notes = (services: string, edges = '[]') =>
  readWorkspaceFile(
    'pilothouse.yaml',
    `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nservices:\n${services}\nedges: ${edges}\n`,
  )
const nothing = notes('  x: { owner: a }')

test('an impossible 99.99 % is explained in words a manager reads', () => {
  const promises =
    '  web: { slo: { availability: 99.99 } }\n  cart: { slo: { availability: 99.9 } }\n  pay: { slo: { availability: 99.95 } }'
  const [item, ...rest] = judgeSlos(shop, shop, nothing, notes(promises))
  expect(rest).toEqual([])
  expect(item).toMatchObject({ rule: 'slo-can-be-kept', verdict: 'warn', services: ['web', 'cart', 'pay'] })
  expect(translate('en', item!.message)).toBe(
    'web promises 99.99 %, but even if it never failed itself it could answer 99.85 % at best: 99.9 % (cart) × 99.95 % (pay). That is 65 minutes out a month where 4 are promised. Promise less, or make what it waits for better, cached or not waited for.',
  )
  expect(item?.evidence?.map(({ line }) => line)).toEqual([4, 5, 6])
  // Not waited for, or cached well enough, it can be kept.
  const cached =
    '[{ from: web, to: cart, state: confirmed, calls: async }, { from: web, to: pay, state: confirmed, cached: 99 }]'
  expect(judgeSlos(shop, shop, nothing, notes(promises, cached))).toEqual([])
  // What was impossible before is not this change's doing.
  expect(judgeSlos(shop, shop, notes(promises), notes(promises))).toEqual([])
})
test('a latency that cannot be is told with its path', () => {
  const [item] = judgeSlos(shop, shop, nothing, notes('  web: { slo: { p99: 200 } }\n  pay: { slo: { p99: 250 } }'))
  expect(translate('en', item!.message)).toContain(
    'web promises its answers within 200 ms, but those it waits for may take 250 ms: pay.',
  )
})
test('a broken promise that lasts freezes the growth of what is not critical', () => {
  const slos = notes('  cart: { slo: { p99: 200 }, tier: critical }\n  pay: { tier: critical }')
  const observed = (window: string, p99: number) => ({
    ...shop,
    edges: shop.edges.map(edge => ({
      ...edge,
      rate: 5,
      measured: {
        unit: 'requests' as const,
        errors: 0,
        p50: 1,
        p95: 1,
        p99: edge.to === 'cart' ? p99 : 1,
        window,
        asOf: '',
      },
    })),
  })
  expect([...brokenPromises(observed('10m', 250), slos).keys()]).toEqual(['cart'])
  expect(brokenPromises(observed('5m', 250), slos).size).toBe(0)
  expect(brokenPromises(observed('10m', 150), slos).size).toBe(0)
  const before = observed('10m', 250)
  const grown = (name: string) => ({
    ...before,
    nodes: before.nodes.map(node => (node.id === name ? { ...node, replicas: 5 } : node)),
  })
  expect(judgeFreeze(before, before, [], slos)).toEqual([])
  expect(judgeFreeze(before, grown('pay'), [], slos)).toEqual([])
  const [item] = judgeFreeze(before, grown('web'), [], slos)
  expect(item).toMatchObject({ rule: 'slo-freeze', verdict: 'block', waivable: true, services: ['web', 'cart'] })
  expect(translate('en', item!.message)).toContain('p99 250 ms > 200 ms (10m)')
})
test('error budgets: what failed of all callers together, over each window that was measured', () => {
  const call = (caller: string, rate: number, errors: number, p99: number): ObservedCall => ({
    caller: { names: [caller] },
    callee: { names: ['pay'] },
    counter: 'istio_requests_total',
    protocol: 'http',
    unit: 'requests',
    rate,
    errors,
    p50: 1,
    p95: 1,
    p99,
    detail: '',
  })
  const over = (window: string, errors: number, p99 = 50): [string, readonly Observation[]] => [
    window,
    [
      {
        asOf: '2026-11-20T09:00:00Z',
        window,
        dialects: [],
        warnings: [],
        calls: [call('web', 30, errors, p99), call('cart', 10, 0, 20)],
      },
    ],
  ]
  const promised = notes('  pay: { slo: { availability: 99.9, p99: 200 } }\n  web: { slo: { availability: 99 } }')
  // Three of four calls come from web: 0.08 % of its calls are 0.06 % of all, and 0.1 % may fail.
  const [calm, ...others] = errorBudgets(shop, promised, new Map([over('30d', 0.0008), over('10m', 0.0008)]))
  expect(others, 'nobody counted calls to web').toEqual([])
  expect(calm).toMatchObject({ service: 'pay', target: 99.9, alerts: [], broken: null })
  expect(calm?.left).toBeCloseTo(0.4)
  const [burning] = errorBudgets(
    shop,
    promised,
    new Map([over('5m', 0.04), over('1h', 0.04), over('30d', 0.002), over('10m', 0, 240)]),
  )
  expect(burning?.left).toBeCloseTo(-0.5)
  expect(burning?.alerts).toMatchObject([{ severity: 'page', long: 60, short: 5 }])
  expect(burning?.alerts[0]?.burn).toBeCloseTo(30)
  expect(burning?.broken).toBe('p99 240 ms > 200 ms (10m)')
  // What burns so fast that somebody is called holds growth back as what is broken does.
  const grown = { ...shop, nodes: shop.nodes.map(node => (node.id === 'web' ? { ...node, replicas: 5 } : node)) }
  expect(judgeFreeze(shop, grown, [], promised)).toEqual([])
  const [frozen] = judgeFreeze(shop, grown, [], promised, [{ ...burning!, broken: null }])
  expect(translate('en', frozen!.message)).toContain('burn rate 30.0 (60 min, 5 min)')
})
test('burn rates are those of the workbook', () => {
  const windows = (long: number, short: number, fast: number, brief: number) =>
    new Map([
      [60, long],
      [5, short],
      [360, fast],
      [30, brief],
    ])
  // 99.9 %: 1 of 1000 may fail; 14.4 times that over an hour and five minutes is a page.
  expect(burnAlerts(windows(0.0145, 0.0145, 0, 0), 99.9)).toMatchObject([{ severity: 'page', long: 60, short: 5 }])
  expect(burnAlerts(windows(0.0143, 0.0145, 0, 0), 99.9)).toEqual([])
  expect(burnAlerts(windows(0.0145, 0.001, 0, 0), 99.9), 'it is over').toEqual([])
  expect(burnAlerts(new Map([[60, 0.5]]), 99.9), 'not measured').toEqual([])
  expect(budgetLeft(0.0004, 99.9)).toBeCloseTo(0.6)
  expect(Math.round(minutesOut(99.95))).toBe(22)
})
