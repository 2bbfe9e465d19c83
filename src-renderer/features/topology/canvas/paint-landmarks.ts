import { nodeHeight, nodeWidth } from '../layout/measures.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import type { PictureState } from '../picture.ts'
import type { Brush, Painting } from './paint-picture.ts'

const byWeight = new WeakMap<object, readonly DrawnNode[]>()
const weight = (node: DrawnNode) => (node.change === 'same' ? 0 : 1000) + node.findings.length * 100 + node.degree

/** Names at the size of the screen, the weightiest first, as far as they do not cover one another: as on a map. */
export function paintLandmarks(
  context: Brush,
  view: Readonly<Record<'left' | 'top' | 'zoom' | 'scale' | 'width' | 'height', number>>,
  { shown, positions, selected, hovered, active, frames }: PictureState,
  { colours, family }: Painting,
): void {
  const { left, top, zoom, scale, width, height } = view
  let ranked = byWeight.get(shown)
  if (!ranked) {
    ranked = [...shown.nodes.values()]
      .filter(node => !node.group)
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, 240)
    byWeight.set(shown, ranked)
  }
  const first = [selected, hovered].flatMap(thing => (thing?.kind === 'node' ? [thing.id] : []))
  if (active !== null) first.push(active)
  // Where groups are open their names are the landmarks, and nodes have theirs nearer by.
  const others = frames.size > 0 && zoom < 0.1 ? [] : ranked.map(node => node.id)
  const names = [...new Set([...first, ...others])].filter(id => shown.nodes.get(id)?.group === undefined)
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.font = `500 11px ${family}`
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
