import { expect, test } from 'vitest'
import { callsOfTempo, readDependencies, readTempo } from './read-traces.ts'

test("Jaeger's dependencies become calls a second", () => {
  const read = readDependencies(
    {
      data: [
        { parent: 'frontend', child: 'cart', callCount: 600 },
        { parent: '', child: 'cart', callCount: 3 },
      ],
      total: 0,
      errors: null,
    },
    '5m',
  )
  expect(read?.warnings).toEqual([])
  expect(read?.calls.map(({ caller, callee, rate, detail }) => [caller.names, callee.names, rate, detail])).toEqual([
    [['frontend'], ['cart'], 2, 'dependencies(frontend → cart)[5m] = 600'],
  ])
  expect(readDependencies({ data: null, errors: [{ code: 500, msg: 'no storage' }] }, '5m')?.warnings).toEqual([
    'no storage',
  ])
  expect(readDependencies('<html>', '5m')).toBeNull()
})

const label = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const ends = [label('resource.service.name', 'orders'), label('span.server.address', 'ledger')]

test("Tempo's series become calls, whether it gives one value or samples", () => {
  const rate = readTempo({ series: [{ labels: ends, promLabels: '{…}', value: 4 }] })!
  const failed = readTempo({
    series: [
      { labels: ends, samples: [{ timestampMs: '1', value: 1 }, { timestampMs: '2' }, { timestampMs: '3', value: 3 }] },
    ],
  })!
  const times = readTempo({
    series: [
      { labels: [...ends, { key: 'p', value: { doubleValue: 0.5 } }], value: 0.02 },
      { labels: [...ends, { key: 'p', value: { doubleValue: 0.95 } }], value: 0.25 },
    ],
  })!
  expect(callsOfTempo({ rate, failed, times }, '1h')).toMatchObject([
    {
      caller: { names: ['orders'] },
      callee: { names: ['ledger'] },
      rate: 4,
      errors: 0.5,
      p50: 20,
      p95: 250,
      p99: null,
      detail: '{ resource.service.name="orders" && span.server.address="ledger" } | rate() [1h] = 4',
    },
  ])
  const nobody = readTempo({ series: [{ labels: [label('resource.service.name', 'orders')], value: 4 }] })!
  expect(callsOfTempo({ rate: nobody }, '1h')).toEqual([])
  expect(readTempo({ series: null })).toEqual([])
  expect(readTempo([])).toBeNull()
})
