import type { TreeLine } from '../../../shared/trees/layout-tree.ts'
import type { Tree } from '../../../shared/trees/read-tree.ts'

/** Pixels of the picture. */
export const size = { width: 184, height: 52, gapX: 34, gapY: 30, pad: 16, lane: 64 }
export const left = (column: number): number => size.lane + column * (size.width + size.gapX)
export const top = (row: number): number => size.pad + row * (size.height + size.gapY)

export const middle = (row: number): number => top(row) + size.height / 2
export const centre = (column: number): number => left(column) + size.width / 2

/** How a line leaves its question: below it, beside it to an outcome, or past the questions between, on their left. */
type Way = 'down' | 'across' | 'past'
type Drawn = { readonly path: string; readonly x: number; readonly y: number }
type Place = { readonly column: number; readonly row: number }

/** From one answer to the next below it. */
export const answerStep = 18
/** Lines that leave a question the same way begin so far apart that each shows its answer. */
const apart = { down: 56, across: 19, past: 0 }
const drawLine: { readonly [W in Way]: (start: Place, end: Place, aside: number) => Drawn } = {
  down(start, end, aside) {
    const [x1, y1] = [centre(start.column) + aside, top(start.row) + size.height]
    const [x2, y2] = [centre(end.column), top(end.row)]
    const bend = Math.max(14, (y2 - y1) / 2)
    return { path: `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, x: x1 + 6, y: y1 + 14 }
  },
  across(start, end, aside) {
    const [x1, y1] = [left(start.column) + size.width, middle(start.row) + aside]
    const [x2, y2] = [left(end.column), middle(end.row)]
    const bend = Math.max(20, (x2 - x1) / 2)
    return { path: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, x: x1 + 6, y: y1 - 5 }
  },
  past(start, end) {
    const [x, y1, y2] = [left(start.column), middle(start.row), middle(end.row)]
    const bend = Math.min(30, 14 + (y2 - y1) / 20)
    return {
      path: `M${x} ${y1} C${x - bend} ${y1} ${x - bend} ${y1} ${x - bend} ${y1 + 20} L${x - bend} ${y2 - 20} C${x - bend} ${y2} ${x - bend} ${y2} ${x} ${y2}`,
      x: x - 4,
      y: y1 + 34,
    }
  },
}

export type Route = { readonly line: TreeLine; readonly past: boolean; readonly drawn: Drawn }

/** Each line with its way and where its answers are written. */
export function routesOf(tree: Tree, lines: readonly TreeLine[], places: ReadonlyMap<string, Place>): readonly Route[] {
  const found = lines.flatMap(line => {
    const [start, end] = [places.get(line.from), places.get(line.to)]
    if (!start || !end) return []
    const way: Way =
      end.column > start.column && tree.outcomes.has(line.to)
        ? 'across'
        : end.column === start.column && end.row > start.row + 1
          ? 'past'
          : 'down'
    return [{ line, start, end, way }]
  })
  return found.map(({ line, start, end, way }) => {
    const beside = found
      .filter(other => other.line.from === line.from && other.way === way)
      .sort((a, b) => (way === 'down' ? a.end.column - b.end.column : a.end.row - b.end.row))
    const index = beside.findIndex(other => other.line === line)
    const step = Math.min(apart[way], (way === 'down' ? size.width : size.height) / beside.length)
    const drawn = drawLine[way](start, end, (index - (beside.length - 1) / 2) * step)
    const above = beside.slice(0, index).reduce((sum, other) => sum + other.line.answers.length, 0)
    return { line, past: way === 'past', drawn: way === 'past' ? { ...drawn, y: drawn.y + above * answerStep } : drawn }
  })
}
