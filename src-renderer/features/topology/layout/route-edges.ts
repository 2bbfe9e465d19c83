import { atOnce, type Steps } from '../in-slices.ts'
import {
  centreOf,
  heightOf,
  nodeHeight,
  nodeWidth,
  type Point,
  type Positions,
  type Size,
  type Spot,
  widthOf,
} from './measures.ts'

export type Route = {
  /** SVG path data; also what the canvas draws. */
  readonly path: string
  /** Where a label stands on it. */
  readonly label: Point
  /** Where it arrives. */
  readonly end: Point
  /** Which way it goes when it arrives: to the right, but between groups, whose lines take the nearer side. */
  readonly heading: 1 | -1
}
export type RoutedEdge = { readonly id: string; readonly from: string; readonly to: string }

/** Ends of edges at one side of a node stand this far apart while there is room. */
const portGap = 8
/** Distance an edge keeps from the nodes it passes. */
const clearance = 10
/** Above this many edges they no longer go round nodes: nobody follows single lines there. */
export const mostRoundedEdges = 2000

/**
 * Draws each edge from the right side of its caller to the left side of what it calls, through the gaps between the
 * nodes in between. Pure and fast enough to be asked again after every drag (1,500 edges among 500 nodes: see test).
 */
export const routeEdges = (edges: readonly RoutedEdge[], positions: Positions): Map<string, Route> =>
  atOnce(routingSteps(edges, positions))

/** The same with pauses, for many edges. */
export function* routingSteps(edges: readonly RoutedEdge[], positions: Positions): Steps<Map<string, Route>> {
  const { out, into } = yield* ports(edges, positions)
  const obstacles = edges.length > mostRoundedEdges ? null : obstacleIndex(positions)
  const routes = new Map<string, Route>()
  for (const [i, edge] of edges.entries()) {
    if (i % 64 === 0) yield
    const from = positions.get(edge.from)
    const to = positions.get(edge.to)
    if (from && to && (from.width !== undefined || to.width !== undefined)) {
      routes.set(edge.id, routeBetweenRegions(from, to))
      continue
    }
    const start = out.get(edge.id)
    const end = into.get(edge.id)
    if (!start || !end) continue
    routes.set(edge.id, route(start, end, edge, obstacles))
  }
  return routes
}

/** Spreads the ends of edges along the sides of their nodes, in the order in which the other ends stand. */
function* ports(edges: readonly RoutedEdge[], positions: Positions) {
  function* spread(side: 'from' | 'to', other: 'from' | 'to', atEnd: boolean): Steps<Map<string, Point>> {
    const result = new Map<string, Point>()
    const groups = Map.groupBy(edges, edge => edge[side])
    yield
    let done = 0
    for (const [id, group] of groups) {
      if (++done % 64 === 0) yield
      const at = positions.get(id)
      if (!at) continue
      const sorted = group
        .filter(edge => positions.has(edge[other]))
        .sort((a, b) => {
          const p = positions.get(a[other])!
          const q = positions.get(b[other])!
          return p.y - q.y || p.x - q.x || (a.id < b.id ? -1 : 1)
        })
      const height = heightOf(at)
      const gap = sorted.length < 2 ? 0 : Math.min(portGap * (height / nodeHeight), (height - 24) / (sorted.length - 1))
      for (const [i, edge] of sorted.entries())
        result.set(edge.id, {
          x: at.x + (atEnd ? widthOf(at) : 0),
          y: at.y + height / 2 + (i - (sorted.length - 1) / 2) * gap,
        })
    }
    return result
  }
  return { out: yield* spread('from', 'to', true), into: yield* spread('to', 'from', false) }
}

type Box = Point & Size & { readonly id: string }
/** Nodes by vertical strips one node wide, so that an edge asks only those it may meet. */
type ObstacleIndex = {
  readonly strips: ReadonlyMap<number, readonly Box[]>
  /** What is taken between two `x`, from top to bottom: lines pass the same columns again and again. */
  readonly taken: Map<string, readonly (readonly [number, number])[]>
}
const strip = (x: number): number => Math.floor(x / nodeWidth)

function obstacleIndex(positions: Positions): ObstacleIndex {
  const strips = new Map<number, Box[]>()
  for (const [id, spot] of positions) {
    const box = { id, x: spot.x, y: spot.y, width: widthOf(spot), height: heightOf(spot) }
    for (let s = strip(box.x - clearance); s <= strip(box.x + box.width + clearance); s++) {
      const list = strips.get(s)
      if (list) list.push(box)
      else strips.set(s, [box])
    }
  }
  return { strips, taken: new Map() }
}

function boxesBetween(index: ObstacleIndex, left: number, right: number): Box[] {
  const found = new Set<Box>()
  const ids = new Set<string>()
  for (let s = strip(left); s <= strip(right); s++)
    for (const box of index.strips.get(s) ?? [])
      if (box.x < right && box.x + box.width > left && !ids.has(box.id)) {
        ids.add(box.id)
        found.add(box)
      }
  return [...found]
}

/** A stretch of a route that runs level between two `x`, through a gap in a column. */
type Pass = { readonly left: number; readonly right: number; readonly y: number }

