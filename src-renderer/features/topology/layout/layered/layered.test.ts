import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeHeight, nodeWidth } from '../measures.ts'
import type { Structure } from '../structure.ts'
import { connectedSets, type Digraph, withoutCircles } from './digraph.ts'
import { layered } from './layered.ts'
import { rankNodes } from './rank-nodes.ts'

const digraph = (count: number, arcs: readonly (readonly [number, number])[]): Digraph => ({
  count,
  from: Int32Array.from(arcs, ([from]) => from),
  to: Int32Array.from(arcs, ([, to]) => to),
  weight: new Float64Array(arcs.length).fill(1),
})
const graphs = fc.integer({ min: 2, max: 24 }).chain(count =>
  fc.record({
    count: fc.constant(count),
    arcs: fc.array(
      fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([a, b]) => a !== b),
      { maxLength: 50 },
    ),
  }),
)

test('without circles every arc leads on, and as far as the layers can be drawn together', () => {
  // A long way round and a short cut: the one node beside it moves next to what it calls.
  const graph = digraph(5, [
    [0, 1],
    [1, 2],
    [2, 3],
    [4, 3],
  ])
  expect([...rankNodes(graph)]).toEqual([0, 1, 2, 3, 2])
  fc.assert(
    fc.property(graphs, ({ count, arcs }) => {
      const set = connectedSets(digraph(count, arcs))[0]!
      const place = new Map(set.map((node, i) => [node, i]))
      const inside = arcs.filter(([a]) => place.has(a)).map(([a, b]) => [place.get(a)!, place.get(b)!] as const)
      const turned = withoutCircles(digraph(set.length, inside))
      const rank = rankNodes(turned)
      for (let arc = 0; arc < inside.length; arc++)
        expect(rank[turned.to[arc]!]).toBeGreaterThan(rank[turned.from[arc]!]!)
    }),
    { numRuns: 200 },
  )
})

test('whatever hangs together how, each node has a place of its own, the same each time', () => {
  fc.assert(
    fc.property(graphs, ({ count, arcs }) => {
      const id = (i: number) => `s${String(i).padStart(2, '0')}`
      const edges = [
        ...new Map(arcs.map(([a, b]) => [`${a} ${b}`, { from: id(a), to: id(b), weight: 3 as const }])).values(),
      ]
      const structure: Structure = { nodes: Array.from({ length: count }, (_, i) => id(i)), edges }
      const spots = [...layered(structure).values()]
      expect(spots).toHaveLength(count)
      for (const [i, a] of spots.entries())
        for (const b of spots.slice(i + 1))
          expect(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight).toBe(true)
      expect([...layered(structure).values()]).toEqual(spots)
    }),
    { numRuns: 60 },
  )
})

test('a star of six hundred is about as wide as a screen, not one tall column', () => {
  const leaves = Array.from({ length: 600 }, (_, i) => `leaf-${i}`)
  const positions = layered({
    nodes: ['hub', ...leaves],
    edges: leaves.map(to => ({ from: 'hub', to, weight: 3 })),
  })
  const spots = [...positions.values()]
  const width = Math.max(...spots.map(p => p.x)) - Math.min(...spots.map(p => p.x)) + nodeWidth
  const height = Math.max(...spots.map(p => p.y)) - Math.min(...spots.map(p => p.y)) + nodeHeight
  expect(width / height).toBeGreaterThan(0.8)
  expect(width / height).toBeLessThan(3)
})
