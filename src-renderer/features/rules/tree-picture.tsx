import { useMemo } from 'react'
import { layoutTree } from '../../../shared/trees/layout-tree.ts'
import type { Tree } from '../../../shared/trees/read-tree.ts'
import type { Walk } from '../../../shared/trees/walk-tree.ts'
import { useText } from '../../design/index.ts'
import styles from './tree-picture.module.css'

const size = { width: 184, height: 52, gapX: 34, gapY: 30, pad: 16, lane: 64 }
const left = (column: number): number => size.lane + column * (size.width + size.gapX)
const top = (row: number): number => size.pad + row * (size.height + size.gapY)

const middle = (row: number): number => top(row) + size.height / 2
const centre = (column: number): number => left(column) + size.width / 2

type Drawn = { readonly path: string; readonly x: number; readonly y: number }
const down = (x1: number, y1: number, x2: number, y2: number): Drawn => {
  const bend = Math.max(14, (y2 - y1) / 2)
  return { path: `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, x: x1 + 6, y: y1 + 14 }
}
/** To an outcome, beside the questions. */
const across = (x1: number, y1: number, x2: number, y2: number): Drawn => {
  const bend = Math.max(20, (x2 - x1) / 2)
  return { path: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, x: x1 + 6, y: y1 - 5 }
}
/** Past the questions between, on their left. */
const around = (x: number, y1: number, y2: number): Drawn => {
  const bend = Math.min(30, 14 + (y2 - y1) / 20)
  return {
    path: `M${x} ${y1} C${x - bend} ${y1} ${x - bend} ${y1} ${x - bend} ${y1 + 20} L${x - bend} ${y2 - 20} C${x - bend} ${y2} ${x - bend} ${y2} ${x} ${y2}`,
    x: x - 4,
    y: y1 + 34,
  }
}

/** A tree drawn top down, the way of the walk lit. */
export function TreePicture({ tree, walk, onNode }: { tree: Tree; walk: Walk; onNode(id: string): void }) {
  const text = useText()
  const { nodes, lines } = useMemo(() => layoutTree(tree), [tree])
  const places = new Map(nodes.map(node => [node.id, node]))
  const turns = new Map(walk.path.map(turn => [turn.node, turn]))
  const width = left(Math.max(0, ...nodes.map(({ column }) => column))) + size.width + size.pad
  const height = top(Math.max(0, ...nodes.map(({ row }) => row))) + size.height + size.pad
  return (
    <div className={styles['scroll']}>
      <div className={styles['picture']} style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {lines
            // What is lit is drawn last, above the others.
            .toSorted((a, b) => Number(isLit(turns, a)) - Number(isLit(turns, b)))
            .map(line => {
              const [from, to] = [places.get(line.from), places.get(line.to)]
              if (!from || !to) return null
              const lit = isLit(turns, line)
              const side = to.column > from.column && tree.outcomes.has(line.to)
              const past = !side && to.column === from.column && to.row > from.row + 1
              const { path, x, y } = past
                ? around(left(from.column), middle(from.row), middle(to.row))
                : side
                  ? across(left(from.column) + size.width, middle(from.row), left(to.column), middle(to.row))
                  : down(centre(from.column), top(from.row) + size.height, centre(to.column), top(to.row))
              return (
                <g key={`${line.from} ${line.to}`} data-lit={lit || undefined}>
                  <path d={path} />
                  <text x={x} y={y} textAnchor={past ? 'end' : 'start'}>
                    {past
                      ? line.answers.map((answer, index) => (
                          <tspan key={answer} x={x} dy={index === 0 ? 0 : 13}>
                            {answer}
                          </tspan>
                        ))
                      : line.answers.join(' | ')}
                  </text>
                </g>
              )
            })}
        </svg>
        <ol>
          {nodes.map(({ id, column, row }) => {
            const node = tree.nodes.get(id)
            const turn = turns.get(id)
            const isEnd = walk.outcome?.id === id
            return (
              <li key={id} style={{ left: left(column), top: top(row), width: size.width, height: size.height }}>
                {node ? (
                  <button
                    type="button"
                    className={styles['node']}
                    data-lit={turn !== undefined || undefined}
                    data-open={(turn !== undefined && turn.answer === null) || undefined}
                    title={node.expression}
                    onClick={() => onNode(id)}
                  >
                    <small>{node.dimension}</small>
                    <span>{node.question}</span>
                  </button>
                ) : (
                  <div className={styles['outcome']} data-lit={isEnd || undefined}>
                    <small>{text('rule.pageOutcome')}</small>
                    <span>{tree.outcomes.get(id)?.title}</span>
                  </div>
                )}
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}

const isLit = (
  turns: ReadonlyMap<string, { readonly next: string | null }>,
  line: { from: string; to: string },
): boolean => turns.get(line.from)?.next === line.to
