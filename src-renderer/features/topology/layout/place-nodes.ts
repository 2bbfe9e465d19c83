import { columnGap, nodeHeight, nodeWidth, type Point, type Positions, rowGap, snap } from './measures.ts'
import type { Structure } from './structure.ts'

export type Placing = {
  readonly structure: Structure
  /** Kept by a person, in the workspace: these win. */
  readonly pinned: Positions
  /** Where nodes stand on the screen, or stood when they were last seen. */
  readonly placed: Positions
  /** A layout of the whole structure; null while none was made. */
  readonly arranged: Positions | null
}

/**
 * Says where each node stands. Whatever stands somewhere stays there; a new node is put beside what it is connected
 * to, in free space. Only when nothing is placed yet is the whole taken from the layout.
 */
export function placeNodes({ structure, pinned, placed, arranged }: Placing): Map<string, Point> {
  const positions = new Map<string, Point>()
  for (const id of structure.nodes) {
    const point = pinned.get(id) ?? placed.get(id)
    if (point) positions.set(id, point)
  }
  const nothingPlaced = structure.nodes.every(id => !placed.has(id))
  if (nothingPlaced && arranged) {
    const shift = shiftOnto(arranged, pinned)
    const taken = spacesOf(positions)
    for (const id of structure.nodes) {
      const point = arranged.get(id)
      if (positions.has(id) || !point) continue
      const wish = { x: point.x + shift.x, y: point.y + shift.y }
      // Without pins nothing is in the way of a layout.
      const free = pinned.size === 0 ? wish : freeSpot(wish, taken)
      positions.set(id, free)
      taken.push(free)
    }
  }
  placeBesideNeighbours(structure, positions)
  return positions
}

/** Moves a layout as a whole so that it lies where the pinned nodes are: by the median of their differences. */
function shiftOnto(arranged: Positions, pinned: Positions): Point {
  const both = [...pinned].flatMap(([id, point]) => {
    const other = arranged.get(id)
    return other ? [{ x: point.x - other.x, y: point.y - other.y }] : []
  })
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return { x: median(both.map(p => p.x)), y: median(both.map(p => p.y)) }
}

const spacesOf = (positions: Positions): Point[] => [...positions.values()]

function placeBesideNeighbours(structure: Structure, positions: Map<string, Point>): void {
  const callers = Map.groupBy(structure.edges, edge => edge.to)
  const callees = Map.groupBy(structure.edges, edge => edge.from)
  const taken = spacesOf(positions)
  const waiting = new Set(structure.nodes.filter(id => !positions.has(id)))
  const put = (id: string, wish: Point) => {
    const spot = freeSpot(wish, taken)
    positions.set(id, spot)
    taken.push(spot)
    waiting.delete(id)
  }
  // Those with a placed neighbour first; each may give the next one its neighbour.
  for (let found = true; found && waiting.size > 0; ) {
    found = false
    for (const id of [...waiting]) {
      const left = (callers.get(id) ?? []).flatMap(edge => positions.get(edge.from) ?? [])
      const right = (callees.get(id) ?? []).flatMap(edge => positions.get(edge.to) ?? [])
      if (left.length + right.length === 0) continue
      found = true
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
      const x =
        left.length > 0
          ? Math.max(...left.map(p => p.x)) + nodeWidth + columnGap
          : Math.min(...right.map(p => p.x)) - nodeWidth - columnGap
      put(id, { x, y: mean([...left, ...right].map(p => p.y)) })
    }
  }
  const below = () => (taken.length > 0 ? Math.max(...taken.map(p => p.y)) + nodeHeight + rowGap * 2 : 0)
  const start = taken.length > 0 ? { x: Math.min(...taken.map(p => p.x)), y: below() } : { x: 0, y: 0 }
  let column = 0
  for (const id of [...waiting]) put(id, { x: start.x + (column++ % 5) * (nodeWidth + rowGap), y: start.y })
}

const onGrid = (value: number): number => Math.round(value / snap) * snap

/** The spot nearest to a wish where a node touches no other: first up and down its column, then the columns beside. */
export function freeSpot(wish: Point, taken: readonly Point[]): Point {
  const free = (x: number, y: number) =>
    taken.every(
      other => Math.abs(other.x - x) >= nodeWidth + snap * 3 || Math.abs(other.y - y) >= nodeHeight + snap * 3,
    )
  // Where the wish is free as it stands, the layout's own coordinate is kept, off the grid or not.
  if (free(wish.x, wish.y)) return wish
  const stepY = (nodeHeight + rowGap) / 2
  for (let aside = 0; aside < 40; aside++)
    for (let step = 0; step <= 24; step++)
      for (const sign of step === 0 ? [1] : [1, -1])
        for (const side of aside === 0 ? [1] : [1, -1]) {
          const x = onGrid(wish.x + side * aside * (nodeWidth + columnGap))
          const y = onGrid(wish.y + sign * step * stepY)
          if (free(x, y)) return { x, y }
        }
  return { x: onGrid(wish.x), y: onGrid(Math.max(wish.y, ...taken.map(p => p.y)) + nodeHeight + rowGap) }
}
