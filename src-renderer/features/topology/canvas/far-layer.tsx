import { type ReactFlowState, useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { nodeHeight, nodeWidth, type Point } from '../layout/measures.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import { edgeWidth, isGuess } from '../model/edge-style.ts'
import { fitName, type NameRoom } from '../model/fit-name.ts'
import { blockFromZoom } from '../model/level-of-detail.ts'
import type { PictureState } from '../picture.ts'
import { useCanvas } from '../topology-context.ts'
import styles from './far-layer.module.css'
import { nameWidth } from './name-width.ts'

/** From here a node is high enough for its name to stand in it; below, names stand under the weightiest ones. */
const wordsFromZoom = 0.22

const tokens = [
  '--raised',
  '--canvas',
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
  '--warn',
] as const
type Colours = Record<(typeof tokens)[number], string>
const readColours = (element: Element): Colours => {
  const style = getComputedStyle(element)
  return Object.fromEntries(tokens.map(name => [name, style.getPropertyValue(name)])) as Colours
}

/**
 * The edges of a large picture, and from far away its nodes too, on one canvas: React Flow falls under 30 frames a second with a thousand elements in
 * view, a canvas holds 60 with ten thousand. Drawn again when the viewport, the picture or the theme changes.
 */
export function FarLayer({ nodes }: { nodes: boolean }) {
  const { picture } = useCanvas()
  const flow = useStoreApi()
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    let colours = readColours(canvas)
    let frame = 0
    const ask = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => draw(canvas, flow.getState(), picture.store.getState(), colours, nodes))
    }
    const leaveFlow = flow.subscribe((state, was) => {
      if (state.transform !== was.transform || state.width !== was.width || state.height !== was.height) ask()
    })
    const leavePicture = picture.store.subscribe(ask)
    const theme = new MutationObserver(() => {
      colours = readColours(canvas)
      ask()
    })
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    ask()
    return () => {
      cancelAnimationFrame(frame)
      leaveFlow()
      leavePicture()
      theme.disconnect()
    }
  }, [flow, picture, nodes])
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; what is on it is said by the group around it
  return <canvas ref={ref} className={styles['far']} aria-hidden="true" />
}

function draw(
  canvas: HTMLCanvasElement,
  { transform: [left, top, zoom], width, height }: ReactFlowState,
  picture: PictureState,
  colours: Colours,
  nodes: boolean,
): void {
  const context = canvas.getContext('2d')
  if (!context || !picture.positions) return
  const scale = window.devicePixelRatio
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
  }
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.setTransform(zoom * scale, 0, 0, zoom * scale, left * scale, top * scale)
  const { lit, selected, shown, routes, positions, role, active } = picture
  const seen = { left: -left / zoom, top: -top / zoom, right: (width - left) / zoom, bottom: (height - top) / zoom }
  const focus = lit !== null || selected?.kind === 'edge'
  for (const [id, route] of routes) {
    const edge = shown.edges.get(id)
    if (!edge || !overlaps(boundsOf(route), seen)) continue
    const near = lit !== null ? edge.from === lit || edge.to === lit : selected?.kind === 'edge' && selected.id === id
    context.globalAlpha = focus ? (near ? 1 : 0.12) : 0.55
    context.strokeStyle = edge.dangling
      ? colours['--danger']
      : edge.change === 'removed'
        ? colours['--removed']
        : edge.change !== 'same'
          ? colours['--proposed']
          : near
            ? colours['--text-muted']
            : colours['--border-control']
    // Hairlines on the screen, whatever the zoom; dashes only where they can be told apart.
    context.lineWidth = Math.max(edgeWidth(edge.rate), 1 / zoom)
    context.setLineDash(isGuess(edge) && zoom > 0.2 ? [5 / zoom, 4 / zoom] : [])
    context.stroke(pathOf(route))
    if (zoom >= blockFromZoom) {
      const { x, y } = route.end
      context.fillStyle = context.strokeStyle
      context.beginPath()
      context.moveTo(x, y)
      context.lineTo(x - 8, y - 4)
      context.lineTo(x - 8, y + 4)
      context.fill()
    }
  }
  context.setLineDash([])
  context.globalAlpha = 1
  if (!nodes) return
  const words = zoom >= wordsFromZoom
  const family = getComputedStyle(canvas).fontFamily
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
  for (const [id, { x, y }] of positions) {
    const node = shown.nodes.get(id)
    if (!node || x > seen.right || y > seen.bottom || x + nodeWidth < seen.left || y + nodeHeight < seen.top) continue
    const isSelected = selected?.kind === 'node' && selected.id === id
    context.globalAlpha = role.quietNodes.has(id) && !isSelected ? 0.45 : 1
    context.beginPath()
    context.roundRect(x, y, nodeWidth, nodeHeight, words ? 6 : 14)
    context.fillStyle = isSelected
      ? colours['--accent']
      : node.change === 'added' || node.change === 'changed'
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
    const worst = node.findings.some(finding => finding.severity === 'error') || node.missing
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
      context.fillStyle =
        isSelected || node.change === 'added' || node.change === 'changed' ? colours['--canvas'] : colours['--text']
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
      sign(context, node.change, x + nodeWidth * (words ? 1 : 0.5) - (words ? 30 : 0), y + nodeHeight / 2, colours)
  }
  context.globalAlpha = 1
  if (!words) landmarks(context, { left, top, zoom, scale, width, height }, picture, colours)
}

