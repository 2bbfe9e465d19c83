import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffTopology } from './diff-topology.ts'
import { strongComponents } from './strong-components.ts'
import { toDot } from './to-dot.ts'
import { toMermaid } from './to-mermaid.ts'
import { edge, node, topology } from './topology-fixture.ts'

describe('strongComponents', () => {
  test('cycles are found, everything else stands alone', () => {
    const pairs = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['c', 'd'],
      ['e', 'd'],
      ['d', 'd'],
    ] as const
    expect(
      strongComponents(
        ['a', 'b', 'c', 'd', 'e'],
        pairs.map(([from, to]) => ({ from, to })),
      ),
    ).toEqual([
      { id: 'a', nodes: ['a', 'b', 'c'] },
      { id: 'd', nodes: ['d'] },
      { id: 'e', nodes: ['e'] },
    ])
  })

  test('a chain of 50,000 does not overflow the stack', () => {
    const nodes = Array.from({ length: 50_000 }, (_, index) => `n${index}`)
    const edges = nodes.slice(1).map((to, index) => ({ from: nodes[index]!, to }))
    expect(strongComponents(nodes, edges)).toHaveLength(50_000)
    expect(strongComponents(nodes, [...edges, { from: nodes.at(-1)!, to: nodes[0]! }])).toHaveLength(1)
  })

  test('agrees with reachability on any graph', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const pair = fc.record({ from: fc.constantFrom(...names), to: fc.constantFrom(...names) })
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 14 }), edges => {
        const reach = new Map(names.map(name => [name, new Set([name])]))
        for (let round = 0; round < names.length; round += 1)
          for (const { from, to } of edges)
            for (const name of names) if (reach.get(name)!.has(from)) reach.get(name)!.add(to)
        const expected = names.map(name =>
          names.filter(other => reach.get(name)!.has(other) && reach.get(other)!.has(name)).join(),
        )
        const found = strongComponents(names, edges)
        expect(names.map(name => found.find(component => component.nodes.includes(name))!.nodes.join())).toEqual(
          expected,
        )
      }),
    )
  })
})

describe('diffTopology', () => {
  const container = {
    name: 'main',
    image: 'acme/web:1',
    init: false,
    ports: [],
    env: [{ name: 'A', value: '1', line: 3 }],
    resources: {},
    probes: [],
  }
  const before = topology(
    [node('gone'), node('web', { replicas: 2, line: 4, containers: [container] })],
    [edge('web', 'gone')],
  )

  test('names the fields a person would', () => {
    const after = topology(
      [
        node('new'),
        node('web', {
          replicas: 4,
          line: 9,
          containers: [
            {
              ...container,
              image: 'acme/web:2',
              env: [{ name: 'B', value: 'x', line: 8 }],
              resources: { limits: { memory: '1Gi' } },
            },
          ],
        }),
      ],
      [edge('web', 'new', { protocol: 'grpc' })],
    )
    expect(diffTopology(before, after)).toEqual({
      nodes: [
        { id: 'gone', change: 'removed', fields: [] },
        { id: 'new', change: 'added', fields: [] },
        {
          id: 'web',
          change: 'changed',
          fields: [
            { field: 'env A', before: '1' },
            { field: 'env B', after: 'x' },
            { field: 'image', before: 'acme/web:1', after: 'acme/web:2' },
            { field: 'memory limit', after: '1Gi' },
            { field: 'replicas', before: '2', after: '4' },
          ],
        },
      ],
      edges: [
        { from: 'web', to: 'gone', protocol: 'http', change: 'removed' },
        { from: 'web', to: 'new', protocol: 'grpc', change: 'added' },
      ],
    })
  })

  test('nothing changed is nothing said, although lines moved', () => {
    const moved = topology(
      [node('gone', { line: 7, file: 'b.yaml' }), node('web', { replicas: 2, line: 40, containers: [container] })],
      [edge('web', 'gone', { confidence: 0.5 })],
    )
    expect(diffTopology(before, moved)).toEqual({ nodes: [], edges: [] })
  })
})

const awkward = topology(
  [
    node('end'),
    node('shop/cart "x"\\', { kind: 'datastore' }),
    node('api.stripe.com', { kind: 'external' }),
    node('g', { kind: 'gateway' }),
    node('q', { kind: 'queue' }),
    node('e', { kind: 'edge' }),
  ],
  [edge('end', 'shop/cart "x"\\', { protocol: 'a"b' }), edge('g', 'end', { class: 'telemetry' })],
)

test('Mermaid, with names it would choke on', () => {
  expect(toMermaid(awkward)).toBe(`graph TD
  n0["end"]
  n1[("shop/cart #34;x#34;#92;")]
  n2(["api.stripe.com"])
  n3{{"g"}}
  n4[["q"]]
  n5[/"e"/]
  n0 -->|"a#34;b"| n1
  n3 -->|"http"| n0
`)
})

const dot = spawnSync('dot', ['-V'])
if (dot.error) console.log('NOT RUN: Graphviz on our DOT (dot is not installed)')
describe.runIf(!dot.error)('Graphviz', () => {
  test('draws it', () => {
    const drawn = spawnSync('dot', ['-Tsvg'], { input: toDot(awkward), encoding: 'utf8' })
    expect(drawn.stderr).toBe('')
    expect(drawn.stdout.match(/class="node"/g)).toHaveLength(6)
    expect(drawn.stdout.match(/class="edge"/g)).toHaveLength(2)
    expect(drawn.stdout).toContain('shop/cart &quot;x&quot;\\')
  })
})
