import type { Steps } from '../in-slices.ts'
import { heightOf, nodeHeight, nodeWidth, type Spot, widthOf } from '../layout/measures.ts'
import type { DrawnEdge, DrawnNode } from '../model/drawn-graph.ts'
import { edgeWidth, isGuess } from '../model/edge-style.ts'
import { fitName, type NameRoom } from '../model/fit-name.ts'
import type { DrawnGroup } from '../model/group-graph.ts'
import { blockFromZoom } from '../model/level-of-detail.ts'
import type { PictureState } from '../picture.ts'
import { nameWidth } from './name-width.ts'
import { paintLandmarks } from './paint-landmarks.ts'
import { boundsOf, overlaps, pathOf } from './route-shapes.ts'
import type { Transform } from './view-geometry.ts'

/** From here a node is high enough for its name to stand in it; below, names stand under the weightiest ones. */
const wordsFromZoom = 0.22

const tokens = [
  '--raised',
  '--canvas',
  '--surface',
  '--border',
  '--border-strong',
  '--border-control',
  '--text',
  '--text-muted',
  '--info-text',
  '--accent',
  '--accent-text',
  '--proposed',
  '--proposed-soft',
  '--removed',
  '--danger',
  '--danger-text',
  '--warn',
] as const
export type Colours = Record<(typeof tokens)[number], string>
export const readColours = (element: Element): Colours => {
  const style = getComputedStyle(element)
  return Object.fromEntries(tokens.map(name => [name, style.getPropertyValue(name)])) as Colours
}

/** What is painted with, on the page or out of sight. */
export type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export type Painting = {
  readonly transform: Transform
  /** Pixels of the screen around the frame that are painted too, so that a moving view has something to show. */
  readonly around: number
  readonly width: number
  readonly height: number
  /** Pixels of the device for one of the screen. */
  readonly scale: number
  readonly colours: Colours
  readonly family: string
  /** Whether nodes are painted, or only lines. */
  readonly nodes: boolean
  /** What a closed group says. */
  nameOf(group: DrawnGroup): string
  words(node: DrawnNode): { readonly name: string; readonly counts: string; readonly trouble: string }
}

/** Paints the picture, with pauses: ten thousand nodes take longer than a frame. */
export function* paintPicture(context: Brush, state: PictureState, painting: Painting): Steps<void> {
  const { transform, around, width, height, scale } = painting
  const [left, top, zoom] = [transform[0] + around, transform[1] + around, transform[2]]
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.setTransform(zoom * scale, 0, 0, zoom * scale, left * scale, top * scale)
  const seen = {
    left: -left / zoom,
    top: -top / zoom,
    right: (width + 2 * around - left) / zoom,
    bottom: (height + 2 * around - top) / zoom,
  }
  if (painting.nodes) paintFrames(context, state, painting)
  yield* paintEdges(context, state, painting, seen)
  if (!painting.nodes) return
  let passed = 0
  const brush = nodeBrush(context, state, painting)
  for (const [id, spot] of state.positions ?? []) {
    const node = state.shown.nodes.get(id)
    // The words of a group are set in sizes of their own: each is as much work as a hundred plain nodes.
    if (++passed % 128 === 0 || node?.group) yield
    const { x, y } = spot
    if (!node || x > seen.right || y > seen.bottom || x + widthOf(spot) < seen.left || y + heightOf(spot) < seen.top)
      continue
    if (node.group) paintGroup(context, node, spot, state, painting)
    else brush(node, spot)
  }
  context.globalAlpha = 1
  yield
  paintFrameNames(context, state, painting)
  if (zoom < wordsFromZoom)
    paintLandmarks(
      context,
      { left, top, zoom, scale, width: width + 2 * around, height: height + 2 * around },
      state,
      painting,
    )
}

type Seen = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

