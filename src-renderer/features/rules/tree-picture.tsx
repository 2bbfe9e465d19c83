import { useMemo } from 'react'
import { layoutTree } from '../../../shared/trees/layout-tree.ts'
import type { Tree } from '../../../shared/trees/read-tree.ts'
import type { Walk } from '../../../shared/trees/walk-tree.ts'
import { useText } from '../../design/index.ts'
import styles from './tree-picture.module.css'

const size = { width: 200, height: 52, gapX: 36, gapY: 30, pad: 16 }
const left = (column: number): number => size.pad + column * (size.width + size.gapX)
const top = (row: number): number => size.pad + row * (size.height + size.gapY)

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
              const [x1, y1] = side
                ? [left(from.column) + size.width, top(from.row) + size.height / 2]
                : [left(from.column) + size.width / 2, top(from.row) + size.height]
              const [x2, y2] = side
                ? [left(to.column), top(to.row) + size.height / 2]
                : [left(to.column) + size.width / 2, top(to.row)]
              const bend = side ? Math.max(20, (x2 - x1) / 2) : Math.max(14, (y2 - y1) / 2)
              const path = side
                ? `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
                : `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`
              return (
                <g key={`${line.from} ${line.to}`} data-lit={lit || undefined}>
                  <path d={path} />
                  <text x={side ? x1 + 6 : x1 + 6} y={side ? y1 - 5 : y1 + 14}>
                    {line.answers.join(' | ')}
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
