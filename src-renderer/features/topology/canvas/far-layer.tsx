import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { useText } from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import type { Steps } from '../in-slices.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import { useCanvas } from '../topology-context.ts'
import styles from './far-layer.module.css'
import { type Painting, paintPicture, readColours } from './paint-picture.ts'
import type { Transform } from './view-geometry.ts'

/** Milliseconds of painting in one frame: the rest of its sixteen is the browser's. */
const share = 6
/** The first time, when nothing is seen yet. */
const firstShare = 30
/** Of the frame, painted beyond each side of it. */
const beyond = 0.2

type Painted = { readonly transform: Transform; readonly around: number }

/**
 * The edges of a large picture, and from far away its nodes too, on canvases: React Flow falls under 30 frames a second
 * with a thousand elements in view. There are two of them: one is seen and moved along with the view by the compositor,
 * the other is painted anew a little in every frame, and takes its place when it is done. So however much there is to paint,
 * no frame waits for it.
 */
export function FarLayer({ nodes }: { nodes: boolean }) {
  const { picture } = useCanvas()
  const text = useText()
  const nameOf = useGroupName()
  const flow = useStoreApi()
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = host.current
    const [a, b] = element ? [...element.querySelectorAll('canvas')] : []
    if (!element || !a || !b) return
    let [front, back] = [a, b]
    let colours = readColours(element)
    let painted: Painted | null = null
    let painting: { readonly steps: Steps<void>; readonly as: Painted } | null = null
    let wanted = true
    let frame = 0

    const words = ({ group, change }: DrawnNode) =>
      group
        ? {
            name: nameOf(group),
            counts:
              text('scale.services', { count: group.nodes.length }) +
              (change === 'same' ? '' : ` · ${text('scale.changed', { count: group.changed })}`),
            trouble: group.findings > 0 ? text('page.topologyFindings', { count: group.findings }) : '',
          }
        : { name: '', counts: '', trouble: '' }

    /** Moves what is painted to where the view is now. */
    const follow = () => {
      if (!painted) return
      const [x, y, zoom] = flow.getState().transform
      const [px, py, pzoom] = painted.transform
      const by = zoom / pzoom
      front.style.transform = `translate(${x - px * by - painted.around * by}px, ${y - py * by - painted.around * by}px) scale(${by})`
    }
    const begin = () => {
      const { transform, width, height } = flow.getState()
      const scale = window.devicePixelRatio
      const around = Math.round(Math.max(width, height) * beyond)
      const [w, h] = [Math.round((width + 2 * around) * scale), Math.round((height + 2 * around) * scale)]
      if (back.width !== w || back.height !== h) {
        back.width = w
        back.height = h
        back.style.width = `${width + 2 * around}px`
        back.style.height = `${height + 2 * around}px`
      }
      const context = back.getContext('2d')
      if (!context || width === 0) return
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
        const until = performance.now() + (painted ? share : firstShare)
        let done = false
        do done = painting.steps.next().done === true
        while (!done && performance.now() < until)
        if (done) {
          ;[front, back] = [back, front]
          painted = painting.as
          painting = null
          front.style.visibility = 'visible'
          back.style.visibility = 'hidden'
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
      ask()
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
        state.hovered?.id === was.hovered?.id
      if (!same) anew()
    })
    const theme = new MutationObserver(() => {
      colours = readColours(element)
      anew()
    })
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    ask()
    return () => {
      cancelAnimationFrame(frame)
      leaveFlow()
      leavePicture()
      theme.disconnect()
    }
  }, [flow, picture, nodes, text, nameOf])
  return (
    <div ref={host} className={styles['far']} aria-hidden="true">
      <canvas />
      <canvas />
    </div>
  )
}
