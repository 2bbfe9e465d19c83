import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import styles from './split-pane.module.css'

type Share = { readonly share: number; readonly least: number; readonly most: number }

export type SplitPaneProps = {
  /** `row`: side by side. `column`: one above the other. */
  direction?: 'row' | 'column'
  /** Takes the room that is left. */
  main: ReactNode
  /** Keeps its size; null or false leaves it and the handle out. */
  side: ReactNode
  sideAt?: 'start' | 'end'
  /** Pixels of `side`, or a share of the window within bounds. */
  initial: number | Share
  min?: number
  max?: number
  /** At least this many pixels stay for `main`. */
  minMain?: number
  /** Names the handle: "Width of the inspector". */
  label: string
  /** The size is remembered under this name, for this browser. */
  remember?: string
}

const pixelsOf = (size: number | Share): number =>
  typeof size === 'number'
    ? size
    : Math.round(Math.max(size.least, Math.min(size.most, window.innerWidth * size.share)))

const storageKey = (name: string) => `pilothouse.size.${name}`

function remembered(name: string | undefined): number | null {
  if (!name) return null
  const kept = Number(window.localStorage.getItem(storageKey(name)))
  return Number.isFinite(kept) && kept > 0 ? kept : null
}

/** Two parts and a handle between them: drag it, arrow keys (with Shift by more), Home and End, double click for the start size. */
export function SplitPane({
  direction = 'row',
  main,
  side,
  sideAt = 'end',
  initial,
  min = 200,
  max = 800,
  minMain = 240,
  label,
  remember,
}: SplitPaneProps) {
  const frame = useRef<HTMLDivElement>(null)
  const drag = useRef<{ readonly at: number; readonly size: number } | null>(null)
  const [size, setSize] = useState(() => remembered(remember) ?? pixelsOf(initial))
  const [dragging, setDragging] = useState(false)
  const row = direction === 'row'

  const limit = (wanted: number): number => {
    const box = frame.current?.getBoundingClientRect()
    const room = box ? (row ? box.width : box.height) - minMain : max
    return Math.round(Math.max(min, Math.min(max, room, wanted)))
  }
  const set = (wanted: number, keep: boolean) => {
    const next = limit(wanted)
    setSize(next)
    if (keep && remember) window.localStorage.setItem(storageKey(remember), String(next))
  }
  const along = (event: PointerEvent) => (row ? event.clientX : event.clientY)
  // Towards the other end the side grows when it is at the end and shrinks when it is at the start.
  const sign = sideAt === 'end' ? -1 : 1

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 64 : 16
    const grow = row ? 'ArrowRight' : 'ArrowDown'
    const shrink = row ? 'ArrowLeft' : 'ArrowUp'
    if (event.key === grow) set(size + sign * step, true)
    else if (event.key === shrink) set(size - sign * step, true)
    else if (event.key === 'Home') set(min, true)
    else if (event.key === 'End') set(max, true)
    else return
    event.preventDefault()
  }

  const handle = side ? (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is a widget, which <hr> is not
    <div
      role="separator"
      tabIndex={0}
      aria-orientation={row ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles['handle']}
      data-dragging={dragging || undefined}
      onKeyDown={onKeyDown}
      onDoubleClick={() => set(pixelsOf(initial), true)}
      onPointerDown={event => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { at: along(event), size }
        setDragging(true)
      }}
      onPointerMove={event => {
        if (drag.current) set(drag.current.size + sign * (along(event) - drag.current.at), false)
      }}
      onPointerUp={() => {
        drag.current = null
        setDragging(false)
        set(size, true)
      }}
      onPointerCancel={() => {
        drag.current = null
        setDragging(false)
      }}
    />
  ) : null
  const aside = side ? (
    <div
      className={styles['side']}
      style={
        row
          ? { width: size, maxWidth: `calc(100% - ${minMain}px)` }
          : { height: size, maxHeight: `calc(100% - ${minMain}px)` }
      }
    >
      {side}
    </div>
  ) : null
  return (
    <div ref={frame} className={styles['split']} data-direction={direction}>
      {sideAt === 'start' && aside}
      {sideAt === 'start' && handle}
      <div className={styles['main']}>{main}</div>
      {sideAt === 'end' && handle}
      {sideAt === 'end' && aside}
    </div>
  )
}
