import { useStore } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useFormat, useText } from '../../../design/index.ts'
import { MeasuredFacts } from '../../metrics/index.ts'
import type { DrawnEdge } from '../model/drawn-graph.ts'
import { edgeWidth, isGuess } from '../model/edge-style.ts'
import { classWords, stateWords } from '../model/words.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { RepointHandle } from '../wiring/connect-handle.tsx'
import styles from './edges-layer.module.css'
import { useHasSplits, useSplit } from './splits.tsx'

/**
 * All edges in one SVG under the nodes (`onlyLit`: those that stand out, while the canvas draws the rest): one element a line instead of React Flow's SVG a line, and no handles. Keyboard
 * and screen reader reach the same edges in the table and in the inspector of each node.
 */
export function EdgesLayer({ onlyLit }: { onlyLit: boolean }) {
  const routes = usePicture(state => state.routes)
  const focus = usePicture(state => state.lit !== null || state.selected?.kind === 'edge')
  const shown = usePicture(state => state.shown)
  const stale = usePicture(state => state.measuredIsStale)
  const lit = usePicture(state => (onlyLit ? state.lit : null))
  const hovered = usePicture(state => (onlyLit ? state.hovered : null))
  const selected = usePicture(state => (onlyLit ? state.selected : null))
  const ids = useMemo(() => {
    if (!onlyLit) return [...routes.keys()]
    return [...routes.keys()].filter(id => {
      const edge = shown.edges.get(id)
      return (
        edge !== undefined &&
        (edge.change !== 'same' ||
          edge.dangling ||
          id === hovered?.id ||
          id === selected?.id ||
          (lit !== null && (edge.from === lit || edge.to === lit)))
      )
    })
  }, [onlyLit, routes, shown, lit, hovered, selected])
  return (
    <svg className={styles['edges']} data-focus={focus || undefined} data-stale={stale || undefined} aria-hidden="true">
      {ids.map(id => (
        <Line key={id} id={id} />
      ))}
    </svg>
  )
}

const Line = memo(function Line({ id }: { id: string }) {
  const { picture, select, rewire } = useCanvas()
  const edge = usePicture(state => state.shown.edges.get(id))
  const route = usePicture(state => state.routes.get(id))
  const selected = usePicture(state => state.selected?.kind === 'edge' && state.selected.id === id)
  const lit = usePicture(
    state => state.lit !== null && edge !== undefined && (edge.from === state.lit || edge.to === state.lit),
  )
  const hovered = usePicture(state => state.hovered?.kind === 'edge' && state.hovered.id === id)
  // Off the ways of the impact that is shown.
  const apart = usePicture(({ impact }) => {
    if (!impact || !edge) return false
    const [from, to] = [impact.hops.get(edge.from), impact.hops.get(edge.to)]
    return from === undefined || to === undefined || (impact.direction === 'callers' ? from <= to : to <= from)
  })
  const split = useSplit(edge)
  if (!edge || !route) return null
  const { x, y } = route.end
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way only; the table and the inspector are the keyboard's
    <g
      className={styles['edge']}
      data-from={edge.from}
      data-to={edge.to}
      data-apart={apart || undefined}
      data-change={edge.change}
      data-guess={isGuess(edge) || undefined}
      data-measured={edge.rate !== null || undefined}
      data-dangling={edge.dangling || undefined}
      data-lit={lit || hovered || selected || undefined}
      data-canary={split ? (split.moving ? 'moving' : 'split') : undefined}
      data-selected={selected || undefined}
      onPointerEnter={() => picture.hover({ kind: 'edge', id })}
      onPointerLeave={() => picture.hover(null)}
      onClick={() => select({ kind: 'edge', id })}
    >
      <path className={styles['reach']} d={route.path} />
      <path
        className={styles['line']}
        d={route.path}
        style={{ strokeWidth: edgeWidth(edge.rate) + (lit || hovered || selected ? 0.75 : 0) }}
      />
      {split && <path className={styles['flow']} d={route.path} style={{ strokeWidth: edgeWidth(edge.rate) + 1 }} />}
      <path className={styles['arrow']} d={`M${x} ${y}l${-8 * route.heading} -4v8Z`} />
      {selected && rewire && edge.change !== 'removed' && <RepointHandle from={edge.from} to={edge.to} x={x} y={y} />}
      {edge.dangling && <Glyph x={route.label.x} y={route.label.y} tone="danger" path="M-3 -3L3 3M3 -3L-3 3" />}
      {!edge.dangling && edge.change === 'added' && (
        <Glyph x={route.label.x} y={route.label.y} tone="proposed" path="M0 -4V4M-4 0H4" />
      )}
      {!edge.dangling && edge.change === 'changed' && (
        <Glyph x={route.label.x} y={route.label.y} tone="proposed" path="M-3.5 2.5L0 -3.5L3.5 2.5Z" />
      )}
      {!edge.dangling && edge.change === 'removed' && (
        <Glyph x={route.label.x} y={route.label.y} tone="removed" path="M-4 0H4" />
      )}
    </g>
  )
})