function* paintEdges(
  context: Brush,
  { lit, selected, shown, routes, measuredIsStale }: PictureState,
  { transform: [, , zoom], colours }: Painting,
  seen: Seen,
): Steps<void> {
  const focus = lit !== null || selected?.kind === 'edge'
  const isNear = (edge: DrawnEdge) =>
    lit !== null ? edge.from === lit || edge.to === lit : selected?.kind === 'edge' && selected.id === edge.id
  // So many lines that they would be one stain are drawn fainter.
  const usual = 0.55 * Math.min(1, Math.max(0.35, 900 / Math.max(routes.size, 1)))
  const later: [DrawnEdge, string][] = []
  let passed = 0
  const stroke = (edge: DrawnEdge, id: string, near: boolean) => {
    const route = routes.get(id)
    if (!route) return
    const telling = edge.dangling || edge.change !== 'same'
    context.globalAlpha = focus ? (near ? 1 : usual * 0.25) : telling ? 0.8 : usual
    context.strokeStyle = edge.dangling
      ? colours['--danger']
      : edge.change === 'removed'
        ? colours['--removed']
        : edge.change !== 'same'
          ? colours['--proposed']
          : near
            ? colours['--text-muted']
            : measuredIsStale && edge.rate !== null
              ? colours['--border-strong']
              : colours['--border-control']
    // Hairlines on the screen, whatever the zoom; a line that stands for many is as wide on it. Dashes only where they can be told apart.
    const wide = edge.rolled === undefined ? edgeWidth(edge.rate) : 0
    const many = edge.rolled === undefined ? 1 : Math.min(5, 0.75 + Math.log2(edge.rolled) * 0.5)
    context.lineWidth = Math.max(wide, many / zoom)
    context.setLineDash(isGuess(edge) && zoom > 0.2 && edge.rolled === undefined ? [5 / zoom, 4 / zoom] : [])
    context.stroke(pathOf(route))
    if (zoom >= blockFromZoom) {
      const { x, y } = route.end
      context.fillStyle = context.strokeStyle
      context.beginPath()
      context.moveTo(x, y)
      context.lineTo(x - 8 * route.heading, y - 4)
      context.lineTo(x - 8 * route.heading, y + 4)
      context.fill()
    }
  }
  for (const [id, route] of routes) {
    if (++passed % 48 === 0) yield
    const edge = shown.edges.get(id)
    if (!edge || !overlaps(boundsOf(route), seen)) continue
    if ((focus && isNear(edge)) || edge.dangling || edge.change !== 'same') later.push([edge, id])
    else stroke(edge, id, false)
  }
  // What matters lies on top.
  for (const [edge, id] of later) stroke(edge, id, focus && isNear(edge))
  context.setLineDash([])
  context.globalAlpha = 1
}

function nodeBrush(context: Brush, state: PictureState, painting: Painting) {
  const { selected, role, active, troubled } = state
  const { colours, family } = painting
  const zoom = painting.transform[2]
  const words = zoom >= wordsFromZoom
  // In pixels of the screen, because a name has to be read there; the sign of a change takes its place at the right.
  const roomFor = (changed: boolean): NameRoom => ({
    width: (nodeWidth - (changed ? 68 : 24)) * zoom,
    largest: Math.max(11, 22 * zoom),
    smallest: 8,
    twoLines: null,
  })
  const room = { same: roomFor(false), changed: roomFor(true) }
  let font = ''
  context.textBaseline = 'middle'
  return (node: DrawnNode, { x, y }: Spot) => {
    const { id } = node
    const isSelected = selected?.kind === 'node' && selected.id === id
    const isProposed = node.change === 'added' || node.change === 'changed'
    context.globalAlpha = role.quietNodes.has(id) && !isSelected ? 0.45 : 1
    context.beginPath()
    // From very far a corner is less than a pixel.
    if (zoom < 0.1) context.rect(x, y, nodeWidth, nodeHeight)
    else context.roundRect(x, y, nodeWidth, nodeHeight, words ? 6 : 14)
    context.fillStyle = isSelected
      ? colours['--accent']
      : isProposed
        ? colours['--proposed']
        : node.change === 'removed'
          ? colours['--canvas']
          : words
            ? colours['--raised']
            : node.kind === 'datastore' || node.kind === 'queue'
              ? colours['--info-text']
              : node.kind === 'gateway'
                ? colours['--accent-text']
                : colours['--text-muted']
    context.fill()
    const worst = troubled.has(id) || node.missing || node.findings.some(finding => finding.severity === 'error')
    context.lineWidth = (worst || isSelected || id === active ? 2.5 : 1) / zoom
    context.strokeStyle = worst
      ? colours['--danger']
      : node.change === 'removed'
        ? colours['--removed']
        : isSelected || id === active
          ? colours['--accent']
          : colours['--border-control']
    if (worst || words || node.change === 'removed' || id === active) context.stroke()
    if (words) {
      context.fillStyle = isSelected || isProposed ? colours['--canvas'] : colours['--text']
      const fits = room[node.change === 'same' ? 'same' : 'changed']
      const { size, cut } = fitName(id, fits, nameWidth)
      const wanted = `600 ${size / zoom}px ${family}`
      if (font !== wanted) {
        context.font = wanted
        font = wanted
      }
      context.fillText(cut ? cutTo(id, fits.width / size) : id, x + 12, y + nodeHeight / 2)
    }
    // What changes is told by its sign too, never by colour alone.
    if (node.change !== 'same')
      paintSign(context, node.change, x + nodeWidth * (words ? 1 : 0.5) - (words ? 30 : 0), y + nodeHeight / 2, colours)
  }
}

