import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { layoutTree } from '../../../shared/trees/layout-tree.ts'
import type { Tree } from '../../../shared/trees/read-tree.ts'
import type { Walk } from '../../../shared/trees/walk-tree.ts'
import { useText } from '../../design/index.ts'
import styles from './tree-picture.module.css'
import { answerStep, centre, left, middle, routesOf, size, top } from './tree-routes.ts'

/** What can be changed on the picture: answers are dragged to where they shall lead. */
export type TreeEditing = { readonly selected: string | null; onPoint(id: string, answer: string, to: string): void }
type Props = { tree: Tree; walk: Walk; onNode(id: string): void; editing?: TreeEditing }
type Drag = { readonly from: string; readonly answer: string; readonly x: number; readonly y: number }

/** A tree drawn top down, the way of the walk lit. */
export function TreePicture({ tree, walk, onNode, editing }: Props) {
  const text = useText()
  const { nodes, lines } = useMemo(() => layoutTree(tree), [tree])
  const places = useMemo(() => new Map(nodes.map(node => [node.id, node])), [nodes])
  const turns = new Map(walk.path.map(turn => [turn.node, turn]))
  const width = left(Math.max(0, ...nodes.map(({ column }) => column))) + size.width + size.pad
  const picture = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const [target, setTarget] = useState<string | null>(null)
  const height = top(Math.max(0, ...nodes.map(({ row }) => row))) + size.height + size.pad
  // What is lit is drawn last, above the others.
  const routes = useMemo(() => routesOf(tree, lines, places), [tree, lines, places]).toSorted(
    (a, b) => Number(isLit(turns, a.line)) - Number(isLit(turns, b.line)),
  )
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
                        <tspan key={answer} x={x} dy={index === 0 ? 0 : answerStep}>
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
                style={{
                  left: drawn.x,
                  top: drawn.y + (past ? index * answerStep : 0),
                  marginLeft: past ? 0 : index * 52,
                }}
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
