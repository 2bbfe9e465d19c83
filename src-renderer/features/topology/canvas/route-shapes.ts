import type { Point } from '../layout/measures.ts'
import type { PictureState } from '../picture.ts'

export type Drawable = { readonly path: string }
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
export const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top

const paths = new WeakMap<Drawable, Path2D>()
export function pathOf(route: Drawable): Path2D {
  const known = paths.get(route) ?? new Path2D(route.path)
  paths.set(route, known)
  return known
}

const boxes = new WeakMap<Drawable, Box>()
/** A box around all points that control a route: never smaller than the route. */
export function boundsOf(route: Drawable): Box {
  const known = boxes.get(route)
  if (known) return known
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity]
  for (const [, command, numbers = ''] of route.path.matchAll(/([MCH])([^MCH]*)/g)) {
    const values = numbers.trim().split(' ').map(Number)
    for (const [index, value] of values.entries())
      if (command === 'H' || index % 2 === 0) {
        left = Math.min(left, value)
        right = Math.max(right, value)
      } else {
        top = Math.min(top, value)
        bottom = Math.max(bottom, value)
      }
  }
  const box = { left: left - 8, top: top - 8, right: right + 8, bottom: bottom + 8 }
  boxes.set(route, box)
  return box
}

let measuring: CanvasRenderingContext2D | null = null
/** The edge drawn at a point of the picture, within `reach`; null when there is none. */
export function edgeAt(point: Point, reach: number, { routes }: PictureState): string | null {
  measuring ??= document.createElement('canvas').getContext('2d')
  if (!measuring) return null
  measuring.lineWidth = reach * 2
  for (const [id, route] of routes) {
    const box = boundsOf(route)
    if (point.x < box.left || point.x > box.right || point.y < box.top || point.y > box.bottom) continue
    if (measuring.isPointInStroke(pathOf(route), point.x, point.y)) return id
  }
  return null
}
