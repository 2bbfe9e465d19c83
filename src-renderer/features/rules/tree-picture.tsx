import { type PointerEvent, useMemo, useRef, useState } from 'react'
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

/** What can be changed on the picture: answers are dragged to where they shall lead. */
export type TreeEditing = { readonly selected: string | null; onPoint(id: string, answer: string, to: string): void }
type Props = { tree: Tree; walk: Walk; onNode(id: string): void; editing?: TreeEditing }
type Drag = { readonly from: string; readonly answer: string; readonly x: number; readonly y: number }

/** A tree drawn top down, the way of the walk lit. */
export function TreePicture({ tree, walk, onNode, editing }: Props) {
  const text = useText()
  const { nodes, lines } = useMemo(() => layoutTree(tree), [tree])
  const places = new Map(nodes.map(node => [node.id, node]))
  const turns = new Map(walk.path.map(turn => [turn.node, turn]))
  const width = left(Math.max(0, ...nodes.map(({ column }) => column))) + size.width + size.pad
  const picture = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const height = top(Math.max(0, ...nodes.map(({ row }) => row))) + size.height + size.pad
  // What is lit is drawn last, above the others.
  const routes = lines
    .toSorted((a, b) => Number(isLit(turns, a)) - Number(isLit(turns, b)))
    .flatMap(line => {
      const [start, end] = [places.get(line.from), places.get(line.to)]
      if (!start || !end) return []
      const side = end.column > start.column && tree.outcomes.has(line.to)
      const past = !side && end.column === start.column && end.row > start.row + 1
      const drawn = past
        ? around(left(start.column), middle(start.row), middle(end.row))
        : side
          ? across(left(start.column) + size.width, middle(start.row), left(end.column), middle(end.row))
          : down(centre(start.column), top(start.row) + size.height, centre(end.column), top(end.row))
      return [{ line, past, drawn }]
    })
  const from = drag && places.get(drag.from)

  const placeAt = (event: PointerEvent) => {
    const box = picture.current?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }
  const thingAt = (event: PointerEvent): string | null => {
    const under = document.elementFromPoint(event.clientX, event.clientY)
    return under?.closest<HTMLElement>('[data-tree-id]')?.dataset['treeId'] ?? null
  }
  function drop(event: PointerEvent): void {
    const to = thingAt(event)
    if (drag && to !== null && to !== drag.from) editing?.onPoint(drag.from, drag.answer, to)
    setDrag(null)
    setTarget(null)
  }
  return (
    <div className={styles['scroll']}>
      <div ref={picture} className={styles['picture']} style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {routes.map(({ line, past, drawn: { path, x, y } }) => (
            <g key={`${line.from} ${line.to}`} data-lit={isLit(turns, line) || undefined}>
              <path d={path} />
              {!editing && (
                <text x={x} y={y} textAnchor={past ? 'end' : 'start'}>
                  {past
                    ? line.answers.map((answer, index) => (
                        <tspan key={answer} x={x} dy={index === 0 ? 0 : 13}>
                          {answer}
                        </tspan>
                      ))
                    : line.answers.join(' | ')}
                </text>
              )}
            </g>
          ))}
          {drag && from && (
            <path
              className={styles['dragged']}
              d={`M${centre(from.column)} ${middle(from.row)} L${drag.x} ${drag.y}`}
            />
          )}
        </svg>
        <ol>
          {nodes.map(({ id, column, row }) => {
            const node = tree.nodes.get(id)
            const turn = turns.get(id)
            const isEnd = walk.outcome?.id === id
            return (
              <li
                key={id}
                data-tree-id={id}
                data-target={target === id || undefined}
                data-selected={editing?.selected === id || undefined}
                style={{ left: left(column), top: top(row), width: size.width, height: size.height }}
              >
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
                  <button
                    type="button"
                    className={styles['outcome']}
                    data-lit={isEnd || undefined}
                    onClick={() => onNode(id)}
                  >
                    <small>{text('rule.pageOutcome')}</small>
                    <span>{tree.outcomes.get(id)?.title}</span>
                  </button>
                )}
              </li>
            )
          })}
        </ol>
        {editing &&
          routes.flatMap(({ line, past, drawn }) =>
            line.answers.map((answer, index) => (
              <span
                key={`${line.from} ${answer}`}
                className={styles['chip']}
                data-past={past || undefined}
                title={text('rule.treeDrag')}
                style={{ left: drawn.x, top: drawn.y + (past ? index * 20 : 0), marginLeft: past ? 0 : index * 52 }}
                onPointerDown={event => {
                  event.preventDefault()
                  event.currentTarget.setPointerCapture(event.pointerId)
                  setDrag({ from: line.from, answer, ...placeAt(event) })
                }}
                onPointerMove={event => {
                  if (!drag) return
                  setDrag({ ...drag, ...placeAt(event) })
                  const under = thingAt(event)
                  setTarget(under === drag.from ? null : under)
                }}
                onPointerUp={drop}
                onPointerCancel={() => setDrag(null)}
              >
                {answer}
              </span>
            )),
          )}
      </div>
    </div>
  )
}

const isLit = (
  turns: ReadonlyMap<string, { readonly next: string | null }>,
  line: { from: string; to: string },
): boolean => turns.get(line.from)?.next === line.to
