/** How a name is written into its room: at which size in pixels, on which lines, and whether it still has to be cut. */
export type FittedName = { readonly size: number; readonly lines: readonly string[]; readonly cut: boolean }

export type NameRoom = {
  /** Pixels at zoom 1. */
  readonly width: number
  readonly largest: number
  readonly smallest: number
  /** The size two lines are written at, at most; null where there is room for one line only. */
  readonly twoLines: number | null
}

const halfPixels = (size: number): number => Math.floor(size * 2) / 2

/**
 * Shrinks a long name until it fits, or breaks it in two where it has a dash, a dot or a slash, whichever is read
 * better; only what does not fit at the smallest size is cut. `widthOf` measures a text at a size of one pixel.
 */
export function fitName(name: string, room: NameRoom, widthOf: (text: string) => number): FittedName {
  const atMost = (width: number, largest: number) => halfPixels(Math.min(largest, room.width / Math.max(width, 0.001)))
  const one = atMost(widthOf(name), room.largest)
  const whole: FittedName = { size: Math.max(one, room.smallest), lines: [name], cut: one < room.smallest }
  if (room.twoLines === null || one >= room.twoLines) return whole
  const [broken] = [...name.matchAll(/[-./_](?=.)/g)]
    .map(({ index }) => [name.slice(0, index + 1), name.slice(index + 1)])
    .map(lines => ({ lines, width: Math.max(...lines.map(widthOf)) }))
    .sort((a, b) => a.width - b.width)
  if (!broken) return whole
  const size = atMost(broken.width, room.twoLines)
  return size >= room.smallest && size > one ? { size, lines: broken.lines, cut: false } : whole
}
