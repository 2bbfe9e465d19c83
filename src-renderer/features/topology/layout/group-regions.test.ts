import { expect, test } from 'vitest'
import { drawnGraph } from '../model/drawn-graph.ts'
import { groupsIn } from '../model/group-graph.ts'
import { call, serviceNode, topologyOf, viewOf } from '../model/topology-fixture.ts'
import { arrange } from './arrange.ts'
import { regionAround } from './group-regions.ts'
import { placeGroups } from './place-groups.ts'
import { structureOf } from './structure.ts'

const spaces = ['edge', 'shop', 'data']
const names = spaces.flatMap(space => [1, 2, 3, 4].map(i => `${space}-${i}`))
const topology = (...more: string[]) =>
  topologyOf(
    [...names, ...more].map(id =>
      serviceNode(id, { workload: { kind: 'Deployment', namespace: id.split('-')[0]!, name: id } }),
    ),
    [1, 2, 3, 4].flatMap(i => [
      call(`edge-${i}`, `shop-${i}`),
      call(`shop-${i}`, `data-1`),
      call('shop-1', `shop-${i}`),
    ]),
  )
const grouped = (...more: string[]) => {
  const graph = drawnGraph(viewOf(topology(...more)))
  return { graph, groups: groupsIn(graph, [], 'namespace') }
}

test('regions hold their own and no other, who calls left of who is called', () => {
  const { graph, groups } = grouped()
  const positions = arrange(structureOf(graph, [...groups.groups.values()]), null)
  const [edge, shop, data] = spaces.map(
    space => regionAround(groups.groups.get(`namespace ${space}`)!.nodes, positions)!,
  )
  expect(edge!.x + edge!.width).toBeLessThan(shop!.x)
  expect(shop!.x + shop!.width).toBeLessThan(data!.x)
})

test('opening, closing and a new service move nothing else; a group that was moved takes its own along', () => {
  const { graph, groups } = grouped()
  const places = arrange(structureOf(graph, [...groups.groups.values()]), null)
  const shop = 'namespace shop'
  const closed = placeGroups(graph.nodes.keys(), groups, new Set(), new Map(), places)
  const open = placeGroups(graph.nodes.keys(), groups, new Set([shop]), new Map(), places)
  for (const [id, spot] of closed.positions) if (id !== shop) expect(open.positions.get(id)).toEqual(spot)
  expect(open.frames.get(shop)).toEqual(closed.positions.get(shop))

  const before = new Map(places)
  const more = grouped('shop-5')
  const grown = placeGroups(more.graph.nodes.keys(), more.groups, new Set([shop]), new Map(), places)
  for (const [id, place] of before) expect(places.get(id)).toEqual(place)
  const frame = grown.frames.get(shop)!
  const added = grown.positions.get('shop-5')!
  expect(added.y).toBeGreaterThan(frame.y)
  expect(added.y).toBeLessThan(frame.y + frame.height)

  const pinned = new Map([[shop, { x: 5000, y: 40 }]])
  const moved = placeGroups(graph.nodes.keys(), groups, new Set([shop]), pinned, before)
  expect(moved.frames.get(shop)).toMatchObject({ x: 5000, y: 40 })
  expect(moved.positions.get('shop-1')!.x).toBeGreaterThan(5000)
  expect(moved.positions.get('namespace edge')).toEqual(closed.positions.get('namespace edge'))
})
