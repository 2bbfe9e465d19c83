/** Size of a node in pixels at zoom 1; the same at every level of detail, so that zooming moves nothing. */
export const nodeWidth = 240
export const nodeHeight = 60
/** Free space between two columns and two rows of the layout. */
export const columnGap = 72
export const rowGap = 28
/** Nodes snap to this grid when dragged, so that two of them line up. */
export const snap = 4

/** Top left corner, pixels at zoom 1. */
export type Point = { readonly x: number; readonly y: number }
export type Size = { readonly width: number; readonly height: number }
/** Where a thing stands. A group takes the room of all that is in it; a node says no size and has that of all nodes. */
export type Spot = Point & Partial<Size>
export type Positions = ReadonlyMap<string, Spot>

export const widthOf = (spot: Spot): number => spot.width ?? nodeWidth
export const heightOf = (spot: Spot): number => spot.height ?? nodeHeight

/** The middle of where something stands. */
export const centreOf = (spot: Spot): Point => ({ x: spot.x + widthOf(spot) / 2, y: spot.y + heightOf(spot) / 2 })

/** The box around spots; null around none. */
export function boxAround(spots: Iterable<Spot>): (Point & Size) | null {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity]
  for (const spot of spots) {
    left = Math.min(left, spot.x)
    top = Math.min(top, spot.y)
    right = Math.max(right, spot.x + widthOf(spot))
    bottom = Math.max(bottom, spot.y + heightOf(spot))
  }
  return left > right ? null : { x: left, y: top, width: right - left, height: bottom - top }
}
