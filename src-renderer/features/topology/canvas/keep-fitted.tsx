import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Positions, Size, Spot } from '../layout/measures.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { boundsOf, marginOf, neighboursOf, roomBelow, shiftIntoSight } from './view-geometry.ts'

export const smallestZoom = 0.02
export type Flow = ReturnType<typeof useReactFlow>

/** Room left free around the whole picture; below, for the legend and the zoom. */
const fitting = (frame: Size) => {
  const sides = `${marginOf(frame)}px` as const
  return { top: '28px', left: sides, right: sides, bottom: '64px' } as const
}

/** Milliseconds of a movement of the view; none for who asked for less motion. */
export const calm = (): number => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180)

/** Shows everything, never larger than it is drawn: a small graph is not blown up. */
export function fitAll(flow: Flow, positions: Positions | null, frame: Size, duration: number): void {
  const viewport = getViewportForBounds(boundsOf(positions), frame.width, frame.height, smallestZoom, 1, fitting(frame))
  void flow.setViewport(viewport, { duration })
}

/** Moves the view only as far as a node lies outside it; with what is around it, where all of that fits. */
export function keepInSight(
  flow: Flow,
  main: string,
  around: readonly string[],
  positions: Positions,
  frame: Size,
  duration: number,
): void {
  const { x, y, zoom } = flow.getViewport()
  const spot = positions.get(main)
  if (!spot) return
  const spots = around.flatMap<Spot>(id => positions.get(id) ?? [])
  const by = shiftIntoSight([x, y, zoom], spot, spots, frame)
  if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration })
}

/**
 * Shows the whole picture when it is first laid out, and again when the room for it changes, until the person moves the
 * view. While something is selected the scale stays: the view moves only as far as the node and what it is connected
 * to would be hidden by the inspector.
 */
export function KeepFitted({ moved }: { moved: React.RefObject<boolean> }) {
  const { picture } = useCanvas()
  const flow = useReactFlow()
  const ready = usePicture(state => state.positions !== null && state.positions.size > 0)
  const width = useStore(state => state.width)
  const height = useStore(state => state.height)
  const size = useStoreApi()
  const first = useRef(true)
  useEffect(() => {
    if (!ready || width === 0 || height === 0) return
    const { positions, selected, shown } = picture.store.getState()
    if (!positions) return
    if (first.current || (!moved.current && selected === null)) {
      fitAll(flow, positions, { width, height }, first.current ? 0 : calm())
      first.current = false
      if (selected === null) return
    }
    const edge = selected?.kind === 'edge' ? shown.edges.get(selected.id) : undefined
    const main = edge?.from ?? (selected?.kind === 'node' ? selected.id : null)
    if (main === null) return
    const all = boundsOf(positions)
    const { zoom } = flow.getViewport()
    const fits = (length: number, within: number) => length * zoom + 2 * marginOf({ width, height }) <= within + 1
    const around =
      fits(all.width, width) && fits(all.height, height - roomBelow)
        ? [...positions.keys()]
        : edge
          ? [edge.to]
          : [...neighboursOf(shown.edges.values(), main)]
    keepInSight(flow, main, around, positions, { width, height }, calm())
  }, [ready, width, height, flow, picture, moved])

  // Chosen in the table, in a list or just added: it may be anywhere.
  const selected = usePicture(state => (state.selected?.kind === 'node' ? state.selected.id : null))
  const placed = usePicture(state => selected !== null && (state.positions?.has(selected) ?? false))
  useEffect(() => {
    const { positions } = picture.store.getState()
    if (!placed || selected === null || !positions || first.current) return
    const { width, height } = size.getState()
    keepInSight(flow, selected, [], positions, { width, height }, calm())
  }, [selected, placed, flow, picture, size])
  return null
}
