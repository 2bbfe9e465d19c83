const widths = new Map<string, number>()
let context: CanvasRenderingContext2D | null = null

/** The width of a node's name at a size of one pixel, in the weight names are written in. */
export function nameWidth(name: string): number {
  const known = widths.get(name)
  if (known !== undefined) return known
  context ??= document.createElement('canvas').getContext('2d')
  // A guess where nothing can be measured; the style sheet cuts what does not fit.
  if (!context) return name.length * 0.58
  context.font = `600 100px ${getComputedStyle(document.body).fontFamily}`
  const width = context.measureText(name).width / 100
  // Another font may have stood in for the one that is still being loaded.
  if (document.fonts.status === 'loaded') widths.set(name, width)
  return width
}
