import { type KeyboardEvent, useCallback, useRef, useState } from 'react'
import { useText } from '../../design/index.ts'
import styles from './draft-dock.module.css'

const heightKey = 'pilothouse.draft.height'
const least = 180
const usual = 340
/** The graph above keeps at least this many pixels, header included. */
const leftAbove = 240

const allowed = (height: number): number =>
  Math.round(Math.max(least, Math.min(height, Math.max(least, window.innerHeight - leftAbove))))

/** Height of the open dock in pixels, kept for this browser. */
export function useDockHeight(): [height: number, set: (height: number, keep: boolean) => void] {
  const [height, setHeight] = useState(() => allowed(Number(window.localStorage.getItem(heightKey)) || usual))
  const set = useCallback((wanted: number, keep: boolean) => {
    const next = allowed(wanted)
    setHeight(next)
    if (keep) window.localStorage.setItem(heightKey, String(next))
  }, [])
  return [height, set]
}

/** The upper edge of the dock: drag it, or arrow keys (Shift for more), Home and End, double click for the usual height. */
export function ResizeEdge({ height, onHeight }: { height: number; onHeight(height: number, keep: boolean): void }) {
  const text = useText()
  const drag = useRef<{ readonly y: number; readonly height: number } | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 64 : 16
    if (event.key === 'ArrowUp') onHeight(height + step, true)
    else if (event.key === 'ArrowDown') onHeight(height - step, true)
    else if (event.key === 'Home') onHeight(least, true)
    else if (event.key === 'End') onHeight(window.innerHeight, true)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is a widget, which <hr> is not
    <div
      role="separator"
      tabIndex={0}
      className={styles['edge']}
      aria-orientation="horizontal"
      aria-label={text('page.draftHeight')}
      aria-valuenow={height}
      aria-valuemin={least}
      aria-valuemax={window.innerHeight - leftAbove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onHeight(usual, true)}
      onPointerDown={event => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { y: event.clientY, height }
      }}
      onPointerMove={event => {
        if (drag.current) onHeight(drag.current.height + drag.current.y - event.clientY, false)
      }}
      onPointerUp={() => {
        drag.current = null
        onHeight(height, true)
      }}
      onPointerCancel={() => {
        drag.current = null
      }}
    />
  )
}
