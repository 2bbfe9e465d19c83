import { type ReactFlowState, useOnViewportChange, useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { useText } from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import type { Steps } from '../in-slices.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import { useCanvas } from '../topology-context.ts'
import styles from './far-layer.module.css'
import { type Painting, paintPicture, readColours } from './paint-picture.ts'
import { isFitted } from './view-geometry.ts'

/** Milliseconds of painting in one frame: the rest of its sixteen is the browser's. */
const share = 5
/** The first time, when nothing is seen yet. */
const firstShare = 20
/** Of the frame, painted beyond each side of it. */
const beyond = 0.2

type Painted = Pick<Painting, 'transform' | 'around' | 'width' | 'height'>

/** Whether what is painted reaches to all sides of what is seen, at about its scale. */
function isCovered({ transform: [x, y, zoom], width, height }: ReactFlowState, painted: Painted | null): boolean {
  if (!painted || painted.width !== width || painted.height !== height) return false
  const [px, py, pzoom] = painted.transform
  const by = zoom / pzoom
  const left = x - (px + painted.around) * by
  const top = y - (py + painted.around) * by
  return (
    by < 1.6 &&
    by > 0.6 &&
    left <= 0 &&
    top <= 0 &&
    left + (width + 2 * painted.around) * by >= width &&
    top + (height + 2 * painted.around) * by >= height
  )
}

/**
 * The edges of a large picture, and from far away its nodes too, on a canvas: React Flow falls under 30 frames a second
 * with a thousand elements in view. What is seen is a bitmap that the compositor moves along with the view; another is
 * painted out of sight, a little in every frame, and takes its place when it is done. So however much there is to
 * paint, no frame waits for it.
 */
export function FarLayer({ nodes }: { nodes: boolean }) {
  const { picture } = useCanvas()
  const text = useText()
  const nameOf = useGroupName()
  const flow = useStoreApi()
  const seen = useRef<HTMLCanvasElement>(null)
  const atRest = useRef<(() => void) | null>(null)
  useOnViewportChange({ onEnd: () => atRest.current?.() })
  useEffect(() => {
    const element = seen.current
    const screen = element?.getContext('bitmaprenderer')
    const stage = new OffscreenCanvas(1, 1)
    // Painted by the processor where it stands: what is handed over piece by piece would be copied piece by piece.
    const context = stage.getContext('2d', { willReadFrequently: true })
    if (!element || !screen || !context) return
    let colours = readColours(element)
    let painted: Painted | null = null
    let painting: { readonly steps: Steps<void>; readonly as: Painted } | null = null
    let wanted = true
    /** Milliseconds of asking for lines that make about a share of painting. */
    let quota = share / 4
    let frame = 0

    const troubledIn = (nodes: readonly string[]) => {
      const { troubled } = picture.store.getState()
      return troubled.size === 0 ? 0 : nodes.filter(id => troubled.has(id)).length
    }
    const words = ({ group, change }: DrawnNode) =>
      group
        ? {
            name: nameOf(group),
            counts:
              text('scale.services', { count: group.nodes.length }) +
              (change === 'same' ? '' : ` · ${text('scale.changed', { count: group.changed })}`),
            trouble: [
              ...(troubledIn(group.nodes) > 0 ? [text('live.inTrouble', { count: troubledIn(group.nodes) })] : []),
              ...(group.findings > 0 ? [text('page.topologyFindings', { count: group.findings })] : []),
            ].join(' · '),
          }
        : { name: '', counts: '', trouble: '' }

    /** Moves what is painted to where the view is now. */
    const follow = () => {
      if (!painted) return
      const [x, y, zoom] = flow.getState().transform
      const [px, py, pzoom] = painted.transform
      const by = zoom / pzoom
      element.style.transform = `translate(${x - px * by - painted.around * by}px, ${y - py * by - painted.around * by}px) scale(${by})`
    }
    const begin = () => {
      const { transform, width, height } = flow.getState()
      const scale = window.devicePixelRatio
      const around = Math.round(Math.max(width, height) * beyond)
      const [w, h] = [Math.round((width + 2 * around) * scale), Math.round((height + 2 * around) * scale)]
      if (width === 0 || !isFitted(transform)) return
      if (stage.width !== w || stage.height !== h) {
        stage.width = w
        stage.height = h
      }
      const family = getComputedStyle(element).fontFamily
      const as: Painting = { transform, around, width, height, scale, colours, family, nodes, nameOf, words }
      painting = { steps: paintPicture(context, picture.store.getState(), as), as }
    }
    const tick = () => {
      frame = 0
      if (!painting && wanted) {
        wanted = false
        begin()
      }
      if (painting) {
        const began = performance.now()
        const until = began + (painted ? quota : firstShare / 4)
        let done = false
        do done = painting.steps.next().done === true
        while (!done && performance.now() < until)
        // Makes the browser do now what it would otherwise do all at once in the end.
        context.getImageData(0, 0, 1, 1)
        const spent = performance.now() - began
        if (painted) quota = Math.min(share, Math.max(0.2, (quota * share) / spent))
        if (done) {
          painted = painting.as
          painting = null
          screen.transferFromImageBitmap(stage.transferToImageBitmap())
          element.style.width = `${painted.width + 2 * painted.around}px`
          element.style.height = `${painted.height + 2 * painted.around}px`
          follow()
        }
      }
      if (painting || wanted) frame = requestAnimationFrame(tick)
    }
    const ask = () => {
      wanted = true
      frame ||= requestAnimationFrame(tick)
    }
    /** What is drawn differs: half a painting of what was is of no use. */
    const anew = () => {
      painting = null
      ask()
    }
    const leaveFlow = flow.subscribe((state, was) => {
      if (state.transform === was.transform && state.width === was.width && state.height === was.height) return
      follow()
      // What is painted serves while the view stays on it; sharp again when it rests.
      if (!isCovered(state, painted)) ask()
    })
    const leavePicture = picture.store.subscribe((state, was) => {
      const same =
        state.positions === was.positions &&
        state.routes === was.routes &&
        state.shown === was.shown &&
        state.frames === was.frames &&
        state.role === was.role &&
        state.lit === was.lit &&
        state.selected === was.selected &&
        state.active === was.active &&
        state.troubled === was.troubled &&
        state.hovered?.id === was.hovered?.id
      if (!same) anew()
    })
    const theme = new MutationObserver(() => {
      colours = readColours(element)
      anew()
    })
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    atRest.current = ask
    ask()
    return () => {
      cancelAnimationFrame(frame)
      leaveFlow()
      leavePicture()
      theme.disconnect()
    }
  }, [flow, picture, nodes, text, nameOf])
  return (
    <div className={styles['far']} aria-hidden="true">
      <canvas ref={seen} />
    </div>
  )
}