function route(start: Point, end: Point, edge: RoutedEdge, index: ObstacleIndex | null): Route {
  if (edge.from === edge.to || end.x < start.x + 24) return loopBack(start, end, index)
  const passes = index ? findPasses(start, end, edge, index, 0) : []
  let path = `M${round(start.x)} ${round(start.y)}`
  let at = start
  let label: Point = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
  let longest = 0
  const curveTo = (to: Point) => {
    const half = (to.x - at.x) / 2
    path += `C${round(at.x + half)} ${round(at.y)} ${round(to.x - half)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`
    keepLongest(at, to)
    at = to
  }
  const keepLongest = (from: Point, to: Point) => {
    const length = Math.abs(to.x - from.x)
    if (length > longest) {
      longest = length
      label = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
    }
  }
  for (const pass of passes) {
    curveTo({ x: pass.left, y: pass.y })
    path += `H${round(pass.right)}`
    keepLongest(at, { x: pass.right, y: pass.y })
    at = { x: pass.right, y: pass.y }
  }
  curveTo(end)
  return { path, label, end, heading: 1 }
}

/** Looks along the direct curve for the first node in its way, passes it through the nearest gap, then looks again on both sides. */
function findPasses(start: Point, end: Point, edge: RoutedEdge, index: ObstacleIndex, depth: number): Pass[] {
  if (end.x - start.x < 2 * clearance || depth > 6) return []
  const samples = Math.min(64, Math.max(12, Math.ceil((end.x - start.x) / 40)))
  for (let i = 1; i < samples; i++) {
    const t = i / samples
    const x = cubic(start.x, (start.x + end.x) / 2, (start.x + end.x) / 2, end.x, t)
    const y = cubic(start.y, start.y, end.y, end.y, t)
    const hit = index.strips
      .get(strip(x))
      ?.find(
        box =>
          box.id !== edge.from &&
          box.id !== edge.to &&
          x > box.x - 4 &&
          x < box.x + box.width + 4 &&
          y > box.y - clearance + 4 &&
          y < box.y + box.height + clearance - 4,
      )
    if (!hit) continue
    const left = Math.max(hit.x - clearance, start.x + 4)
    const right = Math.min(hit.x + hit.width + clearance, end.x - 4)
    if (right <= left) continue
    const pass: Pass = { left, right, y: nearestGap(y, index, left, right) }
    return [
      ...findPasses(start, { x: pass.left, y: pass.y }, edge, index, depth + 1),
      pass,
      ...findPasses({ x: pass.right, y: pass.y }, end, edge, index, depth + 1),
    ]
  }
  return []
}

/** The height nearest to `y` at which nothing between two `x` is met. */
function nearestGap(y: number, index: ObstacleIndex, left: number, right: number): number {
  const around = takenBetween(index, left, right).find(([top, bottom]) => y > top && y < bottom)
  if (!around) return y
  return y - around[0] < around[1] - y ? around[0] : around[1]
}

function takenBetween(index: ObstacleIndex, left: number, right: number): readonly (readonly [number, number])[] {
  const key = `${left} ${right}`
  const known = index.taken.get(key)
  if (known) return known
  const merged: [number, number][] = []
  for (const { y, height } of boxesBetween(index, left, right).sort((a, b) => a.y - b.y)) {
    const [top, bottom] = [y - clearance, y + height + clearance]
    const last = merged.at(-1)
    if (last && top < last[1]) last[1] = Math.max(last[1], bottom)
    else merged.push([top, bottom])
  }
  index.taken.set(key, merged)
  return merged
}

/** Against the flow: out to the right, level through a gap back to the left, in from the left. */
function loopBack(start: Point, end: Point, index: ObstacleIndex | null): Route {
  const reach = 36
  const far = Math.abs(start.y - end.y) > nodeHeight + 2 * clearance
  const wish = far ? (start.y + end.y) / 2 : Math.max(start.y, end.y) + nodeHeight / 2 + clearance + 6
  const left = end.x - reach
  const right = start.x + reach
  // The ends of the edge themselves are in the way here too.
  const y = index ? nearestGap(wish, index, left, right) : wish
  const path =
    `M${round(start.x)} ${round(start.y)}C${round(right)} ${round(start.y)} ${round(right)} ${round(y)} ${round(start.x)} ${round(y)}` +
    `H${round(end.x)}C${round(left)} ${round(y)} ${round(left)} ${round(end.y)} ${round(end.x)} ${round(end.y)}`
  return { path, label: { x: (start.x + end.x) / 2, y }, end, heading: 1 }
}

/** From the side of a region that is nearer to the other, in one curve: round other regions it would wind through all of them. */
function routeBetweenRegions(from: Spot, to: Spot): Route {
  const start = centreOf(from)
  const end = centreOf(to)
  const right = { from: from.x + widthOf(from), to: to.x + widthOf(to) }
  const side = to.x >= right.from ? 1 : right.to <= from.x ? -1 : 0
  // One above the other: out and in on the right, in a bow.
  const a = { x: side === -1 ? from.x : right.from, y: start.y }
  const b = { x: side === 1 ? to.x : right.to, y: end.y }
  const reach = side === 0 ? 160 + Math.abs(b.y - a.y) * 0.12 : Math.abs(b.x - a.x) / 2
  const [c, d] = [a.x + (side || 1) * reach, b.x - (side || -1) * reach]
  return {
    path: `M${round(a.x)} ${round(a.y)}C${round(c)} ${round(a.y)} ${round(d)} ${round(b.y)} ${round(b.x)} ${round(b.y)}`,
    label: { x: cubic(a.x, c, d, b.x, 0.5), y: (a.y + b.y) / 2 },
    end: b,
    heading: side === 1 ? 1 : -1,
  }
}

const cubic = (a: number, b: number, c: number, d: number, t: number): number => {
  const u = 1 - t
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
}
const round = (value: number): number => Math.round(value * 10) / 10
