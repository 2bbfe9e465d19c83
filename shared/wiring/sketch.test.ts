import { describe, expect, test } from 'vitest'
import { toMermaid } from '../topology/to-mermaid.ts'
import type { Topology, TopologyEdge } from '../topology/topology.ts'
import { edge, node, topology } from '../topology/topology-fixture.ts'
import { impactOf } from './impact.ts'
import { readFlowchart } from './mermaid-flowchart.ts'
import { readSketch } from './read-sketch.ts'

const arrows = (text: string): readonly string[] =>
  readFlowchart(`graph TD\n${text}`).edges.map(edge => `${edge.from}>${edge.to}${edge.label && `:${edge.label}`}`)

describe('a Mermaid flowchart', () => {
  test.each([
    ['a --> b', ['a>b']],
    ['a-->b-->c', ['a>b', 'b>c']],
    ['a & b --> c & d', ['a>c', 'a>d', 'b>c', 'b>d']],
    ['a -->|reads| b', ['a>b:reads']],
    ['a -- reads it --> b', ['a>b:reads it']],
    ['a -. at night .-> b', ['a>b:at night']],
    ['a == "loads > 5" ==> b', ['a>b:loads > 5']],
    ['a -.-> b ==> c', ['a>b', 'b>c']],
    ['a ----> b', ['a>b']],
    ['a <--> b', ['a>b', 'b>a']],
    ['a --o b --x c', ['a>b', 'b>c']],
    ['a ~~~ b', []],
    ['a["A (main)"] --> b([B]) --> c[(C)]:::hot', ['a>b', 'b>c']],
    ['a{{x}} --> b{y}; b --> c', ['a>b', 'b>c']],
    ['cart-db-->redis-main', ['cart-db>redis-main']],
    ['a@{ shape: cyl, label: "The store" } --> b', ['a>b']],
    ['a --> b %% as of today', ['a>b']],
    [
      'subgraph one [First]\n  direction LR\n  a --> b\nend\nstyle a fill:#f9f\nclassDef hot fill:#f00\nclick a "https://example.org"',
      ['a>b'],
    ],
    ['购物车 --> 支付', ['购物车>支付']],
  ])('%s', (text, expected) => {
    expect(readFlowchart(`graph TD\n${text}`).problems).toEqual([])
    expect(arrows(text)).toEqual(expected)
  })

  test('front matter, a fence and a direction in the heading', () => {
    const text = '---\ntitle: Shop\n---\n```mermaid\nflowchart LR\n  a["A &amp; B#35;"] --> b\n```\n'
    const chart = readFlowchart(text)
    expect(chart.problems).toEqual([])
    expect(chart.labels.get('a')).toBe('A & B#')
  })

  test('what cannot be read is told with its line', () => {
    const { problems } = readFlowchart('graph TD\na --> b\na -->\n  a => b\na --- b\nsubgraph g\n c\nend\na --> g\n')
    expect(problems.map(({ line, message }) => [line, message.key])).toEqual([
      [3, 'wiring.sketchNoNode'],
      [4, 'wiring.sketchUnread'],
      [5, 'wiring.sketchNoWay'],
      [9, 'wiring.sketchGroup'],
    ])
    expect(readFlowchart('sequenceDiagram\na->>b: x').problems[0]?.message.key).toBe('wiring.sketchNoHeader')
    expect(readFlowchart('').problems[0]?.message.key).toBe('wiring.sketchEmpty')
  })
})

const graph = (nodes: readonly string[], edges: readonly TopologyEdge[]): Topology => ({
  ...topology(
    nodes.map(id => node(id)),
    edges,
  ),
  environment: '.',
})

describe('a sketch held against a graph', () => {
  const shop = graph(['web', 'cart-service', 'team/pay'], [edge('web', 'cart-service')])

  test('names are matched, edges that are there left alone, the rest declared with what its label says', () => {
    const reading = readSketch(
      'graph TD\n A[Web] -->|gRPC| B["team/pay"]\n web --> cart-service\n web -- settles --> pey\n cart-servce --> web\n',
      shop,
    )
    expect(reading.edits).toEqual([{ kind: 'declare-edge', from: 'web', to: 'team/pay', protocol: 'grpc' }])
    expect(reading.known).toEqual([{ from: 'web', to: 'cart-service' }])
    expect(reading.unmatched).toEqual([
      { name: 'pey', nearest: 'team/pay', line: 4 },
      { name: 'cart-servce', nearest: 'cart-service', line: 5 },
    ])
    const chosen = readSketch('graph TD\n web -- settles --> pey\n', shop, { pey: 'team/pay' })
    expect(chosen.edits).toEqual([{ kind: 'declare-edge', from: 'web', to: 'team/pay', why: 'settles' }])
  })

  test('what goes out comes in as the same edges, whatever the names', () => {
    const odd = ['end', 'graph', 'a "b" #1', 'x|y', 'subgraph']
    const made = graph(odd, [
      edge('end', 'a "b" #1', { protocol: 'grpc', rate: 12.345 }),
      edge('x|y', 'graph', { protocol: 'redis' }),
      edge('subgraph', 'end'),
      edge('end', 'subgraph'),
    ])
    const text = toMermaid({ ...made, components: [{ id: 'end', nodes: ['end', 'subgraph'] }] })
    expect(text).toContain('"grpc · 12.3/s"')
    expect(text).toContain('subgraph c0[')
    const back = readSketch(text, { ...made, edges: [] })
    expect(back.problems).toEqual([])
    expect(back.unmatched).toEqual([])
    expect(back.edits.map(({ from, to, protocol }) => `${from}>${to} ${protocol}`)).toEqual(
      made.edges.map(({ from, to, protocol }) => `${from}>${to} ${protocol}`),
    )
  })
})

describe('who depends on whom', () => {
  const edges = [
    edge('web', 'api', { protocol: 'http' }),
    edge('api', 'db', { protocol: 'postgresql', confidence: 0.6 }),
    edge('job', 'db', { state: 'confirmed', confidence: 1 }),
    edge('db', 'web'),
    edge('probe', 'db', { class: 'health' }),
    edge('old', 'db', { state: 'rejected' }),
  ]

  test('by distance, over what, and as surely as the weakest call on the way', () => {
    expect(impactOf({ edges }, 'db', 'callers')).toEqual([
      { id: 'api', hops: 1, through: [], protocols: ['postgresql'], confidence: 0.6, state: 'inferred' },
      { id: 'job', hops: 1, through: [], protocols: ['http'], confidence: 1, state: 'confirmed' },
      { id: 'web', hops: 2, through: ['api'], protocols: ['http'], confidence: 0.6, state: 'inferred' },
    ])
    expect(impactOf({ edges }, 'web', 'calls').map(one => `${one.id} ${one.hops}`)).toEqual(['api 1', 'db 2'])
  })

  test('a node that is only watched still has those who watch it', () => {
    const telemetry = [edge('a', 'collector', { class: 'telemetry' })]
    expect(impactOf({ edges: telemetry }, 'collector', 'callers').map(one => one.id)).toEqual(['a'])
    expect(impactOf({ edges: telemetry }, 'nobody', 'callers')).toEqual([])
  })
})
