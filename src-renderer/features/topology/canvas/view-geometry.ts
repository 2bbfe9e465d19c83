import {
  boxAround,
  centreOf,
  heightOf,
  type Point,
  type Positions,
  type Size,
  type Spot,
  widthOf,
} from '../layout/measures.ts'

/** What is seen: left and top in pixels of the screen, and the zoom, as React Flow holds it. */
export type Transform = readonly [left: number, top: number, zoom: number]

/** Pixels of the screen kept free beside what has to be in sight. */
export const marginOf = (frame: Size): number => (frame.width < 800 ? 12 : 32)

/** Pixels of the screen at the bottom, where the legend and the zoom lie on the picture. */
export const roomBelow = 48

/** The box of the whole picture. */
export const boundsOf = (positions: Positions | null) =>
  boxAround(positions?.values() ?? []) ?? { x: 0, y: 0, width: 1, height: 1 }

/** Until the whole picture is first fitted into it the view lies at the origin of React Flow: nothing is looked at. */
export const isFitted = ([left, top, zoom]: Transform): boolean => left !== 0 || top !== 0 || zoom !== 1

/** Whether a spot is seen, with so many pixels of the picture around what is seen. */
export function isInView(spot: Spot, [left, top, zoom]: Transform, { width, height }: Size, around = 0): boolean {
  return (
    spot.x + widthOf(spot) > -left / zoom - around &&
    spot.x < (width - left) / zoom + around &&
    spot.y + heightOf(spot) > -top / zoom - around &&
    spot.y < (height - top) / zoom + around
  )
}

export function countInView(positions: Positions, transform: Transform, frame: Size): number {
  let count = 0
  for (const spot of positions.values()) if (isInView(spot, transform, frame)) count++
  return count
}

export function nodeAt(point: Point, positions: Positions | null): string | null {
  for (const [id, spot] of positions ?? [])
    if (
      point.x >= spot.x &&
      point.x <= spot.x + widthOf(spot) &&
      point.y >= spot.y &&
      point.y <= spot.y + heightOf(spot)
    )
      return id
  return null
}

export function neighboursOf(
  edges: Iterable<{ readonly from: string; readonly to: string }>,
  id: string,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { from, to } of edges) {
    if (from === id) found.add(to)
    if (to === id) found.add(from)
  }
  return found
}

/** The middles of all spots, for the arrow keys. */
export const centresOf = (positions: Positions): ReadonlyMap<string, Point> =>
  new Map([...positions].map(([id, spot]) => [id, centreOf(spot)]))

/**
 * How far the view has to move so that what matters is in sight: the main thing, and what is around it where all of
 * that fits. In pixels of the screen; zero where nothing has to move.
 */
export function shiftIntoSight([left, top, zoom]: Transform, main: Spot, around: readonly Spot[], frame: Size): Point {
  const margin = marginOf(frame)
  const height = Math.max(0, frame.height - roomBelow)
  const shift = (spots: readonly Spot[], need: boolean): Point => {
    const box = boxAround(spots)
    if (!box) return { x: 0, y: 0 }
    const along = (from: number, to: number, room: number) =>
      to - from > room && !need ? 0 : from < 0 ? -from : to > room ? Math.max(room - to, -from) : 0
    const [x, y] = [box.x * zoom + left - margin, box.y * zoom + top - margin]
    return {
      x: along(x, x + box.width * zoom + 2 * margin, frame.width),
      y: along(y, y + box.height * zoom + 2 * margin, height),
    }
  }
  const wide = shift([main, ...around], false)
  // What is around may lie so far off that the node itself would leave: then the node wins.
  const [x, y] = [main.x * zoom + left + wide.x, main.y * zoom + top + wide.y]
  const visible = x >= 0 && x + widthOf(main) * zoom <= frame.width && y >= 0 && y + heightOf(main) * zoom <= height
  return visible ? wide : shift([main], true)
}
