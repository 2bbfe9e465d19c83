import { useMemo } from 'react'
import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import type { ChangeGroup } from '../../../shared/dependencies/explain-diff.ts'
import { useText } from '../../design/index.ts'
import styles from './change-drawing.module.css'
import { changeTree, type LinkState, type TreeNode } from './change-tree.ts'

const budget = 120
const size = { width: 192, height: 40, gapX: 48, gapY: 12, margin: 16 }
/** Never colour alone: a glyph says it too. */
const glyphs: { readonly [change in TreeNode['change']]: string } = { added: '+', removed: '−', changed: '~', same: '' }
const marks: { readonly [state in LinkState]: string } = { added: '+', removed: '×', moved: '', same: '' }

const x = ({ column }: TreeNode): number => size.margin + column * (size.width + size.gapX)
const y = ({ row }: TreeNode): number => size.margin + row * (size.height + size.gapY)

/** A change and what it brought, from left to right, with new and broken edges lit. */
export function ChangeDrawing({ set, group }: { set: DiffedSet; group: ChangeGroup }) {
  const text = useText()
  const tree = useMemo(() => changeTree(group, set.diff.edges, budget), [group, set])
  // A change that brought nothing is told by its line.
  if (tree.nodes.length < 2) return null
  const width = size.margin * 2 + tree.columns * size.width + (tree.columns - 1) * size.gapX
  const height = size.margin * 2 + tree.rows * size.height + (tree.rows - 1) * size.gapY
  return (
    <figure className={styles['drawing']}>
      <div
        className={styles['canvas']}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        role="img"
        aria-label={text('dependency.pageDrawing', { name: group.cause.name })}
      >
        <svg width={width} height={height} aria-hidden="true">
          {tree.links.map(({ from, to, state }) => {
            const [x1, y1, x2, y2] = [x(from) + size.width, y(from) + size.height / 2, x(to), y(to) + size.height / 2]
            const middle = (x1 + x2) / 2
            return (
              <g key={`${from.id} ${to.id}`} className={styles['link']} data-state={state}>
                <path d={`M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`} />
                {marks[state] && (
                  <>
                    <circle cx={x2 - 16} cy={y2} r={7} />
                    <text x={x2 - 16} y={y2 + 4}>
                      {marks[state]}
                    </text>
                  </>
                )}
              </g>
            )
          })}
          {tree.nodes.map(node => (
            <foreignObject key={node.id} x={x(node)} y={y(node)} width={size.width} height={size.height}>
              <div className={styles['node']} data-change={node.change} title={node.id}>
                <span className={styles['nodeName']}>
                  {glyphs[node.change] && <b>{glyphs[node.change]}</b>}
                  <bdi>{node.name}</bdi>
                </span>
                <span className={styles['nodeVersion']}>{node.version}</span>
              </div>
            </foreignObject>
          ))}
        </svg>
      </div>
      <figcaption className={styles['legend']}>
        <span data-state="added">+ {text('dependency.pageEdgeNew')}</span>
        <span data-state="removed">× {text('dependency.pageEdgeBroken')}</span>
        <span data-state="moved">{text('dependency.pageEdgeMoved')}</span>
        {tree.leftOut > 0 && <span>{text('dependency.pageLeftOut', { count: tree.leftOut })}</span>}
      </figcaption>
    </figure>
  )
}
