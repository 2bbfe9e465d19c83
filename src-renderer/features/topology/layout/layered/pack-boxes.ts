import type { Point } from '../measures.ts'

export type Box = { readonly width: number; readonly height: number }

/**
 * Sets boxes in rows, as words are set in lines, so that the whole has about the asked shape. The order stays: the
 * first box is the top left one.
 *
 * @param shape width to height
 * @returns top left corners
 */
export function packBoxes(boxes: readonly Box[], shape: number, gap: number): Point[] {
  const area = boxes.reduce((sum, box) => sum + (box.width + gap) * (box.height + gap), 0)
  const widest = Math.max(Math.sqrt(area * shape), ...boxes.map(box => box.width))
  const corners: Point[] = []
  let [x, y, tallest] = [0, 0, 0]
  // A low box goes under the one before it while their row has room there.
  let under: { readonly x: number; y: number; readonly right: number } | null = null
  for (const box of boxes) {
    if (under && under.x + box.width <= under.right && under.y + box.height <= y + tallest) {
      corners.push({ x: under.x, y: under.y })
      under.y += box.height + gap
      continue
    }
    if (x > 0 && x + box.width > widest) {
      y += tallest + gap
      x = 0
      tallest = 0
    }
    corners.push({ x, y })
    tallest = Math.max(tallest, box.height)
    under = { x, y: y + box.height + gap, right: x + box.width }
    x += box.width + gap
  }
  return corners
}
