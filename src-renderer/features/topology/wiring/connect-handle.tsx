import { useRef } from 'react'
import { useStore } from 'zustand'
import { useText } from '../../../design/index.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import styles from './connect.module.css'
import { connectDrag, nodeUnder } from './connect-drag.ts'

type Begun = { readonly from: string; readonly to: string | null }

/** The pointer's way from an end to another node; what it is let go on is given to `onEnd`, null for nothing. */
export function useConnectDrag(begun: Begun, onEnd: (node: string | null, moved: boolean) => void) {
  const start = useRef<{ x: number; y: number } | null>(null)
  const stop = () => {
    start.current = null
    connectDrag.setState(null, true)
  }
  return {
    onPointerDown: (event: React.PointerEvent<Element>) => {
      if (event.button !== 0) return
      event.stopPropagation()
      event.currentTarget.setPointerCapture(event.pointerId)
      start.current = { x: event.clientX, y: event.clientY }
    },
    onPointerMove: (event: React.PointerEvent<Element>) => {
      if (!start.current) return
      const { clientX: x, clientY: y } = event
      const over = nodeUnder(x, y, [begun.from, begun.to])
      connectDrag.setState({ ...begun, startX: start.current.x, startY: start.current.y, x, y, over }, true)
    },
    onPointerUp: (event: React.PointerEvent<Element>) => {
      if (!start.current) return
      const moved = Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y) > 4
      const over = nodeUnder(event.clientX, event.clientY, [begun.from, begun.to])
      stop()
      onEnd(moved ? over : null, moved)
    },
    onPointerCancel: stop,
  }
}

/** The grip of a node from which an edge is drawn to another; a click asks whom to connect to. */
export function ConnectHandle({ id, focusable }: { id: string; focusable: boolean }) {
  const text = useText()
  const { rewire } = useCanvas()
  const drag = useConnectDrag({ from: id, to: null }, (to, moved) => {
    if (to !== null || !moved) rewire?.({ kind: 'connect', from: id, to })
  })
  return (
    <button
      type="button"
      className={`${styles['grip']} nodrag nopan`}
      tabIndex={focusable ? 0 : -1}
      aria-label={text('wiring.connectFrom', { name: id })}
      title={text('wiring.connectHint')}
      onClick={event => {
        event.stopPropagation()
        // The pointer's click was told by its release; this is the key's.
        if (event.detail === 0) rewire?.({ kind: 'connect', from: id, to: null })
      }}
      {...drag}
    />
  )
}

/** The grip at the end of the selected edge, by which it is led to another node. In units of the picture. */
export function RepointHandle({ from, to, x, y }: { from: string; to: string; x: number; y: number }) {
  const text = useText()
  const { rewire } = useCanvas()
  const drag = useConnectDrag({ from, to }, next => {
    if (next !== null) rewire?.({ kind: 'repoint', from, to, next })
  })
  return (
    <circle className={`${styles['end']} nodrag nopan`} cx={x - 4} cy={y} r={7} {...drag}>
      <title>{text('wiring.repointHint')}</title>
    </circle>
  )
}

/** The line that is being drawn, over everything. */
export function ConnectLine() {
  const drag = useStore(connectDrag)
  if (!drag) return null
  const { startX, startY, x, y, over } = drag
  const bend = Math.max(24, Math.abs(x - startX) / 2)
  return (
    <svg className={styles['line']} aria-hidden="true" data-over={over !== null || undefined}>
      <path d={`M${startX} ${startY}C${startX + bend} ${startY} ${x - bend} ${y} ${x} ${y}`} />
      <circle cx={x} cy={y} r="5" />
    </svg>
  )
}

/** True while an edge is about to be let go on this node. */
export const useIsTarget = (id: string): boolean => useStore(connectDrag, drag => drag?.over === id)

/** How far a node is from the one whose impact is shown: undefined without one, null where nothing reaches it. */
export const useImpactAt = (id: string): number | null | undefined =>
  usePicture(state => (state.impact ? (state.impact.hops.get(id) ?? null) : undefined))
