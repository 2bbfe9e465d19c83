import { Graphviz } from '@hpcc-js/wasm-graphviz'
import { expect, test } from 'vitest'
import { dotSource, positionsFromPlain } from './dot-source.ts'
import { layered } from './layered/layered.ts'
import { type LayoutWorker, layoutsInWorker } from './layout-in-worker.ts'
import type { LayoutAnswer, LayoutRequest } from './layout-worker.ts'
import { columnGap, nodeHeight, nodeWidth, type Point, type Positions } from './measures.ts'
import { placeNodes } from './place-nodes.ts'
import { routeEdges } from './route-edges.ts'
import { type Structure, structureHash } from './structure.ts'
import { packPositions } from './structure-message.ts'

const chain: Structure = {
  nodes: ['cart', 'loose', 'redis', 'web'],
  edges: [
    { from: 'cart', to: 'redis', weight: 3 },
    { from: 'web', to: 'cart', weight: 3 },
  ],
}
const none: Positions = new Map()
const overlaps = (positions: Positions) =>
  [...positions].flatMap(([a, p]) =>
    [...positions].flatMap(([b, q]) =>
      a < b && Math.abs(p.x - q.x) < nodeWidth && Math.abs(p.y - q.y) < nodeHeight ? [`${a}/${b}`] : [],
    ),
  )
/** Six tiers, every node calls a few of the next tier: like a service graph. */
function tiers(count: number, perNode: number): Structure {
  const nodes = Array.from({ length: count }, (_, i) => `s${String(i).padStart(4, '0')}`)
  const tier = Math.ceil(count / 6)
  const edges = nodes.flatMap((from, i) =>
    i + tier >= count
      ? []
      : Array.from({ length: perNode }, (_, k) => ({
          from,
          to: nodes[Math.min(count - 1, (Math.floor(i / tier) + 1) * tier + ((i * 7 + k * 13) % tier))]!,
          weight: 3 as const,
        })),
  )
  return { nodes, edges: [...new Map(edges.map(edge => [`${edge.from} ${edge.to}`, edge])).values()] }
}

test('Graphviz puts callers left of what they call, and nodes without edges below', async () => {
  const graphviz = await Graphviz.load()
  const positions = positionsFromPlain(graphviz.layout(dotSource(chain), 'plain', 'dot'), chain)
  expect(positions.get('web')!.x).toBeLessThan(positions.get('cart')!.x)
  expect(positions.get('cart')!.x).toBeLessThan(positions.get('redis')!.x)
  expect(positions.get('loose')!.y).toBeGreaterThan(positions.get('cart')!.y + nodeHeight)
  expect(overlaps(positions)).toEqual([])
})

test('the layers of our own survive circles, and stand callers left of what they call', () => {
  const positions = layered({ ...chain, edges: [...chain.edges, { from: 'redis', to: 'web', weight: 1 }] })
  expect(positions.size).toBe(4)
  expect(overlaps(positions)).toEqual([])
  expect(layered(chain).get('web')!.x).toBeLessThan(layered(chain).get('cart')!.x)
})

test('the hash depends on structure alone', () => {
  expect(structureHash(chain)).toBe(structureHash(structuredClone(chain)))
  expect(structureHash(chain)).not.toBe(structureHash({ ...chain, nodes: [...chain.nodes, 'zoo'] }))
})

test('a new node never moves the others, and stands beside what it is connected to', () => {
  const placed = placeNodes({ structure: chain, pinned: none, placed: none, arranged: layered(chain) })
  const more: Structure = {
    nodes: [...chain.nodes, 'risk'],
    edges: [...chain.edges, { from: 'web', to: 'risk', weight: 3 }],
  }
  const next = placeNodes({ structure: more, pinned: none, placed, arranged: null })
  for (const id of chain.nodes) expect(next.get(id)).toEqual(placed.get(id))
  expect(next.get('risk')!.x).toBeGreaterThan(placed.get('web')!.x)
  expect(overlaps(next)).toEqual([])
})

test('pinned nodes win, the layout follows them as a whole and gives way', () => {
  const arranged = layered(chain)
  const pinned = new Map<string, Point>([['web', { x: 1000, y: 500 }]])
  const positions = placeNodes({ structure: chain, pinned, placed: none, arranged })
  expect(positions.get('web')).toEqual({ x: 1000, y: 500 })
  expect(positions.get('cart')!.x).toBe(1000 + nodeWidth + columnGap)
  expect(overlaps(positions)).toEqual([])
})

test('many new nodes at once still overlap nothing', () => {
  const structure = tiers(200, 2)
  const half: Structure = {
    nodes: structure.nodes.slice(0, 100),
    edges: structure.edges.filter(edge => edge.from < 's0100' && edge.to < 's0100'),
  }
  const placed = placeNodes({ structure: half, pinned: none, placed: none, arranged: layered(half) })
  expect(overlaps(placeNodes({ structure, pinned: none, placed, arranged: null }))).toEqual([])
})