const Glyph = ({
  x,
  y,
  tone,
  path,
}: {
  x: number
  y: number
  tone: 'danger' | 'proposed' | 'removed'
  path: string
}) => (
  <g className={styles['glyph']} data-tone={tone} transform={`translate(${x} ${y})`}>
    <circle r="8" />
    <path d={path} />
  </g>
)

/** Words on the edges that are looked at: the hovered or selected one, and those of the lit node while they are few. */
export function EdgeLabels() {
  const routes = usePicture(state => state.routes)
  const shown = usePicture(state => state.shown)
  const hovered = usePicture(state => state.hovered)
  const selected = usePicture(state => state.selected)
  const dragging = usePicture(state => state.draggedNode !== null)
  if (dragging) return null
  const labelled = [hovered, selected].flatMap(thing => {
    const edge = thing?.kind === 'edge' ? shown.edges.get(thing.id) : undefined
    return edge ? [edge] : []
  })
  return [...new Set(labelled)].map(edge => {
    const at = routes.get(edge.id)?.label
    return at ? <EdgeLabel key={edge.id} edge={edge} x={at.x} y={at.y} /> : null
  })
}

/** Weights of canaries on their edges: what goes to the new side now, and what is next. */
export function SplitLabels() {
  const routes = usePicture(state => state.routes)
  const shown = usePicture(state => state.shown)
  const hovered = usePicture(state => state.hovered)
  const selected = usePicture(state => state.selected)
  const dragging = usePicture(state => state.draggedNode !== null)
  if (!useHasSplits() || dragging) return null
  return [...shown.edges.values()].map(edge => {
    const at = routes.get(edge.id)?.label
    // The words of the one that is looked at stand in the same place.
    const looked = [hovered, selected].some(thing => thing?.kind === 'edge' && thing.id === edge.id)
    return at ? <SplitLabel key={edge.id} edge={edge} x={at.x} y={at.y} above={looked} /> : null
  })
}

function SplitLabel({ edge, x, y, above }: { edge: DrawnEdge; x: number; y: number; above: boolean }) {
  const text = useText()
  const split = useSplit(edge)
  const zoom = useStore(state => state.transform[2])
  if (!split) return null
  const { weight, next, kind, moving } = split
  const now = text(kind === 'canary' ? 'rollout.splitCanary' : 'rollout.splitShare', { weight })
  // Said and not drawn: between two nodes there is room for one number.
  const words = next === null ? now : `${now}; ${text('rollout.splitNext', { weight: next })}`
  return (
    <div
      className={styles['split']}
      role="img"
      data-moving={moving || undefined}
      data-from={edge.from}
      data-to={edge.to}
      aria-label={`${edge.from} → ${edge.to}: ${words}`}
      title={words}
      style={{
        transform: `translate(-50%, -50%) translate(${x}px, ${y + (above ? 18 : 0) / zoom}px) scale(${1 / zoom})`,
      }}
    >
      {weight} %
    </div>
  )
}

function EdgeLabel({ edge, x, y }: { edge: DrawnEdge; x: number; y: number }) {
  const text = useText()
  const format = useFormat()
  const zoom = useStore(state => state.transform[2])
  const stale = usePicture(state => state.measuredIsStale && edge.rate !== null)
  return (
    <div
      className={styles['label']}
      data-stale={stale || undefined}
      // Words keep their size however far the picture is away.
      style={{ transform: `translate(-50%, -100%) translate(${x}px, ${y - 14 / zoom}px) scale(${1 / zoom})` }}
    >
      {edge.rolled !== undefined && <strong>{text('scale.lines', { count: edge.rolled })}</strong>}
      {edge.protocols.some(Boolean) && <strong>{edge.protocols.filter(Boolean).join(' · ')}</strong>}
      <span>{edge.classes.map(name => text(classWords[name])).join(' · ')}</span>
      {!edge.dangling && (
        <span>
          {text(stateWords[edge.state])} {format.percent(edge.confidence)}
        </span>
      )}
      {stale && <span>{text('live.staleValues')}</span>}
      <MeasuredFacts edge={{ ...edge.parts.find(part => part.edge.measured)?.edge, rate: edge.rate }} />
      {edge.dangling && <span data-tone="danger">{text('page.topologyDangling')}</span>}
    </div>
  )
}