type Drawable = { readonly path: string }
type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top

const paths = new WeakMap<Drawable, Path2D>()
function pathOf(route: Drawable): Path2D {
  const known = paths.get(route) ?? new Path2D(route.path)
  paths.set(route, known)
  return known
}

const boxes = new WeakMap<Drawable, Box>()
/** A box around all points that control a route: never smaller than the route. */
function boundsOf(route: Drawable): Box {
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

const byWeight = new WeakMap<object, readonly DrawnNode[]>()
/** Names at the size of the screen, the weightiest first, as far as they do not cover one another: as on a map. */
function landmarks(
  context: CanvasRenderingContext2D,
  view: Readonly<Record<'left' | 'top' | 'zoom' | 'scale' | 'width' | 'height', number>>,
  { shown, positions, selected, hovered, active }: PictureState,
  colours: Colours,
): void {
  const { left, top, zoom, scale, width, height } = view
  const weight = (node: DrawnNode) => (node.change === 'same' ? 0 : 1000) + node.findings.length * 100 + node.degree
  const ranked = byWeight.get(shown) ?? [...shown.nodes.values()].sort((a, b) => weight(b) - weight(a))
  byWeight.set(shown, ranked)
  const first = [selected, hovered].flatMap(thing => (thing?.kind === 'node' ? [thing.id] : []))
  if (active !== null) first.push(active)
  const names = [...new Set([...first, ...ranked.slice(0, 240).map(node => node.id)])]
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.font = `500 11px ${getComputedStyle(context.canvas).fontFamily}`
  context.textAlign = 'center'
  context.lineWidth = 3
  context.lineJoin = 'round'
  const taken: { x: number; y: number; half: number }[] = []
  for (const id of names) {
    if (taken.length >= 60) break
    const at = positions?.get(id)
    if (!at) continue
    const x = (at.x + nodeWidth / 2) * zoom + left
    const y = (at.y + nodeHeight) * zoom + top + 9
    if (x < 0 || x > width || y < 0 || y > height) continue
    const half = context.measureText(id).width / 2 + 6
    if (taken.some(other => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 14)) continue
    taken.push({ x, y, half })
    context.strokeStyle = colours['--canvas']
    context.strokeText(id, x, y)
    context.fillStyle = first.includes(id) ? colours['--accent-text'] : colours['--text']
    context.fillText(id, x, y)
  }
  context.textAlign = 'start'
}

function sign(
  context: CanvasRenderingContext2D,
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