/** Points along a route, from its path data (M, C and H only). */
function along(path: string): Point[] {
  const points: Point[] = []
  let at: Point = { x: 0, y: 0 }
  for (const [, command, rest = ''] of path.matchAll(/([MCH])([^MCH]*)/g)) {
    const n = rest.trim().split(/[ ,]+/).map(Number)
    if (command === 'M') at = { x: n[0]!, y: n[1]! }
    else if (command === 'H') {
      for (let i = 0; i <= 10; i++) points.push({ x: at.x + ((n[0]! - at.x) * i) / 10, y: at.y })
      at = { x: n[0]!, y: at.y }
    } else {
      for (let i = 0; i <= 40; i++) {
        const t = i / 40
        const u = 1 - t
        const f = (a: number, b: number, c: number, d: number) =>
          u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
        points.push({ x: f(at.x, n[0]!, n[2]!, n[4]!), y: f(at.y, n[1]!, n[3]!, n[5]!) })
      }
      at = { x: n[4]!, y: n[5]! }
    }
  }
  return points
}
const crosses = (path: string, box: Point) =>
  along(path).some(
    p => p.x > box.x + 1 && p.x < box.x + nodeWidth - 1 && p.y > box.y + 1 && p.y < box.y + nodeHeight - 1,
  )

test('an edge goes round the nodes between its ends', () => {
  const positions = new Map<string, Point>([
    ['a', { x: 0, y: 0 }],
    ['between', { x: 300, y: 0 }],
    ['between too', { x: 300, y: 88 }],
    ['b', { x: 600, y: 0 }],
  ])
  const { path } = routeEdges([{ id: 'e', from: 'a', to: 'b' }], positions).get('e')!
  expect(crosses(path, positions.get('between')!)).toBe(false)
  expect(crosses(path, positions.get('between too')!)).toBe(false)
  expect(path.startsWith('M240 30C')).toBe(true)
  expect(path.endsWith(' 600 30')).toBe(true)
})

test('an edge against the flow runs back between the rows', () => {
  const positions = new Map<string, Point>([
    ['a', { x: 600, y: 0 }],
    ['b', { x: 0, y: 0 }],
    ['c', { x: 300, y: 0 }],
  ])
  const { path } = routeEdges([{ id: 'e', from: 'a', to: 'b' }], positions).get('e')!
  for (const box of positions.values()) expect(crosses(path, box)).toBe(false)
})

test('ends spread along a side in the order of the other ends', () => {
  const positions = new Map<string, Point>([
    ['a', { x: 0, y: 100 }],
    ['low', { x: 600, y: 300 }],
    ['high', { x: 600, y: 0 }],
  ])
  const routes = routeEdges(
    [
      { id: '1', from: 'a', to: 'low' },
      { id: '2', from: 'a', to: 'high' },
    ],
    positions,
  )
  expect(routes.get('2')!.path.startsWith('M240 126')).toBe(true)
  expect(routes.get('1')!.path.startsWith('M240 134')).toBe(true)
})

test('1,500 edges among 500 nodes are routed well within a frame budget of drops', () => {
  const structure = tiers(500, 4)
  const positions = layered(structure)
  const edges = structure.edges.slice(0, 1500).map(edge => ({ ...edge, id: `${edge.from} ${edge.to}` }))
  expect(edges).toHaveLength(1500)
  const start = performance.now()
  expect(routeEdges(edges, positions).size).toBe(1500)
  const took = performance.now() - start
  console.log(`1500 edges among 500 nodes: routed in ${took.toFixed(0)} ms`)
  // Far above what it takes, so that a busy machine does not fail it; a quadratic slip still does.
  expect(took).toBeLessThan(15_000)
})

/** Answers as the real worker does, in this thread, when told to. */
function fakeWorker(answer: (request: LayoutRequest) => LayoutAnswer | null) {
  const worker = {
    onmessage: null as LayoutWorker['onmessage'],
    onerror: null as LayoutWorker['onerror'],
    terminated: false,
    postMessage(request: LayoutRequest) {
      queueMicrotask(() => {
        const data = answer(request)
        if (data) worker.onmessage?.call(worker as unknown as Worker, { data } as MessageEvent)
      })
    },
    terminate() {
      worker.terminated = true
    },
  }
  return worker
}

test('a layout is asked for once and then kept; a failed one is made without the worker', async () => {
  let asked = 0
  using layouts = layoutsInWorker(() =>
    fakeWorker(({ id, structure }) => {
      asked++
      return structure.nodes.length === chain.nodes.length
        ? { id, positions: packPositions(structure.nodes, new Map([['web', { x: 1, y: 2 }]])) }
        : { id, failure: 'no' }
    }),
  )
  const signal = new AbortController().signal
  const first = await layouts.arrange(chain, signal)
  expect(first).toEqual(new Map([['web', { x: 1, y: 2 }]]))
  expect(await layouts.arrange(structuredClone(chain), signal)).toBe(first)
  expect(asked).toBe(1)
  const other = tiers(6, 1)
  expect(await layouts.arrange(other, signal)).toEqual(layered(other))
})

test('a cancelled layout ends its worker, and the next one starts another', async () => {
  const workers: ReturnType<typeof fakeWorker>[] = []
  using layouts = layoutsInWorker(() => {
    const silent = workers.length === 0
    const worker = fakeWorker(({ id }) => (silent ? null : { id, positions: new Float64Array() }))
    workers.push(worker)
    return worker
  })
  const abort = new AbortController()
  const first = layouts.arrange(chain, abort.signal)
  abort.abort()
  await expect(first).rejects.toThrow()
  expect(workers[0]!.terminated).toBe(true)
  await layouts.arrange(chain, new AbortController().signal)
  expect(workers).toHaveLength(2)
})