/** A closed group: its region, its name and its counts at a size that reads on the screen. */
function paintGroup(
  context: Brush,
  node: DrawnNode,
  spot: Spot,
  { selected, active, hovered }: PictureState,
  painting: Painting,
): void {
  const {
    transform: [, , zoom],
    colours,
    family,
  } = painting
  const { x, y } = spot
  const [width, height] = [widthOf(spot), heightOf(spot)]
  const isSelected = selected?.kind === 'node' && selected.id === node.id
  const { name, counts, trouble } = painting.words(node)
  context.globalAlpha = 1
  context.beginPath()
  context.roundRect(x, y, width, height, 6 / zoom)
  context.fillStyle = colours['--raised']
  context.fill()
  context.lineWidth = (isSelected || node.id === active ? 2 : 1) / zoom
  context.strokeStyle =
    isSelected || node.id === active
      ? colours['--accent']
      : node.change !== 'same'
        ? colours['--proposed']
        : hovered?.id === node.id
          ? colours['--text-muted']
          : colours['--border-control']
  context.stroke()
  const within = width * zoom - 8
  const size = Math.min(height * zoom * 0.2, (width * zoom * 0.8) / nameWidth(name), 20)
  // Rather a small name than half of one.
  const least = Math.max(8, Math.min(11, within / nameWidth(name)))
  const small = Math.max(Math.min(10, least), size * 0.6)
  const lines = [
    { text: name, size: Math.max(size, least), weight: 600, colour: colours['--text'] },
    { text: counts, size: small, weight: 400, colour: colours['--text-muted'] },
    { text: trouble, size: small, weight: 600, colour: colours['--danger-text'] },
  ].filter(line => line.text === name || (line.text !== '' && nameWidth(line.text) * line.size <= within))
  // As many lines as the region is high for; the name is always there.
  let room = height * zoom - 8
  const fitting = lines.filter((line, i) => {
    room -= line.size * 1.3
    return i === 0 || room >= 0
  })
  const all = fitting.reduce((sum, line) => sum + line.size * 1.3, 0)
  let at = y + height / 2 - all / zoom / 2
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const line of fitting) {
    context.font = `${line.weight} ${line.size / zoom}px ${family}`
    context.fillStyle = line.colour
    const fits = nameWidth(line.text) * line.size <= within + 0.5
    const words = fits ? line.text : cutTo(line.text, within / line.size)
    context.fillText(words, x + width / 2, at + (line.size * 0.65) / zoom)
    at += (line.size * 1.3) / zoom
  }
  context.textAlign = 'start'
}

/** The regions of open groups. */
function paintFrames(
  context: Brush,
  { frames, groups, selected }: PictureState,
  { transform: [, , zoom], colours }: Painting,
): void {
  for (const [id, { x, y, width, height }] of frames) {
    if (!groups.groups.has(id)) continue
    context.beginPath()
    context.roundRect(x, y, width, height, 6 / zoom)
    context.fillStyle = colours['--surface']
    context.fill()
    context.lineWidth = (selected?.id === id ? 2 : 1) / zoom
    context.strokeStyle = colours[selected?.id === id ? '--accent' : '--border-strong']
    context.stroke()
  }
}

/** The name of each open group at its top, at a size that reads on the screen. */
function paintFrameNames(
  context: Brush,
  { frames, groups }: PictureState,
  { transform: [, , zoom], colours, family, nameOf }: Painting,
): void {
  context.textBaseline = 'top'
  context.font = `600 ${12 / zoom}px ${family}`
  context.lineWidth = 3 / zoom
  context.lineJoin = 'round'
  for (const [id, { x, y, width }] of frames) {
    const group = groups.groups.get(id)
    if (!group || width * zoom < 32) continue
    const name = nameOf(group)
    const room = width * zoom - 8
    const shown = nameWidth(name) * 12 > room ? cutTo(name, room / 12) : name
    context.strokeStyle = colours['--surface']
    context.strokeText(shown, x + 5 / zoom, y + 4 / zoom)
    context.fillStyle = colours['--text']
    context.fillText(shown, x + 5 / zoom, y + 4 / zoom)
  }
  context.textBaseline = 'middle'
}

export function paintSign(
  context: Brush,
  change: 'added' | 'removed' | 'changed',
  x: number,
  y: number,
  colours: Colours,
): void {
  const r = 18
  context.beginPath()
  if (change === 'changed') {
    context.moveTo(x - r, y + r * 0.7)
    context.lineTo(x, y - r * 0.8)
    context.lineTo(x + r, y + r * 0.7)
    context.closePath()
  } else {
    context.moveTo(x - r, y)
    context.lineTo(x + r, y)
    if (change === 'added') {
      context.moveTo(x, y - r)
      context.lineTo(x, y + r)
    }
  }
  context.lineWidth = 7
  context.strokeStyle = change === 'removed' ? colours['--removed'] : colours['--canvas']
  context.stroke()
}

/** As much of a name as is about `width` wide, at a size of one pixel. */
function cutTo(name: string, width: number): string {
  const letters = Math.floor((name.length * (width - nameWidth('…'))) / nameWidth(name))
  return `${name.slice(0, Math.max(1, letters))}…`
}
